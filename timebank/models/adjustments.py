"""Putting the ledger right by two people: adjustments and reversals, and opening balances.

What is asked for, with its reason and evidence, stands here; what became of it in the ledger is a
transfer like any other. Nothing here moves a minute: that is `services.adjustments` and
`services.openings`, which post in the same transaction in which the second person says yes.
"""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, Role, User
from accounts.rules import regions_of
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountState, Book, LedgerAccount, Transfer

KEEPERS = (Role.Kind.OFFICER, Role.Kind.ADMINISTRATOR)
READERS_OF_BOOKS = (*KEEPERS, Role.Kind.AUDITOR)


class CorrectionState(models.TextChoices):
    """Of whatever one person proposes and another decides."""

    PROPOSED = "proposed", _("待复核")
    APPROVED = "approved", _("已入账")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


class TwoPersonQuerySet[M: models.Model](models.QuerySet[M]):
    """What one person proposes and another decides."""

    def waiting(self) -> Self:
        return self.filter(state=CorrectionState.PROPOSED)


class OpeningImportQuerySet(TwoPersonQuerySet["OpeningImport"]):
    def visible_to(self, user: User) -> Self:
        """Officers, administrators and auditors of the bank's place, or of one above it."""
        return self.filter(bank__region__lineage__overlap=regions_of(user, *READERS_OF_BOOKS))


class TwoPerson(models.Model):
    """What both kinds have: who proposed it and why, who decided it and why."""

    State = CorrectionState

    reason = models.TextField(_("理由"), max_length=400)
    state = models.CharField(
        _("状态"), max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED
    )
    request_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"), db_default=Now())
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(_("办结时间"), null=True)
    decision_reason = models.TextField(_("复核意见"), max_length=400, blank=True)

    class Meta:
        abstract = True


class Adjustment(TwoPerson):
    """更正（调账、冲正）. A wrong balance put right: proposed by one, decided by another.

    An adjustment moves an amount from one account to another; a reversal undoes one transfer whole;
    a standing freezes, suspends, closes or opens an account of a book that no bank keeps, what is
    left on a closed one goes to `to_account`. Of any book: minutes, points, the money of rounds.
    """

    class Kind(models.TextChoices):
        ADJUSTMENT = "adjustment", _("调账")
        REVERSAL = "reversal", _("冲正")
        STANDING = "standing", _("账户状态")

    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    transfer = models.ForeignKey(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="reversals_asked_for",
        null=True,
    )
    from_account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        null=True,
    )
    to_account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        null=True,
    )
    amount = models.BigIntegerField(_("数量"), null=True)
    standing = models.CharField(_("账户改为"), max_length=10, choices=AccountState, blank=True)
    allows_debt = models.BooleanField(_("余额不足时记为欠额"), default=False)
    evidence = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    posted = models.OneToOneField(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="correction",
        null=True,
    )

    objects = TwoPersonQuerySet["Adjustment"].as_manager()

    class Meta:
        verbose_name = _("更正")
        verbose_name_plural = _("更正")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["book", "state", "-id"], name="adjustment_by_book_and_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind="reversal",
                    transfer__isnull=False,
                    from_account__isnull=True,
                    to_account__isnull=True,
                    amount__isnull=True,
                    standing="",
                )
                | Q(
                    Q(standing="closed") | Q(standing__in=AccountState.values, to_account=None),
                    kind="standing",
                    transfer__isnull=True,
                    from_account__isnull=False,
                    amount__isnull=True,
                    allows_debt=False,
                )
                | Q(
                    kind="adjustment",
                    transfer__isnull=True,
                    from_account__isnull=False,
                    to_account__isnull=False,
                    amount__gt=0,
                    allows_debt=False,
                    standing="",
                ),
                name="adjustment_says_what_moves",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="adjustment_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(posted__isnull=False) | Q(kind="standing"),
                    state="approved",
                    decided_by__isnull=False,
                )
                | Q(~Q(state="approved"), posted__isnull=True),
                name="adjustment_posted_when_approved",
            ),
            models.UniqueConstraint(
                fields=["transfer"],
                condition=Q(state__in=["proposed", "approved"]),
                name="one_reversal_asked_for_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["from_account"],
                condition=Q(kind="standing", state="proposed"),
                name="one_standing_asked_for_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:correction-detail", args=[self.pk])

    @property
    def said_state(self) -> str:
        """How it stands: what moves nothing is carried out, not posted."""
        if self.kind == self.Kind.STANDING and self.state == CorrectionState.APPROVED:
            return gettext("已办理")
        return self.get_state_display()

    @property
    def ledger_source(self) -> str:
        return f"timebank.adjustment:{self.pk}"

    def owner_keys(self) -> set[str]:
        """Whose the accounts are that it would move."""
        touched = Q(pk__in=[self.from_account_id, self.to_account_id])
        if self.transfer_id is not None:
            touched = Q(entries__transfer_id=self.transfer_id, entries__book_id=self.book_id)
        accounts = LedgerAccount.objects.filter(touched, book_id=self.book_id)
        return set(accounts.values_list("owner_key", flat=True))


class OpeningImport(TwoPerson):
    """期初导入. Balances brought from an earlier system: all of its rows or none, and once."""

    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(_("原系统或台账"), max_length=40)
    as_of = models.DateField(_("结转日期"))
    file_name = models.CharField(_("文件名"), max_length=120)
    digest = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField(_("人数"))
    minutes = models.BigIntegerField(_("合计（分钟）"))

    objects = OpeningImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("期初导入")
        verbose_name_plural = _("期初导入")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="opening_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False),
                name="opening_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(row_count__gt=0, minutes__gt=0), name="opening_brings_something"
            ),
            models.UniqueConstraint(
                fields=["bank", "digest"],
                condition=Q(state__in=["proposed", "approved"]),
                name="opening_file_taken_in_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin}:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:opening-detail", args=[self.pk])


class OpeningRow(models.Model):
    """期初导入的一行. One person's minutes; `reference` is its number in the earlier system."""

    opening = models.ForeignKey(OpeningImport, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(_("行"))
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    minutes = models.BigIntegerField(_("时长（分钟）"))
    reference = models.CharField(_("原编号"), max_length=40)
    note = models.CharField(_("备注"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("期初导入的一行")
        verbose_name_plural = _("期初导入的行")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opening", "number"], name="opening_row_numbered_once"),
            models.UniqueConstraint(
                fields=["opening", "reference"], name="opening_row_referenced_once"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="opening_row_brings_something"),
        ]

    def __str__(self) -> str:
        return f"{self.opening_id}:{self.number}"
