"""Hours between banks (通兑): what two banks agreed, and each movement from one to the other.

No transfer leaves its book. Hours go over in two postings: in the giver's book to its clearing
account, then in the receiver's book from its clearing account, the second keyed by the first. The
row here holds the two together until the second is made, or the first is given back.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.ledger import LedgerAccount, Transfer


class ClearingAgreement(models.Model):
    """通兑约定. Two banks exchange hours, and how much one may owe the other at most.

    One row for a pair, the bank with the lower number first.
    """

    first_bank = models.ForeignKey(
        TimeBank, on_delete=models.PROTECT, related_name="+", verbose_name=_("甲方")
    )
    second_bank = models.ForeignKey(
        TimeBank, on_delete=models.PROTECT, related_name="+", verbose_name=_("乙方")
    )
    limit_minutes = models.BigIntegerField(_("净额上限"))
    is_open = models.BooleanField(_("开通"), default=True)
    agreed_at = models.DateTimeField(_("约定时间"), db_default=Now())

    class Meta:
        verbose_name = _("通兑约定")
        verbose_name_plural = _("通兑约定")
        ordering: ClassVar = ["first_bank_id", "second_bank_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["first_bank", "second_bank"], name="one_agreement_per_pair"
            ),
            models.CheckConstraint(
                condition=models.Q(first_bank__lt=models.F("second_bank")),
                name="agreement_names_the_lower_first",
            ),
            models.CheckConstraint(
                condition=models.Q(limit_minutes__gt=0), name="agreement_leaves_room"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_bank} – {self.second_bank}"

    def other_than(self, bank: TimeBank) -> TimeBank:
        return self.second_bank if bank.pk == self.first_bank_id else self.first_bank


class CrossingQuerySet(models.QuerySet["Crossing"]):
    def of_bank(self, bank: TimeBank) -> "CrossingQuerySet":
        return self.filter(models.Q(from_bank=bank) | models.Q(to_bank=bank))


class Crossing(models.Model):
    """通兑. Minutes of somebody in one bank on their way to somebody in another.

    Comes to life as SENT, together with its outward posting; the settler credits it in the other
    bank or, where that bank refuses, gives it back (`services.clearing`).
    """

    class State(models.TextChoices):
        SENT = "sent", _("在途")
        CREDITED = "credited", _("已转入")
        RETURNED = "returned", _("已退回")

    request_key = models.UUIDField(_("办理编号"), unique=True)
    from_bank = models.ForeignKey(
        TimeBank, on_delete=models.PROTECT, related_name="sent", verbose_name=_("转出银行")
    )
    to_bank = models.ForeignKey(
        TimeBank, on_delete=models.PROTECT, related_name="received", verbose_name=_("转入银行")
    )
    from_account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("转出账户"),
    )
    to_account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("转入账户"),
    )
    minutes = models.BigIntegerField(_("分钟"))
    reason = models.CharField(_("说明"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SENT)
    sent_at = models.DateTimeField(_("转出时间"), db_default=Now())
    ended_at = models.DateTimeField(_("了结时间"), null=True, blank=True)
    refused_as = models.CharField(_("退回原因"), max_length=40, blank=True)
    outward = models.OneToOneField(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="crossing",
        verbose_name=_("转出划转"),
    )
    inward = models.OneToOneField(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="crossing_credited",
        verbose_name=_("转入划转"),
        null=True,
        blank=True,
    )
    sent_back = models.OneToOneField(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="crossing_returned",
        verbose_name=_("退回划转"),
        null=True,
        blank=True,
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = CrossingQuerySet.as_manager()

    class Meta:
        verbose_name = _("通兑")
        verbose_name_plural = _("通兑")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["from_bank", "to_bank", "state"], name="crossing_by_pair"),
            models.Index(
                fields=["sent_at"], condition=models.Q(state="sent"), name="crossing_under_way"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0), name="crossing_moves_something"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_bank=models.F("to_bank")),
                name="crossing_is_between_two_banks",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(
                        state="sent",
                        inward__isnull=True,
                        sent_back__isnull=True,
                        ended_at__isnull=True,
                    )
                    | models.Q(
                        state="credited",
                        inward__isnull=False,
                        sent_back__isnull=True,
                        ended_at__isnull=False,
                    )
                    | models.Q(
                        state="returned",
                        inward__isnull=True,
                        sent_back__isnull=False,
                        ended_at__isnull=False,
                    )
                ),
                name="crossing_ends_in_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_bank_id} → {self.to_bank_id}: {self.minutes}"

    @property
    def ledger_source(self) -> str:
        return f"timebank.crossing:{self.request_key}"

    @classmethod
    def source_of(cls, request_key: Any) -> str:
        return f"timebank.crossing:{request_key}"

    def is_between(self, user: User) -> bool:
        """Whether the user sent it or receives it, as a person."""
        keys = {self.from_account.owner_key, self.to_account.owner_key}
        return self.acting_user_id == user.pk or f"user:{user.pk}" in keys
