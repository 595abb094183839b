"""Who may take an order: the paper its service asks for, a guardian's word for a minor."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from accounts.models import Change, Message, Person, User
from tests.factories.timebank import make_service_type
from tests.factories.timebank_orders import make_listing, make_order
from timebank.errors.activities import BirthUnknown, GuardianMissing, TooYoung
from timebank.errors.orders import PaperMissing, VolunteerWithoutPaper
from timebank.selectors.board import open_orders_near
from timebank.selectors.matching import volunteers_for
from timebank.services.order_reopening import orders_resting_on
from timebank.services.orders import accept_order, assign_order
from timebank.services.qualification_endings import withdraw_qualification
from timebank.services.qualifications import record_guardian_consent, verify_qualification

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


def test_minor_takes_an_order_with_a_guardians_consent_only(cast):
    order = make_order(cast)
    person = Person.objects.filter(user=cast.anan)
    day = order.wanted_on

    def born(years: int) -> None:
        person.update(born_on=day.replace(year=day.year - years, day=1))

    for born_on, refusal in ((None, BirthUnknown), (17, GuardianMissing), (12, GuardianMissing)):
        person.update(born_on=None) if born_on is None else born(born_on)
        anan = User.objects.get(pk=cast.anan.pk)
        with pytest.raises(refusal):
            accept_order(order, acting_user=anan)
        with pytest.raises(refusal):
            assign_order(order, anan, acting_user=cast.chen)
    record_guardian_consent(
        cast.anan, guardian_name="安妈妈", guardian_phone="10000000099", relation="母亲",
        accepts_child_rule=True, acting_user=cast.chen,
    )  # fmt: skip
    with pytest.raises(TooYoung):
        accept_order(order, acting_user=User.objects.get(pk=cast.anan.pk))
    born(16)

    taken = accept_order(order, acting_user=User.objects.get(pk=cast.anan.pk))

    assert taken.volunteer == cast.anan
