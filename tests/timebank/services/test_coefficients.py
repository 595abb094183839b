"""What was served is the fact; what is credited is the fact times the coefficient of that day."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from config.demo.cast import system_user
from tests.factories.timebank import ASKED, at, make_bank, make_record, make_service_type
from tests.factories.timebank_orders import an_hour_ago, give_hours, make_order
from timebank.errors.recognition import NotBackdated
from timebank.models import ServiceCoefficient, ServiceRecord
from timebank.selectors.passbook import passbook_lines
from timebank.selectors.stars import stars_of
from timebank.selectors.statements import balance_of, statement_of
from timebank.services.banks import account_of
from timebank.services.catalogue import set_coefficient
from timebank.services.corrections import reverse_record
from timebank.services.order_endings import confirm_order
from timebank.services.orders import accept_order, deliver_order
from timebank.services.record_decisions import confirm_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


def weigh(bank, hundredths, days_ago=30, acting_user=None):
    return set_coefficient(
        bank,
        make_service_type(),
        hundredths=hundredths,
        starts_on=timezone.localdate() - timedelta(days=days_ago),
        basis="演示：时间银行管理办法",
        acting_user=acting_user or system_user(),
    )


def confirmed(cast, **facts):
    record = make_record(cast.anan, cast.stations["nanguanxiang"], **facts)
    return confirm_record(record, word=ASKED, acting_user=cast.chen)


def test_the_ledger_gets_the_credit_and_everything_else_the_fact(cast, bank):
    weigh(bank, 150)

    record = confirmed(cast, started_at=at(14), ended_at=at(14, 35))

    assert (record.served_minutes, record.credit_minutes) == (35, 53)  # 52.5, half up
    account = account_of(cast.anan, bank)
    assert balance_of(account).posted == 53
    assert stars_of(cast.anan).minutes == 35
    line = statement_of(account).lines[0]
    assert "服务 35 分钟 × 系数 1.5" in line.reason
    (told,) = passbook_lines([line], reader=cast.anan)
    assert "服务 35 分，按系数 1.5 记入 53 分" in str(told.detail)
    reverse_record(record, reason="演示", acting_user=cast.fan)
    assert balance_of(account).posted == 0


def test_the_coefficient_is_that_of_the_day_of_the_service(cast, bank):
    weigh(bank, 200, days_ago=9)
    weigh(bank, 120, days_ago=3)

    found = [
        confirmed(cast, started_at=at(9, days_ago=days), ended_at=at(10, days_ago=days))
        for days in (10, 9, 4, 3)
    ]

    assert [record.credit_minutes for record in found] == [60, 120, 120, 72]


@pytest.mark.parametrize(("minutes", "credited"), [(1, 0), (2, 1), (5, 2), (7, 2), (100, 30)])
def test_rounding_is_half_up_to_the_minute_in_the_database(cast, bank, minutes, credited):
    weigh(bank, 30)

    record = confirmed(cast, ended_at=at(14) + timedelta(minutes=minutes))

    assert record.credit_minutes == credited
    assert (record.credit_id is None) == (credited == 0)
    assert balance_of(account_of(cast.anan, bank)).posted == credited
    if not credited:  # what brought nothing is taken back without a transfer
        reversed_ = reverse_record(record, reason="演示", acting_user=cast.fan)
        assert reversed_.state == ServiceRecord.State.REVERSED


def test_who_keeps_the_books_weighs_from_today_on_with_a_basis(cast, bank):
    with pytest.raises(NotAllowed):
        weigh(bank, 150, days_ago=0, acting_user=cast.chen)
    with pytest.raises(NotBackdated):
        weigh(bank, 150, days_ago=1, acting_user=cast.fan)
    with pytest.raises(ReasonMissing):
        set_coefficient(
            bank,
            make_service_type(),
            hundredths=150,
            starts_on=timezone.localdate(),
            basis=" ",
            acting_user=cast.fan,
        )

    row = weigh(bank, 150, days_ago=0, acting_user=cast.fan)

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE timebank_servicecoefficient SET hundredths = 500")
    assert ServiceCoefficient.objects.get() == row


def test_page_shows_what_holds_and_takes_a_new_row(client, cast, bank):
    client.force_login(cast.fan)
    address = f"/time/banks/{bank.pk}/coefficients/"
    kind = make_service_type()

    answer = client.post(
        address,
        {
            "service_type": kind.pk,
            "coefficient": "1.25",
            "starts_on": timezone.localdate().isoformat(),
            "basis": "海社工〔2026〕1 号（演示）",
        },
        follow=True,
    )

    assert "1.25" in answer.content.decode()
    assert "海社工〔2026〕1 号（演示）" in answer.content.decode()


def test_an_order_sets_aside_and_settles_weighed_time_and_keeps_its_coefficient(cast, bank):
    weigh(bank, 150)
    give_hours(cast.fang, 60, station=cast.stations["nanguanxiang"])
    order = make_order(cast, minutes=30)
    account = account_of(cast.fang, bank)
    aside = balance_of(account).held
    weigh(bank, 300, days_ago=0)
    order = accept_order(order, acting_user=cast.anan)
    served_from = an_hour_ago()
    order = deliver_order(
        order,
        served_from=served_from,
        served_to=served_from + timedelta(minutes=25),
        acting_user=cast.anan,
    )

    order = confirm_order(order, stars=5, acting_user=cast.fang)

    assert (aside, order.coefficient) == (45, 150)
    assert (order.settled_minutes, order.moved_minutes) == (25, 38)  # 37.5, half up
    record = ServiceRecord.objects.get(source=order.source)
    assert (record.minutes, record.coefficient, record.credit_minutes) == (25, 150, 38)
    assert balance_of(account_of(cast.anan, bank)).posted == 38
    assert (balance_of(account).posted, balance_of(account).held) == (52, 0)


def test_order_page_says_what_is_set_aside_and_why(client, cast, bank):
    weigh(bank, 200)
    give_hours(cast.fang, 60, station=cast.stations["nanguanxiang"])
    order = make_order(cast, minutes=30)
    client.force_login(cast.fang)

    page = client.get(order.get_absolute_url()).content.decode()
    menu = client.get(order.listing.get_absolute_url()).content.decode()

    assert "（服务 30 分 × 系数 2）" in page
    assert "点单时预留 1 小时" in menu
