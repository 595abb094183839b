"""The ledger: books, accounts, transfers, the entries of each transfer, and holds.

These models are for reading. Their tables stand in the schema `ledger`, made by
`timebank/sql/ledger.sql`; the only writers are its functions, the only callers of those functions
are `services.ledger`, `services.holds` and `services.sealing`, and the web role has no right to
write the tables.
In the database every primary key is (book, id); `id` is unique by itself, so it is the key here.
The limits of accounts and the changes of their standing are in `models.ledger_limits`; what a page
asks of the ledger is in `selectors.statements`.
"""

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """What a book counts. Amounts of two units never meet in one transfer."""

    MINUTE = "minute", _("分钟")
    POINT = "point", _("积分")
    FEN = "fen", _("分（人民币）")


class AccountKind(models.TextChoices):
    """Whose account it is, or what it is for."""

    PERSON = "person", _("个人")
    TEAM = "team", _("志愿服务队")
    ORGANISATION = "organisation", _("组织")
    STATION = "station", _("服务站点")
    POOL = "pool", _("爱心时间库")
    ISSUANCE = "issuance", _("发放账户")
    CLEARING = "clearing", _("清算账户")
    OPENING = "opening", _("期初账户")
    SOURCE = "source", _("资金来源")
    FUND = "fund", _("创投资金")
    COMMITMENT = "commitment", _("已立项待拨")
    PAYEE = "payee", _("收款方")


class TransferKind(models.TextChoices):
    """Why something moved, in the words of a statement."""

    OPENING = "opening", _("期初结转")
    REWARD = "reward", _("服务所得")
    USE = "use", _("使用服务")
    GIFT = "gift", _("捐赠转赠")
    GRANT = "grant", _("爱心时间库拨付")
    EXPIRY = "expiry", _("到期归库")
    ADJUSTMENT = "adjustment", _("调账")
    REVERSAL = "reversal", _("冲正")
    FUNDING = "funding", _("资金到位")
    AWARD = "award", _("立项资助")
    DISBURSEMENT = "disbursement", _("拨付")
    RETURN = "return", _("结余退回")
    CLOSING = "closing", _("销户结转")
    OUTWARD = "outward", _("通兑转出")
    INWARD = "inward", _("通兑转入")
    SENT_BACK = "sent_back", _("通兑退回")
    POINTS = "points", _("积分发放")


class AccountState(models.TextChoices):
    """What an account may do. What was begun before (a hold, a reversal) is finished in the first
    three; a closed account is empty and nothing moves on it again.
    """

    OPEN = "open", _("正常")
    SUSPENDED = "suspended", _("停用（只进不出）")
    FROZEN = "frozen", _("冻结")
    CLOSED = "closed", _("已销户")


class HoldEnd(models.TextChoices):
    """How a hold ended. A hold without an end is open."""

    SETTLED = "settled", _("已结算")
    RELEASED = "released", _("已退回")
    EXPIRED = "expired", _("已到期失效")


class Book(models.Model):
    """账簿. The accounts of one owner in one unit; every transfer stays inside one book."""

    id = models.BigIntegerField(primary_key=True)
    owner_key = models.TextField(_("归属"))
    name = models.TextField(_("名称"))
    unit = models.TextField(_("单位"), choices=Unit.choices)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    opened_at = models.DateTimeField(_("开立时间"))

    class Meta:
        managed = False
        db_table = '"ledger"."book"'
        verbose_name = _("账簿")
        verbose_name_plural = _("账簿")

    def __str__(self) -> str:
        return self.name


class LedgerAccount(models.Model):
    """时间账户 / 资金账户. Where minutes or fen stand; balances are moved only by services.ledger.

    `posted` is what has come in minus what has gone out; `held` is the part of it set aside;
    available is `posted - held`, and never below `floor`, except by `debt`: what a reversal took
    although it was no longer there. An account that is not counted (issuance) keeps no balance:
    its balance is the sum of its entries. An account in `stripes` keeps none either: it is the sum
    of its `parts`, accounts of their own on which its entries stand.
    The figures are those of the moment of reading: for today's ask `selectors.statements`.
    """

    id = models.BigIntegerField(primary_key=True)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="accounts"
    )
    kind = models.TextField(_("类型"), choices=AccountKind.choices)
    owner_key = models.TextField(_("归属"))
    label = models.TextField(_("户名"))
    floor = models.BigIntegerField(_("下限"), null=True)
    ceiling = models.BigIntegerField(_("上限"), null=True)
    posted = models.BigIntegerField(_("结余"))
    held = models.BigIntegerField(_("预留"))
    debt = models.BigIntegerField(_("冲正欠额"))
    seq = models.BigIntegerField(_("账目数"))
    is_counted = models.BooleanField(_("计结余"))
    state = models.TextField(_("状态"), choices=AccountState.choices)
    stripes = models.SmallIntegerField(_("分户数"))
    whole = models.ForeignKey(
        "self",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        db_column="stripe_of",
        null=True,
    )
    opened_at = models.DateTimeField(_("开立时间"))

    class Meta:
        managed = False
        db_table = '"ledger"."account"'
        verbose_name = _("账户")
        verbose_name_plural = _("账户")

    def __str__(self) -> str:
        return self.label

    @property
    def parts(self) -> models.QuerySet["LedgerAccount"]:
        """The stripes of an account that stands in stripes, found by their names' index."""
        names = [f"{self.owner_key}#{number}" for number in range(1, self.stripes + 1)]
        return LedgerAccount.objects.filter(
            book_id=self.book_id, kind=self.kind, owner_key__in=names
        )

    @property
    def available(self) -> int:
        """What can be used, as far as this object has read."""
        return self.posted - self.held


class Transfer(models.Model):
    """时长划转 / 资金划转. One movement, written once: two or more entries that sum to zero."""

    id = models.BigIntegerField(primary_key=True)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="transfers"
    )
    kind = models.TextField(_("事由"), choices=TransferKind.choices)
    reason = models.TextField(_("说明"))
    source = models.TextField(_("来源"))
    policy_version = models.TextField(_("规则版本"))
    happened_at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("入账时间"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        null=True,
    )
    reverses = models.OneToOneField(
        "self",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="reversed_by",
        null=True,
    )
    hold = models.ForeignKey(
        "Hold", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", null=True
    )
    reason_hash = models.BinaryField(_("说明的指纹"), null=True)

    class Meta:
        managed = False
        db_table = '"ledger"."transfer"'
        verbose_name = _("划转")
        verbose_name_plural = _("划转")

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"

    @property
    def is_reason_erased(self) -> bool:
        """The words were taken out (`services.sealing.erase_reason`); their hash stayed."""
        return self.reason_hash is not None


class Entry(models.Model):
    """账目 / 分录. One side of a transfer on one account, with the balance it left behind."""

    id = models.BigIntegerField(primary_key=True)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="entries"
    )
    transfer = models.ForeignKey(
        Transfer, on_delete=models.DO_NOTHING, db_constraint=False, related_name="entries"
    )
    account = models.ForeignKey(
        LedgerAccount, on_delete=models.DO_NOTHING, db_constraint=False, related_name="entries"
    )
    amount = models.BigIntegerField(_("变动"))
    balance_after = models.BigIntegerField(_("变动后结余"), null=True)
    seq = models.BigIntegerField(_("序号"), null=True)

    class Meta:
        managed = False
        db_table = '"ledger"."entry"'
        verbose_name = _("账目")
        verbose_name_plural = _("账目")

    def __str__(self) -> str:
        return f"{self.account_id}:{self.amount:+d}"


class Hold(models.Model):
    """预留. Minutes (or fen) set aside on one account for another; ended once, by its `end` row."""

    id = models.BigIntegerField(primary_key=True)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="holds"
    )
    account = models.ForeignKey(
        LedgerAccount, on_delete=models.DO_NOTHING, db_constraint=False, related_name="holds"
    )
    to_account = models.ForeignKey(
        LedgerAccount, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    amount = models.BigIntegerField(_("预留"))
    kind = models.TextField(_("事由"), choices=TransferKind.choices)
    reason = models.TextField(_("说明"))
    source = models.TextField(_("来源"))
    policy_version = models.TextField(_("规则版本"))
    happened_at = models.DateTimeField(_("发生时间"))
    expires_at = models.DateTimeField(_("到期时间"), null=True)
    recorded_at = models.DateTimeField(_("入账时间"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        null=True,
    )

    class Meta:
        managed = False
        db_table = '"ledger"."hold"'
        verbose_name = _("预留")
        verbose_name_plural = _("预留")

    def __str__(self) -> str:
        return f"{self.account_id}:{self.amount}"

    @property
    def is_open(self) -> bool:
        """Neither settled nor released nor expired, as far as this object has read."""
        return not hasattr(self, "end")


class HoldResolution(models.Model):
    """预留的了结. The one row that ends a hold: what was settled, or that it was given back."""

    hold = models.OneToOneField(
        Hold,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="end",
    )
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    how = models.TextField(_("方式"), choices=HoldEnd.choices)
    settled_amount = models.BigIntegerField(_("结算"))
    transfer = models.OneToOneField(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="ended_hold",
        null=True,
    )
    reason = models.TextField(_("说明"))
    recorded_at = models.DateTimeField(_("入账时间"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        null=True,
    )

    class Meta:
        managed = False
        db_table = '"ledger"."hold_resolution"'
        verbose_name = _("预留的了结")
        verbose_name_plural = _("预留的了结")

    def __str__(self) -> str:
        return f"{self.hold_id}:{self.how}"


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a transfer to be posted: an account, and what it gains (+) or gives (−)."""

    account: LedgerAccount
    amount: int

    @classmethod
    def pair(
        cls, *, from_account: LedgerAccount, to_account: LedgerAccount, amount: int
    ) -> tuple[Self, Self]:
        """The two legs of the common case: this much goes from one account to another."""
        return cls(from_account, -amount), cls(to_account, amount)
