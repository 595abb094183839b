"""Orders that nobody ends, end by themselves: when their page said so, once, and all are told."""

import logging
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Message, Station
from config.demo.cast import Cast
from tests.factories.timebank import make_record
from tests.factories.timebank_orders import an_hour_ago, make_order, make_order_in
from timebank.models import ServiceOrder, ServiceRecord
from timebank.selectors.board import available_in_pool, available_to
from timebank.selectors.disputes import deciders_of
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of, bank_at
from timebank.services.feedback import give_feedback
from timebank.services.order_endings import dispute_order
from timebank.services.order_lapses import end_lapsed_orders
from timebank.services.order_reopening import give_back_order
from timebank.services.orders import (
    accept_order,
    deliver_order,
    try_service_code,
)
from timebank.tasks import end_lapsed_orders_later
from timebank.terms.orders import ORDER_TERMS, order_terms

pytestmark = pytest.mark.django_db

State = ServiceOrder.State
Provenance = ServiceRecord.Provenance


def let_time_pass(order: ServiceOrder) -> ServiceOrder:
    """As if the instant its page named had come."""
    ServiceOrder.objects.filter(pk=order.pk).update(lapses_at=timezone.now() - timedelta(seconds=1))
    return order


def told(kind: str) -> set[int]:
    return set(Message.objects.filter(kind=kind).values_list("to_user", flat=True))


def near(instant: datetime, other: datetime) -> bool:
    return abs(instant - other) < timedelta(seconds=20)


def test_each_step_says_when_the_order_ends_by_itself(cast: Cast) -> None:
    terms = order_terms(timezone.localdate())

    order = make_order(cast)
    assert order.lapses_at == order.window_ends_at
    order = accept_order(order, acting_user=cast.anan)
    assert order.lapses_at == order.window_ends_at + terms.deliver_within
    order = give_back_order(order, reason="临时加班", acting_user=cast.anan)
    assert order.lapses_at == order.window_ends_at
    delivered = make_order_in("delivered", cast)
    assert near(delivered.lapses_at, timezone.now() + terms.confirm_without_code_within)
    disputed = dispute_order(delivered, reason="没有人来", acting_user=cast.fang)
    assert disputed.lapses_at is None
    for state in ServiceOrder.ENDED:
        assert make_order_in(state, cast).lapses_at is None


def test_terms_begin_on_a_day_and_the_first_hold_before_it() -> None:
    days = [terms.since for terms in ORDER_TERMS]

    assert days == sorted(set(days))
    assert order_terms(date(1999, 1, 1)) == ORDER_TERMS[0]
    assert order_terms(date(2999, 1, 1)) == ORDER_TERMS[-1]
    for terms in ORDER_TERMS:
        assert timedelta(0) < terms.confirm_within < terms.confirm_without_code_within


def test_nothing_ends_before_its_time(cast: Cast) -> None:
    orders = [make_order_in(state, cast) for state in ("placed", "delivered", "accepted")]

    assert end_lapsed_orders() == 0

    states = ServiceOrder.objects.filter(pk__in=[order.pk for order in orders]).order_by("pk")
    assert [order.state for order in states] == ["placed", "delivered", "accepted"]


def test_an_order_nobody_took_goes_back(cast: Cast) -> None:
    order = let_time_pass(make_order(cast))
    station = order.station

    assert end_lapsed_orders_later() == 1

    order.refresh_from_db()
    assert (order.state, order.lapses_at) == (State.DECLINED, None)
    assert available_to(cast.fang, station) == 30
    assert told("order_lapse_unanswered") == {cast.fang.pk, cast.chen.pk}
    assert end_lapsed_orders() == 0


def test_an_order_taken_and_never_reported_goes_back_to_the_pool(cast: Cast) -> None:
    order = let_time_pass(
        make_order_in(
            "accepted",
            cast,
            requested_by=cast.chen,
            recipient=cast.persons["bai"],
            drawn_from="pool",
        )
    )

    end_lapsed_orders()

    order.refresh_from_db()
    assert order.state == State.CANCELLED
    assert available_in_pool(order.station) == 30
    assert told("order_lapse_undelivered") == {cast.chen.pk, cast.anan.pk}


@pytest.mark.parametrize(
    ("with_code", "provenance"),
    [(True, Provenance.RECIPIENT_CODE), (False, Provenance.LAPSED)],
)
def test_a_service_nobody_objected_to_counts(cast: Cast, with_code: bool, provenance: str) -> None:
    order = make_order_in("accepted", cast)
    if with_code:
        try_service_code(order, order.service_code, acting_user=cast.anan)
    order = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=cast.anan
    )
    terms = order_terms(timezone.localdate())
    wait = terms.confirm_within if with_code else terms.confirm_without_code_within
    assert near(order.lapses_at, timezone.now() + wait)
    let_time_pass(order)

    end_lapsed_orders()

    order.refresh_from_db()
    bank = bank_at(order.station.region)
    record = ServiceRecord.objects.get(source=order.source)
    assert (order.state, order.settled_minutes) == (State.SETTLED, 30)
    assert balance_of(account_of(cast.anan, bank)).posted == 30
    assert balance_of(account_of(cast.fang, bank)).held == 0
    assert (record.provenance, record.confirmed_by) == (provenance, cast.system)
    assert told("order_lapse_unconfirmed") == {cast.fang.pk, cast.chen.pk, cast.anan.pk}
    assert give_feedback(order, stars=5, words="", acting_user=cast.fang).stars == 5


def test_what_cannot_be_confirmed_by_itself_is_decided_by_somebody(cast: Cast) -> None:
    order = let_time_pass(make_order_in("delivered", cast))
    make_record(cast.anan, order.station, started_at=order.served_from, ended_at=order.served_to)

    assert end_lapsed_orders() == 1

    order.refresh_from_db()
    bank = bank_at(order.station.region)
    assert (order.state, order.lapses_at) == (State.DISPUTED, None)
    assert balance_of(account_of(cast.anan, bank)).posted == 0
    assert balance_of(account_of(cast.fang, bank)).held == 30
    assert deciders_of(order) == [cast.chen]
    assert told("order_refer") == {cast.fang.pk, cast.anan.pk, cast.chen.pk}


def test_one_that_fails_holds_nobody_else_up(
    cast: Cast, station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    """The first cannot be released, its hold being gone; the second ends all the same."""
    broken, sound = let_time_pass(make_order(cast)), let_time_pass(make_order(cast))
    ServiceOrder.objects.filter(pk=broken.pk).update(hold=None)

    with caplog.at_level(logging.CRITICAL):
        ended = end_lapsed_orders()

    broken.refresh_from_db()
    sound.refresh_from_db()
    assert ended == 1
    assert (broken.state, sound.state) == (State.PLACED, State.DECLINED)
    assert broken.lapses_at is not None


@pytest.fixture
def station(cast: Cast) -> Station:
    return cast.stations["nanguanxiang"]
