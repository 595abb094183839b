"""The stories of docs/ledger.md, lived: each test's first words are its heading there, and the
tables it comes to are the tables printed under it.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.templatetags.kit import hours, yuan
from tests.factories.timebank import make_bank
from tests.factories.timebank_clearing import make_agreement, make_neighbour
from tests.factories.timebank_corrections import make_adjustment
from tests.factories.timebank_ledger import give
from tests.ledger_examples.conftest import Story, table
from timebank.errors.ledger import AlreadyReversed, AlreadySettled, NotEnoughHours, NotEnoughMoney
from timebank.models.ledger import AccountKind, TransferKind
from timebank.selectors.audit import differences_in
from timebank.selectors.clearing import positions_of
from timebank.selectors.funds import sources_of_fund
from timebank.selectors.statements import balance_of
from timebank.services.adjustments import approve_correction
from timebank.services.banks import account_of, city_pool_of
from timebank.services.clearing import clearing_account_of, send_hours, settle_crossing
from timebank.services.funds import FundPart, commit_fund, open_fund, release_commitment
from timebank.services.holds import expire_holds, release_hold, settle_hold
from timebank.services.ledger import post_transfer, reverse_transfer
from timebank.services.limits import set_ceiling
from timebank.services.rewards import reward_service


def test_earning(story: Story, told):
    """An hour is earned."""
    story.earn("安安", 90, "为白奶奶理发")
    story.earn("安安", 45, "陪白奶奶就医")

    told(story.statement("安安"), story.balances("安安", "发放账户"))


def test_using(story: Story, told):
    """An hour is used."""
    story.earn("安安", 135, "为白奶奶理发")
    hold = story.set_aside("安安", 60, "小林", "家电清洗")
    ordered = story.balances("安安", "小林")

    settle_hold(hold, key="done", acting_user=story.acting_user)

    told(ordered, story.statement("安安"), story.balances("安安", "小林"))


def test_part_settlement(story: Story, told):
    """It took less time than was set aside."""
    story.earn("安安", 135, "为白奶奶理发")
    hold = story.set_aside("安安", 120, "小林", "整理房间")
    ordered = story.balances("安安", "小林")

    settle_hold(hold, amount=75, key="done", acting_user=story.acting_user)

    told(ordered, story.balances("安安", "小林"))
    with pytest.raises(AlreadySettled):
        settle_hold(hold, amount=45, key="the rest", acting_user=story.acting_user)


def test_release_and_expiry(story: Story, told):
    """Nothing came of it."""
    yesterday = database_now() - timedelta(days=1)
    story.earn("安安", 135, "为白奶奶理发")
    called_off = story.set_aside("安安", 60, "小林", "家电清洗")
    story.set_aside("安安", 30, "小林", "代购药品", expires_at=yesterday)
    ordered = story.balances("安安")

    release_hold(called_off, key="off", reason="小林病了", acting_user=story.acting_user)
    released = story.balances("安安")
    assert expire_holds(before=database_now()) == 1

    told(ordered, released, story.balances("安安"), story.statement("安安"))


def test_last_minutes(story: Story, told):
    """Two want the last minutes."""
    story.earn("安安", 90, "为白奶奶理发")
    story.set_aside("安安", 60, "小林", "家电清洗")

    with pytest.raises(NotEnoughHours) as refused:
        story.set_aside("安安", 60, "大明", "修理水管")

    assert str(refused.value) == (
        "可用时间不够：需要 1 小时。账户里有 1 小时 30 分，其中 1 小时 已留给别的服务，"
        "现在最多能用 30 分。"
    )
    told(story.balances("安安"))


def test_pool(story: Story, told):
    """A gift, and whom it helps."""
    story.account("爱心时间库", AccountKind.POOL)
    story.earn("安安", 135, "为白奶奶理发")
    story.move("安安", "爱心时间库", 60, TransferKind.GIFT, "捐赠给爱心时间库")
    given = story.balances("安安", "爱心时间库")
    hold = story.set_aside("爱心时间库", 45, "小林", "为白奶奶理发", kind=TransferKind.GRANT)

    settle_hold(hold, key="done", acting_user=story.acting_user)

    told(given, story.statement("爱心时间库"), story.balances("安安", "爱心时间库", "小林"))


def test_reversal(story: Story, told):
    """A mistake is put right."""
    story.earn("安安", 90, "为白奶奶理发")
    twice = story.earn("安安", 90, "为白奶奶理发")

    reverse_transfer(twice, reason="重复登记", key="right", acting_user=story.acting_user)

    told(story.statement("安安"))
    with pytest.raises(AlreadyReversed):
        reverse_transfer(twice, reason="再来一次", key="again", acting_user=story.acting_user)


def test_debt(story: Story, told):
    """The mistake was already spent."""
    wrong = story.earn("安安", 90, "为白奶奶理发")
    story.move("安安", "小林", 60, TransferKind.USE, "家电清洗")

    with pytest.raises(NotEnoughHours):
        reverse_transfer(wrong, reason="记错了人", key="1", acting_user=story.acting_user)
    reverse_transfer(
        wrong, reason="记错了人", key="2", acting_user=story.acting_user, allow_debt=True
    )
    story.earn("安安", 45, "陪白奶奶就医")

    told(story.statement("安安"), story.balances("安安", "小林", "发放账户"))


def test_asked_twice(story: Story, told):
    """Asked twice, done once."""
    story.account("发放账户", AccountKind.ISSUANCE)
    first = story.move("发放账户", "安安", 90, TransferKind.REWARD, "为白奶奶理发", key="reward:7")
    again = story.move("发放账户", "安安", 90, TransferKind.REWARD, "为白奶奶理发", key="reward:7")

    assert again == first
    told(story.statement("安安"))


def test_money(story_of_money: Story, told):
    """Money stands in a book of its own."""
    story = story_of_money
    for label, kind in [
        ("财政预算", AccountKind.SOURCE),
        ("创投资金", AccountKind.FUND),
        ("已立项待拨", AccountKind.COMMITMENT),
        ("恩泽社", AccountKind.PAYEE),
    ]:
        story.account(label, kind)
    post_transfer(
        book=story.book,
        from_account=story.account("发放账户", AccountKind.ISSUANCE),
        to_account=story.account("财政预算"),
        amount=10_000_000,
        kind=TransferKind.FUNDING,
        reason="年度预算",
        source="story:1",
        key="budget",
        acting_user=story.acting_user,
    )
    story.move("财政预算", "创投资金", 10_000_000, TransferKind.FUNDING, "第一批到位")
    story.move("创投资金", "已立项待拨", 834_400, TransferKind.AWARD, "楼道微更新")
    story.move("已立项待拨", "恩泽社", 417_200, TransferKind.DISBURSEMENT, "首款")

    with pytest.raises(NotEnoughMoney) as refused:
        story.move("已立项待拨", "恩泽社", 500_000, TransferKind.DISBURSEMENT, "多付")

    assert str(refused.value) == "可用资金不够：需要 ¥5,000.00，现在最多可用 ¥4,172.00。"
    told(story.balances("创投资金", "已立项待拨", "恩泽社"))


def test_whose_money(cast, told):
    """Whose money an award was."""
    key = "ventures.round:1"
    parts = (FundPart("1", "福彩公益金", 60_000_00), FundPart("2", "基金会", 40_000_00))
    book = open_fund(key, label="创投", amount_fen=100_000_00, parts=parts, acting_user=cast.fan)
    facts = {"reason": "", "acting_user": cast.fan}

    def standing() -> str:
        rows = [
            (one.account.label, yuan(one.brought_fen), yuan(one.committed_fen), yuan(one.free_fen))
            for one in sources_of_fund(key)
        ]
        return table("资金来源 | 到账 | 已立项 | 还没有用", rows)

    commit_fund(key, amount_fen=8_344_00, source="enze", key="1", **facts)
    awarded = standing()
    commit_fund(key, amount_fen=1_000_01, source="banrixian", key="2", **facts)
    twice = standing()
    release_commitment(key, amount_fen=8_344_00, source="enze", key="3", **facts)

    told(awarded, twice, standing())
    assert differences_in(book) == []


def test_two_books(cast, told):
    """From one town's book to another's."""
    haining, tongxiang = make_bank(), make_neighbour()
    make_agreement(haining, tongxiang)
    here, there = account_of(cast.anan, haining), account_of(cast.anan, tongxiang)
    give(there, 135, acting_user=cast.fan)

    def standing() -> str:
        accounts = [
            ("桐乡", "安安", there),
            ("桐乡", "清算账户", clearing_account_of(tongxiang)),
            ("海宁", "清算账户", clearing_account_of(haining)),
            ("海宁", "安安", here),
        ]
        rows = [(book, name, hours(balance_of(one).posted)) for book, name, one in accounts]
        return table("账簿 | 户名 | 结余", rows)

    crossing = send_hours(
        there,
        to_account=here,
        minutes=60,
        reason="在桐乡做的服务",
        request_key=uuid4(),
        acting_user=cast.anan,
    )
    under_way = standing()
    settle_crossing(crossing.pk)
    settle_crossing(crossing.pk)

    told(under_way, standing())
    assert [position.net for position in positions_of(tongxiang)] == [60]
    assert differences_in(haining.book) == differences_in(tongxiang.book) == []


def test_full_account(cast, told):
    """An account is full."""
    bank = make_bank()
    accounts = {"安安": account_of(cast.anan, bank), "爱心时间库": city_pool_of(bank)}
    story = Story(cast.fan, bank.book, accounts)
    story.earn("安安", 70, "为白奶奶理发")
    set_ceiling(
        bank, ceiling=100, when_full="pool", begins_on=localdate(), reason="办法",
        acting_user=cast.fan,
    )  # fmt: skip

    reward_service(
        cast.anan, minutes=60, source="s:1", reason="陪白奶奶就医", bank=bank,
        acting_user=cast.chen,
    )  # fmt: skip

    told(story.statement("安安"), story.balances("安安", "爱心时间库"))


def test_two_people(cast, told):
    """Put right by two people."""
    bank = make_bank()
    story = Story(cast.fan, bank.book, {"安安": account_of(cast.anan, bank)})
    story.earn("安安", 90, "为白奶奶理发")
    correction = make_adjustment(
        bank, story.account("安安"), cast.fan, reason="3 月 5 日漏记 30 分钟"
    )
    proposed = story.balances("安安")
    with pytest.raises(NotAllowed):
        approve_correction(correction, acting_user=cast.fan)

    approve_correction(correction, acting_user=cast.guo)

    told(proposed, story.statement("安安"))
