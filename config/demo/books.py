"""What an officer's and an auditor's pages show: corrections, openings, accounts held still.

Everything goes through the services, proposed by one person and decided by another, so that the
trail is the one the product itself writes. People who meet trouble here are invented.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Attachment, Person, Role, User
from accounts.services.attachments import store_pdf
from accounts.services.papers import typeset
from config.demo.cast import Cast, phone_of
from config.demo.timebank import Settled
from timebank.models import (
    AccountKind,
    AccountState,
    Adjustment,
    Book,
    LedgerAccount,
    TimeBank,
    Transfer,
    TransferKind,
)
from timebank.models.ledger import Unit
from timebank.models.ledger_limits import LimitPolicy
from timebank.services.adjustments import (
    approve_correction,
    propose_adjustment,
    propose_reversal,
    propose_standing,
    refuse_correction,
)
from timebank.services.banks import account_of, issuance_of, organisation_account_of, pool_of
from timebank.services.ledger import post_transfer
from timebank.services.limits import apply_limit_policy, set_limit_policy
from timebank.services.opening_tables import try_openings
from timebank.services.openings import approve_openings, propose_openings
from timebank.services.rewards import reward_service
from timebank.services.standing import freeze, suspend

SEED = 20261121
ORIGIN = "原积分台账"
FIRST_NEWCOMER = 700_000
CEILING = 1_500 * 60
ALMOST_FULL = CEILING - 60
NEWCOMERS = (
    "沈桂英", "陆文清", "徐根宝", "金美芳", "吴阿毛", "钱小英", "朱建国",
    "张秋月", "王水林", "李巧珍", "周志明",
)  # fmt: skip


def load_books(cast: Cast, settled: Settled, *, today: date) -> None:
    """Corrections in every state, two imports, a frozen and a suspended account."""
    chance = Random(SEED)
    evidence = _evidence(cast.fan, today)
    movers = _with_entries(settled, chance)
    _corrections(cast, settled.bank, movers, evidence, chance)
    full = _openings(cast, settled, today=today)
    _ceiling(cast, settled, full)
    freeze(movers[5], reason="手机号疑似被他人使用，核实期间先冻结", acting_user=cast.fan)
    suspend(movers[6], reason="本人搬到外地，请求停用", acting_user=cast.guo)
    _organisation(cast, settled.bank)


def _corrections(
    cast: Cast,
    bank: TimeBank,
    movers: Sequence[LedgerAccount],
    evidence: Attachment,
    chance: Random,
) -> None:
    issuance = issuance_of(bank)

    def adjust(account: LedgerAccount, minutes: int, reason: str) -> Adjustment:
        return propose_adjustment(
            bank.book,
            from_account=issuance,
            to_account=account,
            amount=minutes,
            reason=reason,
            evidence=evidence,
            request_key=_key(chance),
            acting_user=cast.fan,
        )

    def reverse(account: LedgerAccount, reason: str) -> Adjustment:
        transfer = Transfer.objects.filter(
            book_id=bank.book_id, entries__account_id=account.pk, kind=TransferKind.GIFT
        ).first() or Transfer.objects.filter(
            book_id=bank.book_id, entries__account_id=account.pk
        ).latest("pk")
        return propose_reversal(
            transfer,
            reason=reason,
            evidence=evidence,
            request_key=_key(chance),
            acting_user=cast.guo,
        )

    own = account_of(cast.anan, bank)
    approve_correction(
        adjust(own, 30, "3 月 5 日活动漏记 30 分钟，签到表有本人签名"),
        reason="已核对签到表",
        acting_user=cast.guo,
    )
    approve_correction(
        reverse(movers[1], "同一次活动重复登记"), reason="与签到表一致", acting_user=cast.fan
    )
    refuse_correction(
        adjust(movers[2], 600, "口头反映少记 10 小时"),
        reason="没有原始记录，请先找到签到表",
        acting_user=cast.guo,
    )
    adjust(movers[3], 45, "签退时间看错，少记 45 分钟")
    reverse(movers[4], "记到了同名的另一个人")


def correct_a_fund(cast: Cast) -> None:
    """Money of the city's round put right by 金会计 and 范科长; a second proposal waits."""
    fund = Book.objects.filter(unit=Unit.FEN, name__contains="市级").latest("pk")
    source = fund.accounts.filter(kind=AccountKind.SOURCE).earliest("pk")
    free = fund.accounts.get(kind=AccountKind.FUND, owner_key=source.owner_key)
    for number, (fen, reason) in enumerate(
        (
            (500_000, "到账单是 60.5 万元，登记时少记 5,000 元"),
            (120_000, "8 月利息 1,200 元没有入账"),
        ),
        start=1,
    ):
        asked = propose_adjustment(
            fund,
            from_account=source,
            to_account=free,
            amount=fen,
            reason=reason,
            evidence=_evidence(cast.jin, timezone.localdate(), of="银行回单"),
            request_key=UUID(int=SEED * 10 + number),
            acting_user=cast.jin,
        )
        if number == 1:
            approve_correction(asked, reason="已核对银行回单", acting_user=cast.fan)


def close_a_spent_fund(cast: Cast) -> None:
    """The money of a round long over is all awarded: 金会计 asks to close its account."""
    spent = Book.objects.filter(unit=Unit.FEN, name__contains="2018—2019").earliest("pk")
    propose_standing(
        spent.accounts.get(kind=AccountKind.FUND),
        state=AccountState.CLOSED,
        reason="本届已结束，资金全部立项，创投资金账户为零",
        evidence=_evidence(cast.jin, timezone.localdate(), of="结账说明"),
        request_key=UUID(int=SEED * 10 + 9),
        acting_user=cast.jin,
    )


def _openings(cast: Cast, settled: Settled, *, today: date) -> User:
    """One batch stands in the book, one waits for its second person; who brought most of it."""
    newcomers = _newcomers(settled)
    for number, people in enumerate((newcomers[:7], newcomers[7:]), start=1):
        table = [["姓名", "手机号", "分钟", "原编号", "备注"]]
        for place, person in enumerate(people, start=1):
            phone = (person.phone or "").removeprefix("+86")
            minutes = 60 * place if place > 1 else ALMOST_FULL
            table.append([person.display_name, phone, str(minutes), f"JF{number}{place:03d}", ""])
        trial = try_openings(settled.bank, table, origin=ORIGIN)
        opening = propose_openings(
            settled.bank,
            trial,
            origin=ORIGIN,
            as_of=today - timedelta(days=30),
            reason=f"{ORIGIN}第 {number} 批，站点与本人核对过",
            file_name=f"{ORIGIN}{number}.xlsx",
            digest=f"{number:064d}",
            request_key=UUID(int=SEED + number),
            acting_user=cast.fan,
        )
        if number == 1:
            approve_openings(opening, reason="抽查 3 人无误", acting_user=cast.guo)
    return newcomers[0]


def _ceiling(cast: Cast, settled: Settled, full: User) -> None:
    """南京's figure: 1,500 hours a person, the rest to the pool. One has just gone past it."""
    set_limit_policy(
        settled.bank.book,
        kind=AccountKind.PERSON,
        floor=0,
        ceiling=CEILING,
        when_full=LimitPolicy.WhenFull.POOL,
        since=timezone.make_aware(datetime(2024, 1, 1)),
        version="ceiling:2024-01-01",
        reason="海宁时间银行试行办法（示例）",
        acting_user=cast.fan,
    )
    apply_limit_policy(settled.bank.book, kind=AccountKind.PERSON, acting_user=cast.fan)
    reward_service(
        full,
        minutes=150,
        source="demo.full:1",
        reason="陪伴独居老人就医",
        bank=settled.bank,
        pool=pool_of(cast.stations["nanguanxiang"]),
        acting_user=cast.chen,
    )


def _organisation(cast: Cast, bank: TimeBank) -> None:
    """恩泽社 has minutes of its own: given by its members, for the people it cares for."""
    account = organisation_account_of(cast.organisations["enze"], bank)
    post_transfer(
        book=bank.book,
        from_account=issuance_of(bank),
        to_account=account,
        amount=1_200,
        kind=TransferKind.REWARD,
        reason="组织志愿者参加河道清洁",
        source="demo.organisation:1",
        key="demo:organisation:1",
        acting_user=cast.people["system"],
    )


def _with_entries(settled: Settled, chance: Random) -> list[LedgerAccount]:
    """Accounts with enough on them to be put right, always the same ones."""
    accounts = LedgerAccount.objects.filter(
        book=settled.bank.book, kind=AccountKind.PERSON, posted__gte=600, posted__lte=1_000
    ).select_related("book")
    return chance.sample(list(accounts.order_by("pk")[:200]), 8)


def _newcomers(settled: Settled) -> list[User]:
    """People known from an earlier list of points, who have nothing in the book yet."""
    people = []
    for number, name in enumerate(NEWCOMERS):
        place = settled.places[number % len(settled.places)]
        user = User.objects.create_user(
            display_name=name,
            phone=phone_of(FIRST_NEWCOMER + number),
            phone_verified=True,
            home_region=place.region,
        )
        Person.objects.create(
            user=user, real_name=name, phone=user.phone or "", region=place.region, is_demo=True
        )
        Role.objects.create(user=user, kind=Role.Kind.VOLUNTEER, region=place.region)
        people.append(user)
    return people


def _evidence(officer: User, today: date, *, of: str = "签到表") -> Attachment:
    content = typeset(
        "config/demo/papers/minutes.typ",
        {
            "title": "情况说明",
            "number": "",
            "lines": [f"经核对原始{of}，登记有误，申请更正。", f"附：{of}复印件。"],
            "issuer": "示范社区服务站",
            "date": f"{today.year}年{today.month}月{today.day}日",
            "notice": "演示文件：地名与公开合计真实，其余虚构",
        },
    )
    return store_pdf(
        SimpleUploadedFile("情况说明.pdf", content, "application/pdf"), acting_user=officer
    )


def _key(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)
