"""Which words nobody may meet, person by person, at each step of a round's life."""

from tests.oracle_life import STEPS
from tests.oracle_scene import Oracle

ORDER = list(STEPS)
# Who applies, who runs the round, who judges; everybody else is a stranger to the secret.
OWN = ("en", "enxiao")
OFFICE = ("fan",)
JUDGES = ("ding", "shen")
# Officers, operators, finance, audit, observers: they know who sits on the panel.
STAFF = ("fan", "wen", "ou", "jin", "shu", "guo", "guan")
NAMES = {"ding": "丁老师", "shen": "沈会计师", "gu": "顾书记"}

CONTENT = ("秘需求", "秘附件", "10087650000")
TITLE = ("秘题目",)
APPLICANT = ("恩泽", "恩老师")
SHEET = ("83.5", "83.50")
SAID = ("秘评语",)
ON_STAGE = ("41.5",)
DARK = ("暗题目", "暗理由")


def is_past(step: str, other: str) -> bool:
    """Whether the round is at `other`, or beyond."""
    return ORDER.index(step) >= ORDER.index(other)


def is_stranger(who: str, step: str) -> bool:
    """Whoever may not open the secret, under seal everybody but its own people; before that, the
    call that is being prepared."""
    if step == "draft":
        return who not in STAFF
    if who in OWN:
        return False
    if not is_past(step, "screening"):
        return True
    return not (who in OFFICE or (who in JUDGES and is_past(step, "judging")))


def hidden_from(oracle: Oracle, who: str, step: str) -> tuple[str, ...]:
    """What may stand on no page of hers, in no letter to her, and answer no search of hers."""
    if not oracle.proposals:
        return () if who in STAFF else (oracle.round.name,)
    return (
        *_of_the_secret(oracle, who, step),
        *_of_the_sheets(who, step),
        *_of_the_panel(who, step),
        *_of_the_declined(who, step),
    )


def _of_the_secret(oracle: Oracle, who: str, step: str) -> tuple[str, ...]:
    if is_stranger(who, step):
        # The call counts a public vote: once no phase is blind, everybody reads who stands for it.
        return CONTENT if is_past(step, "between") else (*CONTENT, *TITLE)
    is_blind = who in JUDGES and not is_past(step, "hall")
    return (*CONTENT, *TITLE, *APPLICANT, oracle.secret.code) if is_blind else ()


def _of_the_sheets(who: str, step: str) -> tuple[str, ...]:
    if who in ("fan", "shen"):
        return ON_STAGE if step == "hall" and who == "fan" else ()
    is_hers = who in OWN and is_past(step, "notice")
    is_said_to_her = who in OWN and is_past(step, "answer")
    # Her own sheet is in: she reads what the others say.
    talks = who == "ding" and is_past(step, "between")
    words = () if is_hers or is_said_to_her or talks else SAID
    # What she gave herself on the stage is no secret to her.
    given = () if who == "ding" or is_hers else ON_STAGE
    return (*SHEET, *words, *given)


def _of_the_panel(who: str, step: str) -> tuple[str, ...]:
    if who in STAFF or not is_past(step, "judging"):
        return ()
    return tuple(name for key, name in NAMES.items() if key != who)


def _of_the_declined(who: str, step: str) -> tuple[str, ...]:
    if who in STAFF:
        return ()
    return DARK[1:] if is_past(step, "between") else DARK
