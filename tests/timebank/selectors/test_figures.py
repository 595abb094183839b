"""Public figures come out of the rows, in a fixed number of questions."""

import pytest

from accounts.models import Region
from tests.factories.timebank import at, make_bank, make_confirmed_record, make_record
from timebank.selectors.figures import WEEKS_SHOWN, public_figures

pytestmark = pytest.mark.django_db


def test_nothing_yet_is_zero(db):
    figures = public_figures()

    assert (figures.volunteers, figures.records, figures.minutes) == (0, 0, 0)
    assert [minutes for _week, minutes in figures.weeks] == [0] * WEEKS_SHOWN


def test_only_confirmed_service_counts(cast):
    make_bank()
    station = cast.stations["nanguanxiang"]
    make_confirmed_record(cast.anan, station, cast.chen)
    make_confirmed_record(cast.anan, station, cast.chen, started_at=at(9), ended_at=at(11))
    make_confirmed_record(cast.zhu, cast.stations["xucun"], cast.cheng)
    make_record(cast.baijia, station)

    everywhere = public_figures()
    xucun = public_figures(Region.objects.get(code="330481101000"))

    assert (everywhere.volunteers, everywhere.records, everywhere.minutes) == (2, 3, 240)
    assert sum(minutes for _week, minutes in everywhere.weeks) == 240
    assert (xucun.volunteers, xucun.records, xucun.minutes) == (1, 1, 60)


@pytest.mark.parametrize("count", [1, 3])
def test_figures_take_three_questions(cast, django_assert_num_queries, count):
    make_bank()
    for hour in range(9, 9 + count):
        make_confirmed_record(
            cast.anan,
            cast.stations["nanguanxiang"],
            cast.chen,
            started_at=at(hour),
            ended_at=at(hour + 1),
        )

    with django_assert_num_queries(3):
        public_figures()
