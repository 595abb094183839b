"""By which rules a round's list is made: what the walk reads, and the same in plain words."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.templatetags.kit import yuan
from ventures.models import AwardLimit, AwardTerms, ProjectKind, Proposal, Round
from ventures.reckoning.award_walk import Ceiling, Entry, Misfit, Terms, in_order
from ventures.reckoning.standings import Standing
from ventures.selectors.composite_words import lines_of
from ventures.selectors.meetings import rule_in_words
from ventures.selectors.prizes import EVERYBODY, prizes_in_words, prizes_of, sums_by_place
from ventures.selectors.rankings import Ranking
from ventures.selectors.reviews import half_points_shown

Over = AwardLimit.Over


def award_terms_of(round: Round) -> AwardTerms | None:
    """The round's rules; None where the meeting decides by the ranking alone."""
    return AwardTerms.objects.filter(round=round).prefetch_related("limits").first()


def is_walked(round: Round) -> bool:
    return AwardTerms.objects.filter(round=round, is_walked=True).exists()


# What the walk reads -------------------------------------------------------------------


def walk_terms_of(terms: AwardTerms, fund_fen: int, entries: Iterable[Entry]) -> Terms:
    """The rules as the walk reads them. A ceiling of "each" becomes one per group that applies."""
    rubric = terms.round.rubric
    assert rubric is not None, "reviewed_round_has_rubric"
    threshold = (
        rubric.pass_half_points
        if terms.threshold_half_points is None
        else terms.threshold_half_points
    )
    places = len(sums_by_place(prizes_of(terms.round)))
    present = {group for entry in entries for group in entry.groups}
    ceilings: dict[str, Ceiling] = {EVERYBODY: Ceiling(projects=places)} if places else {}
    reserves: dict[str, int] = {}
    for limit in terms.limits.all():
        name = f"{limit.over}:{limit.value}"
        if limit.kind == AwardLimit.Kind.RESERVE:
            reserves[name] = fund_fen * (limit.percent or 0) // 100
            continue
        names = [name] if limit.value else [g for g in present if g.startswith(f"{limit.over}:")]
        for each in sorted(names):
            ceilings[each] = Ceiling(limit.fen, limit.projects)
    return Terms(
        fund_fen=fund_fen,
        threshold_hundredths=threshold * 50,
        misfit=Misfit(terms.misfit),
        # Nobody asks for part of a prize.
        partial_percent=terms.partial_percent if terms.round.has_budget else None,
        ceilings=ceilings,
        reserves_fen=reserves,
        releases_reserves=terms.releases_reserves and terms.misfit == AwardTerms.Misfit.SKIP,
    )


def entries_of(ranking: Ranking, terms: AwardTerms) -> list[Entry]:
    """Every proposal under review as the walk reads it, at the amount the panel suggests."""
    entries = [
        Entry(
            number=row.proposal.code,
            score_hundredths=row.standing.score_hundredths,
            asked_fen=row.standing.suggested_fen or _asked_of(row.proposal),
            tie_break=_tie_break(row.proposal, row.standing, terms.tie_order),
            groups=groups_of(row.proposal),
        )
        for row in ranking.rows
    ]
    sums = sums_by_place(prizes_of(terms.round))
    return _with_prizes(entries, sums) if sums else entries


def _with_prizes(entries: list[Entry], sums: list[int]) -> list[Entry]:
    """Each at the sum of its place; whoever comes after the last place would have the last."""
    return [
        replace(
            entry,
            asked_fen=sums[min(place, len(sums) - 1)],
            groups=entry.groups | {EVERYBODY},
        )
        for place, entry in enumerate(in_order(entries))
    ]


def _asked_of(proposal: Proposal) -> int:
    """What was asked for; an idea asks for nothing and may have a whole prize."""
    asked = proposal.requested_fen if proposal.round.has_budget else 0
    return asked or proposal.round.most_for(0)


def groups_of(proposal: Proposal) -> frozenset[str]:
    """The groups a share or a ceiling may be over."""
    found = {f"{Over.KIND}:{proposal.kind}"}
    if proposal.track is not None:
        found.add(f"{Over.TRACK}:{proposal.track.code}")
    if proposal.tier is not None:
        found.add(f"{Over.TIER}:{proposal.tier.name}")
    # Who applies and who carries it out: each has it counted; a group's host has not.
    bodies = (proposal.applicant_id, proposal.team_organisation_id)
    found |= {f"{Over.TEAM}:{body}" for body in bodies if body is not None}
    for place in proposal.communities.all():
        town = place.lineage[-2] if len(place.lineage) > 1 else place.pk
        found.add(f"{Over.TOWN}:{town}")
    return frozenset(found)


def _tie_break(proposal: Proposal, standing: Standing, order: str) -> tuple[int, ...]:
    rank = standing.rank or 0
    if order == AwardTerms.TieOrder.SMALLER:
        return (standing.suggested_fen or proposal.requested_fen, rank)
    if order == AwardTerms.TieOrder.EARLIER and proposal.submitted_at is not None:
        return (round_to_second(proposal.submitted_at.timestamp()), rank)
    return (rank,)


def round_to_second(instant: float) -> int:
    return int(instant)


# In words ------------------------------------------------------------------------------


def terms_in_words(round: Round, terms: AwardTerms | None) -> list[str]:
    """The rules as the call states them, one sentence each: what counts, then how the list is
    made."""
    counts = [*prizes_in_words(prizes_of(round)), *lines_of(round)]
    votes = rule_in_words(round, terms.meeting_vote) if terms else []
    if terms is None or not terms.is_walked:
        return [*counts, *votes]
    rubric = round.rubric
    threshold = terms.threshold_half_points
    if threshold is None and rubric is not None:
        threshold = rubric.pass_half_points
    lines = [
        *counts,
        _("按得分从高到低安排资金，低于 %(points)s 分的不列入。")
        % {"points": half_points_shown(threshold or 0)},
        _("得分相同的，%(order)s；仍相同的按申报编号。")
        % {"order": AwardTerms.TieOrder(terms.tie_order).label},
        _("余额不够安排某个项目时：%(misfit)s。")
        % {"misfit": AwardTerms.Misfit(terms.misfit).label},
    ]
    if terms.partial_percent is not None and round.has_budget:
        lines.append(
            _("余额够申请额的 %(percent)d%% 以上时，可以按余额部分资助。")
            % {"percent": terms.partial_percent}
        )
    limits = list(terms.limits.all())
    lines += [limit_in_words(round, limit) for limit in limits]
    if terms.releases_reserves and any(one.kind == AwardLimit.Kind.RESERVE for one in limits):
        lines.append(_("专项份额用不完的部分，放开给其他项目。"))
    return lines + votes


def limit_in_words(round: Round, limit: AwardLimit) -> str:
    name = group_name(round, f"{limit.over}:{limit.value}")
    if limit.kind == AwardLimit.Kind.RESERVE:
        return _("%(group)s项目留出资金总额的 %(percent)d%%，合 %(fen)s。") % {
            "group": name,
            "percent": limit.percent,
            "fen": yuan(round.fund_fen * (limit.percent or 0) // 100),
        }
    parts = []
    if limit.projects is not None:
        parts.append(_("最多 %(count)d 个项目") % {"count": limit.projects})
    if limit.fen is not None:
        parts.append(_("最多 %(fen)s") % {"fen": yuan(limit.fen)})
    return _("%(group)s%(limits)s。") % {"group": name, "limits": _("、").join(parts)}


def group_name(round: Round, group: str) -> str:
    """A group of the walk as people call it."""
    if group == EVERYBODY:
        return _("获奖名额")
    over, _colon, value = group.partition(":")
    if over == Over.KIND and value:
        return str(ProjectKind(value).label)
    if over == Over.TRACK and value:
        track = next((one for one in round.tracks.all() if one.code == value), None)
        return track.name if track else value
    if over == Over.TIER and value:
        return value
    return str(Over(over).label)
