"""盲评: the anonymous number of a proposal, and what the office wrote for reviewers in place of
words that tell who applies.

What a reviewer then reads is put together in `ventures.selectors.blinding` alone.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.proposal_files import ProposalFile
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round
from ventures.models.versions import ProposalVersion


class BlindNumber(models.Model):
    """匿名编号. What a proposal is called where its applicant is hidden; drawn, so that it tells
    nothing of when or by whom it was handed in."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="blind_number")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="blind_numbers")
    number = models.PositiveIntegerField(_("匿名编号"))

    class Meta:
        verbose_name = _("匿名编号")
        verbose_name_plural = _("匿名编号")
        ordering: ClassVar = ["round", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "number"], name="blind_number_once_in_a_round"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="blind_numbers_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}"


class BlindCopy(models.Model):
    """匿名稿. One version of a proposal as blind reviewers read it, once the office released it."""

    version = models.OneToOneField(
        ProposalVersion, on_delete=models.PROTECT, related_name="blind_copy"
    )
    saved_at = models.DateTimeField(db_default=Now())
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(_("核对完毕"), null=True, blank=True)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("匿名稿")
        verbose_name_plural = _("匿名稿")
        ordering: ClassVar = ["version"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="blind_copy_released_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)


class Redaction(models.Model):
    """隐名文本. What stands in place of one field; empty stays empty, never the original."""

    copy = models.ForeignKey(BlindCopy, on_delete=models.CASCADE, related_name="redactions")
    field = models.CharField(max_length=80)
    text = models.TextField(_("给评委看的文字"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("隐名文本")
        verbose_name_plural = _("隐名文本")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["copy", "field"], name="field_redacted_once"),
        ]

    def __str__(self) -> str:
        return self.field


class ReleasedFile(models.Model):
    """放行的附件. A file blind reviewers may open, and the name it has for them."""

    copy = models.ForeignKey(BlindCopy, on_delete=models.CASCADE, related_name="released_files")
    file = models.ForeignKey(ProposalFile, on_delete=models.PROTECT, related_name="+")
    shown_name = models.CharField(_("给评委看的文件名"), max_length=60)

    class Meta:
        verbose_name = _("放行的附件")
        verbose_name_plural = _("放行的附件")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["copy", "file"], name="file_released_once"),
            models.CheckConstraint(condition=~Q(shown_name=""), name="released_file_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.shown_name
