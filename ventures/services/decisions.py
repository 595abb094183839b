"""Decide: prepare the list quietly, then record the meeting that decides, with its awards.

The panel recommends, the meeting decides. What the public sees comes from `services.notices`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Attachment, User
from accounts.services.attachments import store_pdf
from accounts.services.changes import record_change
from timebank import doors
from ventures.errors.decisions import (
    AmountOutOfRange,
    AwardsAboveFund,
    DecisionsMissing,
    DecisionUnexplained,
    DeviationUnexplained,
    MeetingInFuture,
    WrongMeeting,
)
from ventures.errors.defences import CompositeIncomplete
from ventures.errors.reviews import PanelStillOpen, ReviewNotBegun
from ventures.lifecycles.decisions import DECISION
from ventures.lifecycles.rounds import ROUND
from ventures.models import Award, Decision, Dossier, Panel, Proposal, Resolution, Round
from ventures.reckoning.standings import Standing
from ventures.rules import recusal as rules
from ventures.rules.meetings import MeetingCount
from ventures.selectors.prizes import out_of_order, prizes_of
from ventures.selectors.rankings import ranking_of
from ventures.services.award_walks import require_as_listed
from ventures.services.dossiers import keep_dossier
from ventures.services.meetings import require_carried, require_new, write_votes
from ventures.services.prizes import require_a_prize, require_places

Outcome = Decision.Outcome

# Who decides a round of each level (局党组会 or 局长办公会; 镇街班子会; 村两委 or 四议两公开).
MEETINGS: Mapping[str, Sequence[str]] = {
    Round.Level.CITY: (Resolution.Kind.PARTY_GROUP, Resolution.Kind.BUREAU),
    Round.Level.TOWN: (Resolution.Kind.TOWN,),
    Round.Level.COMMUNITY: (Resolution.Kind.COMMITTEES, Resolution.Kind.FOUR_STEPS),
}

# What of a meeting's count stands with its resolution; the names are rows of their own.
COUNTED = ("expected", "present", "in_favour", "against", "abstained")


@dataclass(frozen=True)
class Choice:
    """What is proposed for one proposal."""

    proposal_id: int
    outcome: str
    amount_fen: int = 0
    reason: str = ""
    needs_revision: bool = False


@dataclass(frozen=True)
class Meeting:
    """The meeting as its minutes name it."""

    kind: str
    name: str
    held_on: date
    number: str
    minutes: "UploadedFile[Any]"
    count: MeetingCount | None = None


@transaction.atomic
def prepare_decisions(
    round: Round, choices: Sequence[Choice], *, acting_user: User
) -> list[Decision]:
    """Write the list the meeting will have before it; nobody outside the office sees it.

    Rank, score and suggested amount are noted with each. Refused: while the panel is open, amounts
    above what was asked for, a sum above the fund's free money, a decline without a reason, and a
    departure from the ranking (or below the pass mark) without one; in a round with rules of its
    own, any other list than they give; and while a part of a composite score is still out.
    """
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not rules.may_decide(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    panel = Panel.objects.filter(round=round).first()
    if panel is None or panel.state != Panel.State.CLOSED:
        raise PanelStillOpen()
    group = {
        proposal.pk: proposal
        for proposal in round.proposals.filter(state=Proposal.State.UNDER_REVIEW)
    }
    assert all(choice.proposal_id in group for choice in choices), "a form offers this round only"
    ranking = ranking_of(round)
    if ranking.composite is not None and not ranking.composite.is_complete:
        raise CompositeIncomplete(missing=ranking.composite.missing)
    standings = {s.candidate.number: s for s in ranking.standings}
    for choice in choices:
        require_sound_amount(choice, group[choice.proposal_id])
    require_within_fund(round, choices)
    require_places(round, [choice.amount_fen for choice in choices])
    walk = require_as_listed(
        round,
        {group[choice.proposal_id].code: choice.amount_fen for choice in choices},
        acting_user=acting_user,
    )
    departures = (
        deviations(round, choices, group, standings) if walk is None else set(walk.inputs["fixed"])
    )
    _require_reasons(choices, group, departures)

    decisions = []
    for choice in choices:
        proposal = group[choice.proposal_id]
        standing = standings[proposal.code]
        decision, _is_new = Decision.objects.update_or_create(
            proposal=proposal,
            defaults={
                "outcome": choice.outcome,
                "amount_fen": choice.amount_fen,
                "reason": choice.reason.strip(),
                # What has no budget has none to revise.
                "needs_revision": choice.needs_revision and round.has_budget,
                "deviates": proposal.code in departures,
                "rank": standing.rank,
                "score_hundredths": standing.score_hundredths,
                "suggested_fen": standing.suggested_fen,
                "prepared_by": acting_user,
            },
        )
        decisions.append(decision)
    record_change(
        round,
        "prepare_decisions",
        acting_user=acting_user,
        facts={
            "decisions": {
                group[choice.proposal_id].code: [str(choice.outcome), choice.amount_fen]
                for choice in choices
            },
            "fen": sum(c.amount_fen for c in choices),
        },
    )
    return decisions


@transaction.atomic
def record_resolution(round: Round, *, meeting: Meeting, acting_user: User) -> Resolution:
    """The meeting has decided: every decision stands, and every award is set aside from the fund.

    One act: either all of it happens or nothing. The sum can never exceed the fund (the ledger's
    floor refuses it, `FundExceeded`), and of two officers recording at once one succeeds. Refused:
    a proposal without a decision, a meeting in the future, of the wrong kind for this level, or
    without the people and votes the round asks for, and minutes that are on record. The minutes are
    stored last of all that can be refused, and their file goes again if anything fails.
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("region").get(pk=round.pk)
    ROUND.move(round, "decide", acting_user=acting_user, reason=f"{meeting.name} {meeting.number}")
    require_sound_meeting(round, meeting)
    _require_decided(round)

    minutes = store_pdf(meeting.minutes, acting_user=acting_user)
    try:
        return _write_resolution(round, meeting, minutes, acting_user)
    except BaseException:
        # The row goes with the transaction, the file does not.
        minutes.file.delete(save=False)
        raise


def require_sound_meeting(round: Round, meeting: Meeting) -> None:
    """Of the kind that decides at this level, held, and with enough people agreeing."""
    if meeting.kind not in MEETINGS[round.level]:
        raise WrongMeeting(
            kind=Resolution.Kind(meeting.kind).label, level=round.get_level_display()
        )
    if meeting.held_on > timezone.localdate(database_now()):
        raise MeetingInFuture(held_on=meeting.held_on)
    require_new(round, meeting.number)
    require_carried(round, meeting.count)


def write_meeting(
    round: Round, meeting: Meeting, minutes: Attachment, *, acting_user: User
) -> Resolution:
    count = meeting.count
    resolution = Resolution.objects.create(
        round=round,
        kind=meeting.kind,
        meeting=meeting.name,
        held_on=meeting.held_on,
        number=meeting.number,
        minutes=minutes,
        recorded_by=acting_user,
        **{name: getattr(count, name) for name in COUNTED} if count else {},
    )
    write_votes(resolution, count)
    return resolution


def _write_resolution(
    round: Round, meeting: Meeting, minutes: Attachment, acting_user: User
) -> Resolution:
    resolution = write_meeting(round, meeting, minutes, acting_user=acting_user)
    decisions = (
        Decision.objects.filter(proposal__round=round)
        .select_related("proposal__round")
        .order_by("pk")
    )
    for decision in decisions:
        DECISION.move(decision, "resolve", acting_user=acting_user, resolution=resolution)
        if decision.outcome == Outcome.AWARD:
            award(decision, resolution, acting_user=acting_user)
    record_change(resolution, "record", after=resolution.kind, acting_user=acting_user)
    keep_dossier(round, Dossier.Occasion.MEETING, acting_user=acting_user)
    return resolution


def deviations(
    round: Round,
    choices: Iterable[Choice],
    group: Mapping[int, Proposal],
    standings: Mapping[str, Standing],
) -> set[str]:
    """Codes of proposals treated otherwise than the ranking says.

    Passed over: not awarded although one of a worse rank is. Lifted: awarded although it is below
    the pass mark or has no score. Where prizes have several sizes: another than its place gives.
    """
    assert round.rubric is not None, "reviewed_round_has_rubric"
    pass_hundredths = round.rubric.pass_half_points * 50
    of = {group[choice.proposal_id].code: choice for choice in choices}
    awarded = [code for code, choice in of.items() if choice.outcome == Outcome.AWARD]
    ranks = {code: standings[code].rank or len(standings) + 1 for code in of}
    worst_awarded = max((ranks[code] for code in awarded), default=0)
    passed_over = {code for code in of if code not in awarded and ranks[code] < worst_awarded}
    lifted = {code for code in awarded if (standings[code].score_hundredths or 0) < pass_hundredths}
    won = {code: of[code].amount_fen for code in awarded}
    return passed_over | lifted | out_of_order(prizes_of(round), won, ranks)


def require_sound_amount(choice: Choice, proposal: Proposal) -> None:
    most = proposal.round.most_for(proposal.requested_fen)
    gives_money = choice.outcome == Outcome.AWARD and proposal.round.has_money
    is_sound = 0 < choice.amount_fen <= most if gives_money else choice.amount_fen == 0
    if not is_sound:
        raise AmountOutOfRange(code=proposal.code, most_fen=most)
    if gives_money:
        require_a_prize(proposal, choice.amount_fen)


def require_within_fund(round: Round, choices: Iterable[Choice]) -> None:
    needed = sum(choice.amount_fen for choice in choices)
    free = doors.fund_position(round.fund_key).free_fen
    if needed > free:
        raise AwardsAboveFund(needed_fen=needed, free_fen=free)


def _require_reasons(
    choices: Sequence[Choice], group: Mapping[int, Proposal], departures: set[str]
) -> None:
    silent = {group[c.proposal_id].code: c for c in choices if not c.reason.strip()}
    unexplained = sorted(departures & silent.keys())
    if unexplained:
        raise DeviationUnexplained(codes=unexplained)
    declined = sorted(code for code, c in silent.items() if c.outcome == Outcome.DECLINE)
    if declined:
        raise DecisionUnexplained(codes=declined)


def _require_decided(round: Round) -> None:
    undecided = round.proposals.filter(
        state=Proposal.State.UNDER_REVIEW, decision__isnull=True
    ).values_list("code", flat=True)
    if undecided:
        raise DecisionsMissing(codes=sorted(undecided))


def award(decision: Decision, resolution: Resolution, *, acting_user: User) -> Award:
    """Set the money aside and write the award; the key makes a second award of it impossible."""
    proposal = decision.proposal
    transfer_id = _committed(decision, acting_user) if proposal.round.has_money else None
    return Award.objects.create(
        decision=decision,
        proposal=proposal,
        resolution=resolution,
        amount_fen=decision.amount_fen,
        transfer_id=transfer_id,
    )


def _committed(decision: Decision, acting_user: User) -> int:
    proposal = decision.proposal
    return doors.commit_fund(
        proposal.round.fund_key,
        amount_fen=decision.amount_fen,
        source=f"ventures.proposal:{proposal.pk}",
        key=f"ventures.award:{proposal.pk}",
        reason=proposal.code,
        acting_user=acting_user,
    )
