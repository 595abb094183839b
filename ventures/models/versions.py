"""What was handed in, frozen, and what the office answered to it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.proposals import Proposal


class ProposalVersion(models.Model):
    """申报书版本. The whole text frozen at a submission; written once, never changed.

    `sha256` is of the snapshot as canonical JSON (keys sorted, no spaces, UTF-8).
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版次"))
    snapshot = models.JSONField(_("内容"))
    sha256 = models.CharField(_("校验值"), max_length=64)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("提交时间"))
    submit_key = models.UUIDField(_("提交凭据"), null=True, blank=True)

    class Meta:
        verbose_name = _("申报书版本")
        verbose_name_plural = _("申报书版本")
        ordering: ClassVar = ["proposal", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "number"], name="proposal_version_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["proposal", "submit_key"], name="one_version_per_submit_key"
            ),
        ]
        triggers: ClassVar = append_only("proposal_versions_append_only")

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.number}"


class Screening(models.Model):
    """形式审查. One answer of the office to one submitted version; written once.

    A return names the fields to complete (`marked_fields`) and until when; when its day has passed
    the same version may be returned once more or refused. Accepted or refused it is only once.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("通过")
        RETURNED = "returned", _("退回补正")
        REFUSED = "refused", _("不予受理")

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="screenings")
    version = models.ForeignKey(
        ProposalVersion, on_delete=models.PROTECT, related_name="screenings"
    )
    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome)
    reason = models.TextField(_("理由"), blank=True)
    marked_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    complete_by = models.DateTimeField(_("补正截止"), null=True, blank=True)
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    screened_at = models.DateTimeField(_("审查时间"), db_default=Now())

    class Meta:
        verbose_name = _("形式审查")
        verbose_name_plural = _("形式审查")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | ~Q(reason=""), name="screening_no_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | Q(complete_by__isnull=False),
                name="screening_return_says_until_when",
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=~Q(outcome="returned"),
                name="version_accepted_or_refused_once",
            ),
        ]
        triggers: ClassVar = append_only("screenings_append_only")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.outcome}"
