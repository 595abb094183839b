"""The limits of accounts: the dated policy of a kind, and each change of an account's standing.

Read only, like `models.ledger`: the tables are made and written by `timebank/sql/ledger.sql`.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from timebank.models.ledger import AccountKind, Book, LedgerAccount


class AccountChange(models.Model):
    """账户变更记录. A change of an account's state or limits, from what to what, and why."""

    class What(models.TextChoices):
        STATE = "state", _("状态")
        LIMITS = "limits", _("限额")

    id = models.BigIntegerField(primary_key=True)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    account = models.ForeignKey(
        LedgerAccount, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes"
    )
    what = models.TextField(_("内容"), choices=What.choices)
    before = models.TextField(_("原来"))
    after = models.TextField(_("现在"))
    reason = models.TextField(_("说明"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    recorded_at = models.DateTimeField(_("入账时间"))

    class Meta:
        managed = False
        db_table = '"ledger"."account_change"'
        verbose_name = _("账户变更记录")
        verbose_name_plural = _("账户变更记录")

    def __str__(self) -> str:
        return f"{self.account_id}:{self.before} → {self.after}"


class LimitPolicy(models.Model):
    """限额规则. The limits of accounts of a kind from an instant on, and what a full one does.

    Written once; the latest that has begun is in force. `when_full`: a credit that would pass the
    ceiling is refused, or what is too much goes to the 爱心时间库 that the credit names.
    """

    class WhenFull(models.TextChoices):
        POOL = "pool", _("多出来的转入爱心时间库")
        REFUSE = "refuse", _("不再存入，请先使用或捐赠")

    id = models.BigIntegerField(primary_key=True)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="limit_policies"
    )
    kind = models.TextField(_("类型"), choices=AccountKind.choices)
    floor = models.BigIntegerField(_("下限"), null=True)
    ceiling = models.BigIntegerField(_("上限"), null=True)
    when_full = models.TextField(_("到了上限"), choices=WhenFull.choices)
    since = models.DateTimeField(_("开始时间"))
    version = models.TextField(_("规则版本"))
    reason = models.TextField(_("说明"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    recorded_at = models.DateTimeField(_("入账时间"))

    class Meta:
        managed = False
        db_table = '"ledger"."limit_policy"'
        verbose_name = _("限额规则")
        verbose_name_plural = _("限额规则")

    def __str__(self) -> str:
        return f"{self.kind}:{self.version}"
