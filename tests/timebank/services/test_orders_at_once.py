"""Two people at the same moment, on two connections: the last minutes, the same order, one click
twice. One succeeds, the other gets a sentence, and the books agree."""

import logging
import threading
import time
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Change, Message
from config.demo.cast import Cast
from tests.at_once import said_at_once
from tests.factories.timebank import make_bank
from tests.factories.timebank_orders import (
    fill_pool,
    give_hours,
    make_listing,
    make_order,
    make_order_in,
    make_wish,
)
from timebank.models import Feedback, ServiceOrder, ServiceRecord, TimeBank, Transfer
from timebank.selectors.audit import differences_in
from timebank.selectors.board import available_in_pool, available_to
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of, bank_at
from timebank.services.order_endings import (
    cancel_order,
    confirm_order,
    overturn_order,
    uphold_order,
)
from timebank.services.order_lapses import end_lapsed_orders
from timebank.services.orders import accept_order, place_order
from timebank.services.pools import give_to_pool

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

State = ServiceOrder.State


def books_agree() -> bool:
    return all(differences_in(bank.book) == [] for bank in TimeBank.objects.all())


def test_the_last_minutes_are_set_aside_once(cast: Cast) -> None:
    station = cast.stations["nanguanxiang"]
    give_hours(cast.fang, 45, station=station)
    listings = [make_listing(station), make_listing(station, title="读报")]

    def order(number: int) -> ServiceOrder:
        return place_order(
            listings[number],
            recipient=cast.fang.person,
            wish=make_wish(),
            minutes=30,
            drawn_from="own",
            request_key=uuid4(),
            acting_user=cast.fang,
        )

    said = said_at_once(lambda: order(0), lambda: order(1))

    assert said == ["done", "not_enough_hours"]
    assert ServiceOrder.objects.count() == 1
    assert available_to(cast.fang, station) == 15
    assert books_agree()


def test_the_pools_last_minutes_are_set_aside_once(cast: Cast) -> None:
    station = cast.stations["nanguanxiang"]
    fill_pool(station, 30)
    listing = make_listing(station)

    def order(key: str) -> ServiceOrder:
        return place_order(
            listing,
            recipient=cast.persons[key],
            wish=make_wish(),
            minutes=30,
            drawn_from="pool",
            request_key=uuid4(),
            acting_user=cast.chen,
        )

    said = said_at_once(lambda: order("bai"), lambda: order("bai"), lambda: order("bai"))

    assert said == ["done", "not_enough_hours", "not_enough_hours"]
    assert available_in_pool(station) == 0
    assert books_agree()


def test_one_click_sent_twice_places_one_order(cast: Cast) -> None:
    key = uuid4()
    station = cast.stations["nanguanxiang"]
    give_hours(cast.fang, 90, station=station)
    listing = make_listing(station)

    def order() -> ServiceOrder:
        return place_order(
            listing,
            recipient=cast.fang.person,
            wish=make_wish(),
            minutes=30,
            drawn_from="own",
            request_key=key,
            acting_user=cast.fang,
        )

    said = said_at_once(order, order)

    assert said == ["done", "done"]
    assert ServiceOrder.objects.count() == 1
    assert available_to(cast.fang, station) == 60
    assert Change.objects.filter(verb="place").count() == 1


def test_two_volunteers_accepting_at_once_one_gets_it(cast: Cast) -> None:
    order = make_order(cast)

    said = said_at_once(
        lambda: accept_order(order, acting_user=cast.anan),
        lambda: accept_order(order, acting_user=cast.zhu),
    )

    assert said == ["done", "out_of_turn"]
    order.refresh_from_db()
    taker = order.volunteer
    assert taker in (cast.anan, cast.zhu)
    bank = bank_at(order.station.region)
    assert order.hold.to_account_id == account_of(taker, bank).pk
    assert balance_of(account_of(cast.fang, bank)).held == 30
    assert Change.objects.filter(verb="accept").count() == 1
    assert books_agree()


def test_one_volunteer_accepting_two_at_the_same_hour_gets_one(cast: Cast) -> None:
    first = make_order(cast)
    second = make_order(cast, requested_by=cast.baijia)

    said = said_at_once(
        lambda: accept_order(first, acting_user=cast.anan),
        lambda: accept_order(second, acting_user=cast.anan),
    )

    assert said == ["already_promised", "done"]
    assert ServiceOrder.objects.filter(state=State.ACCEPTED).count() == 1


def test_two_confirmations_at_once_settle_once(cast: Cast) -> None:
    order = make_order_in("delivered", cast)
    bank = bank_at(order.station.region)
    transfers = Transfer.objects.count()

    said = said_at_once(
        lambda: confirm_order(order, stars=5, acting_user=cast.fang),
        lambda: confirm_order(order, stars=4, word="问过，来过", acting_user=cast.chen),
    )

    assert said == ["done", "out_of_turn"]
    assert balance_of(account_of(cast.anan, bank)).posted == 30
    assert Transfer.objects.count() == transfers + 1
    assert ServiceRecord.objects.count() == 1
    assert Feedback.objects.count() == 1
    assert books_agree()


def test_accepting_and_cancelling_at_once_leave_one_truth(cast: Cast) -> None:
    """Whoever waited for the row must see its new hold: several rounds, as either may be first."""
    bank = make_bank()
    for _round in range(6):
        order = make_order(cast)

        said = said_at_once(
            lambda order=order: accept_order(order, acting_user=cast.anan),
            lambda order=order: cancel_order(order, acting_user=cast.fang),
        )

        order.refresh_from_db()
        assert said in (["done", "done"], ["done", "out_of_turn"])
        assert order.state == State.CANCELLED
        assert balance_of(account_of(cast.fang, bank)).held == 0
    assert books_agree()


def test_two_decisions_at_once_count_once(cast: Cast) -> None:
    order = make_order_in("disputed", cast)
    bank = bank_at(order.station.region)

    said = said_at_once(
        lambda: uphold_order(order, minutes=30, reason="有照片", acting_user=cast.chen),
        lambda: overturn_order(order, reason="没有来", acting_user=cast.fan),
    )

    order.refresh_from_db()
    upheld = order.state == State.SETTLED
    assert said == ["done", "out_of_turn"]
    assert balance_of(account_of(cast.anan, bank)).posted == (30 if upheld else 0)
    assert balance_of(account_of(cast.fang, bank)).posted == (0 if upheld else 30)
    assert books_agree()


def test_two_gifts_of_the_same_minutes_give_once(cast: Cast) -> None:
    station = cast.stations["nanguanxiang"]
    give_hours(cast.anan, 40, station=station)

    def give() -> Transfer:
        return give_to_pool(station, minutes=30, request_key=uuid4(), acting_user=cast.anan)

    said = said_at_once(give, give)

    assert said == ["done", "not_enough_hours"]
    assert available_in_pool(station) == 30
    assert books_agree()


# By themselves, at the very instant ----------------------------------------------------


def test_taking_and_running_out_at_the_same_instant_leave_one_truth(cast: Cast) -> None:
    """The agreed time ends while one connection takes the order and the other ends it."""
    bank = make_bank()
    outcomes = set()
    for _round in range(4):
        order = make_order(cast)
        ends_at = timezone.now() + timedelta(milliseconds=250)
        local = timezone.localtime(ends_at)
        start = max(local - timedelta(minutes=30), local.replace(hour=0, minute=0, second=0))
        ServiceOrder.objects.filter(pk=order.pk).update(
            wanted_on=local.date(),
            wanted_from=start.time(),
            wanted_to=local.time(),
            lapses_at=ends_at,
        )

        def take(order: ServiceOrder = order, ends_at: datetime = ends_at) -> None:
            wait_until(ends_at - timedelta(milliseconds=8))
            accept_order(order, acting_user=cast.anan)

        def run_out(ends_at: datetime = ends_at) -> None:
            wait_until(ends_at)
            end_lapsed_orders()

        said = said_at_once(take, run_out)

        order.refresh_from_db()
        outcomes.add(order.state)
        held = balance_of(account_of(cast.fang, bank)).held
        if order.state == State.ACCEPTED:
            assert said == ["done", "done"]
            assert (order.volunteer, held) == (cast.anan, 30)
            cancel_order(order, reason="收回", acting_user=cast.chen)
        else:
            assert order.state == State.DECLINED
            assert set(said) - {"done"} <= {"out_of_turn", "window_passed"}
            assert (order.volunteer, held) == (None, 0)
        assert Message.objects.filter(
            kind__in=["order_accept", "order_lapse_unanswered"],
            to_user=cast.fang,
            link=order.get_absolute_url(),
        ).count() == 1  # fmt: skip
    assert outcomes
    assert books_agree()


def test_two_sweeps_and_a_confirmation_at_once_settle_once(cast: Cast) -> None:
    order = make_order_in("delivered", cast)
    ServiceOrder.objects.filter(pk=order.pk).update(lapses_at=timezone.now())

    said = said_at_once(
        end_lapsed_orders,
        end_lapsed_orders,
        lambda: confirm_order(order, stars=5, acting_user=cast.fang),
    )

    assert said in (["done", "done", "done"], ["done", "done", "out_of_turn"])
    assert balance_of(account_of(cast.anan, bank_at(order.station.region))).posted == 30
    assert ServiceRecord.objects.count() == 1
    assert books_agree()


def test_a_sweep_that_is_killed_loses_nothing(cast: Cast) -> None:
    """The second order is locked elsewhere until the sweep gives up; the next one ends it."""
    first, second = make_order(cast), make_order(cast)
    for order in (first, second):
        ServiceOrder.objects.filter(pk=order.pk).update(lapses_at=timezone.now())
    locked, done = threading.Event(), threading.Event()

    def hold_on() -> None:
        with transaction.atomic():
            ServiceOrder.objects.select_for_update().get(pk=second.pk)
            locked.set()
            done.wait()

    def sweep() -> None:
        locked.wait()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        ended.append(end_lapsed_orders())
        done.set()

    ended: list[int] = []
    logging.disable(logging.CRITICAL)
    said_at_once(hold_on, sweep)
    logging.disable(logging.NOTSET)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (ended, first.state, second.state) == ([1], State.DECLINED, State.PLACED)

    assert end_lapsed_orders() == 1

    second.refresh_from_db()
    assert second.state == State.DECLINED
    assert balance_of(account_of(cast.fang, bank_at(second.station.region))).held == 0
    assert books_agree()


def wait_until(instant: datetime) -> None:
    time.sleep(max(0.0, (instant - timezone.now()).total_seconds()))
