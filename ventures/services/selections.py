"""Select concepts (概要遴选): decide in bulk, by the office or by voices, and tell all together.

Who reads and what readers say is in `services.concept_readers`.

Deciding moves nothing: a decision may be changed until the selection is told. Telling moves the
round and every concept in one act, with a letter each. Locks are taken in one order: the round
before its proposals.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.templatetags.kit import moment
from ventures.errors.selections import (
    ConceptsStillOpen,
    FullCloseTooNear,
    NobodyReads,
    NobodySelected,
    NoConcepts,
    NothingChosen,
    RecusedFromSelecting,
    SelectedByOffice,
    SelectedByReviewers,
    SelectionTold,
    SelectionUnfinished,
    VoicesMissing,
)
from ventures.lifecycles.proposals import PROPOSAL
from ventures.lifecycles.rounds import ROUND
from ventures.models import Proposal, Round, Selection
from ventures.models.ties import kept_from_judging
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.rules.timetable import last_deadline
from ventures.selectors.recusals import who_acts
from ventures.selectors.selections import Tally, concepts_to_select, tallies_of
from ventures.selectors.snapshots import latest_version_of
from ventures.services.proposals import tell_applicant
from ventures.services.round_locks import locked_round

# Whoever is selected has at least so long for the full proposal.
LEAST_TIME = timedelta(days=1)


# Deciding -------------------------------------------------------------------------------------


@transaction.atomic
def decide_concepts(
    round: Round,
    proposals: Sequence[int],
    *,
    is_selected: bool,
    reason: str,
    acting_user: User,
) -> list[Selection]:
    """Say of some concepts whether they go on, and why: each applicant will read the reason.

    Refused: where reviewers select (`SelectedByReviewers`), before all concepts are in
    (`ConceptsStillOpen`), after the telling, without any or without a reason, and for concepts the
    officer has a tie with (`RecusedFromSelecting`, with which): then none is decided.
    """
    round = locked_round(round)
    about = Proposal.objects.filter(round=round, pk__in=list(proposals))
    is_officer = round_rules.is_round_officer(acting_user, round)
    if not is_officer and not recusal_rules.acts_for(acting_user, round, about):
        raise NotAllowed()
    if round.selected_by != Round.Selects.OFFICE:
        raise SelectedByReviewers()
    require_concepts_in(round, database_now())
    concepts = list(concepts_to_select(round).filter(pk__in=list(proposals)))
    if not concepts:
        raise NothingChosen()
    reason = required(reason)
    tied = about.filter(kept_from_judging(acting_user)).order_by("code")
    if codes := list(tied.values_list("code", flat=True)):
        raise RecusedFromSelecting(codes=codes, who=who_acts(round, tied))
    return [_decided(one, is_selected, reason, acting_user) for one in concepts]


@transaction.atomic
def decide_by_voices(round: Round, *, acting_user: User) -> list[Selection]:
    """Take over what the readers said: more than half of those who may judge it are for it.

    The applicant reads how many were for it and every reason, and no name. Refused: where the
    office selects, before all are in, after the telling, while a reader has not spoken of all she
    may judge (`VoicesMissing`), and while nobody may judge one (`NobodyReads`).
    """
    round = locked_before_telling(round, acting_user)
    if round.selected_by != Round.Selects.REVIEWERS:
        raise SelectedByOffice()
    require_concepts_in(round, database_now())
    tallies = tallies_of(round)
    unread = [tally.proposal.code for tally in tallies if not tally.asked]
    if unread:
        raise NobodyReads(codes=unread)
    missing: dict[str, int] = {}
    for tally in tallies:
        for name in tally.missing:
            missing[name] = missing.get(name, 0) + 1
    if missing:
        raise VoicesMissing(
            who=[
                _("%(name)s（差 %(count)d 份）") % {"name": name, "count": count}
                for name, count in sorted(missing.items())
            ]
        )
    with override(OFFICIAL_LANGUAGE):
        return [
            _decided(tally.proposal, tally.is_carried, _reason_of(tally), acting_user)
            for tally in tallies
        ]


def _reason_of(tally: Tally) -> str:
    words = _("%(count)d 位评委评议，%(agreed)d 位同意入围。") % {
        "count": len(tally.voices),
        "agreed": tally.agreed,
    }
    said = "；".join(one.reason.strip().rstrip("。；;.") for one in tally.voices)
    return (words + _("评委意见：") + said)[:599] + "。"


def _decided(proposal: Proposal, is_selected: bool, reason: str, acting_user: User) -> Selection:
    version = latest_version_of(proposal)
    assert version is not None, "what was handed in has a version"
    selection, _is_new = Selection.objects.update_or_create(
        round=proposal.round,
        proposal=proposal,
        defaults={
            "version": version,
            "is_selected": is_selected,
            "reason": reason,
            "decided_by": acting_user,
            "decided_at": database_now(),
        },
    )
    # On the decision itself, not in the proposal's story: its applicant reads it when it is told.
    record_change(
        selection,
        "decide_concept",
        after="selected" if is_selected else "not_selected",
        reason=reason,
        facts={"version": version.number, "sha256": version.sha256},
        acting_user=acting_user,
    )
    return selection


# Telling --------------------------------------------------------------------------------------


@transaction.atomic
def tell_selection(round: Round, *, acting_user: User) -> Round:
    """Tell every applicant together: the selected go on to the full proposal, the others read why.

    Refused: to an officer with a tie to any of them, while a concept waits for a decision
    (`SelectionUnfinished`), when none goes on (`NobodySelected`), and with less than a day left to
    the second close (`FullCloseTooNear`).
    """
    round = locked_round(round)
    if not round.has_concepts:
        raise NoConcepts()
    ROUND.require(round, "tell_selection", acting_user=acting_user)
    now = database_now()
    require_concepts_in(round, now)
    decided = {one.proposal_id: one for one in round.selections.filter(told_at__isnull=True)}
    concepts = list(concepts_to_select(round).select_for_update(of=("self",)))
    waiting = [one for one in concepts if one.pk not in decided]
    if waiting:
        raise SelectionUnfinished(waiting=len(waiting))
    if not any(decided[one.pk].is_selected for one in concepts):
        raise NobodySelected()
    assert round.full_closes_at is not None, "has_concepts"
    if round.full_closes_at - now < LEAST_TIME:
        raise FullCloseTooNear(closes_at=round.full_closes_at)
    ROUND.move(
        round,
        "tell_selection",
        acting_user=acting_user,
        facts={
            "selected": [one.code for one in concepts if decided[one.pk].is_selected],
            "not_selected": [one.code for one in concepts if not decided[one.pk].is_selected],
        },
    )
    with override(OFFICIAL_LANGUAGE):
        for proposal in concepts:
            _tell_one(proposal, decided[proposal.pk], now, acting_user)
    round.selections.filter(proposal__in=concepts).update(told_at=now, told_by=acting_user)
    return round


def _tell_one(proposal: Proposal, selection: Selection, now: datetime, acting_user: User) -> None:
    round = proposal.round
    if selection.is_selected:
        PROPOSAL.move(
            proposal,
            "select",
            acting_user=acting_user,
            reason=selection.reason,
            invited_at=now,
        )
        title = gettext_noop("概要入围，请填写完整申报书：%(title)s")
        body = gettext_noop(
            "编号 %(code)s 的项目概要已入围。%(reason)s\n请在 %(until)s 前补充完整申报书并提交，"
            "概要里填过的都带过来了。有疑问请联系 %(who)s，电话 %(phone)s。"
        )
    else:
        PROPOSAL.move(proposal, "pass_over", acting_user=acting_user, reason=selection.reason)
        title = gettext_noop("概要未入围：%(title)s")
        body = gettext_noop(
            "编号 %(code)s 的项目概要这次没有入围，不再提交完整申报书。理由：%(reason)s\n"
            "有疑问请联系 %(who)s，电话 %(phone)s；监督电话 %(supervision)s。"
        )
    tell_applicant(
        proposal,
        kind="concept_selected" if selection.is_selected else "concept_not_selected",
        title=lambda: _(title) % {"title": proposal.title},
        body=lambda: (
            _(body)
            % {
                "code": proposal.code,
                "reason": selection.reason,
                "until": moment(round.full_closes_at),
                "who": round.contact_name,
                "phone": round.contact_phone,
                "supervision": round.supervision_phone,
            }
        ),
        key=f"proposal:{proposal.pk}:selection:{selection.pk}",
    )


# Guards ---------------------------------------------------------------------------------------


def locked_before_telling(round: Round, acting_user: User) -> Round:
    """For what the round's officer organises; who may decide is asked further on."""
    round = locked_round(round)
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    if not round.has_concepts:
        raise NoConcepts()
    if round.state not in (Round.State.DRAFT, Round.State.PROPOSED, Round.State.OPEN):
        raise SelectionTold()
    return round


def require_concepts_in(round: Round, now: datetime) -> None:
    """All concepts are in, by the database's clock, and nobody was told yet."""
    if not round.has_concepts:
        raise NoConcepts()
    if round.state not in (Round.State.DRAFT, Round.State.PROPOSED, Round.State.OPEN):
        raise SelectionTold()
    until = last_deadline(round)
    if round.state != Round.State.OPEN or now < until:
        raise ConceptsStillOpen(closes_at=until)
