"""The life of one round, step by step, and what nobody may learn at each step.

`Life.reach(step)` goes forward through the services, so that every letter is written that a round
writes. Who is in it: `tests.oracle.people`. 恩泽社's proposal is pinned against half the house; a
third, 落选队's, is declined and stays unknown to everybody but its people and those who judged.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Delivery, Message
from accounts.services.deliveries import _send_message
from tests.factories.ventures import make_tracks, publish
from tests.factories.ventures_awards import PDF, assignment_of, filled, hand_in, make_meeting
from tests.factories.ventures_defences import verify
from tests.factories.ventures_phases import shift
from tests.factories.ventures_reviewers import make_expert
from tests.oracle.asides import ASIDES
from tests.oracle.people import Oracle, begin_judging, file_all
from tests.oracle.tells import never_told, noting
from ventures.errors.discussions import WordsTellWho
from ventures.models import (
    AwardWish,
    CompositeTerms,
    DefenceSlot,
    Pledge,
    PublicVote,
    Remark,
    ReviewPhase,
    Round,
)
from ventures.selectors.notices import usual_terms_of
from ventures.services.applicant_answers import answer_reviewers, tell_answers_open
from ventures.services.assignments import remind_reviewers
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.defence_scores import hand_in_points, open_slot, reveal_slot
from ventures.services.defences import tell_order
from ventures.services.discussions import say
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.objections import Objecting, answer_objection, file_objection
from ventures.services.paper_sheets import check_paper_sheet, enter_paper_sheet
from ventures.services.pledges import confirm_pledge, enter_pledge, refuse_pledge
from ventures.services.review_invitations import decline_invitation, invite_experts
from ventures.services.reviews import close_panel, give_back_review, submit_review
from ventures.services.rounds import begin_review
from ventures.services.screening import accept_proposal
from ventures.services.votes import cast_vote, count_vote

HOUR = timedelta(hours=1)
OF_THE_MOMENT = ("timestamp", "request_id")
LOGGERS = ("", "accounts", "timebank", "ventures", "config", "django_structlog")


class Lines(logging.Handler):
    """Every line that is logged, whatever handler prints it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg if isinstance(record.msg, dict) else {"said": record.getMessage()}
        told = [str(value) for name, value in said.items() if name not in OF_THE_MOMENT]
        self.written.append(" ".join([*told, record.exc_text or ""]))


@dataclass
class Life:
    """Where the round is, what was logged so far, and up to which message all were read."""

    oracle: Oracle
    lines: Lines = field(default_factory=Lines)
    at: str = ""
    last_message: int = 0
    # What was told aside, and through which calls anything was told (`oracle.tells`).
    aside: list[tuple[Message, str]] = field(default_factory=list)
    told: set[tuple[str, int]] = field(default_factory=set)

    def reach(self, step: str) -> Oracle:
        """Go on to this step; one never goes back."""
        names = list(STEPS)
        done = names.index(self.at) + 1 if self.at else 0
        assert names.index(step) >= done - 1, f"{step} is over: ask in the order of STEPS"
        for name in names[done : names.index(step) + 1]:
            self.last_message = _last_message()
            with noting(self.told):
                STEPS[name](self.oracle)
                self.aside = [one for act in ASIDES.get(name, ()) for one in self._aside(act)]
            self.at = name
        if self.at == names[-1]:
            assert never_told(self.told) == [], "let tests/oracle/asides.py do what tells this"
        self.oracle.round.refresh_from_db()
        return self.oracle

    def letters(self) -> list[tuple[Message, str]]:
        """What was told on the way to this step and aside of it, each with its mail as sent."""
        return [*self._since(self.last_message), *self.aside]

    def _aside(self, act: Callable[[Oracle], None]) -> list[tuple[Message, str]]:
        """What somebody would be told by what the round does not do; it is undone."""
        for proposal in self.oracle.proposals.values():
            proposal.refresh_from_db()
        before = _last_message()
        with transaction.atomic():
            act(self.oracle)
            told = self._since(before)
            transaction.set_rollback(True)
        assert told, f"{act.__name__} tells nobody"
        return told

    def _since(self, before: int) -> list[tuple[Message, str]]:
        told = Message.objects.filter(pk__gt=before).select_related("to_user")
        found = []
        for message in told.order_by("pk"):
            message.to_user.email = message.to_user.email or "somebody@example.com"
            _send_message(message, Delivery.Channel.MAIL)
            sent = mail.outbox[-1]
            found.append((message, f"{message.title} {message.body} {sent.subject} {sent.body}"))
        return found


def _last_message() -> int:
    return Message.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def _draft(_oracle: Oracle) -> None:
    """As it was begun: only the office knows of it."""


def _call(o: Oracle) -> None:
    """Published; three have handed in, and all is under seal."""
    o.round = publish(o.round)
    file_all(o)


def _screening(o: Oracle) -> None:
    """Closed and unsealed: the office checks what came."""
    Round.objects.filter(pk=o.round.pk).update(closes_at=timezone.now() - HOUR)
    o.round.refresh_from_db()
    for proposal in (o.other, o.declined):
        accept_proposal(proposal, acting_user=o.people["fan"])


def _judging(o: Oracle) -> None:
    """Judged without names: 沈会计师's sheet is in, 丁老师's begun; experts are asked."""
    fan = o.people["fan"]
    accept_proposal(o.secret, acting_user=fan)
    o.round = begin_review(o.round, acting_user=fan)
    begin_judging(o)
    again = hand_in(o.people["shen"], o.other, 72)
    give_back_review(again, reason="第二项写错了", acting_user=fan)
    remind_reviewers(o.round.panel, acting_user=fan)
    asked = invite_experts(o.round, [make_expert("秦新来", tracks=make_tracks())], acting_user=fan)
    decline_invitation(asked[0], reason="秘缘由：出差", acting_user=asked[0].user)
    o.ids |= {
        "member": o.round.panel.members.get(reviewer=o.people["ding"]).pk,
        "phase": o.round.review_phases.get().pk,
        "invitation": asked[0].pk,
        "panel": o.round.panel.pk,
        "slot": o.secret.defence_slot.pk,
    }


def _talk(o: Oracle) -> None:
    """They talk about it, to each of the three audiences."""
    _phase(o, others_scores="after_own", discussion_open=True, sees="track")
    for audience in Remark.Audience.values:
        say(o.secret, audience=audience, text=f"秘评语：{audience}？", acting_user=o.people["shen"])


def _answer(o: Oracle) -> None:
    """The applicant answers once what was said to her, and cannot say who she is."""
    _phase(o, scoring_open=False, answer_open=True)
    tell_answers_open()
    with pytest.raises(WordsTellWho):
        answer_reviewers(o.secret, text="我们恩泽社已经改了", acting_user=o.people["en"])
    answer_reviewers(o.secret, text="已经改了", acting_user=o.people["en"])


def _between(o: Oracle) -> None:
    """All sheets are in, one of them from paper; no phase runs."""
    fan, ding, shen, gu = (o.people[key] for key in ("fan", "ding", "shen", "gu"))
    _phase(o)
    submit_review(assignment_of(ding, o.secret).review, acting_user=ding)
    submit_review(assignment_of(shen, o.other).review, acting_user=shen)
    hand_in(ding, o.other, 70)
    for reviewer in (ding, shen):
        hand_in(reviewer, o.declined, 40)
    for proposal, points in ((o.other, 75), (o.declined, 50)):
        sheet = filled(proposal, points)
        paper = enter_paper_sheet(assignment_of(gu, proposal), sheet, acting_user=fan)
        check_paper_sheet(paper, sheet, acting_user=o.people["guan"])
    shift(o.round, 2)


def _hall(o: Oracle) -> None:
    """On the stage: points are in and nobody sees them; the public votes; a pledge is refused."""
    fan = o.people["fan"]
    tell_order(o.round.defence, acting_user=fan)
    _scored_on_stage(o, o.secret, (83, 66))
    PublicVote.objects.filter(round=o.round).update(opens_at=timezone.now() - HOUR)
    vote = PublicVote.objects.get(round=o.round)
    cast_vote(vote, [o.secret], address="10.0.0.9", acting_user=verify(o.people["zhu"], fan))
    pledge = enter_pledge(
        o.other, pledger_kind="person", pledger_name="河边的人", amount_fen=1_000,
        evidence=SimpleUploadedFile("承诺.pdf", PDF, "application/pdf"), acting_user=fan,
    )  # fmt: skip
    refuse_pledge(pledge, reason="没有签名", acting_user=o.people["wen"])


def _counted(o: Oracle) -> None:
    """Revealed, counted, closed; the list is prepared and nobody outside knows."""
    fan = o.people["fan"]
    reveal_slot(DefenceSlot.objects.get(proposal=o.secret), acting_user=fan)
    for proposal in (o.other, o.declined):
        _scored_on_stage(o, proposal, (90, 70) if proposal == o.other else (40, 20))
        slot = DefenceSlot.objects.get(proposal=proposal)
        reveal_slot(slot, reason="顾书记有事先走", acting_user=fan)
    PublicVote.objects.filter(round=o.round).update(closes_at=timezone.now())
    count_vote(PublicVote.objects.get(round=o.round), acting_user=fan)
    for pledge in Pledge.objects.filter(state=Pledge.State.OFFERED):
        confirm_pledge(pledge, how="打过电话", acting_user=fan)
    CompositeTerms.objects.filter(round=o.round).update(pledges_until=timezone.now())
    close_panel(o.round.panel, acting_user=fan)
    choices = [
        Choice(o.secret.pk, "award", 1_000_00),
        Choice(o.other.pk, "award", 1_000_00, "只有这一个"),
        Choice(o.declined.pk, "decline", 0, "暗理由"),
    ]
    prepare_decisions(o.round, choices, acting_user=fan)


def _decided(o: Oracle) -> None:
    """The meeting has decided; nothing is public."""
    fan = o.people["fan"]
    record_resolution(o.round, meeting=make_meeting(fan), acting_user=fan)
    wish = AwardWish.objects.create(
        award=o.secret.award, kind="cancel", seen_fen=1_000_00, reason="秘评语：没有人来签",
        proposed_by=fan, state="refused", decided_by=o.people["wen"], decided_at=timezone.now(),
    )  # fmt: skip
    o.ids |= {"occasion": "meeting", "award_wish": wish.pk}


def _notice(o: Oracle) -> None:
    """公示, letters and states in one act; somebody objects in her own name."""
    o.round.refresh_from_db()
    terms = usual_terms_of(o.round, timezone.localdate())
    notice = publish_notice(
        o.round, terms=replace(terms, address="演示路 1 号"), acting_user=o.people["fan"]
    )
    said = Objecting(facts="秘异议：去年拿过钱", phone="10012340000", proposal=o.secret)
    objection = file_objection(notice, said, acting_user=verify(o.people["anan"], o.people["chen"]))
    o.ids |= {"notice": notice.code, "objection": objection.pk}
    o.raised_by["objection"] = "anan"


def _final(o: Oracle) -> None:
    """The objection is answered, the list is final."""
    notice = o.round.notices.get()
    answer_objection(
        notice.objections.get(), "reject", answer="查过，没有", acting_user=o.people["fan"]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ventures.services.notices.database_now", lambda: notice.closes_at + HOUR)
        conclude_notice(notice, acting_user=o.people["fan"])


STEPS: dict[str, Callable[[Oracle], None]] = {
    "draft": _draft,
    "call": _call,
    "screening": _screening,
    "judging": _judging,
    "talk": _talk,
    "answer": _answer,
    "between": _between,
    "hall": _hall,
    "counted": _counted,
    "decided": _decided,
    "notice": _notice,
    "final": _final,
}


def _phase(o: Oracle, **fields: object) -> None:
    """The one phase of this review with other rights; who applies stays hidden."""
    plain = {
        "scoring_open": True,
        "hides_applicant": True,
        "others_scores": "never",
        "discussion_open": False,
        "answer_open": False,
        "sees": "assigned",
    }
    ReviewPhase.objects.filter(round=o.round).update(**(plain | fields))


def _scored_on_stage(o: Oracle, proposal, points: tuple[int, int]) -> None:
    slot = DefenceSlot.objects.get(proposal=proposal)
    open_slot(slot, acting_user=o.people["fan"])
    for key in ("ding", "shen"):
        hand_in_points(slot, points, acting_user=o.people[key])
