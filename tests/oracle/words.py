"""Which words nobody may meet, person by person, at each step of a round's life."""

import re

from tests.oracle.life import STEPS
from tests.oracle.people import Oracle

ORDER = list(STEPS)
# Who applies, who runs the round, who judges; everybody else is a stranger to the secret.
OWN = ("en", "enxiao")
OFFICE = ("fan",)
JUDGES = ("ding", "shen")
# Watches over the round: she meets titles in the register of ties and where the order is drawn.
SUPERVISOR = "guan"
# Officers, operators, finance, audit, observers: they know who sits on the panel.
STAFF = ("fan", "wen", "ou", "jin", "shu", "guo", "guan")
NAMES = {"ding": "丁老师", "shen": "沈会计师", "gu": "顾书记"}

CONTENT = ("秘需求", "秘附件", "10087650000")
TITLE = ("秘题目",)
APPLICANT = ("恩泽", "恩老师")
SHEET = ("83.5", "83.50")
SAID = ("秘评语",)
ON_STAGE = ("41.5", "41.50")
DARK = ("暗题目", "暗理由")
# Why an expert declined: for whoever asked her.
DECLINED = ("秘缘由",)


def stands(word: str, text: str) -> bool:
    """Whether a text tells a word. A score is one only as a figure of its own: some instant ends in
    :41.5, some amount in 141.50."""
    if word not in text or not word.replace(".", "", 1).isdigit():
        return word in text
    return re.search(rf"(?<!\d:)(?<![\d.]){re.escape(word)}(?!\d)", text) is not None


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
    return not (who in (*OFFICE, SUPERVISOR) or (who in JUDGES and is_past(step, "judging")))


def hidden_from(oracle: Oracle, who: str, step: str) -> tuple[str, ...]:
    """What may stand on no page of hers, in no letter to her, and answer no search of hers."""
    if not oracle.proposals:
        return () if who in STAFF else (oracle.round.name,)
    return (
        *_of_the_secret(oracle, who, step),
        *_of_the_sheets(who, step),
        *_of_the_panel(who, step),
        *(DECLINED if who != "fan" else ()),
        *_of_the_declined(who, step),
    )


def _of_the_secret(oracle: Oracle, who: str, step: str) -> tuple[str, ...]:
    if is_stranger(who, step):
        # The call counts a public vote: once no phase is blind, everybody reads who stands for it.
        return CONTENT if is_past(step, "between") else (*CONTENT, *TITLE)
    if who == SUPERVISOR:
        return CONTENT
    if who not in JUDGES or is_past(step, "hall"):
        return ()
    # Between the blind phase and the hall everybody reads who stands for the vote: so does she.
    is_named = is_past(step, "between")
    return CONTENT if is_named else (*CONTENT, *TITLE, *APPLICANT, oracle.secret.code)


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
