"""The proposed list for the meeting: the walk of now, why each stands where it does, what is left.

Nothing here writes. A run that was kept is an `AwardWalk`; `services.award_walks` keeps it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.kit import yuan
from timebank import doors
from ventures.models import AwardTerms, AwardWalk, Decision, Override, Proposal, Round
from ventures.reckoning.award_record import (
    BY_PEOPLE,
    HELD,
    Fixed,
    difference,
    fingerprint,
    inputs_of,
    results_of,
)
from ventures.reckoning.award_walk import Entry, Reason
from ventures.reckoning.best_total import BestTotal, best_total_of
from ventures.selectors.award_terms import award_terms_of, entries_of, group_name, walk_terms_of
from ventures.selectors.prize_words import prize_reason
from ventures.selectors.rankings import Ranking, ranking_of
from ventures.selectors.reviews import hundredths_shown

MOST_IN_WHAT_IF = 400


@dataclass(frozen=True)
class Line:
    """One proposal of the list, with why and by how much."""

    proposal: Proposal
    number: str
    score: str
    asked_fen: int
    awarded_fen: int
    why: str
    almost: tuple[str, ...]
    override: Override | None

    @property
    def is_funded(self) -> bool:
        return self.awarded_fen > 0


@dataclass(frozen=True)
class Moved:
    """One proposal whose award is another after an objection was upheld."""

    proposal: Proposal
    before_fen: int
    after_fen: int


@dataclass(frozen=True)
class Rerun:
    """A walk after an upheld objection, and its difference."""

    walk: AwardWalk
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class WhatIf:
    """The largest total score the fund could bear, beside the list; never the award."""

    best: BestTotal
    listed_hundredths: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """The list the rules give now."""

    terms: AwardTerms
    inputs: dict[str, Any]
    results: dict[str, Any]
    lines: tuple[Line, ...]
    what_if: WhatIf | None

    @property
    def input_sha256(self) -> str:
        return fingerprint(self.inputs)

    @property
    def awards(self) -> dict[str, int]:
        """What the list gives, by number."""
        return {line["number"]: line["awarded_fen"] for line in self.results["lines"]}

    @property
    def waiting(self) -> list[Override]:
        return [
            line.override
            for line in self.lines
            if line.override and line.override.state == Override.State.PROPOSED
        ]


def suggestion_of(
    round: Round, ranking: Ranking | None = None, *, with_what_if: bool = False
) -> Suggestion | None:
    """The walk of now; None where the round has no rules of its own."""
    terms = award_terms_of(round)
    if terms is None or not terms.is_walked or round.rubric is None:
        return None
    terms.round = round
    ranking = ranking or ranking_of(round)
    entries = entries_of(ranking, terms)
    overrides = standing_overrides(round)
    fund_fen = doors.fund_position(round.fund_key).free_fen
    inputs = inputs_of(
        walk_terms_of(terms, fund_fen, entries),
        entries,
        [
            Fixed(code, one.amount_fen)
            for code, one in overrides.items()
            if one.state == Override.State.AGREED
        ],
    )
    results = results_of(inputs)
    proposals = {row.proposal.code: row.proposal for row in ranking.rows}
    return Suggestion(
        terms=terms,
        inputs=inputs,
        results=results,
        lines=tuple(
            line_of(round, told, proposals[told["number"]], overrides.get(told["number"]))
            for told in results["lines"]
        ),
        what_if=_what_if(entries, inputs, results) if with_what_if else None,
    )


def standing_overrides(round: Round) -> dict[str, Override]:
    """Proposed and agreed departures, by number."""
    rows = Override.objects.filter(round=round, state__in=Override.STANDING).select_related(
        "proposal", "proposed_by", "decided_by"
    )
    return {one.proposal.code: one for one in rows}


def line_of(
    round: Round, told: Mapping[str, Any], proposal: Proposal, override: Override | None = None
) -> Line:
    return Line(
        proposal=proposal,
        number=told["number"],
        score=hundredths_shown(told["score_hundredths"]),
        asked_fen=told["asked_fen"],
        awarded_fen=told["awarded_fen"],
        why=reason_in_words(round, told, override),
        almost=almost_in_words(round, told),
        override=override,
    )


def reason_in_words(round: Round, told: Mapping[str, Any], override: Override | None = None) -> str:
    """Why it stands where it stands, in a sentence."""
    if told["reason"] == BY_PEOPLE:
        words = override.reason if override else ""
        return _("两人商定，不按规则：%(reason)s") % {"reason": words}
    if told["reason"] == HELD:
        return _("已公示拟立项，重排时不动。")
    if words := prize_reason(round, told["reason"]):
        return words
    return _REASONS[Reason(told["reason"])]() % {
        "group": group_name(round, told["limited_by"]) if told["limited_by"] else "",
        "awarded": yuan(told["awarded_fen"]),
        "asked": yuan(told["asked_fen"]),
    }


_REASONS = {
    Reason.FUNDED: lambda: _("按名次列入，资金够。"),
    Reason.FUNDED_IN_PART: lambda: _("按名次列入；余额不够全额，按规则部分资助 %(awarded)s。"),
    Reason.NO_SCORE: lambda: _("没有得分，不参加排序。"),
    Reason.BELOW_THRESHOLD: lambda: _("得分低于入围线。"),
    Reason.CEILING: lambda: _("%(group)s已到上限。"),
    Reason.RESERVED_FOR_OTHERS: lambda: _("余下的资金是留给专项份额的。"),
    Reason.FUND_SPENT: lambda: _("轮到时，余下的资金不够 %(asked)s。"),
    Reason.WALK_ENDED: lambda: _("前面已有项目安排不下，按规则到此为止。"),
}


def almost_in_words(round: Round, told: Mapping[str, Any]) -> tuple[str, ...]:
    """What would have carried it whole: a smaller amount at its place, where one asks for amounts,
    or a higher score; above a hundred only where there are bonuses."""
    found = []
    if round.has_budget and told["most_fen"] and told["awarded_fen"] != told["most_fen"]:
        found.append(_("若申请不超过 %(most)s，即可列入。") % {"most": yuan(told["most_fen"])})
    least, score = told["least_score_hundredths"], told["score_hundredths"]
    is_there = least is not None and (least <= 10_000 or round.goes_above_hundred)
    if least is not None and score is not None and is_there and least > score:
        found.append(
            _("再得 %(more)s 分（达到 %(least)s 分），即可全额列入。")
            % {"more": hundredths_shown(least - score), "least": hundredths_shown(least)}
        )
    return tuple(found)


def kept_walk_of(round: Round) -> AwardWalk | None:
    """The run the meeting had before it."""
    return (
        AwardWalk.objects.filter(round=round, occasion=AwardWalk.Occasion.MEETING)
        .order_by("-number")
        .first()
    )


def reruns_of(round: Round) -> list["Rerun"]:
    """Every walk after an award fell, with what it changed against the one before."""
    walks = list(AwardWalk.objects.filter(round=round).order_by("number"))
    proposals = {one.code: one for one in round.proposals.all()} if len(walks) > 1 else {}
    return [
        Rerun(after, tuple(_moved(proposals, difference(before.results, after.results))))
        for before, after in pairwise(walks)
        if after.occasion in AwardWalk.AGAIN
    ]


def _moved(proposals: Mapping[str, Proposal], rows: list[dict[str, Any]]) -> Iterator["Moved"]:
    for row in rows:
        yield Moved(proposals[row["number"]], row["before_fen"], row["after_fen"])


def told_of(walk: AwardWalk | None, proposal: Proposal) -> Mapping[str, Any] | None:
    """What a kept run says of one proposal."""
    if walk is None:
        return None
    lines = walk.results["lines"]
    return next((line for line in lines if line["number"] == proposal.code), None)


def almost_told(walk: AwardWalk | None, decision: Decision) -> str:
    """What it lacked by a kept run; nothing of an award that only a later run gave."""
    told = told_of(walk, decision.proposal)
    if told is None or (decision.amount_fen and not told["awarded_fen"]):
        return ""
    return "".join(almost_in_words(decision.proposal.round, told))


def may_agree(user: User, override: Override, deciders: list[User]) -> bool:
    return override.state == Override.State.PROPOSED and any(one.pk == user.pk for one in deciders)


def _what_if(
    entries: list[Entry], inputs: Mapping[str, Any], results: Mapping[str, Any]
) -> WhatIf | None:
    if len(entries) > MOST_IN_WHAT_IF:
        return None
    threshold = inputs["terms"]["threshold_hundredths"] or 0
    listed = {line["number"]: line for line in results["lines"] if line["awarded_fen"]}
    # At what the list gives where it gives less, so that the list itself is one of the choices.
    at_its_amount = [
        replace(entry, asked_fen=listed[entry.number]["awarded_fen"])
        if entry.number in listed
        else entry
        for entry in entries
    ]
    best = best_total_of(at_its_amount, inputs["terms"]["fund_fen"], threshold_hundredths=threshold)
    return WhatIf(
        best,
        sum(line["score_hundredths"] or 0 for line in listed.values()),
        gained=tuple(sorted(set(best.numbers) - listed.keys())),
        lost=tuple(sorted(listed.keys() - set(best.numbers))),
    )
