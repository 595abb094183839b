"""The files of a proposal."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, User
from ventures.models.proposals import Proposal


class ProposalFile(models.Model):
    """申报材料. A PDF handed in with a proposal; removed ones stay on record."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature", _("签章页（签字或盖章、社区意见）")
        COMMUNITY = "community", _("社区意见")
        STANDING = "standing", _("登记证书或备案证明")
        OTHER = "other", _("其他佐证材料")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="files")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="proposal_file"
    )
    kind = models.CharField(_("材料"), max_length=10, choices=Kind)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("上传时间"), db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("申报材料")
        verbose_name_plural = _("申报材料")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["proposal", "kind"],
                condition=models.Q(removed_at__isnull=True),
                name="proposal_file_standing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
