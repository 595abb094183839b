"""The statement of an account: lines with running balance, pages by position, totals, the curve."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.models.ledger import AccountKind, Leg, TransferKind
from timebank.selectors.statements import (
    CurvePoint,
    MonthTotal,
    Narrowing,
    all_lines_of,
    balance_curve,
    number_of_lines,
    open_holds_of,
    statement_of,
    totals_by_kind,
    totals_by_month,
)
from timebank.services.holds import place_hold
from timebank.services.ledger import Posting, post_batch, post_transfer, reverse_transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen():
    return make_user("陈站长")


@pytest.fixture
def book(chen):
    return make_book(chen)


@pytest.fixture
def anan(book):
    return make_account(book, "安安")


@pytest.fixture
def bai(book):
    return make_account(book, "白奶奶")


def reward(account, amount, chen, *, on=(2026, 3, 5), **facts):
    return post_transfer(
        book=account.book,
        from_account=make_issuance(account.book),
        to_account=account,
        amount=amount,
        kind=TransferKind.REWARD,
        reason="为白奶奶理发",
        source="timebank.servicerecord:7",
        key=f"reward:{on}:{amount}",
        happened_at=datetime(*on, 9, 0, tzinfo=UTC),
        acting_user=chen,
        **facts,
    )


def gift(anan, bai, amount, chen, *, on=(2026, 4, 1)):
    return post_transfer(
        book=anan.book,
        from_account=anan,
        to_account=bai,
        amount=amount,
        kind=TransferKind.GIFT,
        reason="送给白奶奶",
        source="timebank.gift:1",
        key=f"gift:{on}:{amount}",
        happened_at=datetime(*on, 9, 0, tzinfo=UTC),
        acting_user=chen,
    )


def test_statement_tells_each_line_in_plain_words(anan, bai, chen):
    fan = make_user("范科长")
    earned = reward(anan, 60, chen, on_behalf_of=fan)
    given = gift(anan, bai, 20, chen)

    statement = statement_of(anan)

    latest, first = statement.lines
    assert (latest.amount, latest.balance_after, latest.kind_label) == (-20, 40, "捐赠转赠")
    assert (latest.other_side, latest.transfer_id) == ("白奶奶", given.pk)
    assert (first.amount, first.balance_after, first.kind_label) == (60, 60, "服务所得")
    assert (first.reason, first.source) == ("为白奶奶理发", "timebank.servicerecord:7")
    assert (first.other_side, first.acting_name, first.on_behalf_of_name) == (
        "发放账户", "陈站长", "范科长",
    )  # fmt: skip
    assert (first.at, first.transfer_id) == (earned.happened_at, earned.pk)
    assert statement.next_before is None


def test_statement_goes_on_page_by_page(anan, chen):
    for day in range(1, 6):
        reward(anan, 10, chen, on=(2026, 3, day))

    first = statement_of(anan, limit=2)
    second = statement_of(anan, limit=2, before=first.next_before)
    reward(anan, 10, chen, on=(2026, 3, 6))
    third = statement_of(anan, limit=2, before=second.next_before)

    balances = [[line.balance_after for line in page.lines] for page in (first, second, third)]
    assert balances == [[50, 40], [30, 20], [10]]
    assert third.next_before is None


def test_statement_of_issuance_has_no_balances_but_pages_too(book, anan, chen):
    for day in range(1, 4):
        reward(anan, 10, chen, on=(2026, 3, day))
    issuance = make_issuance(book)

    first = statement_of(issuance, limit=2)
    second = statement_of(issuance, limit=2, before=first.next_before)

    lines = first.lines + second.lines
    assert [(line.amount, line.balance_after) for line in lines] == [(-10, None)] * 3
    assert [line.at.day for line in lines] == [3, 2, 1]


def test_statement_names_everybody_on_the_other_side(book, anan, bai, chen):
    pool = make_account(book, "爱心时间库", kind=AccountKind.POOL)
    give(anan, 90, acting_user=chen)
    post_transfer(
        book=book,
        legs=[Leg(anan, -90), Leg(bai, 60), Leg(pool, 30)],
        kind=TransferKind.GIFT,
        reason="",
        source="test:1",
        key="1",
        acting_user=chen,
    )

    assert statement_of(anan).lines[0].other_side == "白奶奶、爱心时间库"


def test_reversed_line_says_so_and_stays(anan, chen):
    wrong = reward(anan, 60, chen)
    reverse_transfer(wrong, reason="记错了", key="r:1", acting_user=chen)

    reversal, reversed_line = statement_of(anan).lines

    assert (reversal.kind_label, reversal.amount, reversal.is_reversed) == ("冲正", -60, False)
    assert (reversed_line.amount, reversed_line.is_reversed) == (60, True)


@pytest.mark.parametrize("lines", [1, 3])
def test_statement_asks_four_questions_however_long(anan, bai, chen, lines):
    for day in range(1, lines + 1):
        reward(anan, 10, chen, on=(2026, 3, day))

    with CaptureQueriesContext(connection) as asked:
        statement = statement_of(anan)

    assert len(statement.lines) == lines
    assert len(asked) == 4
    ledger_questions = [query["sql"] for query in asked if '"ledger"' in query["sql"]]
    assert all('"book_id" =' in question for question in ledger_questions)


def test_totals_by_month_are_by_when_it_happened_here(anan, bai, chen):
    reward(anan, 60, chen, on=(2026, 3, 5))
    reward(anan, 30, chen, on=(2026, 3, 6))
    gift(anan, bai, 20, chen, on=(2026, 4, 1))

    assert totals_by_month(anan) == [
        MonthTotal(month=date(2026, 3, 1), gained=90, given=0),
        MonthTotal(month=date(2026, 4, 1), gained=0, given=20),
    ]


def test_midnight_in_haining_divides_the_days(anan, chen):
    post_transfer(
        book=anan.book,
        from_account=make_issuance(anan.book),
        to_account=anan,
        amount=60,
        kind=TransferKind.REWARD,
        reason="",
        source="test:1",
        key="1",
        happened_at=datetime(2026, 3, 31, 16, 30, tzinfo=UTC),
        acting_user=chen,
    )

    assert balance_curve(anan) == [CurvePoint(on=date(2026, 4, 1), balance=60)]
    assert totals_by_month(anan)[0].month == date(2026, 4, 1)


def test_curve_follows_the_days_things_happened(anan, bai, chen):
    reward(anan, 60, chen, on=(2026, 3, 5))
    gift(anan, bai, 20, chen, on=(2026, 4, 1))
    reward(anan, 15, chen, on=(2026, 3, 5))
    reward(anan, 10, chen, on=(2026, 3, 20))

    assert balance_curve(anan) == [
        CurvePoint(date(2026, 3, 5), 75),
        CurvePoint(date(2026, 3, 20), 85),
        CurvePoint(date(2026, 4, 1), 65),
    ]


def test_open_holds_name_their_receiver(anan, bai, chen, django_assert_num_queries):
    give(anan, 90, acting_user=chen)
    for number in range(3):
        place_hold(
            anan, amount=10, to_account=bai, source=f"o:{number}", key=f"h:{number}",
            reason="陪诊", acting_user=chen,
        )  # fmt: skip

    with django_assert_num_queries(1):
        holds = open_holds_of(anan)
        receivers = {hold.to_account.label for hold in holds}

    assert [hold.source for hold in holds] == ["o:0", "o:1", "o:2"]
    assert receivers == {"白奶奶"}


def test_account_without_entries_has_an_empty_story(anan):
    assert statement_of(anan).lines == []
    assert totals_by_month(anan) == []
    assert balance_curve(anan) == []
    assert open_holds_of(anan) == []


def test_statement_is_narrowed_and_keeps_the_accounts_balance(anan, bai, chen):
    reward(anan, 90, chen, on=(2026, 3, 5))
    given = post_transfer(
        book=anan.book, from_account=anan, to_account=bai, amount=30, kind=TransferKind.GIFT,
        reason="送给白奶奶", source="x", key="x", acting_user=chen,
        happened_at=datetime(2026, 4, 1, 9, 0, tzinfo=UTC),
    )  # fmt: skip

    def lines(**wanted):
        page = statement_of(anan, narrowing=Narrowing(**wanted))
        assert number_of_lines(anan, Narrowing(**wanted)) == len(page.lines)
        return [(line.amount, line.balance_after) for line in page.lines]

    assert lines(kind="gift") == lines(direction="out") == lines(words="白奶奶", direction="out")
    assert lines(direction="out") == [(-30, 60)]
    assert lines(direction="in", until=date(2026, 3, 5)) == [(90, 90)]
    assert lines(since=date(2026, 3, 6), until=date(2026, 3, 31)) == []
    assert [(k.kind, k.gained, k.given, k.lines) for k in totals_by_kind(anan)] == [
        ("reward", 90, 0, 1), ("gift", 0, 30, 1)
    ]  # fmt: skip
    assert [line.transfer_id for line in all_lines_of(bai)] == [given.pk]


def test_fifty_lines_of_a_long_account_are_read_by_the_index(anan, chen):
    issuance = make_issuance(anan.book)
    post_batch(
        anan.book,
        [
            Posting(
                legs=Leg.pair(from_account=issuance, to_account=anan, amount=1),
                kind="reward", reason="活动", source="x", key=f"many:{number}",
            )
            for number in range(1_200)
        ],
        acting_user=chen,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        page = statement_of(anan, before=600, limit=50)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked.captured_queries[0]['sql']}")
        plan = cursor.fetchone()[0][0]

    assert [page.lines[0].position, page.lines[-1].position] == [599, 550]
    assert "entry_numbered_once" in str(plan)
    assert plan["Plan"]["Actual Rows"] == 51
