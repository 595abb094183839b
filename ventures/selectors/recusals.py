"""Who must step aside (回避) from what in a round, and who acts instead: what pages say of it.

Whom it binds is in `rules`; what ties a person to a proposal in `models.ties`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import rules as people
from accounts.models import User
from ventures.models import Conflict, Proposal, Round
from ventures.models.proposals import ProposalQuerySet
from ventures.models.ties import tied_to
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules


@dataclass(frozen=True)
class Recused:
    """The proposals of a round a person is tied to, and who acts in her place."""

    proposals: list[Proposal]
    who: str


def recused_in(user: User, round: Round) -> Recused | None:
    """What this person's duty in the round does not reach; None where nothing ties her."""
    tied = list(
        round.proposals.handed_in()
        .unsealed()
        .filter(tied_to(user))
        .select_related("applicant")
        .order_by("code")
    )
    if not tied:
        return None
    return Recused(tied, who_acts(round, round.proposals.handed_in()))


@dataclass(frozen=True)
class KeptFrom:
    """One proposal a person keeps out of: why, whether she still reads it, who acts instead."""

    proposal: Proposal
    why: str
    still_reads: bool
    who: str


def own_recusals(user: User) -> list[KeptFrom]:
    """Everything she would handle by duty and does not, newest rounds first."""
    kept = list(
        Proposal.objects.kept_from(user)
        .select_related("round__region", "applicant", "initiator")
        .order_by("-round", "code")
    )
    told: dict[int, list[Conflict]] = {}
    for one in Conflict.objects.standing().filter(person=user, proposal__in=kept):
        told.setdefault(one.proposal_id, []).append(one)
    hidden = set(
        Proposal.objects.filter(tied_to(user), pk__in=[one.pk for one in kept]).values_list(
            "pk", flat=True
        )
    )
    return [
        KeptFrom(
            proposal,
            _why(told.get(proposal.pk, [])),
            proposal.pk not in hidden,
            who_acts(proposal.round, Proposal.objects.filter(pk=proposal.pk)),
        )
        for proposal in kept
    ]


def _why(told: Iterable[Conflict]) -> str:
    """The kinds that were declared, pinned or found; else she belongs to a body of it."""
    kinds = dict.fromkeys(f"{one.get_kind_display()}（{one.get_source_display()}）" for one in told)
    return _("、").join(kinds) or _("您现在或两年内是申报、联合、代管或执行单位的人，或者参与填写")


def who_acts(round: Round, about: ProposalQuerySet) -> str:
    """The officers who decide about these proposals, by name."""
    officers = recusal_rules.acting_officers(round.region, about)
    if not officers:
        return _("管理员另行指定的经办人")
    return named_officers(officers, round)


def named_officers(officers: Iterable[User], round: Round) -> str:
    """Officers by name and place: 许主任（许村镇经办人）."""
    return _("、").join(
        _("%(name)s（%(place)s经办人）")
        % {"name": user.display_name, "place": _office(user, round)}
        for user in officers
    )


def _office(user: User, round: Round) -> str:
    """The place whose officer she is here: the round's own, or the nearest above."""
    places = [
        role.region
        for role in people.roles_of_kind(user, round_rules.Kind.OFFICER)
        if role.region is not None and role.region.contains(round.region)
    ]
    nearest = max(places, key=lambda place: len(place.lineage))
    return nearest.short_name
