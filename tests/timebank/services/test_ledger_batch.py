"""Posting many at once: one after the other in their limits, all or none in their effect."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.errors.ledger import (
    AccountFrozen,
    KeyUsedForOther,
    NotEnoughHours,
    NothingToMove,
    OverCeiling,
    SameAccount,
    UnknownLedgerAccount,
)
from timebank.models.ledger import AccountKind, Entry, Leg, Transfer, TransferKind
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of
from timebank.services.ledger import (
    Posting,
    freeze_account,
    open_account,
    post_batch,
    post_transfer,
    reverse_transfer,
    unfreeze_account,
)
from timebank.services.postings import post_each

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen():
    return make_user()


@pytest.fixture
def book(chen):
    return make_book(chen)


@pytest.fixture
def issuance(book):
    return make_issuance(book)


@pytest.fixture
def anan(book):
    return make_account(book, "安安")


@pytest.fixture
def bai(book):
    return make_account(book, "白奶奶", ceiling=120)


def posting(key, from_account, to_account, amount, **facts):
    return Posting(
        legs=Leg.pair(from_account=from_account, to_account=to_account, amount=amount),
        kind=facts.pop("kind", TransferKind.REWARD),
        reason=facts.pop("reason", ""),
        source=facts.pop("source", f"test:{key}"),
        key=key,
        **facts,
    )


def test_batch_posts_in_order_and_answers_row_by_row(book, issuance, anan, bai, chen):
    then = datetime(2025, 3, 5, 9, 0, tzinfo=UTC)

    ids = post_batch(
        book,
        [
            posting("1", issuance, anan, 90, happened_at=then),
            posting("2", anan, bai, 60),
            posting("3", bai, anan, 10),
        ],
        acting_user=chen,
    )

    transfers = {row.pk: row for row in Transfer.objects.filter(book_id=book.pk)}
    assert [transfers[pk].source for pk in ids] == ["test:1", "test:2", "test:3"]
    assert transfers[ids[0]].happened_at == then < transfers[ids[0]].recorded_at
    entries = Entry.objects.filter(book_id=book.pk, account_id=anan.pk).order_by("seq")
    assert list(entries.values_list("seq", "amount", "balance_after")) == [
        (1, 90, 90), (2, -60, 30), (3, 10, 40),
    ]  # fmt: skip
    assert balance_of(bai).posted == 50
    assert differences_in(book) == []


def test_empty_batch_does_nothing(book, chen):
    assert post_batch(book, [], acting_user=chen) == []
    assert post_each(book, [], acting_user=chen) == []


def test_each_for_itself_answers_every_row_and_keeps_nothing_of_what_is_refused(
    book, issuance, anan, bai, chen
):
    """Limits one after the other, as the rows before left them; what is refused moves nothing."""
    frozen = make_account(book, "冻结的")
    freeze_account(frozen, reason="核实", acting_user=chen)
    abroad = make_account(make_book(chen), "别处的")
    striped = open_account(
        book, kind=AccountKind.POOL, owner_key="hot", label="大家的", floor=None, stripes=4
    )
    rows = [
        posting("give", issuance, anan, 30),
        posting("more than there is", anan, bai, 31),
        posting("all", anan, bai, 30),
        posting("too full", issuance, bai, 101),
        posting("frozen", issuance, frozen, 1),
        posting("abroad", issuance, abroad, 1),
        posting("itself", anan, anan, 1),
        posting("striped", issuance, striped, 5),
        posting("after all that", bai, anan, 10),
    ]

    answers = post_each(book, rows, acting_user=chen)

    assert [answer.refusal and type(answer.refusal) for answer in answers] == [
        None, NotEnoughHours, None, OverCeiling, AccountFrozen, UnknownLedgerAccount, SameAccount,
        None, None,
    ]  # fmt: skip
    assert answers[1].refusal.facts["row"] == 1
    assert (answers[1].refusal.facts["available"], answers[3].refusal.facts["room"]) == (30, 90)
    assert [answer.is_new for answer in answers].count(True) == 4
    assert (balance_of(anan).posted, balance_of(bai).posted, balance_of(striped).posted) == (
        10, 20, 5,
    )  # fmt: skip
    # Asked again: what was posted is answered, what was refused is tried anew with its free key.
    unfreeze_account(frozen, reason="核实过", acting_user=chen)
    again = post_each(book, rows, acting_user=chen)
    for row, (first, second) in enumerate(zip(answers, again, strict=True)):
        assert (second.transfer_id == first.transfer_id) == (row != 4)
        assert second.is_new == (row == 4)
    other = post_each(
        book, [posting("all", anan, bai, 1), posting("fine", issuance, anan, 1)], acting_user=chen
    )
    assert (type(other[0].refusal), other[1].is_new) == (KeyUsedForOther, True)
    with pytest.raises(DatabaseError, match="each key once"), transaction.atomic():
        post_each(book, rows[:1] * 2, acting_user=chen)
    assert differences_in(book) == []


def test_limits_hold_as_if_one_came_after_the_other(book, issuance, anan, bai, chen):
    """Both would end within the limits; on the way one of them would not be."""
    with pytest.raises(NotEnoughHours) as refused:
        post_batch(
            book,
            [
                posting("1", issuance, anan, 30),
                posting("2", anan, bai, 31),
                posting("3", issuance, anan, 60),
            ],
            acting_user=chen,
        )

    assert refused.value.facts["row"] == 1
    assert (refused.value.facts["needed"], refused.value.facts["available"]) == (31, 30)

    with pytest.raises(OverCeiling) as refused:
        post_batch(
            book,
            [posting("1", issuance, bai, 121), posting("2", bai, issuance, 60)],
            acting_user=chen,
        )

    assert (refused.value.facts["row"], refused.value.facts["room"]) == (0, 120)


def test_batch_is_all_or_nothing(book, issuance, anan, bai, chen):
    with pytest.raises(NotEnoughHours):
        post_batch(
            book,
            [posting("1", issuance, anan, 30), posting("2", bai, anan, 1)],
            acting_user=chen,
        )

    assert balance_of(anan).posted == 0
    assert not Transfer.objects.filter(book_id=book.pk).exists()
    post_batch(book, [posting("1", issuance, anan, 30)], acting_user=chen)
    assert balance_of(anan).posted == 30


def test_known_keys_are_answered_and_not_posted_again(book, issuance, anan, chen):
    alone = post_transfer(
        book=book,
        from_account=issuance,
        to_account=anan,
        amount=30,
        kind=TransferKind.REWARD,
        reason="",
        source="test:1",
        key="1",
        acting_user=chen,
    )
    rows = [
        posting("1", issuance, anan, 30),
        posting("2", issuance, anan, 20),
        posting("2", issuance, anan, 20),
    ]

    first = post_batch(book, rows, acting_user=chen)
    again = post_batch(book, rows, acting_user=make_user())

    assert first == again
    assert first[0] == alone.pk
    assert first[1] == first[2]
    assert balance_of(anan).posted == 50
    assert differences_in(book) == []


@pytest.mark.parametrize("earlier", ["in the book", "in the batch"])
def test_same_key_for_another_request_is_refused(book, issuance, anan, chen, earlier):
    rows = [posting("1", issuance, anan, 30), posting("1", issuance, anan, 31)]
    if earlier == "in the book":
        post_batch(book, [rows.pop(0)], acting_user=chen)

    with pytest.raises(KeyUsedForOther) as refused:
        post_batch(book, rows, acting_user=chen)

    assert refused.value.facts["row"] == len(rows) - 1


def test_each_refusal_names_its_row(book, issuance, anan, bai, chen):
    stranger = make_account(make_book(chen), "桐乡的人")
    good = posting("1", issuance, anan, 60)

    for bad, refusal in [
        (posting("2", issuance, anan, 0), NothingToMove),
        (posting("2", anan, anan, 5), SameAccount),
        (posting("2", issuance, stranger, 5), UnknownLedgerAccount),
        (posting("2", bai, anan, 5), NotEnoughHours),
    ]:
        with pytest.raises(refusal) as refused:
            post_batch(book, [good, bad], acting_user=chen)
        assert refused.value.facts["row"] == 1

    freeze_account(bai, reason="核查中", acting_user=chen)
    with pytest.raises(AccountFrozen) as refused:
        post_batch(book, [good, posting("2", anan, bai, 5)], acting_user=chen)
    assert refused.value.facts["row"] == 1
    assert balance_of(anan).posted == 0


def test_what_comes_in_pays_off_debt_first(book, issuance, anan, bai, chen):

    reward = give(anan, 60, acting_user=chen)
    post_batch(book, [posting("gift", anan, bai, 60)], acting_user=chen)
    reverse_transfer(reward, reason="记错了", key="r", acting_user=chen, allow_debt=True)
    assert balance_of(anan).debt == 60

    post_batch(book, [posting("1", issuance, anan, 40)], acting_user=chen)

    assert (balance_of(anan).posted, balance_of(anan).debt) == (-20, 20)
    assert differences_in(book) == []
