"""Who has the last word on an order, who no longer calls it off, and what its record says."""

from datetime import time, timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Membership, Message, Role, User
from accounts.services.roles import end_role, grant_role
from config.demo.cast import Cast
from tests.factories.timebank_orders import an_hour_ago, make_order, make_order_in
from timebank.errors.orders import ServiceBegun
from timebank.errors.records import RelativeConfirmation, WordMissing
from timebank.models import Relation, ServiceOrder, ServiceRecord
from timebank.rules import orders as rules
from timebank.selectors.disputes import deciders_of, disputes_for, further_deciders_of
from timebank.services.order_endings import (
    cancel_order,
    confirm_order,
    dispute_order,
    overturn_order,
    uphold_order,
)
from timebank.services.order_lapses import end_lapsed_orders
from timebank.services.order_reopening import give_back_order
from timebank.services.orders import deliver_order, try_service_code

pytestmark = pytest.mark.django_db

State = ServiceOrder.State
Provenance = ServiceRecord.Provenance


def for_bai(cast: Cast, state: str) -> ServiceOrder:
    """What the station ordered for 白奶奶 from its pool."""
    return make_order_in(
        state, cast, requested_by=cast.chen, recipient=cast.persons["bai"], drawn_from="pool"
    )


def by_granddaughter(cast: Cast, state: str) -> ServiceOrder:
    """What 白佳 ordered for her grandmother, from her own hours."""
    return make_order_in(state, cast, requested_by=cast.baijia, recipient=cast.persons["bai"])


# Who decides --------------------------------------------------------------------------


def test_a_station_of_one_does_not_decide_what_it_arranged_or_disputed(cast: Cast) -> None:
    arranged = for_bai(cast, "disputed")
    raised = dispute_order(
        make_order_in("delivered", cast), reason="方爷爷打电话来说没人来", acting_user=cast.chen
    )

    for order in (arranged, raised):
        assert deciders_of(order) == [cast.dai]
        for who in ("chen", "anan", "fang", "xia", "cheng"):
            assert not rules.may_decide_dispute(getattr(cast, who), order)
        with pytest.raises(NotAllowed):
            overturn_order(order, reason="我说了算", acting_user=cast.chen)
        assert order in disputes_for(cast.dai)
        assert disputes_for(cast.chen) == []
    told = Message.objects.filter(kind="order_dispute", title__contains="需要您裁定")
    assert list(told.values_list("to_user", flat=True)) == [cast.dai.pk] * 2
    assert uphold_order(raised, minutes=30, reason="邻居看见了", acting_user=cast.dai).state


def test_the_station_decides_what_it_has_no_part_in(cast: Cast) -> None:
    order = make_order_in("disputed", cast)

    assert deciders_of(order) == [cast.chen]
    assert further_deciders_of(order) == [cast.dai, cast.fan]
    assert disputes_for(cast.chen) == [order]


def test_without_a_towns_worker_the_officer_over_it_decides(cast: Cast) -> None:
    order = for_bai(cast, "disputed")
    for role in list(Role.objects.active().filter(user=cast.dai)):
        end_role(role, reason="调离", acting_user=cast.system)

    assert deciders_of(order) == [cast.fan]


def test_who_belongs_with_the_volunteer_neither_confirms_for_others_nor_decides(
    cast: Cast,
) -> None:
    body = cast.organisations["enze"]
    for user in (cast.anan, cast.chen):
        Membership.objects.create(user=user, organisation=body)
        grant_role(user, Role.Kind.MEMBER, organisation=body, acting_user=cast.system)
    chen, anan = (User.objects.get(pk=user.pk) for user in (cast.chen, cast.anan))

    delivered = make_order_in("delivered", cast)
    delivered.volunteer = anan

    assert not rules.may_judge_service(chen, delivered)
    assert not rules.may_decide_dispute(chen, delivered)
    assert rules.may_judge_service(cast.fang, delivered)


def test_a_declared_relative_neither_confirms_nor_decides_nor_lets_time_confirm(
    cast: Cast,
) -> None:
    Relation.objects.create(declared_by=cast.anan, relative=cast.fang, kind="kin")
    Relation.objects.create(declared_by=cast.chen, relative=cast.anan, kind="kin")
    order = make_order_in("accepted", cast)
    try_service_code(order, order.service_code, acting_user=cast.anan)
    order = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=cast.anan
    )

    for who in (cast.fang, cast.chen):
        with pytest.raises(RelativeConfirmation):
            confirm_order(order, stars=5, word="来过", acting_user=who)
        assert not rules.may_decide_dispute(who, order)
    ServiceOrder.objects.update(lapses_at=an_hour_ago())
    assert end_lapsed_orders() == 1
    order.refresh_from_db()
    assert order.state == State.DISPUTED
    assert deciders_of(order) == [cast.dai]
    uphold_order(order, minutes=30, reason="邻居看见了", acting_user=cast.dai)
    assert ServiceRecord.objects.get().provenance == Provenance.DECISION


def test_a_code_that_a_relative_could_read_out_is_nobodys_word(cast: Cast) -> None:
    Relation.objects.create(declared_by=cast.fang, relative=cast.anan, kind="household")
    order = make_order_in("accepted", cast)
    try_service_code(order, order.service_code, acting_user=cast.anan)
    order = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=cast.anan
    )

    confirm_order(order, stars=5, heard="call_back", word="来过", acting_user=cast.chen)

    assert ServiceRecord.objects.get().provenance == Provenance.CALL_BACK


# Calling off --------------------------------------------------------------------------


def begun(order: ServiceOrder) -> ServiceOrder:
    """As if the agreed time had begun this morning and lasted all day."""
    ServiceOrder.objects.filter(pk=order.pk).update(
        wanted_on=timezone.localdate(), wanted_from=time(0), wanted_to=time(23, 59, 59)
    )
    order.refresh_from_db()
    return order


def test_once_the_time_has_begun_only_the_station_calls_a_taken_order_off(cast: Cast) -> None:
    order = begun(make_order_in("accepted", cast))

    with pytest.raises(ServiceBegun) as refusal:
        cancel_order(order, acting_user=cast.fang)

    assert "南关厢时间银行服务站" in str(refusal.value)
    assert order.station.phone in str(refusal.value)
    order.refresh_from_db()
    assert order.state == State.ACCEPTED
    assert cancel_order(order, reason="双方说好改天", acting_user=cast.chen).state == "cancelled"


def test_given_back_by_the_volunteer_who_asked_calls_it_off(cast: Cast) -> None:
    """Both sides together: she gives it back, he cancels."""
    order = begun(make_order_in("accepted", cast))
    order = give_back_order(order, reason="说好改天", acting_user=cast.anan)

    assert cancel_order(order, acting_user=cast.fang).state == State.CANCELLED


def test_an_order_nobody_took_is_called_off_at_any_time(cast: Cast) -> None:
    assert cancel_order(begun(make_order(cast)), acting_user=cast.fang).state == State.CANCELLED


# What the record says --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "who", "heard", "provenance"),
    [
        (make_order_in, "fang", "", Provenance.RECIPIENT),
        (make_order_in, "chen", "call_back", Provenance.CALL_BACK),
        (by_granddaughter, "baijia", "", Provenance.REQUESTER),
        (by_granddaughter, "chen", "call_back", Provenance.CALL_BACK),
        (for_bai, "chen", "station", Provenance.STATION),
    ],
)
def test_the_record_says_what_really_confirmed_it(cast: Cast, make, who, heard, provenance) -> None:
    state = "delivered"
    order = make(state, cast) if make is make_order_in else make(cast, state)

    asks = partial(confirm_order, order, stars=5, heard=heard, acting_user=getattr(cast, who))
    if heard:
        with pytest.raises(WordMissing):
            asks()
    asks(word="问过，来过" if heard else "")

    record = ServiceRecord.objects.get()
    assert (record.provenance, bool(record.verified_how)) == (provenance, bool(heard))


def test_a_code_told_at_the_door_is_the_recipients_word(cast: Cast) -> None:
    order = for_bai(cast, "accepted")
    try_service_code(order, order.service_code, acting_user=cast.anan)
    order = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=cast.anan
    )

    confirm_order(order, stars=5, acting_user=cast.chen)

    assert ServiceRecord.objects.get().provenance == Provenance.RECIPIENT_CODE


def test_a_decision_is_called_one(cast: Cast) -> None:
    order = make_order_in("disputed", cast)

    uphold_order(order, minutes=30, reason="邻居看见了", acting_user=cast.chen)

    assert ServiceRecord.objects.get().provenance == Provenance.DECISION


def test_service_over_midnight_is_one_service(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    began = midnight - timedelta(minutes=20)
    ServiceOrder.objects.filter(pk=order.pk).update(placed_at=began - timedelta(hours=2))

    order = deliver_order(
        order,
        served_from=began,
        served_to=min(midnight + timedelta(minutes=10), timezone.now()),
        acting_user=cast.anan,
    )

    assert order.served_minutes >= 20
