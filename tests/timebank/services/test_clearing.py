"""Hours between banks: two postings, limits, returns, and nothing stuck after a killed settler."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Change
from config.demo.cast import system_user
from config.demo.clearing import load_second_bank
from tests.factories.timebank import make_bank
from tests.factories.timebank_clearing import make_agreement, make_neighbour
from timebank.errors.ledger import (
    KeyUsedForOther,
    NoClearingBetween,
    NotEnoughHours,
    OverClearingLimit,
)
from timebank.models import AccountKind, Crossing, TimeBank, Transfer
from timebank.selectors.audit import differences_in
from timebank.selectors.clearing import clearing_balance, position_between, positions_of
from timebank.selectors.settlements import settlements_of
from timebank.selectors.statements import balance_of
from timebank.services import clearing, ledger_call
from timebank.services.banks import account_of, city_pool_of, issuance_of
from timebank.services.clearing import agree_clearing, send_hours, settle_crossing, settle_waiting
from timebank.services.ledger import close_account, freeze_account, open_account, post_transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def haining(cast):
    return make_bank()


@pytest.fixture
def tongxiang(haining):
    bank = make_neighbour()
    make_agreement(haining, bank)
    return bank


@pytest.fixture
def anan(cast, haining):
    account = account_of(cast.people["anan"], haining)
    post_transfer(
        book=haining.book, from_account=issuance_of(haining), to_account=account, amount=1_000,
        kind="reward", reason="", source="t", key="earned", acting_user=system_user(),
    )  # fmt: skip
    return account


@pytest.fixture
def aunt(tongxiang):
    return open_account(
        tongxiang.book, kind=AccountKind.PERSON, owner_key="aunt", label="桐乡阿姨", ceiling=500
    )


@pytest.fixture
def send(cast, anan, aunt):
    def send(minutes=60, *, request_key=None, to_account=aunt, acting_user=cast.people["anan"]):
        return send_hours(
            anan, to_account=to_account, minutes=minutes, reason="请桐乡的志愿者看望姑姑",
            request_key=request_key or uuid4(), acting_user=acting_user,
        )  # fmt: skip

    return send


def differences(*banks):
    return [one for bank in banks for one in differences_in(bank.book)]


def test_hours_go_over_in_two_postings(haining, tongxiang, anan, aunt, send):
    crossing = send(60)
    under_way = (balance_of(anan).posted, balance_of(aunt).posted, clearing_balance(haining))
    crossing = settle_crossing(crossing.pk)

    assert under_way == (940, 0, 60)
    assert (crossing.state, crossing.inward.kind) == (Crossing.State.CREDITED, "inward")
    assert balance_of(aunt).posted == 60
    assert (clearing_balance(haining), clearing_balance(tongxiang)) == (60, -60)
    position = position_between(haining, tongxiang)
    assert (position.sent, position.under_way, position.net, position.room) == (60, 0, 60, 540)
    assert positions_of(tongxiang)[0].net == -60
    trail = Change.objects.filter(content_type__model="crossing", object_id=crossing.pk)
    assert list(trail.order_by("pk").values_list("verb", flat=True)) == ["send", "credit"]
    assert differences(haining, tongxiang) == []


def test_settling_again_and_sending_again_change_nothing(haining, tongxiang, aunt, send):
    key = uuid4()
    crossing = send(60, request_key=key)

    settle_crossing(crossing.pk)
    settle_crossing(crossing.pk)
    again = send(60, request_key=key)
    with pytest.raises(KeyUsedForOther):
        send(61, request_key=key)

    assert again.pk == crossing.pk
    assert balance_of(aunt).posted == 60
    assert settle_waiting() == 0
    assert differences(haining, tongxiang) == []


@pytest.mark.parametrize(
    ("obstacle", "code"),
    [
        (freeze_account, "account_frozen"),
        (close_account, "account_closed"),
        (None, "over_ceiling"),
    ],
)
def test_what_the_other_bank_refuses_comes_back(
    haining, tongxiang, anan, aunt, send, obstacle, code
):
    crossing = send(60 if obstacle else 501)
    if obstacle:
        obstacle(aunt, reason="核查", acting_user=system_user())

    crossing = settle_crossing(crossing.pk)

    assert (crossing.state, crossing.refused_as) == (Crossing.State.RETURNED, code)
    assert crossing.sent_back.kind == "sent_back"
    assert balance_of(anan).posted == 1_000
    assert (clearing_balance(haining), clearing_balance(tongxiang)) == (0, 0)
    assert position_between(haining, tongxiang).net == 0
    assert differences(haining, tongxiang) == []


def test_month_is_settled_by_what_was_sent_and_returned_in_it(haining, tongxiang, aunt, send):
    first_day = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    month_before = (first_day - timedelta(days=1)).replace(day=1)
    next_month = (first_day + timedelta(days=32)).replace(day=1)
    long_ago = settle_crossing(send(60).pk)
    Crossing.objects.filter(pk=long_ago.pk).update(sent_at=first_day - timedelta(seconds=1))
    settle_crossing(send(30).pk)
    freeze_account(aunt, reason="核查", acting_user=system_user())
    settle_crossing(send(100).pk)

    (ours,) = settlements_of(haining, since=first_day, until=next_month)
    (theirs,) = settlements_of(tongxiang, since=first_day, until=next_month)
    (earlier,) = settlements_of(haining, since=month_before, until=first_day)

    assert (ours.before, ours.sent, ours.returned, ours.after) == (60, 130, 100, 90)
    assert (theirs.before, theirs.received, theirs.given_back, theirs.after) == (-60, 130, 100, -90)
    assert (earlier.before, earlier.sent, earlier.after) == (0, 60, 60)
    assert ours.after == position_between(haining, tongxiang).net


def test_return_to_a_closed_account_goes_to_the_banks_pool(haining, anan, aunt, send):
    crossing = send(60)
    pool = city_pool_of(haining)
    close_account(anan, to_account=pool, reason="迁走", acting_user=system_user())
    freeze_account(aunt, reason="核查", acting_user=system_user())

    settle_crossing(crossing.pk)

    assert balance_of(pool).posted == 1_000
    assert differences(haining) == []


def test_limit_of_the_pair_counts_what_is_under_way_and_what_came_back(
    haining, tongxiang, anan, aunt, send
):
    send(400)
    with pytest.raises(OverClearingLimit) as refused:
        send(201)
    send(200)
    settle_waiting()

    assert refused.value.facts["room"] == 200
    # 400 was credited and 200 sent back: over the ceiling of the aunt's account.
    assert position_between(haining, tongxiang).room == 200
    send_hours(
        aunt, to_account=anan, minutes=100, reason="", request_key=uuid4(),
        acting_user=system_user(),
    )  # fmt: skip
    assert position_between(haining, tongxiang).room == 300
    assert differences(haining, tongxiang) == []


def test_refused_where_nothing_was_agreed_or_is_not_there_or_not_theirs(
    cast, haining, tongxiang, anan, aunt, send
):
    agree_clearing(haining, tongxiang, limit_minutes=5_000, acting_user=system_user())
    with pytest.raises(NotEnoughHours):
        send(1_001)
    with pytest.raises(NotAllowed):
        send(60, acting_user=cast.people["chen"])
    with pytest.raises(NotAllowed):
        agree_clearing(haining, tongxiang, limit_minutes=9, acting_user=cast.people["anan"])
    stranger = make_neighbour("330482000000", "平湖时间银行（虚构）")
    elsewhere = open_account(
        stranger.book, kind=AccountKind.PERSON, owner_key="x", label="平湖的人"
    )
    with pytest.raises(NoClearingBetween):
        send(60, to_account=elsewhere)

    assert not Crossing.objects.exists()
    assert balance_of(anan).posted == 1_000


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("when", ["before_credit", "after_credit"])
def test_sweeper_finishes_what_a_killed_settler_left(
    haining, tongxiang, aunt, send, monkeypatch, when
):
    """The settler's connection is cut between its two postings, before or after its own."""
    post = clearing.post_transfer

    def dying(**facts):
        if facts["kind"] == "inward":
            if when == "after_credit":
                post(**facts)
            with connections["owner"].cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(%s)",
                    [connections["default"].connection.info.backend_pid],
                )
            connections["default"].cursor().execute("SELECT 1")
        return post(**facts)

    with monkeypatch.context() as patch:
        patch.setattr(clearing, "post_transfer", dying)
        patch.setattr(ledger_call, "TRIES_WHEN_LOST", 1)
        send(60)  # the task runs at once, and dies
    connections["default"].close()
    stuck = Crossing.objects.get()
    balances = (balance_of(aunt).posted, clearing_balance(haining), clearing_balance(tongxiang))

    assert (stuck.state, balances) == (Crossing.State.SENT, (0, 60, 0))
    assert settle_waiting() == 1
    assert balance_of(aunt).posted == 60
    assert settle_waiting() == 0
    assert Transfer.objects.filter(kind="inward").count() == 1
    assert differences(haining, tongxiang) == []


def test_demo_brings_in_a_second_bank_whose_books_bear_out(cast, haining):
    for name in ("anan", "zhu", "fang"):
        post_transfer(
            book=haining.book, from_account=issuance_of(haining),
            to_account=account_of(cast.people[name], haining), amount=900, kind="reward",
            reason="", source=name, key=name, acting_user=system_user(),
        )  # fmt: skip

    load_second_bank(cast, haining)

    other = TimeBank.objects.exclude(pk=haining.pk).get()
    states = sorted(Crossing.objects.values_list("state", flat=True))
    assert states == ["credited"] * 4 + ["returned"]
    assert clearing_balance(haining) + clearing_balance(other) == 0
    assert differences(haining, other) == []
