"""Books and accounts as seen by somebody; what a book came to at an instant."""

import pytest

from accounts.clock import database_now
from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.models.ledger import Unit
from timebank.selectors.books import (
    accounts_found,
    accounts_seen_by,
    books_seen_by,
    movements_of,
    transfers_seen_by,
    trial_balance,
)
from timebank.selectors.statements import Narrowing
from timebank.services.banks import account_of, issuance_of, organisation_account_of, pool_of
from timebank.services.funds import open_fund
from timebank.services.holds import place_hold
from timebank.services.ledger import freeze_account

pytestmark = pytest.mark.django_db


def test_accounts_are_seen_by_their_people_and_those_who_answer_for_them(cast):
    bank = make_bank()
    home = cast.stations["nanguanxiang"]
    accounts = {
        "anan": account_of(cast.anan, bank),
        "cheng": account_of(cast.cheng, bank),
        "pool": pool_of(home),
        "enze": organisation_account_of(cast.organisations["enze"], bank),
    }
    everything = {*accounts, "issuance"}

    def seen(person):
        pks = set(accounts_seen_by(person).values_list("pk", flat=True))
        named = {name for name, account in accounts.items() if account.pk in pks}
        return named | ({"issuance"} if issuance_of(bank).pk in pks else set())

    assert seen(cast.anan) == {"anan"}
    assert seen(cast.en) == {"enze"}
    assert seen(cast.chen) == {"anan", "pool"}
    assert seen(cast.cheng) == {"cheng"}
    assert seen(cast.xu) == {"cheng"}
    assert seen(cast.ding) == set()
    assert seen(cast.fan) == seen(cast.shu) == seen(cast.guo) == everything


def test_books_of_money_are_read_by_those_of_the_county(cast):
    bank = make_bank()
    fund = open_fund("ventures.round:1", label="创投", amount_fen=100, acting_user=cast.fan)

    assert set(books_seen_by(cast.fan)) == set(books_seen_by(cast.shu)) == {bank.book, fund}
    assert set(books_seen_by(cast.jin)) == {fund}
    for person in (cast.anan, cast.chen, cast.xu, cast.en):
        assert not books_seen_by(person).exists()


def test_transfers_are_seen_by_who_sees_one_of_their_sides(cast):
    make_bank()
    record = make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)

    people = ("anan", "chen", "fan", "shu", "zhu", "xu", "ding")
    seen = [
        who
        for who in people
        if transfers_seen_by(getattr(cast, who)).filter(pk=record.credit_id).exists()
    ]

    assert seen == ["anan", "chen", "fan", "shu"]


def test_trial_balance_says_what_was_there_at_an_instant():
    chen = make_user()
    book = make_book(chen)
    anan, bai = make_account(book, "安安"), make_account(book, "白奶奶")
    give(anan, 90, acting_user=chen)
    then = database_now()
    give(bai, 30, acting_user=chen)
    place_hold(
        anan, amount=20, to_account=bai, source="x", key="x", reason="理发", acting_user=chen
    )

    def rows(at):
        trial = trial_balance(book, at=at)
        assert trial.is_even
        return {row.kind: (row.accounts, row.above, row.below, row.held) for row in trial.rows}

    before = {"person": (2, 90, 0, 0), "issuance": (1, 0, 90, 0)}
    assert rows(then) == before
    assert rows(database_now()) == {"person": (2, 120, 0, 20), "issuance": (1, 0, 120, 0)}
    assert rows(book.opened_at) == {}
    assert make_issuance(book).kind == "issuance"


def test_movements_come_by_pages_with_their_sides(django_assert_num_queries):
    chen = make_user()
    book = make_book(chen, unit=Unit.POINT)
    anan = make_account(book, "安安")
    for amount in (10, 20, 30):
        give(anan, amount, acting_user=chen)

    with django_assert_num_queries(3):
        page, before = movements_of(book, limit=2)
    rest, end = movements_of(book, limit=2, before=before)

    assert [[side.amount for side in one.sides] for one in page] == [[30, -30], [20, -20]]
    assert ([one.sides[0].amount for one in rest], end) == ([10], None)
    assert movements_of(book, narrowing=Narrowing(kind="gift")) == ([], None)


def test_accounts_are_found_by_name_kind_and_state(cast):
    bank = make_bank()
    anan = account_of(cast.anan, bank)
    freeze_account(anan, reason="核实", acting_user=cast.fan)
    seen = accounts_seen_by(cast.fan)

    assert list(accounts_found(seen, words="安安")) == [anan]
    assert list(accounts_found(seen, state="frozen")) == [anan]
    assert not accounts_found(seen, words="安安", kind="pool").exists()
