"""利害关系. What ties a person to a proposal, as one condition for every query (回避).

Whom it binds and what follows from it stands in `ventures.rules`.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Membership, Role, User
from ventures.models.conflicts import Conflict
from ventures.models.partners import Partner

TIES_LAST = timedelta(days=730)
# People put into one statement: each is a condition, or a column, of her own, and PostgreSQL ends
# at 1,664 columns.
PEOPLE_AT_ONCE = 100


def tied_to(user: User, to: str = "") -> Q:
    """Proposals the person has an interest in; `to` is the path that leads to the proposal.

    She belongs to the applicant or its host, as member, manager or operator, or left it less than
    two years ago (民政部令第 39 号), or she filled the proposal in herself, or a conflict was
    declared, pinned or found (`models.conflicts`).
    """
    lately = Q(ended_at__isnull=True) | Q(ended_at__gt=Now() - TIES_LAST)
    own = Membership.objects.filter(lately, user=user).values("organisation")
    acts_for = Role.objects.filter(lately, user=user, organisation__isnull=False).values(
        "organisation"
    )
    return (
        Q(**{f"{to}applicant__in": own})
        | Q(**{f"{to}host__in": own})
        | Q(**{f"{to}applicant__in": acts_for})
        | Q(**{f"{to}host__in": acts_for})
        | Q(**{f"{to}initiator": user})
        | Q(**{f"{to}team_organisation__in": own})
        | Q(**{f"{to}pk__in": _together_with(own)})
        | Q(**{f"{to}created_by": user})
        | Q(**{f"{to}saved_by": user})
        | Q(**{f"{to}pk__in": Conflict.objects.hiding().filter(person=user).values("proposal")})
    )


def kept_from_judging(user: User, to: str = "") -> Q:
    """Proposals the person neither scores nor decides about: those she is tied to, and those she
    coached (辅导人), which she goes on reading."""
    told = Conflict.objects.standing().filter(person=user)
    return tied_to(user, to) | Q(**{f"{to}pk__in": told.values("proposal")})


def _together_with(own: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Proposals these organisations apply for together with another."""
    standing = Partner.objects.filter(organisation__in=own, state__in=Partner.STANDING)
    return standing.values("proposal")
