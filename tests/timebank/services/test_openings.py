"""Opening balances: tried out row by row, all or nothing, nothing twice, by two people."""

import pytest

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change
from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_corrections import make_opening, opening_table, plain_phone
from timebank.errors.books import FileTakenIn, OpeningBroughtBefore
from timebank.errors.ledger import AccountHasMoved
from timebank.models import Entry, OpeningImport, Transfer, TransferKind
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.opening_tables import try_openings
from timebank.services.openings import (
    approve_openings,
    propose_openings,
    refuse_openings,
    withdraw_openings,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


def errors_of(trial):
    return {row.number: row.errors for row in trial.faulty}


def test_each_row_says_what_is_wrong_with_it_and_nothing_is_written(cast, bank):
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    zhu, baijia = plain_phone(cast.zhu), plain_phone(cast.baijia)
    table = [
        ["2025 年台账"],
        *opening_table(
            ("诸阿姨", zhu, "90"),
            ("", baijia, "60"),
            ("白佳", "10000099999", "60"),
            ("张三", zhu, "1.5"),
            ("诸阿姨", zhu, "0"),
            ("安安", plain_phone(cast.anan), "30"),
            ("白佳", baijia, "=1+1"),
        ),
    ]

    trial = try_openings(bank, table, origin="原台账")

    assert errors_of(trial) == {
        4: ["没有姓名。"],
        5: ["没有用这个手机号登记的人。请先为他登记。"],
        6: ["姓名与这个手机号登记的不一致。", "分钟要填整数，例如 90。"],
        7: ["分钟要在 1 到 600000 之间。", "与第 3 行是同一个人，请合并成一行。"],
        8: ["这个人的账户已经有账目，不能再导入期初，请改用调账。"],
        9: ["分钟要填整数，例如 90。"],
    }
    assert not OpeningImport.objects.exists()
    assert not Transfer.objects.filter(kind=TransferKind.OPENING).exists()


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ([], "表头缺少"),
        ([["姓名", "电话"], ["安安", "1"]], "表头缺少：手机号、分钟"),
        ([["姓名", "手机号", "分钟"]], "表里没有数据行"),
    ],
)
def test_a_table_without_heads_or_rows_is_refused_whole(cast, bank, table, error):
    trial = try_openings(bank, table, origin="原台账")

    assert error in trial.errors[0]
    assert not trial.is_clean


def test_all_rows_are_posted_when_the_second_person_approves(cast, bank):
    opening = make_opening(bank, cast, cast.zhu, cast.baijia)
    assert Entry.objects.count() == 0

    for person in (cast.fan, cast.chen, cast.shu):
        with pytest.raises(NotAllowed):
            approve_openings(opening, acting_user=person)
    approve_openings(opening, acting_user=cast.guo)

    assert [balance_of(account_of(who, bank)).posted for who in (cast.zhu, cast.baijia)] == [90, 90]
    transfers = Transfer.objects.filter(kind=TransferKind.OPENING)
    assert {one.source for one in transfers} == {f"timebank.opening:{opening.pk}"}
    assert all(one.happened_at <= one.recorded_at for one in transfers)
    with pytest.raises(OutOfTurn):
        approve_openings(opening, acting_user=cast.guo)
    verbs = Change.objects.filter(content_type__model="openingimport").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["propose", "approve"]
    assert differences_in(bank.book) == []


def test_nothing_is_brought_in_twice(cast, bank):
    opening = make_opening(bank, cast, cast.zhu)
    table = opening_table(("诸阿姨", plain_phone(cast.zhu), "90"))
    waiting = try_openings(bank, table, origin="原台账")
    assert errors_of(waiting) == {2: ["这个编号已经导入过或正在复核。"]}
    other = try_openings(bank, table, origin="另一本台账")
    with pytest.raises(FileTakenIn):
        propose_openings(
            bank,
            other,
            origin="另一本台账",
            as_of=opening.as_of,
            reason="再来一次",
            file_name="x.csv",
            digest=opening.digest,
            request_key="00000000-0000-4000-8000-000000000001",
            acting_user=cast.fan,
        )
    twin = OpeningImport.objects.get(pk=opening.pk)
    twin.pk, twin.digest, twin.request_key = None, "f" * 64, "00000000-0000-4000-8000-000000000002"
    twin.save()
    twin.rows.create(number=2, person=cast.zhu, minutes=90, reference="JF001")

    approve_openings(opening, acting_user=cast.guo)

    with pytest.raises(OpeningBroughtBefore):
        approve_openings(twin, acting_user=cast.guo)
    assert balance_of(account_of(cast.zhu, bank)).posted == 90


def test_one_row_that_cannot_be_posted_stops_all(cast, bank):
    opening = make_opening(bank, cast, cast.zhu, cast.anan)
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)

    with pytest.raises(AccountHasMoved):
        approve_openings(opening, acting_user=cast.guo)

    opening.refresh_from_db()
    assert opening.state == "proposed"
    assert balance_of(account_of(cast.zhu, bank)).posted == 0


def test_who_is_in_the_table_does_not_approve_it(cast, bank):
    opening = make_opening(bank, cast, cast.guo)

    with pytest.raises(NotAllowed):
        approve_openings(opening, acting_user=cast.guo)


def test_refused_or_withdrawn_may_be_brought_again(cast, bank):
    refused = make_opening(bank, cast, cast.zhu)
    with pytest.raises(ReasonMissing):
        refuse_openings(refused, reason="", acting_user=cast.guo)
    refuse_openings(refused, reason="缺站点盖章", acting_user=cast.guo)

    withdrawn = make_opening(bank, cast, cast.zhu)
    withdraw_openings(withdrawn, acting_user=cast.fan)

    assert make_opening(bank, cast, cast.zhu).state == "proposed"
    assert Entry.objects.count() == 0
