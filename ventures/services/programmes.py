"""Found a programme (创投品牌) and keep its words."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from ventures.models import Programme
from ventures.rules import rounds as rules


@transaction.atomic
def create_programme(values: Mapping[str, Any], *, acting_user: User) -> Programme:
    """A brand of the officer's own place (`NotAllowed`); rounds of this place and below run it."""
    if not rules.keeps_rules_of(acting_user, values["region"]):
        raise NotAllowed()
    programme = Programme.objects.create(**values)
    record_change(programme, "create", after=programme.code, acting_user=acting_user)
    return programme


@transaction.atomic
def edit_programme(
    programme: Programme, values: Mapping[str, Any], *, acting_user: User
) -> Programme:
    """Change its name and words. The place stays: rounds of other places already hang on it."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if not rules.keeps_programme(acting_user, programme):
        raise NotAllowed()
    before = programme.name
    programme.name, programme.about = values["name"], values["about"]
    programme.save(update_fields=["name", "about"])
    record_change(
        programme, "edit", before=before[:40], after=programme.name[:40], acting_user=acting_user
    )
    return programme
