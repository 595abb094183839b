"""综合得分: each part of each proposal with its sum; the rule in words is in `composite_words`.

What is not there yet is said instead of shown; nothing of a part is read before it is public to
the office: sheets of the hall once revealed, votes once counted, pledges once confirmed and over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.templatetags.kit import yuan
from ventures.models import (
    BonusKind,
    CompositeTerms,
    DefenceSheet,
    DefenceSlot,
    Pledge,
    Proposal,
    PublicVote,
    Round,
    Rubric,
)
from ventures.reckoning.composite import (
    above,
    by_most,
    by_share,
    capped,
    composite,
    logarithmic,
    of_full,
)
from ventures.reckoning.scores import HALVES_PER_POINT, Item, Way, full_marks
from ventures.reckoning.standings import Candidate, Sheet, Standing, standings
from ventures.selectors.bonuses import kinds_of, standing_in

PAPER, DEFENCE, VOTE, PLEDGE = "paper", "defence", "vote", "pledge"
NEVER = 10_000
Pr = Proposal.State
COMPETING = (
    Pr.UNDER_REVIEW, Pr.AWARDED, Pr.RESERVED, Pr.DECLINED, Pr.GIVEN_UP, Pr.CANCELLED,
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of one proposal: what it was, what it is of a hundred, what it brings."""

    name: str
    raw: str
    hundredths: int


@dataclass(frozen=True)
class Line:
    """One proposal with its parts, their sum (`base_hundredths`) and what came above it; None where
    it does not compete in all parts."""

    code: str
    parts: tuple[Part, ...]
    base_hundredths: int | None
    bonuses: tuple[Part, ...] = ()

    @property
    def hundredths(self) -> int | None:
        if self.base_hundredths is None:
            return None
        return self.base_hundredths + sum(one.hundredths for one in self.bonuses)


@dataclass(frozen=True)
class Working:
    """The composite scores of a round, or what is still out."""

    terms: CompositeTerms
    lines: tuple[Line, ...]
    # What may come above the hundred, in the order of the call: its name, its key in the lines.
    above: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def scores(self) -> dict[str, int | None]:
        return {line.code: line.hundredths for line in self.lines}


def composite_terms_of(round: Round) -> CompositeTerms | None:
    """The round's rule; None where the sheets alone decide."""
    return CompositeTerms.objects.filter(round=round).select_related("defence_rubric").first()


def percents_of(terms: CompositeTerms) -> dict[str, int]:
    """The parts that are switched on, with their shares."""
    shares = {
        PAPER: terms.paper_percent,
        DEFENCE: terms.defence_percent,
        VOTE: terms.vote_percent,
        PLEDGE: terms.pledge_percent,
    }
    return {name: share for name, share in shares.items() if share}


def part_names() -> dict[str, str]:
    return {
        PAPER: _("书面评审"),
        DEFENCE: _("现场答辩"),
        VOTE: _("公众投票"),
        PLEDGE: _("配资承诺"),
    }


# In figures ----------------------------------------------------------------------------


def working_of(round: Round, found: Mapping[str, Standing]) -> Working | None:
    """Each part of each proposal by its number; `found` are the standings by the sheets.

    None where the round has no such rule.
    """
    terms = composite_terms_of(round)
    if terms is None:
        return None
    missing: list[str] = []
    parts: dict[str, dict[str, Part]] = {
        PAPER: {
            code: Part(PAPER, _points(one.score_hundredths), one.score_hundredths)
            for code, one in found.items()
            if one.score_hundredths is not None
        }
    }
    if len(parts[PAPER]) < len(found):
        missing.append(_("有项目还没有评分表"))
    if terms.has_defence:
        parts[DEFENCE], words = _defence_parts(round, terms)
        missing += words
    if terms.has_vote:
        parts[VOTE], words = _vote_parts(round, terms, found)
        missing += words
    pledged: dict[str, Part] = {}
    if terms.has_pledges:
        pledged, words = _pledge_parts(round, terms, found, database_now())
        missing += words
        if terms.pledge_percent:
            parts[PLEDGE] = pledged
    percents = percents_of(terms)
    offered = above_of(round, terms)
    bonuses, words = _bonuses(round, terms, offered, pledged)
    missing += words
    return Working(
        terms,
        tuple(_line(code, parts, percents, bonuses.get(code, ())) for code in sorted(found)),
        offered,
        tuple(missing),
    )


def above_of(round: Round, terms: CompositeTerms) -> tuple[tuple[str, str], ...]:
    """The bonuses the call offers: name and key."""
    kinds = tuple((kind.name, key_of(kind)) for kind in kinds_of(round))
    return ((_("配资承诺加分"), PLEDGE), *kinds) if terms.pledge_bonus else kinds


def key_of(kind: BonusKind) -> str:
    return f"bonus:{kind.position}"


def _bonuses(
    round: Round,
    terms: CompositeTerms,
    offered: tuple[tuple[str, str], ...],
    pledged: Mapping[str, Part],
) -> tuple[dict[str, tuple[Part, ...]], list[str]]:
    """What each has above the hundred, by number; and what still waits for a second person."""
    if not offered:
        return {}, []
    found: dict[str, list[Part]] = {}
    if terms.pledge_bonus:
        for code, part in pledged.items():
            points = above(part.hundredths, terms.pledge_bonus)
            found[code] = [Part(PLEDGE, part.raw, points)]
    agreed, waiting = standing_in(round)
    for one in agreed:
        own = found.setdefault(one.proposal.code, [])
        own.append(Part(key_of(one.kind), one.reason, one.half_points * 50))
    words = [_("还有 %(count)d 项加分等另一人同意") % {"count": waiting}] if waiting else []
    return {code: tuple(parts) for code, parts in found.items()}, words


def _line(
    code: str,
    parts: Mapping[str, Mapping[str, Part]],
    percents: dict[str, int],
    bonuses: tuple[Part, ...],
) -> Line:
    own = {name: parts[name][code] for name in percents if code in parts.get(name, {})}
    whole = own.keys() == percents.keys()
    return Line(
        code,
        tuple(own.values()),
        composite({name: part.hundredths for name, part in own.items()}, percents)
        if whole
        else None,
        bonuses,
    )


def _defence_parts(round: Round, terms: CompositeTerms) -> tuple[dict[str, Part], list[str]]:
    slots = list(DefenceSlot.objects.filter(session__round=round).select_related("proposal"))
    if not slots:
        return {}, [_("还没有排答辩场次")]
    out = sum(one.state in (DefenceSlot.State.WAITING, DefenceSlot.State.OPEN) for one in slots)
    found = hall_standings(terms, slots)
    parts = {
        slot.proposal.code: Part(DEFENCE, _("缺席"), 0)
        for slot in slots
        if slot.state == DefenceSlot.State.ABSENT
    }
    for slot in slots:
        score = hall_score(terms, found.get(slot.proposal.code))
        if score is not None:
            parts[slot.proposal.code] = Part(DEFENCE, _points(score), score)
    return parts, [_("还有 %(count)d 个项目没有答辩完") % {"count": out}] if out else []


def hall_standings(terms: CompositeTerms, slots: list[DefenceSlot]) -> dict[str, Standing]:
    """What the sheets of the hall come to, by number: of revealed slots only."""
    rubric = terms.defence_rubric
    assert rubric is not None, "defence_has_its_criteria"
    sheets: dict[int, list[Sheet]] = {}
    revealed = DefenceSheet.objects.revealed().filter(slot__in=slots).select_related("member")
    for sheet in revealed:
        sheets.setdefault(sheet.slot_id, []).append(
            Sheet(sheet.member.seat, tuple(sheet.half_points))
        )
    is_trimmed = rubric.aggregate == Rubric.Aggregate.TRIMMED_MEAN
    found = standings(
        [Candidate(one.proposal.code, tuple(sheets[one.pk])) for one in slots if one.pk in sheets],
        drop_from=rubric.drop_from if is_trimmed else NEVER,
        wide_halves=NEVER,
        way=Way.MEDIAN if rubric.aggregate == Rubric.Aggregate.MEDIAN else Way.MEAN,
    )
    return {one.candidate.number: one for one in found}


def hall_score(terms: CompositeTerms, standing: Standing | None) -> int | None:
    """The defence in points of a hundred."""
    if standing is None or standing.score_hundredths is None:
        return None
    assert terms.defence_rubric is not None, "defence_has_its_criteria"
    full = full_marks([Item(one.max_half_points) for one in terms.defence_rubric.criteria.all()])
    return of_full(standing.score_hundredths * HALVES_PER_POINT, full * 100)


def _vote_parts(
    round: Round, terms: CompositeTerms, found: Mapping[str, Any]
) -> tuple[dict[str, Part], list[str]]:
    vote = PublicVote.objects.filter(round=round, state=PublicVote.State.COUNTED).first()
    if vote is None:
        return {}, [_("公众投票还没有计票")]
    turnout = vote.turnout or 0
    most = max(vote.counts.values(), default=0)
    parts = {}
    for code in found:
        votes = vote.counts.get(code, 0)
        points = (
            by_most(votes, most)
            if terms.vote_rule == CompositeTerms.VoteRule.TOP
            else by_share(votes, turnout)
        )
        parts[code] = Part(VOTE, _("%(votes)d 票") % {"votes": votes}, points)
    return parts, []


def _pledge_parts(
    round: Round, terms: CompositeTerms, found: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Part], list[str]]:
    assert terms.pledges_until is not None, "pledges_have_their_measure"
    assert terms.pledge_full_fen is not None, "pledges_have_their_measure"
    pledges = Pledge.objects.filter(proposal__round=round)
    waiting = pledges.filter(state=Pledge.State.OFFERED).count()
    missing = []
    if now < terms.pledges_until:
        missing.append(_("承诺书还没有截止接收"))
    elif waiting:
        missing.append(_("还有 %(count)d 份承诺书等待核实") % {"count": waiting})
    sums = dict(
        pledges.confirmed().values_list("proposal__code").annotate(fen=Sum("amount_fen")).order_by()
    )
    measure = capped if terms.pledge_rule == CompositeTerms.PledgeRule.CAPPED else logarithmic
    parts = {
        code: Part(
            PLEDGE, yuan(sums.get(code, 0)), measure(sums.get(code, 0), terms.pledge_full_fen)
        )
        for code in found
    }
    return parts, missing


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
