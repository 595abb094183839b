"""Orders of a service that asks for a training or certificate: taken, assigned, opened again."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from accounts.models import Change, Message
from tests.factories.timebank import make_service_type
from tests.factories.timebank_orders import make_listing, make_order
from timebank.errors.orders import PaperMissing, VolunteerWithoutPaper
from timebank.selectors.board import open_orders_near
from timebank.selectors.matching import volunteers_for
from timebank.services.order_reopening import orders_resting_on
from timebank.services.orders import accept_order, assign_order
from timebank.services.qualification_endings import withdraw_qualification
from timebank.services.qualifications import verify_qualification

pytestmark = pytest.mark.django_db


def test_only_who_has_the_paper_on_the_day_takes_an_order_that_asks_for_it(cast):
    kind = make_service_type("S90", qualification="escort")
    listing = make_listing(cast.stations["nanguanxiang"], title="陪诊", service_type=kind)
    order = make_order(cast, listing=listing)
    other = make_order(cast)

    def offered():
        return {one.pk: one.has_paper for one in open_orders_near(cast.anan)}

    assert offered() == {order.pk: False, other.pk: True}
    assert cast.anan not in volunteers_for(order)
    assert cast.anan in volunteers_for(other)
    with pytest.raises(PaperMissing):
        accept_order(order, acting_user=cast.anan)
    with pytest.raises(VolunteerWithoutPaper):
        assign_order(order, cast.anan, acting_user=cast.chen)
    early = verify_qualification(
        cast.anan, "escort", valid_until=localdate(), acting_user=cast.chen
    )
    with pytest.raises(PaperMissing):
        accept_order(order, acting_user=cast.anan)
    assert early.valid_until < order.wanted_on
    order.refresh_from_db()
    assert (order.state, order.volunteer) == ("placed", None)

    paper = verify_qualification(
        cast.anan, "escort", valid_until=localdate() + timedelta(days=365), acting_user=cast.chen
    )

    assert offered() == {order.pk: True, other.pk: True}
    assert cast.anan in volunteers_for(order)
    order = accept_order(order, acting_user=cast.anan)
    assert [one.pk for one in orders_resting_on(paper)] == [order.pk]

    freed = withdraw_qualification(paper, reason="证书是别人的", acting_user=cast.chen)

    order.refresh_from_db()
    assert (freed.orders, order.state, order.volunteer) == (1, "placed", None)
    change = Change.objects.get(verb="reopen", object_id=order.pk)
    assert (change.acting_user.kind, change.facts["withdrawn_by"]) == ("system", cast.chen.pk)
    told = Message.objects.filter(kind="order_reopen").values_list("to_user", flat=True)
    assert {cast.anan.pk, cast.fang.pk, cast.chen.pk} == set(told)
    with pytest.raises(PaperMissing):
        accept_order(order, acting_user=cast.anan)
