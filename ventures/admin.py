"""What of the ventures the reading room keeps closed: traces and files of sealed proposals, and of
those its reader is tied to (回避).

Nothing of the ventures is shown there; but the trail and the files of all apps are.
"""

from collections.abc import Mapping
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from accounts.admin_site import keep_closed
from accounts.models import Attachment, Change, User
from ventures.models import Proposal, Round
from ventures.models.deadlines import sealed
from ventures.models.ties import tied_to


def changes_under_seal(_reader: User) -> Q:
    """What was done to a sealed proposal or to what hangs on it, and who looked into one, until its
    round is opened."""
    peeked = ContentType.objects.get_for_model(Round)
    rounds = Round.objects.filter(sealed())
    return _changes_of(Proposal.objects.filter(sealed("round__"))) | Q(
        content_type=peeked, object_id__in=rounds.values("pk"), verb="peek"
    )


def files_under_seal(_reader: User) -> Q:
    proposals = Proposal.objects.filter(sealed("round__"))
    return Q(proposal_file__proposal__in=proposals.values("pk"))


def changes_of_ties(reader: User) -> Q:
    """What was done to a proposal she is tied to, or to anything that hangs on it."""
    return _changes_of(Proposal.objects.filter(tied_to(reader)))


def files_of_ties(reader: User) -> Q:
    return Q(proposal_file__proposal__in=Proposal.objects.filter(tied_to(reader)).values("pk"))


def _changes_of(proposals: QuerySet[Proposal]) -> Q:
    ways = ways_to_proposals()
    kinds = ContentType.objects.get_for_models(*ways)
    closed = Q(pk__in=[])
    for model, names in ways.items():
        hanging = reduce(or_, [Q(**{f"{name}__in": proposals.values("pk")}) for name in names])
        rows = model._default_manager.filter(hanging)
        closed |= Q(content_type=kinds[model], object_id__in=rows.values("pk"))
    return closed


@cache
def ways_to_proposals() -> dict[type[Model], tuple[str, ...]]:
    """Every table whose rows are of one proposal, at once or over one other, and the ways there.

    Ballots are of nobody's (`UUIDField`).
    """
    found: dict[type[Model], tuple[str, ...]] = {Proposal: ("pk",)}
    tables = [
        model
        for model in apps.get_app_config("ventures").get_models()
        if model is not Proposal and model._meta.pk.get_internal_type() != "UUIDField"
    ]
    direct = {model: names for model in tables if (names := _leading_to(model, {Proposal: ("",)}))}
    over_one = {
        model: names
        for model in tables
        if model not in direct and (names := _leading_to(model, direct))
    }
    return found | direct | over_one


def _leading_to(model: type[Model], ways: Mapping[Any, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(
        f"{field.name}__{way}" if way else field.name
        for field in model._meta.concrete_fields
        for way in ways.get(field.related_model, ())
    )


keep_closed(Change, changes_under_seal)
keep_closed(Change, changes_of_ties)
keep_closed(Attachment, files_under_seal)
keep_closed(Attachment, files_of_ties)
