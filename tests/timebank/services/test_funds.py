"""Whose money a fund is: accounts for each source, and what awards took of each, to the fen."""

from uuid import uuid4

import pytest
from django.db.models import Sum

from accounts.errors import NotAllowed
from tests.factories.timebank_corrections import make_adjustment, make_evidence
from timebank.errors.books import FundExceeded, NotOfThisBank, SourcesWouldMix, StandingAskedFor
from timebank.errors.ledger import (
    AccountFrozen,
    AccountNotEmpty,
    KeyUsedForOther,
    NotEnoughMoney,
)
from timebank.models.adjustments import Adjustment
from timebank.models.ledger import AccountKind, AccountState, Entry, Unit
from timebank.selectors.audit import differences_in
from timebank.selectors.corrections import state_changes_of
from timebank.selectors.funds import (
    FundPosition,
    fund_position,
    shared_out,
    sources_of_fund,
)
from timebank.services.adjustments import approve_correction, propose_standing
from timebank.services.funds import (
    FundPart,
    add_to_fund,
    commit_fund,
    open_fund,
    release_commitment,
)
from timebank.services.ledger import open_account, open_book, post_transfer
from timebank.services.standing import freeze

pytestmark = pytest.mark.django_db
KEY = "ventures.round:7"
PARTS = (FundPart("source:1", "福彩公益金", 60_00), FundPart("source:2", "基金会（善益）", 40_01))


def opened(cast, parts=PARTS):
    return open_fund(KEY, label="创投", amount_fen=100_01, parts=parts, acting_user=cast.fan)


def award(cast, fen, key="a"):
    return commit_fund(
        KEY, amount_fen=fen, source="ventures.proposal:1", key=key, reason="", acting_user=cast.fan
    )


def shares_of(source):
    """What each source bears of what `source` committed, as the ledger's entries say."""
    entries = Entry.objects.filter(
        book__owner_key=KEY, account__kind=AccountKind.COMMITMENT, transfer__source=source
    )
    sums = entries.order_by("account__owner_key").values("account__owner_key")
    return [row["fen"] for row in sums.annotate(fen=Sum("amount")) if row["fen"]]


def drawn(cast, number, fen):
    """An award of its own cause, and what each source bears of it."""
    source = f"ventures.proposal:{number}"
    pk = commit_fund(
        KEY, amount_fen=fen, source=source, key=f"a{number}", reason="", acting_user=cast.fan
    )
    return pk, shares_of(source)


def given_back(cast, number, fen, key):
    return release_commitment(
        KEY, amount_fen=fen, source=f"ventures.proposal:{number}", key=key, reason="退回",
        acting_user=cast.fan,
    )  # fmt: skip


def test_ledger_answers_where_the_money_of_a_source_went_to_the_fen(cast):
    book = opened(cast)
    assert opened(cast) == book
    with pytest.raises(KeyUsedForOther):
        opened(cast, (*PARTS[:1], FundPart("source:2", "企业", 40_00), FundPart("3", "村", 1)))
    add_to_fund(
        KEY, amount_fen=9_99, part_key="source:2", source=KEY, key="more", reason="追加",
        acting_user=cast.jin,
    )  # fmt: skip

    first, shares = drawn(cast, 1, 33_33)
    again, _same = drawn(cast, 1, 33_33)
    _second, others = drawn(cast, 2, 1)

    assert (again, shares, others) == (first, [18_18, 15_15], [1])
    assert sorted(Entry.objects.filter(transfer_id=first).values_list("amount", flat=True)) == [
        -18_18, -15_15, 15_15, 18_18,
    ]  # fmt: skip
    welfare, foundation = sources_of_fund(KEY)
    assert fund_position(KEY) == FundPosition(110_00, 33_34, 76_66)
    assert (welfare.account.label, welfare.brought_fen, welfare.committed_fen) == (
        "福彩公益金", 60_00, 18_19,
    )  # fmt: skip
    assert (foundation.brought_fen, foundation.free_fen) == (50_00, 34_85)
    with pytest.raises(FundExceeded) as refused:
        drawn(cast, 3, 76_67)
    assert refused.value.facts["available_fen"] == 76_66
    # Of a part its share of the part, to the fen; of the rest the rest, so that nothing is left.
    given_back(cast, 1, 11_11, "r1")
    assert shares_of("ventures.proposal:1") == [12_12, 10_10]
    with pytest.raises(NotEnoughMoney) as refused:
        given_back(cast, 1, 22_23, "r2")
    assert refused.value.facts["available"] == 22_22
    assert given_back(cast, 1, 22_22, "r2") == given_back(cast, 1, 22_22, "r2")
    assert shares_of("ventures.proposal:1") == []
    # Down to the last fen, of which every source gives all it has.
    _pk, all_of_it = drawn(cast, 4, fund_position(KEY).free_fen)
    assert [source.free_fen for source in sources_of_fund(KEY)] == [0, 0]
    assert sum(all_of_it) == fund_position(KEY).committed_fen - 1
    assert differences_in(book) == []
    assert shared_out(10, [1, 1, 1]) == [4, 3, 3]
    assert shared_out(5, []) == shared_out(5, [0, 0])[:0] == []
    assert sources_of_fund("nobody") == []


def test_money_of_one_source_never_becomes_anothers(cast):
    book = opened(cast)
    mine, other = book.accounts.filter(kind=AccountKind.SOURCE).order_by("pk")
    free, theirs = book.accounts.filter(kind=AccountKind.FUND).order_by("pk")

    for giver, taker in ((mine, theirs), (free, theirs), (mine, other)):
        with pytest.raises(SourcesWouldMix):
            make_adjustment(book, taker, cast.jin, from_account=giver, amount=1)
    with pytest.raises(SourcesWouldMix):
        propose_standing(
            free, state=AccountState.CLOSED, to_account=theirs, reason="结清",
            evidence=make_evidence(cast.jin), request_key=uuid4(), acting_user=cast.jin,
        )  # fmt: skip
    approve_correction(
        make_adjustment(book, free, cast.jin, from_account=mine, amount=5_00), acting_user=cast.fan
    )

    assert [source.brought_fen for source in sources_of_fund(KEY)] == [65_00, 40_01]
    post_transfer(  # what no page and no service of ours would do, the recount finds
        book=book, from_account=free, to_account=theirs, amount=1, kind="adjustment", reason="",
        source="test", key="mixed", acting_user=cast.fan,
    )  # fmt: skip
    assert {(one.rule, one.found) for one in differences_in(book)} == {
        ("source_keeps_its_money", "-1"), ("source_keeps_its_money", "1"),
    }  # fmt: skip


def test_fund_of_before_keeps_one_free_account_for_all(cast):
    """As funds were opened until each source had accounts of its own."""
    book = open_book(name="旧届", unit=Unit.FEN, owner_key=KEY, acting_user=cast.fan)
    for kind in (AccountKind.FUND, AccountKind.COMMITMENT):
        open_account(book, kind=kind, owner_key=KEY, label=str(kind.label))
    opened(cast)
    assert opened(cast) == book
    add_to_fund(
        KEY,
        amount_fen=99,
        part_key="source:1",
        source=KEY,
        key="more",
        reason="",
        acting_user=cast.jin,
    )

    _pk, shares = drawn(cast, 1, 50_50)

    assert shares == [50_50]
    assert [source.committed_fen for source in sources_of_fund(KEY)] == [30_50, 20_00]
    given_back(cast, 1, 50_50, "r")
    assert fund_position(KEY) == FundPosition(101_00, 0, 101_00)
    assert differences_in(book) == []


def test_account_of_money_is_held_still_and_closed_by_two_of_whom_one_is_of_finance(cast):
    book = open_fund(KEY, label="创投", amount_fen=100_01, acting_user=cast.fan)
    fund = book.accounts.get(kind=AccountKind.FUND)
    first = book.accounts.filter(kind=AccountKind.SOURCE).order_by("pk").first()
    evidence = make_evidence(cast.fan)

    def ask(state, who, **also):
        return propose_standing(
            fund, state=state, reason="核对到账", evidence=evidence, acting_user=who,
            **{"request_key": uuid4()} | also,
        )  # fmt: skip

    with pytest.raises(NotOfThisBank):
        freeze(fund, reason="一个人", acting_user=cast.fan)
    for person in (cast.xu, cast.shu, cast.en):
        with pytest.raises(NotAllowed):
            ask(AccountState.FROZEN, person)
    key = uuid4()
    asked = ask(AccountState.FROZEN, cast.fan, request_key=key)
    assert ask(AccountState.FROZEN, cast.fan, request_key=key) == asked
    with pytest.raises(StandingAskedFor):
        ask(AccountState.CLOSED, cast.jin)
    for person in (cast.fan, cast.guo, cast.shu):  # who asked; nobody of finance; who only reads
        with pytest.raises(NotAllowed):
            approve_correction(asked, acting_user=person)
    award(cast, 1_00, "before")

    approve_correction(asked, acting_user=cast.jin)

    with pytest.raises(AccountFrozen):
        award(cast, 1_00, "after")
    (change,) = state_changes_of(fund)
    assert (change.reason, change.who) == ("核对到账", cast.jin.display_name)
    asked.refresh_from_db()
    assert (asked.posted, asked.said_state) == (None, "已办理")
    empty = ask(AccountState.CLOSED, cast.jin)
    with pytest.raises(AccountNotEmpty):
        approve_correction(empty, acting_user=cast.fan)
    empty.refresh_from_db()
    assert empty.state == "proposed"
    Adjustment.objects.filter(pk=empty.pk).update(to_account=first)
    approve_correction(Adjustment.objects.get(pk=empty.pk), acting_user=cast.fan)
    fund.refresh_from_db()
    assert (fund.state, fund.posted) == ("closed", 0)
    assert fund_position(KEY) == FundPosition(1_00, 1_00, 0)
    assert differences_in(book) == []
    approve_correction(ask(AccountState.OPEN, cast.jin), acting_user=cast.fan)
    fund.refresh_from_db()
    assert fund.state == "open"
