"""Who may stand beside a proposal: initiators, hosts, partners, and the needs it may answer."""

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.utils.translation import gettext as _

from accounts.models import IdentityCheck, Organisation, User
from accounts.rules import organisations_of
from ventures.models import Need, Partner, Proposal, Round
from ventures.models.needs import NeedQuerySet

MOST_NEEDS = 120
MOST_NAMES = 300


def why_not_initiate(user: User, round: Round) -> str:
    """Why this person cannot start a project in her own name there; empty when she can."""
    if round.level != Round.Level.CITY:
        return _("只有市级轮次接受个人实名发起，镇街和村社的轮次由组织申报。")
    if not IdentityCheck.objects.filter(person__user=user).exists():
        return _("请先到服务站点做实名核验，再以个人名义发起。")
    return ""


def hosts_for(round: Round) -> QuerySet[Organisation]:
    """Registered bodies that may be paid for an initiator, the round's operator left out."""
    return Organisation.objects.hosts().exclude(rounds_operated=round).order_by("name")


def names_to_suggest() -> list[str]:
    """Verified organisations, as a list to pick a team's name from."""
    names = Organisation.objects.verified().order_by("name").values_list("name", flat=True)
    return list(names[:MOST_NAMES])


def organisation_named(name: str) -> Organisation | None:
    """The verified organisation of exactly this name."""
    wanted = name.strip()
    return Organisation.objects.verified().filter(name=wanted).first() if wanted else None


def answerable_needs(round: Round) -> NeedQuerySet:
    """The published needs of the round's places: those of its own call first, then the rest."""
    within = Need.objects.public().filter(region__lineage__contains=[round.region_id])
    needs: NeedQuerySet = within.filter(
        Q(state=Need.State.IN_CALL, round=round) | Q(state=Need.State.LISTED)
    )
    return needs.annotate(
        in_this_call=Case(When(round=round, then=0), default=1, output_field=IntegerField())
    ).order_by("in_this_call", "-id")


def projects_for(need: Need) -> QuerySet[Proposal]:
    """What was awarded to answer it: part of its public story."""
    return need.proposals.filter(state=Proposal.State.AWARDED).select_related(
        "round", "applicant", "initiator"
    )


def partnerships_of(user: User) -> QuerySet[Partner]:
    """Where organisations of hers are asked to take part, or do."""
    return (
        Partner.objects.filter(organisation__in=organisations_of(user), state__in=Partner.STANDING)
        .select_related("proposal__round", "proposal__applicant", "proposal__initiator")
        .select_related("organisation", "region")
        .order_by("-id")
    )
