"""Points: given by two people, each row for itself; a book of their own, never hours or money."""

import pytest

from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Message
from tests.factories.timebank import make_bank
from tests.factories.timebank_corrections import make_adjustment, make_point_grant
from timebank.errors.ledger import NotEnoughPoints, NothingToMove, UnknownLedgerAccount
from timebank.models.ledger import AccountKind, LedgerAccount, TransferKind, Unit
from timebank.selectors.audit import differences_in
from timebank.selectors.banks import person_key
from timebank.selectors.figures import volunteer_hours_total
from timebank.selectors.points import grants_waiting_for, points_accounts_of
from timebank.selectors.statements import balance_of, statement_of
from timebank.services.adjustments import approve_correction
from timebank.services.banks import account_of
from timebank.services.ledger import (
    freeze_account,
    open_account,
    post_transfer,
    unfreeze_account,
)
from timebank.services.points import (
    approve_points,
    points_book_of,
    refuse_points,
    try_points_again,
    withdraw_points,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    return make_bank()


def points_of(person):
    return [balance_of(account).available for account in points_accounts_of(person)]


def test_points_are_given_by_two_row_by_row_and_what_was_refused_is_tried_again(cast, bank):
    book = points_book_of(bank, acting_user=cast.fan)
    frozen = open_account(
        book, kind=AccountKind.PERSON, owner_key=person_key(cast.zhu), label="朱", by_policy=True
    )
    freeze_account(frozen, reason="核实", acting_user=cast.fan)
    grant = make_point_grant(bank, cast.chen, (cast.anan, 20), (cast.zhu, 30), (cast.fang, 5))

    for person in (cast.anan, cast.shu, cast.xu):
        with pytest.raises(NotAllowed):
            make_point_grant(bank, person, (cast.zhu, 1))
    with pytest.raises(ReasonMissing):
        make_point_grant(bank, cast.fan, (cast.zhu, 1), reason=" ")
    for rows in ((), ((cast.zhu, 0),)):
        with pytest.raises(NothingToMove):
            make_point_grant(bank, cast.fan, *rows)
    for person in (cast.chen, cast.shu, cast.anan):  # who asked; who only reads; who would gain
        with pytest.raises(NotAllowed):
            approve_points(grant, acting_user=person)
    assert (points_of(cast.anan), grants_waiting_for(cast.fan)) == ([], 1)

    approve_points(grant, reason="核对过签到", acting_user=cast.fan)

    kept = {row.person: row for row in grant.rows.all()}
    assert (points_of(cast.anan), points_of(cast.zhu), points_of(cast.fang)) == ([20], [0], [5])
    assert kept[cast.zhu].transfer_id is None
    assert "冻结" in kept[cast.zhu].refusal
    (line,) = statement_of(points_accounts_of(cast.anan)[0]).lines
    assert (line.kind, line.reason, line.transfer_id) == (
        TransferKind.POINTS, grant.reason, kept[cast.anan].transfer_id,
    )  # fmt: skip
    assert Message.objects.filter(kind="points_given").count() == 2
    unfreeze_account(frozen, reason="核实过", acting_user=cast.fan)
    for person in (cast.chen, cast.anan):
        with pytest.raises(NotAllowed):
            try_points_again(grant, acting_user=person)
    for _time in range(2):
        try_points_again(grant, acting_user=cast.guo)
    assert (points_of(cast.anan), points_of(cast.zhu)) == ([20], [30])
    assert not grant.rows.exclude(refusal="").exists()
    again = make_point_grant(bank, cast.chen, (cast.anan, 20), request_key=grant.request_key)
    assert again == grant
    assert differences_in(book) == []


def test_points_never_become_hours_or_money_and_are_put_right_like_any_book(cast, bank):
    grant = make_point_grant(bank, cast.fan, (cast.anan, 20))
    approve_points(grant, acting_user=cast.guo)
    (points,), hours = points_accounts_of(cast.anan), account_of(cast.anan, bank)

    for giver, taker in ((points, hours), (hours, points)):
        with pytest.raises(UnknownLedgerAccount):
            post_transfer(
                book=giver.book, from_account=giver, to_account=taker, amount=1, kind="gift",
                reason="", source="s", key="k", acting_user=cast.fan,
            )  # fmt: skip
    assert (volunteer_hours_total(cast.anan), balance_of(hours).posted) == (0, 0)
    back = LedgerAccount.objects.get(book=points.book, kind=AccountKind.ISSUANCE)
    with pytest.raises(NotEnoughPoints) as refused:
        approve_correction(
            make_adjustment(points.book, back, cast.fan, from_account=points, amount=21),
            acting_user=cast.guo,
        )
    assert str(refused.value) == "积分不够：需要 21 分，现在最多可用 20 分。"
    assert points.book.unit == Unit.POINT
    for decide in (
        lambda one: refuse_points(one, reason="没有依据", acting_user=cast.guo),
        lambda one: withdraw_points(one, acting_user=cast.fan),
    ):
        decide(make_point_grant(bank, cast.fan, (cast.anan, 1)))
    assert points_of(cast.anan) == [20]
    assert differences_in(points.book) == []
