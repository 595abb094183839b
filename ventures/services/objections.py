"""Take objections to a notice, answer them in writing, and carry out what they change."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import Attachment, Organisation, Person, User
from accounts.reasons import required
from accounts.rules import is_member_of
from accounts.services.changes import record_change
from accounts.services.documents import store_document
from accounts.services.messages import tell
from accounts.templatetags.kit import day
from ventures.errors.objections import (
    ObjectionAnonymous,
    ObjectionStanding,
    ObjectionTooEarly,
    ObjectionTooLate,
    ObjectionUnstamped,
)
from ventures.errors.reissues import NoticeWithdrawn
from ventures.lifecycles.objections import OBJECTION
from ventures.models import (
    Award,
    AwardWalk,
    AwardWithdrawal,
    Decision,
    Objection,
    Proposal,
    PublicNotice,
    Round,
)
from ventures.rules import objections as rules
from ventures.rules.decisions import speaks_for
from ventures.selectors.objections import due_day
from ventures.services.award_withdrawals import walk_without, withdraw

Standing = Objection.Standing


@dataclass(frozen=True)
class Objecting:
    """What somebody objects to, and in whose name: her own, or her organisation's."""

    facts: str
    phone: str
    proposal: Proposal | None = None
    organisation: Organisation | None = None
    evidence: "UploadedFile[Any] | None" = None


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def file_objection(notice: PublicNotice, said: Objecting, *, acting_user: User) -> Objection:
    """Object to a notice while it runs, by the database's clock; the officers are told.

    Refused: before it begins, after its last day and once it is withdrawn, without a verified name
    or an organisation of one's own, for one without its stamped paper, and twice while one waits.
    """
    notice = PublicNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    now = database_now()
    today = timezone.localdate(now)
    if notice.state == PublicNotice.State.WITHDRAWN:
        raise NoticeWithdrawn()
    if notice.state != PublicNotice.State.OPEN or now > notice.closes_at:
        raise ObjectionTooLate(closes_at=notice.closes_at)
    if today < notice.starts_on:
        raise ObjectionTooEarly(starts_on=notice.starts_on)
    standing, name = _standing_of(said, acting_user)
    waiting = Objection.objects.waiting().filter(
        notice=notice, proposal=said.proposal, filed_by=acting_user
    )
    if waiting.exists():
        raise ObjectionStanding()
    round = Round.objects.select_related("region").get(pk=notice.round_id)
    evidence = store_document(said.evidence, acting_user=acting_user) if said.evidence else None
    try:
        return _written(notice, round, said, standing, name, evidence, acting_user)
    except BaseException:
        # The row goes with the transaction, the file does not.
        if evidence is not None:
            evidence.file.delete(save=False)
        raise


def _standing_of(said: Objecting, user: User) -> tuple[str, str]:
    """In what standing and under which name; never anonymous."""
    if said.organisation is None:
        if not rules.is_verified(user):
            raise ObjectionAnonymous()
        return Standing.PERSON, Person.objects.get(user=user).real_name
    if not is_member_of(user, said.organisation):
        raise NotAllowed()
    if said.evidence is None:
        raise ObjectionUnstamped()
    is_group = said.organisation.kind == Organisation.Kind.FILED
    return (Standing.GROUP if is_group else Standing.ORGANISATION), said.organisation.name


def _written(
    notice: PublicNotice,
    round: Round,
    said: Objecting,
    standing: str,
    name: str,
    evidence: Attachment | None,
    acting_user: User,
) -> Objection:
    objection = Objection.objects.create(
        notice=notice,
        proposal=said.proposal,
        standing=standing,
        filed_by=acting_user,
        organisation=said.organisation,
        name=name,
        phone=said.phone,
        facts=said.facts.strip(),
        evidence=evidence,
        due_on=due_day(round.region, timezone.localdate(database_now())),
    )
    record_change(
        objection,
        "file",
        after=objection.state,
        facts={"notice": notice.code, "proposal": said.proposal.code if said.proposal else ""},
        acting_user=acting_user,
    )
    for officer in rules.answering_officers(round, objector=acting_user):
        tell(
            officer,
            kind="ventures.objection",
            title=lambda: _("公示收到异议，请复核：%(round)s") % {"round": round.name},
            body=lambda: (
                _("%(due)s 前书面答复。答复以前，这一项不能公告。") % {"due": day(objection.due_on)}
            ),
            link=reverse("ventures:objection", args=[objection.pk]),
            key=f"ventures.objection:{objection.pk}:{officer.pk}",
        )
    return objection


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def answer_objection(
    objection: Objection, verb: str, *, answer: str, acting_user: User
) -> Objection:
    """Answer in writing: upheld, rejected, or not taken up; the objector is told.

    Upheld against an award: it is withdrawn, its money returns to the fund, the list is walked
    again without it and the difference kept; a second one to the same award finds it done. Upheld
    against another's place among the reserves: it is no reserve any more. Else, as when an
    applicant objects to her own result, it becomes a reserve, for the next meeting. Upheld against
    the whole notice: nothing is announced from it (`services.reissues`). Only an officer without a
    tie answers; an answer says something.
    """
    notice = PublicNotice.objects.select_for_update(of=("self",)).get(pk=objection.notice_id)
    round = Round.objects.select_for_update(of=("self",)).get(pk=notice.round_id)
    objection = Objection.objects.select_related(
        "notice__round__region", "proposal", "filed_by"
    ).get(pk=objection.pk)
    OBJECTION.require(objection, verb, acting_user=acting_user)
    answer = required(answer)
    OBJECTION.move(
        objection,
        verb,
        acting_user=acting_user,
        answer=answer,
        answered_by=acting_user,
        answered_at=database_now(),
    )
    if verb == "uphold" and objection.proposal is not None:
        _carry_out(objection, objection.proposal, round, acting_user)
    tell(
        objection.filed_by,
        kind="ventures.objection_answered",
        title=lambda: (
            _("您的异议有了书面答复：%(state)s") % {"state": objection.get_state_display()}
        ),
        body=objection.answer,
        link=reverse("ventures:objection", args=[objection.pk]),
        key=f"ventures.objection:{objection.pk}:answered",
    )
    return objection


@transaction.atomic
def take_back_objection(objection: Objection, *, acting_user: User) -> Objection:
    """The objector needs no answer any more."""
    objection = Objection.objects.select_related("notice__round__region").get(pk=objection.pk)
    OBJECTION.move(objection, "take_back", acting_user=acting_user)
    return objection


def _carry_out(objection: Objection, proposal: Proposal, round: Round, acting_user: User) -> None:
    decision = Decision.objects.select_for_update(of=("self",)).get(proposal=proposal)
    before = decision.outcome
    reason = (_("异议成立：%(answer)s") % {"answer": objection.answer})[:500]
    award = Award.objects.filter(decision=decision).first()
    if award is not None and hasattr(award, "withdrawal"):
        return
    # Who objects for herself asks to be listed; who objects to another's place, the reverse.
    is_struck = before == Decision.Outcome.RESERVE and not speaks_for(objection.filed_by, proposal)
    if award is not None:
        withdraw(
            award,
            AwardWithdrawal.Cause.OBJECTION,
            reason=reason,
            round=round,
            acting_user=acting_user,
            objection=objection,
        )
    elif is_struck:
        walk_without(
            proposal, 0, round, occasion=AwardWalk.Occasion.OBJECTION, acting_user=acting_user
        )
    after = Decision.Outcome.DECLINE if award or is_struck else Decision.Outcome.RESERVE
    Decision.objects.filter(pk=decision.pk).update(
        outcome=after, amount_fen=0, needs_revision=False, reason=reason
    )
    record_change(
        decision,
        "change_after_objection",
        before=before,
        after=after.value,
        reason=reason[:300],
        facts={"objection": objection.pk},
        acting_user=acting_user,
    )
