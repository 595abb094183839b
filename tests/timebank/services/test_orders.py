"""Service orders: minutes set aside, passed on to the volunteer, posted once, or given back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message, Station, User
from config.demo.cast import Cast
from tests.factories.timebank import make_bank, make_record
from tests.factories.timebank_orders import (
    an_hour_ago,
    fill_pool,
    give_hours,
    make_listing,
    make_order,
    make_order_in,
    make_wish,
)
from timebank.errors.ledger import NotEnoughHours
from timebank.errors.orders import (
    AlreadyPromised,
    FeedbackGiven,
    NotForThisRecipient,
    NotOnMenu,
    NotSuitable,
    NotUsualForThis,
    PoolTooLow,
    ServedBeforeAsked,
    ServiceCodeLocked,
    WindowPassed,
)
from timebank.errors.records import EndsBeforeStart, LongerThanADay, NotYetServed, RecordsOverlap
from timebank.models import Feedback, Listing, ServiceOrder, ServiceRecord
from timebank.selectors.board import available_in_pool, available_to
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of, bank_at
from timebank.services.feedback import give_feedback
from timebank.services.order_endings import (
    cancel_order,
    confirm_order,
    decline_order,
    dispute_order,
    overturn_order,
    uphold_order,
)
from timebank.services.order_reopening import give_back_order, reassign_order
from timebank.services.orders import (
    accept_order,
    assign_order,
    deliver_order,
    place_order,
    try_service_code,
)
from timebank.services.recipients import oneself

pytestmark = pytest.mark.django_db

State = ServiceOrder.State


@pytest.fixture
def station(cast: Cast) -> Station:
    return cast.stations["nanguanxiang"]


def posted(user: User, station: Station) -> int:
    return balance_of(account_of(user, bank_at(station.region))).posted


def held(user: User, station: Station) -> int:
    return balance_of(account_of(user, bank_at(station.region))).held


def wrong(code: str) -> str:
    return "0000" if code != "0000" else "1111"


# Placing ------------------------------------------------------------------------


def test_placing_sets_minutes_aside(cast: Cast, station: Station) -> None:
    give_hours(cast.fang, 60, station=station)

    order = place_order(
        make_listing(station),
        recipient=cast.fang.person,
        wish=make_wish(),
        minutes=30,
        drawn_from="own",
        request_key=uuid4(),
        acting_user=cast.fang,
    )

    assert order.state == State.PLACED
    assert (posted(cast.fang, station), held(cast.fang, station)) == (60, 30)
    assert available_to(cast.fang, station) == 30
    assert order.hold is not None
    assert order.hold.source == order.source
    assert Message.objects.filter(to_user=cast.chen, kind="order_place").count() == 1


def test_the_same_request_places_one_order(cast: Cast, station: Station) -> None:
    give_hours(cast.fang, 90, station=station)
    key = uuid4()
    listing = make_listing(station)
    asked = {
        "recipient": cast.fang.person,
        "wish": make_wish(),
        "minutes": 30,
        "drawn_from": "own",
        "request_key": key,
        "acting_user": cast.fang,
    }

    first = place_order(listing, **asked)
    second = place_order(listing, **asked)

    assert first.pk == second.pk
    assert held(cast.fang, station) == 30
    assert Change.objects.filter(verb="place").count() == 1


def test_an_order_stays_in_the_bank_it_began_in(cast: Cast, station: Station) -> None:
    order = make_order(cast)
    began_in = bank_at(station.region)
    opened_since = make_bank(code="330481001000", name="海洲街道时间银行")

    order = accept_order(order, acting_user=cast.anan)
    order = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=cast.anan
    )
    confirm_order(order, stars=5, acting_user=cast.fang)

    assert bank_at(station.region) == opened_since
    assert ServiceRecord.objects.get().bank == began_in
    assert balance_of(account_of(cast.anan, began_in)).posted == 30


def test_too_few_hours_are_refused_with_the_figure_that_would_work(
    cast: Cast, station: Station
) -> None:
    give_hours(cast.fang, 20, station=station)

    with pytest.raises(NotEnoughHours) as refusal:
        place_order(
            make_listing(station),
            recipient=cast.fang.person,
            wish=make_wish(),
            minutes=30,
            drawn_from="own",
            request_key=uuid4(),
            acting_user=cast.fang,
        )

    assert refusal.value.facts["needed"] == 30
    assert refusal.value.facts["available"] == 20
    assert "20 分" in str(refusal.value)
    assert ServiceOrder.objects.count() == 0
    assert held(cast.fang, station) == 0


@pytest.mark.parametrize("state", ["draft", "paused", "closed"])
def test_only_what_is_on_the_menu_can_be_ordered(cast: Cast, station: Station, state: str) -> None:
    with pytest.raises(NotOnMenu):
        make_order(cast, listing=make_listing(station, state=state))


def test_a_closed_station_takes_no_orders(cast: Cast, station: Station) -> None:
    listing = make_listing(station)
    Station.objects.filter(pk=station.pk).update(state=Station.State.CLOSED)
    listing.station.refresh_from_db()

    with pytest.raises(NotOnMenu):
        make_order(cast, listing=listing)


def test_a_menu_item_for_elders_is_not_for_the_young(cast: Cast, station: Station) -> None:
    listing = make_listing(station, audience=Listing.Audience.ELDERS)

    with pytest.raises(NotForThisRecipient):
        make_order(cast, listing=listing, requested_by=cast.baijia)
    order = make_order(cast, listing=listing)

    assert order.recipient == cast.fang.person


def test_unknown_age_is_not_taken_for_old(cast: Cast, station: Station) -> None:
    listing = make_listing(station, audience=Listing.Audience.ELDERS)
    person = cast.fang.person
    person.born_on = None
    person.save()

    with pytest.raises(NotForThisRecipient):
        make_order(cast, listing=listing)


def test_what_only_the_station_orders_is_refused_to_others(cast: Cast, station: Station) -> None:
    listing = make_listing(station, audience=Listing.Audience.BY_STATION)

    with pytest.raises(NotForThisRecipient):
        make_order(cast, listing=listing)
    order = make_order(
        cast,
        listing=listing,
        requested_by=cast.chen,
        recipient=cast.persons["bai"],
        drawn_from="pool",
    )

    assert order.drawn_from == "pool"


def test_minutes_stay_within_what_the_service_takes(cast: Cast) -> None:
    with pytest.raises(NotUsualForThis):
        make_order(cast, minutes=91)


def test_a_window_that_has_passed_is_refused(cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)

    with pytest.raises(WindowPassed):
        make_order(cast, wish=make_wish(on=yesterday))


# The pool -------------------------------------------------------------------------


def test_the_station_orders_for_bai_from_its_pool(cast: Cast, station: Station) -> None:
    fill_pool(station, 120)

    order = place_order(
        make_listing(station),
        recipient=cast.persons["bai"],
        wish=make_wish(),
        minutes=30,
        drawn_from="pool",
        request_key=uuid4(),
        acting_user=cast.chen,
    )

    assert available_in_pool(station) == 90
    assert held(cast.chen, station) == 0
    assert order.requested_by == cast.chen


@pytest.mark.parametrize("who", ["fang", "anan", "cheng", "fan"])
def test_only_the_station_draws_on_its_pool(cast: Cast, station: Station, who: str) -> None:
    fill_pool(station, 120)

    with pytest.raises(NotAllowed):
        place_order(
            make_listing(station),
            recipient=cast.persons["bai"],
            wish=make_wish(),
            minutes=30,
            drawn_from="pool",
            request_key=uuid4(),
            acting_user=getattr(cast, who),
        )

    assert available_in_pool(station) == 120


def test_nobody_draws_on_the_pool_for_oneself(cast: Cast, station: Station) -> None:
    fill_pool(station, 120)

    with pytest.raises(NotAllowed):
        place_order(
            make_listing(station),
            recipient=oneself(cast.chen),
            wish=make_wish(),
            minutes=30,
            drawn_from="pool",
            request_key=uuid4(),
            acting_user=cast.chen,
        )

    assert available_in_pool(station) == 120


def test_an_empty_pool_is_refused(cast: Cast, station: Station) -> None:
    fill_pool(station, 20)

    with pytest.raises(PoolTooLow) as refusal:
        place_order(
            make_listing(station),
            recipient=cast.persons["bai"],
            wish=make_wish(),
            minutes=30,
            drawn_from="pool",
            request_key=uuid4(),
            acting_user=cast.chen,
        )

    assert refusal.value.facts["available"] == 20


# Taking ---------------------------------------------------------------------------


def test_accepting_means_the_minutes_for_the_volunteer(cast: Cast, station: Station) -> None:
    order = accept_order(make_order(cast), acting_user=cast.anan)

    assert order.state == State.ACCEPTED
    assert order.volunteer == cast.anan
    assert order.hold.to_account_id == account_of(cast.anan, bank_at(station.region)).pk
    assert held(cast.fang, station) == 30
    assert set(Message.objects.filter(kind="order_accept").values_list("to_user", flat=True)) == {
        cast.fang.pk,
        cast.chen.pk,
    }


def test_an_order_is_accepted_once(cast: Cast) -> None:
    order = make_order(cast)
    accept_order(order, acting_user=cast.anan)

    with pytest.raises(OutOfTurn):
        accept_order(order, acting_user=cast.zhu)

    order.refresh_from_db()
    assert order.volunteer == cast.anan


def test_nobody_accepts_their_own_order(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        accept_order(make_order(cast), acting_user=cast.fang)


def test_a_volunteer_of_another_town_does_not_accept(cast: Cast) -> None:
    order = make_order(cast)

    for who in (cast.chen, cast.cheng, cast.fan, cast.en):
        with pytest.raises(NotAllowed):
            accept_order(order, acting_user=who)


def test_a_volunteer_is_in_one_place_at_a_time(cast: Cast) -> None:
    accept_order(make_order(cast), acting_user=cast.anan)
    other = make_order(cast, requested_by=cast.baijia)

    with pytest.raises(AlreadyPromised):
        accept_order(other, acting_user=cast.anan)

    other.refresh_from_db()
    assert other.state == State.PLACED


def test_the_station_assigns_a_volunteer_of_the_place(cast: Cast) -> None:
    order = assign_order(make_order(cast), cast.zhu, acting_user=cast.chen)

    assert order.volunteer == cast.zhu
    assert Message.objects.filter(to_user=cast.zhu, kind="order_assign").count() == 1


def test_the_station_does_not_assign_who_asked(cast: Cast) -> None:
    order = make_order(cast)

    with pytest.raises(NotSuitable):
        assign_order(order, cast.fang, acting_user=cast.chen)
    with pytest.raises(NotAllowed):
        assign_order(order, cast.zhu, acting_user=cast.cheng)


def test_an_order_given_back_is_open_again_and_taken_by_another(
    cast: Cast, station: Station
) -> None:
    order = accept_order(make_order(cast), acting_user=cast.anan)

    order = give_back_order(order, reason="临时加班", acting_user=cast.anan)

    assert (order.state, order.volunteer) == (State.PLACED, None)
    assert held(cast.fang, station) == 30
    order = accept_order(order, acting_user=cast.zhu)
    assert order.hold.to_account_id == account_of(cast.zhu, bank_at(station.region)).pk
    assert held(cast.fang, station) == 30


def test_the_station_takes_an_order_back_with_a_reason(cast: Cast) -> None:
    order = accept_order(make_order(cast), acting_user=cast.anan)

    with pytest.raises(ReasonMissing):
        reassign_order(order, reason=" ", acting_user=cast.chen)
    reassign_order(order, reason="安安生病了", acting_user=cast.chen)

    assert Message.objects.filter(to_user=cast.anan, kind="order_reassign").count() == 1


# Serving --------------------------------------------------------------------------


def test_a_right_code_is_noted_and_settles_nothing(cast: Cast, station: Station) -> None:
    order = make_order_in("accepted", cast)

    tried = try_service_code(order, order.service_code, acting_user=cast.anan)

    order.refresh_from_db()
    assert tried.is_right
    assert order.code_matched_at is not None
    assert order.state == State.ACCEPTED
    assert posted(cast.anan, station) == 0


def test_five_wrong_codes_lock_it(cast: Cast) -> None:
    order = make_order_in("accepted", cast)

    lefts = [
        try_service_code(order, wrong(order.service_code), acting_user=cast.anan).tries_left
        for _number in range(5)
    ]

    assert lefts == [4, 3, 2, 1, 0]
    with pytest.raises(ServiceCodeLocked):
        try_service_code(order, order.service_code, acting_user=cast.anan)
    order.refresh_from_db()
    assert order.code_matched_at is None
    delivered = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=cast.anan
    )
    assert delivered.state == State.DELIVERED


def test_who_asked_does_not_call_off_what_the_volunteer_came_for(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    try_service_code(order, order.service_code, acting_user=cast.anan)

    with pytest.raises(NotAllowed):
        cancel_order(order, acting_user=cast.fang)

    order = cancel_order(order, reason="弄错了日子", acting_user=cast.chen)
    assert order.state == State.CANCELLED


@pytest.mark.parametrize("minutes", [0, -30])
def test_service_that_ends_before_it_starts_is_refused_in_words(cast: Cast, minutes: int) -> None:
    order = make_order_in("accepted", cast)

    with pytest.raises(EndsBeforeStart):
        deliver_order(
            order,
            served_from=an_hour_ago(),
            served_to=an_hour_ago(minutes),
            acting_user=cast.anan,
        )


def test_a_code_told_to_one_volunteer_says_nothing_about_the_next(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    try_service_code(order, "x", acting_user=cast.anan)
    try_service_code(order, order.service_code, acting_user=cast.anan)

    give_back_order(order, reason="临时加班", acting_user=cast.anan)
    accept_order(order, acting_user=cast.zhu)

    order.refresh_from_db()
    assert (order.code_matched_at, order.code_tries) == (None, 0)


@pytest.mark.parametrize("who", ["fang", "chen", "zhu", "cheng"])
def test_only_the_volunteer_types_the_code(cast: Cast, who: str) -> None:
    order = make_order_in("accepted", cast)

    with pytest.raises(NotAllowed):
        try_service_code(order, order.service_code, acting_user=getattr(cast, who))


def test_service_of_the_future_is_not_delivered(cast: Cast) -> None:
    order = make_order_in("accepted", cast)

    with pytest.raises(NotYetServed):
        deliver_order(
            order,
            served_from=an_hour_ago(),
            served_to=timezone.now() + timedelta(minutes=5),
            acting_user=cast.anan,
        )

    order.refresh_from_db()
    assert order.state == State.ACCEPTED


def test_service_of_more_than_a_day_is_not_delivered(cast: Cast) -> None:
    order = make_order_in("accepted", cast)

    with pytest.raises(LongerThanADay):
        deliver_order(
            order,
            served_from=an_hour_ago() - timedelta(hours=25),
            served_to=an_hour_ago(),
            acting_user=cast.anan,
        )


def test_service_long_before_the_order_is_not_delivered(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    long_ago = an_hour_ago() - timedelta(days=2)

    with pytest.raises(ServedBeforeAsked):
        deliver_order(
            order,
            served_from=long_ago,
            served_to=long_ago + timedelta(minutes=30),
            acting_user=cast.anan,
        )

    order.refresh_from_db()
    assert (order.state, order.served_from) == (State.ACCEPTED, None)


def test_service_beside_another_record_is_not_delivered(cast: Cast, station: Station) -> None:
    order = make_order_in("accepted", cast)
    record = make_record(cast.anan, station, started_at=an_hour_ago(), ended_at=an_hour_ago(30))

    with pytest.raises(RecordsOverlap):
        deliver_order(
            order,
            served_from=record.started_at + timedelta(minutes=10),
            served_to=record.ended_at,
            acting_user=cast.anan,
        )


# Confirming -----------------------------------------------------------------------


def test_confirming_posts_minutes_record_and_feedback_once(cast: Cast, station: Station) -> None:
    order = make_order_in("delivered", cast)

    order = confirm_order(order, stars=5, words="理得清爽", acting_user=cast.fang)

    assert (order.state, order.settled_minutes) == (State.SETTLED, 30)
    assert posted(cast.anan, station) == 30
    assert (posted(cast.fang, station), held(cast.fang, station)) == (0, 0)
    record = ServiceRecord.objects.get(source=order.source)
    assert record.state == ServiceRecord.State.CONFIRMED
    assert record.provenance == ServiceRecord.Provenance.RECIPIENT
    assert record.volunteer == cast.anan
    assert record.confirmed_by == cast.fang
    assert record.minutes == 30
    assert record.credit.hold_id == order.hold_id
    assert Feedback.objects.get(order=order).is_relayed is False
    assert Message.objects.filter(to_user=cast.anan, kind="order_confirm").count() == 1


def test_settling_locks_the_volunteer_before_any_account(cast: Cast) -> None:
    """As accepting does: in two orders of locking, two of one's orders at once would deadlock."""
    order = make_order_in("delivered", cast)

    with CaptureQueriesContext(connection) as asked:
        confirm_order(order, stars=5, words="", acting_user=cast.fang)

    statements = [query["sql"] for query in asked]
    locks = [at for at, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql]
    settling = [at for at, sql in enumerate(statements) if "ledger.settle" in sql]
    assert locks[0] < settling[0]


def test_what_was_not_needed_is_free_again(cast: Cast, station: Station) -> None:
    order = make_order_in("accepted", cast, minutes=60)
    deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(25), acting_user=cast.anan
    )

    order = confirm_order(order, stars=4, acting_user=cast.fang)

    assert order.settled_minutes == 25
    assert posted(cast.anan, station) == 25
    assert (posted(cast.fang, station), held(cast.fang, station)) == (35, 0)


def test_longer_service_settles_no_more_than_was_set_aside(cast: Cast, station: Station) -> None:
    order = make_order_in("accepted", cast)
    deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(55), acting_user=cast.anan
    )

    order = confirm_order(order, stars=5, acting_user=cast.fang)

    assert order.settled_minutes == 30
    assert posted(cast.anan, station) == 30


def test_confirming_twice_moves_nothing_more(cast: Cast, station: Station) -> None:
    order = make_order_in("delivered", cast)
    confirm_order(order, stars=5, acting_user=cast.fang)

    with pytest.raises(OutOfTurn):
        confirm_order(order, stars=1, word="问过，来过", acting_user=cast.chen)

    assert posted(cast.anan, station) == 30
    assert ServiceRecord.objects.filter(source=order.source).count() == 1
    assert Feedback.objects.get(order=order).stars == 5


def test_the_volunteer_never_confirms_nor_disputes(cast: Cast, station: Station) -> None:
    order = make_order_in("delivered", cast)

    with pytest.raises(NotAllowed):
        confirm_order(order, stars=5, acting_user=cast.anan)
    with pytest.raises(NotAllowed):
        dispute_order(order, reason="不对", acting_user=cast.anan)

    assert posted(cast.anan, station) == 0


def test_the_station_confirms_for_bai(cast: Cast, station: Station) -> None:
    order = make_order_in(
        "delivered",
        cast,
        requested_by=cast.chen,
        recipient=cast.persons["bai"],
        drawn_from="pool",
    )

    order = confirm_order(
        order, stars=5, words="谢谢小安", word="问过，来过", acting_user=cast.chen
    )

    assert posted(cast.anan, station) == 30
    assert available_in_pool(station) == 0
    assert Feedback.objects.get(order=order).is_relayed is True


def test_feedback_is_given_once(cast: Cast) -> None:
    order = make_order_in("settled", cast)

    with pytest.raises(FeedbackGiven):
        give_feedback(order, stars=1, words="", acting_user=cast.fang)


def test_feedback_waits_for_the_end(cast: Cast) -> None:
    order = make_order_in("delivered", cast)

    with pytest.raises(NotAllowed):
        give_feedback(order, stars=1, words="", acting_user=cast.fang)


# Disputes -------------------------------------------------------------------------


def test_a_dispute_keeps_the_minutes_set_aside(cast: Cast, station: Station) -> None:
    order = dispute_order(
        make_order_in("delivered", cast), reason="没有人来", acting_user=cast.fang
    )

    assert order.state == State.DISPUTED
    assert held(cast.fang, station) == 30
    with pytest.raises(OutOfTurn):
        confirm_order(order, stars=5, acting_user=cast.fang)


def test_the_station_decides_for_the_recipient(cast: Cast, station: Station) -> None:
    order = make_order_in("disputed", cast)

    order = overturn_order(order, reason="电话核实，当天没有上门", acting_user=cast.chen)

    assert order.state == State.CANCELLED
    assert (posted(cast.fang, station), held(cast.fang, station)) == (30, 0)
    assert posted(cast.anan, station) == 0
    assert ServiceRecord.objects.filter(source=order.source).count() == 0


def test_the_station_decides_for_the_volunteer_in_part(cast: Cast, station: Station) -> None:
    order = make_order_in("disputed", cast)

    order = uphold_order(order, minutes=20, reason="只理了一半", acting_user=cast.chen)

    assert (order.state, order.settled_minutes) == (State.SETTLED, 20)
    assert posted(cast.anan, station) == 20
    assert posted(cast.fang, station) == 10


@pytest.mark.parametrize("who", ["anan", "fang", "zhu", "cheng", "xu", "shu"])
def test_nobody_else_decides_a_dispute(cast: Cast, who: str) -> None:
    order = make_order_in("disputed", cast)

    with pytest.raises(NotAllowed):
        overturn_order(order, reason="我说了算", acting_user=getattr(cast, who))


def test_the_officer_over_the_place_may_decide(cast: Cast) -> None:
    order = make_order_in("disputed", cast)

    order = uphold_order(order, minutes=30, reason="有现场照片", acting_user=cast.fan)

    assert order.state == State.SETTLED


def test_a_coordinator_does_not_decide_on_own_hours(cast: Cast) -> None:
    order = make_order_in("disputed", cast, requested_by=cast.chen, recipient=cast.persons["bai"])

    with pytest.raises(NotAllowed):
        overturn_order(order, reason="退给我", acting_user=cast.chen)


# Giving up ------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["placed", "accepted"])
def test_cancelling_gives_everything_back(cast: Cast, station: Station, state: str) -> None:
    order = make_order_in(state, cast)

    order = cancel_order(order, acting_user=cast.fang)

    assert order.state == State.CANCELLED
    assert (posted(cast.fang, station), held(cast.fang, station)) == (30, 0)
    told = Message.objects.filter(to_user=cast.anan, kind="order_cancel").count()
    assert told == (1 if state == "accepted" else 0)


def test_the_station_says_why_it_cancels(cast: Cast) -> None:
    order = make_order(cast)

    with pytest.raises(ReasonMissing):
        cancel_order(order, acting_user=cast.chen)
    order = cancel_order(order, reason="台风", acting_user=cast.chen)

    assert Message.objects.get(to_user=cast.fang, kind="order_cancel").body.endswith("台风")


def test_a_delivered_order_is_not_cancelled(cast: Cast, station: Station) -> None:
    order = make_order_in("delivered", cast)

    with pytest.raises(OutOfTurn):
        cancel_order(order, acting_user=cast.fang)

    assert held(cast.fang, station) == 30


def test_declining_gives_everything_back_with_a_reason(cast: Cast, station: Station) -> None:
    order = decline_order(make_order(cast), reason="这周没有人有空", acting_user=cast.chen)

    assert order.state == State.DECLINED
    assert (posted(cast.fang, station), held(cast.fang, station)) == (30, 0)
    assert "这周没有人有空" in Message.objects.get(to_user=cast.fang, kind="order_decline").body


def test_a_refused_verb_leaves_no_trace(cast: Cast, station: Station) -> None:
    order = make_order_in("settled", cast)
    changes = Change.objects.count()
    messages = Message.objects.count()

    with pytest.raises(OutOfTurn):
        cancel_order(order, acting_user=cast.fang)

    assert Change.objects.count() == changes
    assert Message.objects.count() == messages
