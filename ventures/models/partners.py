"""Who else stands behind a proposal: organisations that apply together, each for its part."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, User


class Partner(models.Model):
    """联合申报方. An organisation that takes one part of the work in one area; its own member
    agrees first."""

    class State(models.TextChoices):
        ASKED = "asked", _("待对方同意")
        AGREED = "agreed", _("已同意联合申报")
        REFUSED = "refused", _("没有同意")
        LEFT = "left", _("已不参加")

    STANDING: ClassVar = ("asked", "agreed")

    proposal = models.ForeignKey(
        "ventures.Proposal", on_delete=models.PROTECT, related_name="partners"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="partnerships",
        verbose_name=_("联合申报组织"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("负责哪个地方")
    )
    part = models.CharField(_("承担什么"), max_length=100)
    # Named as whose people carry it out: asked when the proposal is handed in, and no co-applicant.
    is_team = models.BooleanField(_("派出执行社工团队"), default=False)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("联合申报方")
        verbose_name_plural = _("联合申报方")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "organisation"],
                condition=Q(state__in=["asked", "agreed"]),
                name="partner_stands_once_per_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "refused"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="partner_answered_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(part=""), name="partner_says_its_part"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state"], name="partner_by_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} + {self.organisation_id}"

    @property
    def is_standing(self) -> bool:
        return self.state in self.STANDING

    @property
    def state_label(self) -> str | Promise:
        """Where the answer stands; of a team's organisation, what it says of its people."""
        if not self.is_team:
            return self.State(self.state).label
        return {
            "asked": _("等你们确认"),
            "agreed": _("已确认派出团队"),
            "refused": _("已说明没有派出团队"),
        }.get(self.state, _("不再写明"))

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return {"asked": "waiting", "agreed": "done", "refused": "danger"}.get(
            self.state, "neutral"
        )
