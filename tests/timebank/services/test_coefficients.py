"""What was served is the fact; what is credited is the fact times the coefficient of that day."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from config.demo.cast import system_user
from tests.factories.timebank import at, make_bank, make_record, make_service_type
from timebank.errors.recognition import NotBackdated
from timebank.models import ServiceCoefficient, ServiceRecord
from timebank.selectors.passbook import passbook_lines
from timebank.selectors.stars import stars_of
from timebank.selectors.statements import balance_of, statement_of
from timebank.services.banks import account_of
from timebank.services.catalogue import set_coefficient
from timebank.services.corrections import reverse_record
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
    return confirm_record(record, acting_user=cast.chen)


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
