"""What a recipient says of a record that somebody else wrote down: four digits, or the card.

The second pair of eyes of a station that is one person. Sent and heard in
`services.recipient_words`.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from timebank.models.records import ServiceRecord
from timebank.models.service_cards import ServiceCard

TRIES = 5
SENDINGS = 3


class RecipientWord(models.Model):
    """服务对象核对. One record, put before whom it served; told by a code sent to their own phone,
    or by the card that somebody else made for them.

    `told_by` is who typed the code or scanned the card, never whose word it is.
    """

    class How(models.TextChoices):
        CODE = "code", _("四位服务码")
        CARD = "card", _("服务卡")

    record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, related_name="recipient_word"
    )
    code = models.CharField(_("服务码"), max_length=4, blank=True, editable=False)
    sent_to = models.CharField(_("发到"), max_length=16, blank=True)
    sendings = models.PositiveSmallIntegerField(default=0, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("发出时间"), db_default=Now())
    how = models.CharField(_("凭什么"), max_length=4, choices=How, blank=True)
    card = models.ForeignKey(
        ServiceCard, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    heard_at = models.DateTimeField(_("核对时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("服务对象核对")
        verbose_name_plural = _("服务对象核对")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code="") | Q(code__regex=r"^[0-9]{4}$"),
                name="recipients_code_has_4_digits",
            ),
            models.CheckConstraint(
                condition=Q(tries__lte=TRIES, sendings__lte=SENDINGS),
                name="recipients_code_tried_and_sent_few_times",
            ),
            models.CheckConstraint(
                condition=Q(how="", heard_at__isnull=True, told_by__isnull=True, card__isnull=True)
                | Q(heard_at__isnull=False, told_by__isnull=False)
                & (Q(how="code", card__isnull=True) | Q(how="card", card__isnull=False)),
                name="recipients_word_says_how_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.how}"

    @property
    def tries_left(self) -> int:
        return TRIES - self.tries

    @property
    def sendings_left(self) -> int:
        return SENDINGS - self.sendings


class RecipientNumber(models.Model):
    """号码的来历. Who says that a number is a recipient's own: who wrote it down, who called it.

    A code is only sent where somebody says so who has no part in the record (`services.numbers`).
    The number itself stands with the person; here is a keyed hash, so that another number is
    another matter and none is kept twice.
    """

    class How(models.TextChoices):
        WRITTEN = "written", _("登记时写下")
        CALLED = "called", _("打电话核对过")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number_hash = models.CharField(max_length=64, editable=False)
    how = models.CharField(_("凭什么"), max_length=8, choices=How)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta:
        verbose_name = _("号码的来历")
        verbose_name_plural = _("号码的来历")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "number_hash", "told_by"], name="number_told_once_by_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.how}"
