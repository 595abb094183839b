"""Publish where a government purchase is run, correct it, take it down. The tender is not ours."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from ventures.errors.rounds import PurchaseTakenDown
from ventures.models import Purchase
from ventures.rules import rounds as rules


@transaction.atomic
def publish_purchase(values: Mapping[str, Any], *, acting_user: User) -> Purchase:
    if not rules.keeps_rules_of(acting_user, values["region"]):
        raise NotAllowed()
    purchase = Purchase.objects.create(published_by=acting_user, **values)
    record_change(purchase, "publish", after="published", acting_user=acting_user)
    return purchase


@transaction.atomic
def edit_purchase(purchase: Purchase, values: Mapping[str, Any], *, acting_user: User) -> Purchase:
    """Correct what stands. What was taken down stays as it was (`PurchaseTakenDown`)."""
    purchase = _locked(purchase)
    if not rules.keeps_rules_of(acting_user, purchase.region):
        raise NotAllowed()
    if not rules.keeps_rules_of(acting_user, values["region"]):
        raise NotAllowed()
    if purchase.withdrawn_at is not None:
        raise PurchaseTakenDown()
    for name, value in values.items():
        setattr(purchase, name, value)
    purchase.save()
    record_change(purchase, "edit", acting_user=acting_user)
    return purchase


@transaction.atomic
def take_down_purchase(purchase: Purchase, *, acting_user: User) -> Purchase:
    """It is over or was a mistake; the entry leaves the public list. Again changes nothing."""
    purchase = _locked(purchase)
    if not rules.keeps_rules_of(acting_user, purchase.region):
        raise NotAllowed()
    if purchase.withdrawn_at is None:
        purchase.withdrawn_at = database_now()
        purchase.save(update_fields=["withdrawn_at"])
        record_change(
            purchase,
            "take_down",
            before="published",
            after="withdrawn",
            acting_user=acting_user,
        )
    return purchase


def _locked(purchase: Purchase) -> Purchase:
    Purchase.objects.select_for_update().only("pk").get(pk=purchase.pk)
    return Purchase.objects.select_related("region", "programme").get(pk=purchase.pk)
