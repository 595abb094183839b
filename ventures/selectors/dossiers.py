"""Everything a decision used, as one value: rules, sheets, who abstained or was kept out, order,
the walk, the meeting, awards, and what was published, objected to and answered.

Whoever holds the file can run the ranking's and the walk's arithmetic again and compare.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ventures.models import (
    AwardWithdrawal,
    Decision,
    Dossier,
    Override,
    PublicNotice,
    Resolution,
    Round,
)
from ventures.reckoning.award_record import fingerprint, results_of
from ventures.reckoning.composite_record import wrong_sums
from ventures.reckoning.sheet_record import recounts
from ventures.selectors.aggregation import way_words
from ventures.selectors.award_corrections import corrections_on_file
from ventures.selectors.award_terms import award_terms_of, terms_in_words
from ventures.selectors.composite_records import record_of
from ventures.selectors.panel_absences import absences_of
from ventures.selectors.rankings import ranking_of
from ventures.selectors.reissues import withdrawn_in_words


@dataclass(frozen=True)
class Recounted:
    """How many proposals were counted again, and the numbers of those whose score is another."""

    proposals: int
    different: list[str]


def dossier_of(round: Round) -> dict[str, Any]:
    """What stands now, in plain words and whole numbers; no names of persons but the panel's
    and of who voted by name."""
    ranking = ranking_of(round)
    absences = absences_of([row.proposal for row in ranking.rows], ranking.members)
    rubric = round.rubric
    assert rubric is not None, "reviewed_round_has_rubric"
    meetings = [
        {
            "kind": one.kind,
            "name": one.meeting,
            "held_on": one.held_on.isoformat(),
            "number": one.number,
            "minutes_sha256": one.minutes.sha256,
            "count": _count(one),
        }
        for one in round.resolutions.select_related("minutes")
        .prefetch_related("votes")
        .order_by("id")
    ]
    return {
        "round": {"code": round.code, "name": round.name, "fund_fen": round.fund_fen},
        "rules": {
            "aggregate": rubric.aggregate,
            "drop_from": rubric.drop_from,
            "in_words": [way_words(rubric), *terms_in_words(round, award_terms_of(round))],
            "criteria": [
                {
                    "name": one.name,
                    "max_half_points": one.max_half_points,
                    "weight_percent": one.weight_percent,
                    "is_outside_total": one.is_outside_total,
                    "only_tracks": list(one.only_tracks),
                }
                for one in rubric.criteria.all()
            ],
        },
        "panel": [
            {"seat": member.seat, "name": member.reviewer.display_name}
            for member in ranking.members
        ],
        "ranking": [
            {
                "code": row.proposal.code,
                "track": row.proposal.track.code if row.proposal.track else None,
                "rank": row.standing.rank,
                "score_hundredths": row.standing.score_hundredths,
                "paper_hundredths": row.standing.paper_hundredths,
                "suggested_fen": row.standing.suggested_fen,
                "left_out": [row.standing.highest_seat, row.standing.lowest_seat],
                "sheets": [
                    {
                        "seat": sheet.seat,
                        "half_points": list(sheet.item_halves),
                        "suggested_fen": sheet.suggested_fen,
                    }
                    for sheet in row.standing.candidate.sheets
                ],
                **absences[row.proposal.pk],
                "version": _version(row.proposal),
            }
            for row in ranking.rows
        ],
        "composite": record_of(round, ranking.composite),
        "walks": [
            {
                "number": walk.number,
                "occasion": walk.occasion,
                "inputs": walk.inputs,
                "input_sha256": walk.input_sha256,
                "results": walk.results,
                "output_sha256": walk.output_sha256,
            }
            for walk in round.award_walks.order_by("number")
        ],
        "overrides": [
            {
                "code": one.proposal.code,
                "outcome": one.outcome,
                "amount_fen": one.amount_fen,
                "reason": one.reason,
                "proposed_by": one.proposed_by.display_name,
                "agreed_by": one.decided_by.display_name if one.decided_by else "",
            }
            for one in round.overrides.filter(state=Override.State.AGREED).select_related(
                "proposal", "proposed_by", "decided_by"
            )
        ],
        "meeting": meetings[0] if meetings else None,
        # After an award fell another may have given what was freed.
        "later_meetings": meetings[1:],
        "decisions": [
            {
                "code": one.proposal.code,
                "outcome": one.outcome,
                "amount_fen": one.amount_fen,
                "needs_revision": one.needs_revision,
                "reason": one.reason,
            }
            for one in Decision.objects.filter(proposal__round=round)
            .select_related("proposal")
            .order_by("proposal__code")
        ],
        "withdrawals": [_withdrawal(one) for one in withdrawals_of(round)],
        # Where what was recorded was not what the minutes say.
        "corrections": corrections_on_file(round),
        "notices": [_notice(one) for one in round.notices.order_by("id")],
    }


def _count(resolution: Resolution) -> dict[str, Any] | None:
    """Who came and how they voted, by name where the vote was; None where nobody wrote it down."""
    if not resolution.is_counted:
        return None
    return {
        "expected": resolution.expected,
        "present": resolution.present,
        "in_favour": resolution.in_favour,
        "against": resolution.against,
        "abstained": resolution.abstained,
        "names": [[one.name, one.vote] for one in resolution.votes.all()],
    }


def withdrawals_of(round: Round) -> QuerySet[AwardWithdrawal]:
    """Awards that do not stand any more, first to last."""
    gone = AwardWithdrawal.objects.filter(award__proposal__round=round)
    return gone.select_related("award__proposal", "walk").order_by("pk")


def _withdrawal(one: AwardWithdrawal) -> dict[str, Any]:
    """A reason that is the applicant's own is not frozen here: the file is handed out."""
    return {
        "code": one.award.proposal.code,
        "cause": one.cause,
        "reason": one.reason if one.publishes_reason else "",
        "amount_fen": one.award.amount_fen,
        "transfer_id": one.transfer_id,
        "walk": one.walk.number if one.walk else None,
        "on": timezone.localdate(one.withdrawn_at).isoformat(),
    }


def _notice(notice: PublicNotice) -> dict[str, Any]:
    """What the public was shown, by its fingerprints, and what was objected to and answered; never
    by whom."""
    return {
        "code": notice.code,
        "sha256": notice.sha256,
        "starts_on": notice.starts_on.isoformat(),
        "last_day": notice.last_day.isoformat(),
        "replaces": notice.replaces.code if notice.replaces else "",
        "withdrawn": withdrawn_in_words(notice),
        "announcements": [
            {"number": one.number, "sha256": one.sha256}
            for one in notice.announcements.order_by("number")
        ],
        "objections": [
            {
                "code": one.proposal.code if one.proposal else "",
                "standing": one.standing,
                "state": one.state,
                "due_on": one.due_on.isoformat(),
                "answer": one.answer,
            }
            for one in notice.objections.select_related("proposal").order_by("id")
        ],
    }


def _version(proposal: Any) -> dict[str, Any] | None:
    last = proposal.versions.order_by("-number").values("number", "sha256").first()
    return dict(last) if last else None


def is_intact(dossier: Dossier) -> bool:
    """Whether the file still is what its fingerprint says."""
    return fingerprint(dossier.content) == dossier.sha256


def replay(dossier: Dossier) -> list[tuple[int, bool]]:
    """Each kept run of the walk, run again from its own input: the same bytes or not."""
    return [
        (walk["number"], fingerprint(results_of(walk["inputs"])) == walk["output_sha256"])
        for walk in dossier.content["walks"]
    ]


def recounted(dossier: Dossier) -> Recounted:
    """Every score of the file, counted again from its sheets, parts and bonuses under its rules."""
    found = recounts(dossier.content)
    other = {one.number for one in found if not one.is_same} | set(wrong_sums(dossier.content))
    return Recounted(len(found), [one.number for one in found if one.number in other])


def dossiers_of(round: Round) -> list[Dossier]:
    return list(Dossier.objects.filter(round=round).order_by("id"))
