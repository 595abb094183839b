"""Above and below a place: one question each, however deep."""

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from accounts.models import Region


def test_everything_below_is_one_question(
    haining: Region, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        below = list(Region.objects.within(haining))

    assert len(below) == 1 + 12 + 236


def test_below_several_places_is_one_question(
    haining: Region, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    towns = list(Region.objects.filter(code__in=["330481001000", "330481002000"]))

    with django_assert_num_queries(1):
        communities = list(Region.objects.communities().within(*towns))

    assert len(communities) == 25 + 22


def test_everything_above_is_one_question(
    haining: Region, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    community = Region.objects.get(code="330481001007")

    with django_assert_num_queries(1):
        above = [region.name for region in Region.objects.above(community)]

    assert above == ["浙江省", "嘉兴市", "海宁市", "硖石街道", "南关厢社区居委会"]


def test_contains_asks_nothing(
    haining: Region, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    community = Region.objects.get(code="330481001007")
    elsewhere = Region.objects.get(code="330481101000")

    with django_assert_num_queries(0):
        assert haining.contains(community)
        assert community.contains(community)
        assert not community.contains(haining)
        assert not elsewhere.contains(community)


def test_code_is_unique_while_valid(haining: Region) -> None:
    with pytest.raises(IntegrityError, match="region_code_unique_while_valid"):
        Region.objects.create(
            code=haining.code,
            name="海宁",
            short_name="海宁",
            level=3,
            kind="county",
            parent=haining.parent,
            valid_from=haining.valid_from,
        )


def test_a_place_with_places_below_cannot_be_deleted(haining: Region) -> None:
    with pytest.raises(ProtectedError):
        haining.delete()
