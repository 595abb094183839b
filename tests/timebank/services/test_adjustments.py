"""Corrections by two people: who may, what moves, what stays when something stands in the way."""

from uuid import uuid4

import pytest

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message
from tests.factories.timebank import at, make_bank, make_confirmed_record
from tests.factories.timebank_corrections import make_adjustment, make_evidence, make_reversal
from tests.factories.timebank_ledger import make_account, make_book, make_issuance
from timebank.errors.books import (
    MovedByDecisions,
    NotOfThisBank,
    RecordReversesItself,
    ReversalAskedFor,
)
from timebank.errors.ledger import (
    AccountFrozen,
    AlreadyReversed,
    NotEnoughHours,
    NotEnoughMoney,
    ReversalIsFinal,
    SameAccount,
)
from timebank.models import AccountKind, ServiceRecord, Transfer, TransferKind
from timebank.models.adjustments import CorrectionState
from timebank.selectors.audit import differences_in
from timebank.selectors.corrections import corrections_waiting_for
from timebank.selectors.funds import FundPosition, fund_position
from timebank.selectors.statements import balance_of
from timebank.services.adjustments import (
    approve_correction,
    refuse_correction,
    withdraw_correction,
)
from timebank.services.banks import account_of, issuance_of, pool_of
from timebank.services.funds import commit_fund, open_fund
from timebank.services.ledger import freeze_account, post_transfer
from timebank.services.standing import close, freeze, reopen, suspend

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def anans(cast, bank):
    """安安's account with the credit of one confirmed hour."""
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    return account_of(cast.anan, bank)


def gift(bank, giver, taker, minutes, by):
    return post_transfer(
        book=bank.book,
        from_account=giver,
        to_account=taker,
        amount=minutes,
        kind=TransferKind.GIFT,
        reason="捐赠",
        source="test:gift",
        key=f"gift:{uuid4()}",
        acting_user=by,
    )


def test_adjustment_is_posted_when_another_approves(cast, bank, anans):
    correction = make_adjustment(bank, anans, cast.fan)
    assert balance_of(anans).available == 60

    approve_correction(correction, reason="已核对", acting_user=cast.guo)

    correction.refresh_from_db()
    posted = correction.posted
    assert balance_of(anans).available == 90
    assert (posted.kind, posted.acting_user, posted.source) == (
        "adjustment", cast.guo, correction.ledger_source
    )  # fmt: skip
    assert (correction.state, correction.decided_by) == ("approved", cast.guo)
    trail = Change.objects.filter(object_id=correction.pk, content_type__model="adjustment")
    assert [(change.verb, change.acting_user) for change in trail] == [
        ("propose", cast.fan), ("approve", cast.guo)
    ]  # fmt: skip
    assert Message.objects.filter(to_user=cast.anan, kind="account_corrected").count() == 1
    assert Message.objects.filter(to_user=cast.fan, kind="correction_decided").count() == 1
    assert differences_in(bank.book) == []


def test_nobody_decides_what_they_proposed_or_gain_by(cast, bank, anans):
    correction = make_adjustment(bank, anans, cast.fan)

    for person in (cast.fan, cast.anan, cast.chen, cast.xu, cast.shu):
        with pytest.raises(NotAllowed):
            approve_correction(correction, acting_user=person)
        with pytest.raises(NotAllowed):
            refuse_correction(correction, reason="不对", acting_user=person)
    own = account_of(cast.guo, bank)
    with pytest.raises(NotAllowed):
        make_adjustment(bank, own, cast.guo)
    with pytest.raises(NotAllowed):
        approve_correction(make_adjustment(bank, own, cast.fan), acting_user=cast.guo)
    assert balance_of(anans).available == 60
    assert not Transfer.objects.filter(kind=TransferKind.ADJUSTMENT).exists()


def test_proposal_is_asked_once_and_needs_its_reason(cast, bank, anans):
    key = uuid4()
    evidence = make_evidence(cast.fan)
    first = make_adjustment(bank, anans, cast.fan, request_key=key, evidence=evidence)

    again = make_adjustment(bank, anans, cast.fan, request_key=key, evidence=evidence)

    assert again == first
    with pytest.raises(ReasonMissing):
        make_adjustment(bank, anans, cast.fan, reason="  ", evidence=evidence)
    with pytest.raises(SameAccount):
        make_adjustment(bank, anans, cast.fan, from_account=anans, evidence=evidence)
    with pytest.raises(ReasonMissing):
        refuse_correction(first, reason="", acting_user=cast.guo)


def test_refused_or_withdrawn_moves_nothing_and_is_over(cast, bank, anans):
    refused = make_adjustment(bank, anans, cast.fan)
    withdrawn = make_adjustment(bank, anans, cast.fan)

    refuse_correction(refused, reason="没有原始记录", acting_user=cast.guo)
    withdraw_correction(withdrawn, acting_user=cast.fan)

    for correction in (refused, withdrawn):
        with pytest.raises(OutOfTurn):
            approve_correction(correction, acting_user=cast.guo)
    assert balance_of(anans).available == 60


def test_reversal_undoes_a_gift_once(cast, bank, anans):
    pool = pool_of(cast.stations["nanguanxiang"])
    given = gift(bank, anans, pool, 40, cast.anan)
    correction = make_reversal(given, cast.fan)
    with pytest.raises(ReversalAskedFor):
        make_reversal(given, cast.guo)

    approve_correction(correction, acting_user=cast.guo)

    assert balance_of(anans).available == 60
    assert balance_of(pool).available == 0
    with pytest.raises(OutOfTurn):
        approve_correction(correction, acting_user=cast.guo)
    with pytest.raises(AlreadyReversed):
        make_reversal(given, cast.fan)
    correction.refresh_from_db()
    with pytest.raises(ReversalIsFinal):
        make_reversal(correction.posted, cast.fan)


def test_what_is_spent_comes_back_only_as_a_debt(cast, bank, anans):
    pool = pool_of(cast.stations["nanguanxiang"])
    given = gift(bank, anans, pool, 40, cast.anan)
    gift(bank, pool, account_of(cast.fang, bank), 30, cast.chen)
    strict = make_reversal(given, cast.fan)

    with pytest.raises(NotEnoughHours) as refused:
        approve_correction(strict, acting_user=cast.guo)
    strict.refresh_from_db()
    assert strict.state == CorrectionState.PROPOSED
    assert refused.value.facts["available"] == 10
    withdraw_correction(strict, acting_user=cast.fan)
    approve_correction(make_reversal(given, cast.fan, allows_debt=True), acting_user=cast.guo)

    assert balance_of(pool).debt == 30


def test_reversal_of_a_credit_reverses_its_record(cast, bank):
    home = cast.stations["nanguanxiang"]
    record = make_confirmed_record(cast.anan, home, cast.chen)
    by_fan = make_confirmed_record(cast.anan, home, cast.fan, started_at=at(9), ended_at=at(10))
    correction = make_reversal(record.credit, cast.guo)

    approve_correction(correction, acting_user=cast.fan)

    record.refresh_from_db()
    correction.refresh_from_db()
    assert record.state == ServiceRecord.State.REVERSED
    assert correction.posted.reverses == record.credit
    with pytest.raises(RecordReversesItself):  # who confirmed it does not decide its reversal
        approve_correction(make_reversal(by_fan.credit, cast.guo), acting_user=cast.fan)


def test_money_of_a_round_is_put_right_by_two_of_whom_one_is_of_finance(cast, bank):
    key = "ventures.round:1"
    book = open_fund(key, label="创投", amount_fen=100_00, acting_user=cast.fan)
    source, fund, taken = (
        book.accounts.get(kind=kind) for kind in ("source", "fund", "commitment")
    )
    more = {"from_account": source, "amount": 20_00}
    by_officer = make_adjustment(book, fund, cast.fan, **more)

    for person in (cast.guo, cast.xu, cast.chen, cast.shu):  # no second of them is of finance
        with pytest.raises(NotAllowed):
            approve_correction(by_officer, acting_user=person)
    for person in (cast.xu, cast.shu, cast.pan):
        with pytest.raises(NotAllowed):
            make_adjustment(book, fund, person, **more)
    approve_correction(by_officer, acting_user=cast.jin)
    approve_correction(make_adjustment(book, fund, cast.jin, **more), acting_user=cast.guo)

    assert fund_position(key) == FundPosition(140_00, 0, 140_00)
    award = commit_fund(
        key,
        amount_fen=90_00,
        source="ventures.proposal:1",
        key="a",
        reason="",
        acting_user=cast.fan,
    )
    with pytest.raises(MovedByDecisions):
        make_adjustment(book, fund, cast.jin, **more | {"from_account": taken})
    with pytest.raises(MovedByDecisions):
        make_reversal(Transfer.objects.get(pk=award), cast.jin)
    first = Transfer.objects.get(book_id=book.pk, kind=TransferKind.FUNDING)
    whole = make_reversal(first, cast.jin, allows_debt=True)
    with pytest.raises(NotEnoughMoney) as refused:  # money is never owed
        approve_correction(whole, acting_user=cast.fan)
    assert (whole.allows_debt, refused.value.facts["available"]) == (False, 50_00)
    with pytest.raises(NotOfThisBank):
        freeze(fund, reason="试试", acting_user=cast.fan)
    assert corrections_waiting_for(cast.fan).get() == whole
    assert differences_in(book) == []


def test_points_are_put_right_by_who_keeps_the_countys_books(cast, bank):
    book = make_book(cast.guo, unit="point")
    account, given = make_account(book), {"from_account": make_issuance(book)}

    with pytest.raises(NotAllowed):
        make_adjustment(book, account, cast.jin, **given)
    approve_correction(make_adjustment(book, account, cast.fan, **given), acting_user=cast.guo)

    assert balance_of(account).available == 30


def test_frozen_account_stops_an_adjustment_until_it_is_let_go(cast, bank, anans):
    correction = make_adjustment(bank, anans, cast.fan)
    freeze_account(anans, reason="核实", acting_user=cast.guo)

    with pytest.raises(AccountFrozen):
        approve_correction(correction, acting_user=cast.guo)
    reopen(anans, reason="已核实", acting_user=cast.guo)
    approve_correction(correction, acting_user=cast.guo)

    assert balance_of(anans).available == 90


def test_account_is_held_still_by_who_keeps_the_books_and_its_holder_is_told(cast, bank, anans):
    for person in (cast.anan, cast.chen, cast.xu, cast.shu):
        with pytest.raises(NotAllowed):
            freeze(anans, reason="试试", acting_user=person)
    with pytest.raises(ReasonMissing):
        freeze(anans, reason=" ", acting_user=cast.fan)

    assert freeze(anans, reason="核实身份", acting_user=cast.fan).state == "frozen"
    assert suspend(anans, reason="本人要求", acting_user=cast.fan).state == "suspended"
    closed = close(anans, reason="搬走了", acting_user=cast.guo)

    assert (closed.state, closed.posted) == ("closed", 0)
    messages = Message.objects.filter(to_user=cast.anan, kind="account_state").order_by("pk")
    assert ["核实身份" in messages[0].body, "爱心时间库" in messages[2].body] == [True, True]
    issuance = issuance_of(bank)
    assert issuance.kind == AccountKind.ISSUANCE
    assert differences_in(bank.book) == []
