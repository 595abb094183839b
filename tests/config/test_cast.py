"""The cast can be brought in once, and again without doubling anybody."""

import pytest

from accounts.models import Role, User
from accounts.rules import is_coordinator_of, is_officer_over
from config.demo.cast import CHARACTERS, Cast, bring_in_cast

pytestmark = pytest.mark.django_db


def test_cast_is_brought_in_once(cast: Cast) -> None:
    people = User.objects.count()

    bring_in_cast()

    assert User.objects.count() == people
    assert Role.objects.count() == sum(len(character.duties) for character in CHARACTERS)


def test_every_kind_of_role_is_held_by_someone(cast: Cast) -> None:
    held = set(Role.objects.values_list("kind", flat=True))

    assert held == set(Role.Kind.values)


def test_roles_reach_downwards_only(cast: Cast, places) -> None:
    xucun = places["330481101000"]
    haining = places["330481000000"]

    assert is_officer_over(cast.fan, xucun)
    assert is_officer_over(cast.xu, xucun)
    assert not is_officer_over(cast.xu, haining)
    assert is_coordinator_of(cast.chen, cast.stations["nanguanxiang"])
    assert not is_coordinator_of(cast.cheng, cast.stations["nanguanxiang"])
