"""Many at the same moment, each on a connection of their own: the last seat goes to exactly one,
and nobody is in two places."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest

from tests.at_once import Lanes, said, said_at_once
from tests.factories.timebank_activities import (
    in_days,
    make_open_shift,
    make_shift,
    make_volunteer,
)
from tests.factories.timebank_orders import make_listing, make_order, make_wish, tomorrow
from timebank.models import ServiceOrder, Signup
from timebank.services.orders import accept_order
from timebank.services.shifts import cancel_shift, postpone_shift
from timebank.services.signups import accept_offer, cancel_signup, lapse_offers, sign_up

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

CLIENTS = 50
State = Signup.State


def storm(lanes: Lanes, shift, people: Sequence) -> Counter:
    """Everyone signs up for the same shift; how many sit, how many wait."""
    outcomes = lanes.run(*(partial(sign_up, shift, acting_user=one) for one in people))
    assert set(said(outcomes)) == {"done"}
    seats = list(shift.signups.seated().values_list("seat", flat=True))
    assert sorted(seats) == list(range(1, shift.seats + 1))
    return Counter(shift.signups.values_list("state", flat=True))


def rounds(cast, count: int) -> None:
    station = cast.stations["nanguanxiang"]
    people = [make_volunteer(station.region) for _ in range(CLIENTS)]
    activity = make_open_shift(station).activity
    with Lanes(CLIENTS) as lanes:
        for number in range(count):
            starts_at = in_days(4) + timedelta(hours=3 * number)
            shift = make_shift(activity, starts_at=starts_at, seats=1)

            stands = storm(lanes, shift, people)

            assert stands == {State.SEATED: 1, State.WAITING: CLIENTS - 1}


def test_last_seat_goes_to_exactly_one_of_50(cast):
    rounds(cast, 1)


@pytest.mark.long
def test_last_seat_goes_to_exactly_one_of_50_two_hundred_times(cast):
    rounds(cast, 200)


def test_one_person_gets_one_of_two_places(cast):
    station = cast.stations["nanguanxiang"]
    first, second = make_open_shift(station), make_open_shift(station, starts_at=in_days(3, 10))

    words = said_at_once(
        lambda: sign_up(first, acting_user=cast.anan),
        lambda: sign_up(second, acting_user=cast.anan),
    )

    assert words == ["done", "time_taken"]


def test_one_person_takes_a_seat_or_an_order(cast):
    station = cast.stations["nanguanxiang"]
    order = make_order(cast, listing=make_listing(station), wish=make_wish(on=tomorrow()))
    shift = make_open_shift(station, starts_at=in_days(1, 10))

    words = said_at_once(
        lambda: sign_up(shift, acting_user=cast.anan),
        lambda: accept_order(order, acting_user=cast.anan),
    )

    assert words == ["done", "time_taken"]
    taken = ServiceOrder.objects.filter(volunteer=cast.anan).count()
    assert taken + Signup.objects.seated().count() == 1


def test_given_back_seat_is_offered_once_while_others_come(cast):
    station = cast.stations["nanguanxiang"]
    people = [make_volunteer(station.region) for _ in range(8)]
    shift = make_open_shift(station, seats=2)
    signups = [sign_up(shift, acting_user=person) for person in people[:4]]

    words = said_at_once(
        lambda: cancel_signup(signups[0], acting_user=people[0]),
        lambda: cancel_signup(signups[1], acting_user=people[1]),
        lapse_offers,
        *(lambda one=one: sign_up(shift, acting_user=one) for one in people[4:]),
    )

    assert words == ["done"] * 7
    held = list(shift.signups.holding_seats().values_list("seat", flat=True))
    assert sorted(held) == [1, 2]
    offered = shift.signups.filter(state=State.OFFERED)
    assert set(offered.values_list("volunteer", flat=True)) <= {one.pk for one in people[2:4]}


def test_offer_is_taken_or_called_off_but_not_both(cast):
    station = cast.stations["nanguanxiang"]
    people = [make_volunteer(station.region) for _ in range(2)]
    shift = make_open_shift(station, seats=1)
    first, second = (sign_up(shift, acting_user=person) for person in people)
    cancel_signup(first, acting_user=people[0])

    words = said_at_once(
        lambda: accept_offer(second, acting_user=people[1]),
        lambda: cancel_shift(shift, reason="大风", acting_user=cast.chen),
    )

    assert words in (["done", "done"], ["done", "out_of_turn"])
    assert not shift.signups.holding_seats().exists()


def test_postponing_meets_signing_up_without_two_places(cast):
    station = cast.stations["nanguanxiang"]
    shift, other = make_open_shift(station), make_open_shift(station, starts_at=in_days(5))
    sign_up(shift, acting_user=cast.anan)

    said_at_once(
        lambda: postpone_shift(
            shift,
            starts_at=in_days(5),
            ends_at=in_days(5, 11),
            reason="潮水提前",
            acting_user=cast.chen,
        ),
        lambda: sign_up(other, acting_user=cast.anan),
    )

    assert Signup.objects.seated().filter(volunteer=cast.anan).count() == 1
