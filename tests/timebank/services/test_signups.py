"""Seats: taken once, offered in order and for a time, given back, exchanged; nobody twice."""

from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Change, Message, Person
from accounts.models.messages import Delivery
from tests.factories.timebank_activities import (
    in_days,
    make_open_shift,
    make_volunteer,
    move_in_time,
)
from tests.factories.timebank_orders import make_listing, make_order, make_wish, tomorrow
from timebank.errors.activities import (
    BirthUnknown,
    NoSwapWithThem,
    OfferOver,
    PositionMissing,
    ShiftBegun,
    SignedUpBefore,
    SignupsClosed,
    ThereAlready,
    TimeTaken,
    TooLateToCancel,
)
from timebank.forms.signups import SwapForm
from timebank.models import Signup, Swap
from timebank.selectors.engagements import tight_journeys
from timebank.services.activities import Parts, PositionDetails
from timebank.services.orders import accept_order
from timebank.services.shifts import edit_shift, move_shift
from timebank.services.signups import (
    accept_offer,
    cancel_signup,
    excuse_signup,
    lapse_offers,
    offer_end,
    sign_up,
)
from timebank.services.swaps import agree_swap, end_swap, propose_swap

pytestmark = pytest.mark.django_db

State = Signup.State


@pytest.fixture
def station(cast):
    return cast.stations["nanguanxiang"]


@pytest.fixture
def crowd(station):
    return [make_volunteer(station.region) for _ in range(4)]


def fill(shift, people):
    return [sign_up(shift, acting_user=person) for person in people]


def test_seats_go_in_order_then_the_waitlist(station, crowd):
    shift = make_open_shift(station, seats=2)

    signups = fill(shift, crowd)

    assert [(s.state, s.seat) for s in signups] == [
        ("seated", 1),
        ("seated", 2),
        ("waiting", None),
        ("waiting", None),
    ]
    assert Message.objects.filter(kind="signup_seated").count() == 2
    assert Change.objects.filter(verb="sign_up").count() == 4


def test_given_back_seat_is_offered_and_cascades(station, crowd):
    shift = make_open_shift(station, seats=1)
    first, second, third, fourth = fill(shift, crowd)

    cancel_signup(first, acting_user=crowd[0])
    for signup in (second, third):
        Signup.objects.filter(pk=signup.pk, state=State.OFFERED).update(
            offer_ends_at=timezone.now() - timedelta(seconds=1)
        )
        assert lapse_offers() == 1
    fourth.refresh_from_db()
    accept_offer(fourth, acting_user=crowd[3])

    states = list(shift.signups.order_by("pk").values_list("state", flat=True))
    assert states == ["cancelled", "lapsed", "lapsed", "seated"]
    assert lapse_offers() == 0
    offers = Message.objects.filter(kind="signup_offer")
    assert [m.to_user for m in offers.order_by("pk")] == crowd[1:]
    assert Delivery.objects.filter(message__in=offers, channel="sms").count() == 3


def test_offer_is_accepted_in_time_by_its_own_volunteer_only(station, crowd):
    shift = make_open_shift(station, seats=1)
    first, second, *_rest = fill(shift, crowd)
    cancel_signup(first, acting_user=crowd[0])

    with pytest.raises(NotAllowed):
        accept_offer(second, acting_user=crowd[2])
    Signup.objects.filter(pk=second.pk).update(offer_ends_at=timezone.now())
    with pytest.raises(OfferOver):
        accept_offer(second, acting_user=crowd[1])


def test_offer_skips_who_is_busy_or_may_not_come_and_they_keep_their_place(station, crowd):
    shift = make_open_shift(station, seats=1)
    first, second, third, fourth = fill(shift, crowd)
    elsewhere = make_open_shift(station)
    sign_up(elsewhere, acting_user=crowd[1])
    Person.objects.filter(user=crowd[2]).update(born_on=None)

    cancel_signup(first, acting_user=crowd[0])

    for signup in (second, third, fourth):
        signup.refresh_from_db()
    assert (second.state, third.state, fourth.state) == ("waiting", "waiting", "offered")
    Person.objects.filter(user=crowd[3]).update(born_on=None)
    with pytest.raises(BirthUnknown):
        accept_offer(fourth, acting_user=crowd[3])


@pytest.mark.parametrize(
    ("now", "starts", "ends"),
    [
        ((1, 10, 0), (3, 9, 0), (1, 12, 0)),
        ((1, 21, 0), (3, 9, 0), (2, 9, 0)),
        ((1, 3, 0), (3, 9, 0), (1, 9, 0)),
        ((1, 10, 0), (1, 11, 0), (1, 11, 0)),
        ((1, 23, 0), (2, 8, 0), (2, 8, 0)),
    ],
)
def test_offer_lasts_two_hours_but_not_of_the_night(now, starts, ends):
    def at(day, hour, minute):
        return timezone.make_aware(datetime(2026, 12, day, hour, minute))

    assert offer_end(at(*now), at(*starts)) == at(*ends)


def test_time_that_is_promised_is_refused(cast, station, crowd):
    anna = crowd[0]
    shift = make_open_shift(station, starts_at=in_days(1, 9))
    sign_up(shift, acting_user=anna)

    with pytest.raises(TimeTaken):
        sign_up(make_open_shift(station, starts_at=in_days(1, 10)), acting_user=anna)
    after = make_open_shift(station, starts_at=in_days(1, 11))
    assert sign_up(after, acting_user=anna).seat == 1
    assert len(tight_journeys(anna, after)) == 1


def test_service_orders_and_shifts_keep_apart(cast, station):
    listing = make_listing(station)
    wish = make_wish(on=tomorrow(), start=time(9), end=time(11))
    order = make_order(cast, listing=listing, wish=wish)
    later = make_order(
        cast, listing=listing, wish=make_wish(on=tomorrow(), start=time(14), end=time(15))
    )
    accept_order(order, acting_user=cast.anan)

    with pytest.raises(TimeTaken):
        sign_up(make_open_shift(station, starts_at=in_days(1, 10)), acting_user=cast.anan)
    sign_up(make_open_shift(station, starts_at=in_days(1, 13)), acting_user=cast.anan)
    with pytest.raises(TimeTaken):
        accept_order(later, acting_user=cast.anan)


def test_database_is_the_last_guard(station, crowd):
    shift = make_open_shift(station, seats=1)
    signup = sign_up(shift, acting_user=crowd[0])
    other = make_open_shift(station)
    copy = {"starts_at": shift.starts_at, "ends_at": shift.ends_at, "signed_up_by": crowd[1]}

    for clash in (
        {"shift": shift, "volunteer": crowd[1], "seat": signup.seat},
        {"shift": other, "volunteer": crowd[0], "seat": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signup.objects.create(state=State.SEATED, **copy, **clash)


def test_what_is_closed_begun_or_taken_twice_is_refused(cast, station, crowd):
    shift = make_open_shift(station)
    sign_up(shift, acting_user=crowd[0])

    with pytest.raises(SignedUpBefore):
        sign_up(shift, acting_user=crowd[0])
    with pytest.raises(NotAllowed):
        sign_up(shift, volunteer=crowd[1], acting_user=crowd[2])
    move_shift(shift, "close", acting_user=cast.chen)
    with pytest.raises(SignupsClosed):
        sign_up(shift, acting_user=crowd[1])
    move_shift(shift, "reopen", acting_user=cast.chen)
    move_in_time(shift, timezone.now() - timedelta(minutes=1))
    with pytest.raises(ShiftBegun):
        sign_up(shift, acting_user=crowd[1])


def test_late_is_for_the_organiser_to_excuse(cast, station, crowd):
    shift = make_open_shift(station, starts_at=timezone.now() + timedelta(hours=3), seats=1)
    signup, waiting, *_rest = fill(shift, crowd)

    with pytest.raises(TooLateToCancel):
        cancel_signup(signup, acting_user=crowd[0])
    with pytest.raises(NotAllowed):
        excuse_signup(signup, reason="发烧", acting_user=crowd[1])
    excuse_signup(signup, reason="发烧", acting_user=cast.chen)

    for one in (signup, waiting):
        one.refresh_from_db()
    assert (signup.state, waiting.state) == ("cancelled", "offered")
    with pytest.raises(OutOfTurn):
        cancel_signup(signup, acting_user=crowd[0])


def test_positions_have_their_own_seats(station, crowd):
    parts = Parts(positions=[PositionDetails(title="登记", seats=1)])
    shift = make_open_shift(station, parts=parts, seats=5)
    position = shift.activity.positions.get()

    with pytest.raises(PositionMissing):
        sign_up(shift, acting_user=crowd[0])
    states = [sign_up(shift, position=position, acting_user=one).state for one in crowd[:2]]

    assert states == ["seated", "waiting"]


def test_more_seats_go_to_those_who_wait_fewer_close_ranks(cast, station, crowd):
    shift = make_open_shift(station, seats=2)
    first, _second, third, _fourth = fill(shift, crowd)
    cancel_signup(first, acting_user=crowd[0])
    third.refresh_from_db()
    assert third.state == State.OFFERED

    edit_shift(shift, seats=3, place="新地点", acting_user=cast.chen)

    assert shift.signups.filter(state=State.OFFERED).count() == 2
    assert sorted(shift.signups.holding_seats().values_list("seat", flat=True)) == [1, 2, 3]


# Swaps ------------------------------------------------------------------------------


def test_two_volunteers_exchange_their_seats(station, crowd):
    anna, berta, *_rest = crowd
    morning, evening = make_open_shift(station), make_open_shift(station, starts_at=in_days(3, 18))
    given, wanted = sign_up(morning, acting_user=anna), sign_up(evening, acting_user=berta)

    swap = propose_swap(given, berta, wanted=wanted, acting_user=anna)
    with pytest.raises(NotAllowed):
        agree_swap(swap, acting_user=anna)
    agree_swap(swap, acting_user=berta)

    assert morning.signups.seated().get().volunteer == berta
    assert evening.signups.seated().get().volunteer == anna
    assert Swap.objects.get().state == Swap.State.AGREED
    assert not shift_has_double_seats(morning)


def test_seat_is_handed_to_somebody_or_kept(station, crowd):
    anna, berta, clara, _d = crowd
    shift = make_open_shift(station, seats=1)
    given = sign_up(shift, acting_user=anna)
    sign_up(shift, acting_user=clara)

    with pytest.raises(NoSwapWithThem):
        propose_swap(given, clara, acting_user=anna)
    swap = propose_swap(given, berta, acting_user=anna)
    end_swap(swap, "decline", acting_user=berta)
    swap = propose_swap(given, berta, acting_user=anna)
    agree_swap(swap, acting_user=berta)

    assert shift.signups.seated().get().volunteer == berta
    assert not shift.signups.filter(state=State.OFFERED).exists()


def test_who_waits_there_does_not_pass_the_others_by_a_swap(station, crowd):
    anna, berta, clara, _d = crowd
    morning, evening = (
        make_open_shift(station, seats=1),
        make_open_shift(station, seats=1, starts_at=in_days(3, 18)),
    )
    given, wanted = sign_up(morning, acting_user=anna), sign_up(evening, acting_user=berta)
    swap = propose_swap(given, berta, wanted=wanted, acting_user=anna)
    offered = propose_swap(wanted, clara, acting_user=berta)
    sign_up(evening, acting_user=anna)
    sign_up(evening, acting_user=clara)

    for one, taker in ((swap, berta), (offered, clara)):
        with pytest.raises(ThereAlready):
            agree_swap(one, acting_user=taker)
    end_swap(swap, "withdraw", acting_user=anna)
    with pytest.raises(NoSwapWithThem):
        propose_swap(given, berta, wanted=wanted, acting_user=anna)


@pytest.mark.parametrize("asked", [("没这人", "13900000000"), ("别人", None), (None, None)])
def test_form_of_a_swap_names_nobody(station, crowd, asked):
    """Unknown, another's name, and who has a seat there already read the same."""
    anna, berta, *_rest = crowd
    shift = make_open_shift(station)
    given = sign_up(shift, acting_user=anna)
    sign_up(shift, acting_user=berta)
    name, contact = asked[0] or berta.display_name, asked[1] or berta.phone

    form = SwapForm({"name": name, "contact": contact}, signup=given)

    assert form.is_valid()
    assert form.hand_in(acting_user=anna) is None
    assert form.errors["contact"] == [str(NoSwapWithThem(who=name))]


def shift_has_double_seats(shift):
    seats = list(shift.signups.holding_seats().values_list("seat", flat=True))
    return len(seats) != len(set(seats))
