"""Finding places by name, pinyin and initials; the chooser's groups."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.forms.fields import CommunityField, PlaceField
from accounts.models import Region
from accounts.selectors.regions import (
    communities_by_town,
    communities_of,
    regions_named,
    towns_of,
)


def test_towns_of_a_county_and_communities_of_a_town(haining: Region) -> None:
    town = Region.objects.get(code="330481001000")

    assert towns_of(haining).count() == 12
    assert communities_of(town).count() == 25
    assert communities_of(haining).count() == 236


@pytest.mark.parametrize("words", ["南关厢", "nanguanxiang", "ngx", "NGX", " nan guan xiang "])
def test_place_is_found_however_it_is_typed(haining: Region, words: str) -> None:
    assert [region.short_name for region in regions_named(words)] == ["南关厢社区"]


def test_larger_places_come_first(haining: Region) -> None:
    found = list(regions_named("许村"))

    assert found[0].name == "许村镇"
    assert {region.level for region in found[1:]} == {Region.Level.COMMUNITY}


@pytest.mark.parametrize("words", ["", "  ", "zzz", "%", "_"])
def test_nothing_is_found_for_nothing(haining: Region, words: str) -> None:
    assert list(regions_named(words)) == []


def test_search_stays_below_a_place(haining: Region) -> None:
    elsewhere = Region.objects.get(code="330481101000")

    assert list(regions_named("南关厢", below=elsewhere)) == []


def test_ended_places_are_not_offered(haining: Region) -> None:
    gone = Region.objects.get(code="330481001007")
    Region.objects.filter(pk=gone.pk).update(valid_to="2026-01-01")

    assert list(regions_named("南关厢")) == []
    assert gone not in [place for _town, places in communities_by_town() for place in places]


def test_chooser_is_two_questions_for_all_places(
    haining: Region, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        groups = communities_by_town()

    assert len(groups) == 12
    assert sum(len(communities) for _town, communities in groups) == 236


def test_chooser_groups_communities_under_their_towns(haining: Region) -> None:
    choices = list(CommunityField().choices)

    assert choices[0] == ("", "请选择")
    assert [group for group, _options in choices[1:3]] == ["硖石街道", "海洲街道"]
    assert len(choices) == 13


def test_place_chooser_offers_each_town_as_a_whole(haining: Region) -> None:
    group, options = list(PlaceField().choices)[1]

    assert group == "硖石街道"
    assert options[0][1] == "硖石街道（全境）"
