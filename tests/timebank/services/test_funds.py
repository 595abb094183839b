"""Whose money a fund is: an account for each source, and what of the awards falls to each."""

from uuid import uuid4

import pytest

from accounts.errors import NotAllowed
from tests.factories.timebank_corrections import make_evidence
from timebank.errors.books import NotOfThisBank, StandingAskedFor
from timebank.errors.ledger import AccountFrozen, AccountNotEmpty, KeyUsedForOther
from timebank.models.adjustments import Adjustment
from timebank.models.ledger import AccountKind, AccountState
from timebank.selectors.audit import differences_in
from timebank.selectors.corrections import state_changes_of
from timebank.selectors.funds import FundPosition, fund_position, shared_out, sources_of_fund
from timebank.services.adjustments import approve_correction, propose_standing
from timebank.services.funds import FundPart, add_to_fund, commit_fund, open_fund
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


def test_each_source_of_a_fund_has_its_account_and_bears_its_share_to_the_fen(cast):
    book = opened(cast)
    assert opened(cast) == book
    with pytest.raises(KeyUsedForOther):
        opened(cast, (*PARTS[:1], FundPart("source:2", "企业", 40_00), FundPart("3", "村", 1)))
    add_to_fund(
        KEY, amount_fen=9_99, part_key="source:2", source=KEY, key="more", reason="追加",
        acting_user=cast.jin,
    )  # fmt: skip
    award(cast, 33_33)

    first, second = sources_of_fund(KEY)

    assert fund_position(KEY) == FundPosition(110_00, 33_33, 76_67)
    assert (first.account.label, first.brought_fen, first.committed_fen) == (
        "福彩公益金", 60_00, 18_18,
    )  # fmt: skip
    assert (second.account.label, second.brought_fen, second.free_fen) == (
        "基金会（善益）", 50_00, 34_85,
    )  # fmt: skip
    assert book.accounts.filter(kind=AccountKind.SOURCE).count() == 2
    assert differences_in(book) == []
    assert shared_out(10, [1, 1, 1]) == [4, 3, 3]
    assert shared_out(5, []) == shared_out(5, [0, 0])[:0] == []
    assert sources_of_fund("nobody") == []


def test_account_of_money_is_held_still_and_closed_by_two_of_whom_one_is_of_finance(cast):
    book = opened(cast)
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
