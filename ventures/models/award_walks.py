"""What the walk under the fund gave when it was run, and where people departed from it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.decisions import Decision
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class AwardWalk(models.Model):
    """建议名单. One run of the walk: what went in and what came out, with a fingerprint of each.

    The same input gives the same output, byte for byte: anybody may run it again.
    """

    class Occasion(models.TextChoices):
        MEETING = "meeting", _("提交集体决策")
        OBJECTION = "objection", _("异议成立后重算")
        ENDED = "ended", _("放弃或取消立项后重算")

    # The list is walked again without somebody; what else was awarded stands.
    AGAIN: ClassVar = (Occasion.OBJECTION, Occasion.ENDED)

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="award_walks")
    number = models.PositiveSmallIntegerField()
    occasion = models.CharField(max_length=10, choices=Occasion)
    inputs = models.JSONField()
    input_sha256 = models.CharField(max_length=64)
    results = models.JSONField()
    output_sha256 = models.CharField(max_length=64)
    run_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    run_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("建议名单")
        verbose_name_plural = _("建议名单")
        ordering: ClassVar = ["round", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="award_walk_numbered_once"),
            models.CheckConstraint(
                condition=Q(input_sha256__regex=r"^[0-9a-f]{64}$")
                & Q(output_sha256__regex=r"^[0-9a-f]{64}$"),
                name="award_walk_has_fingerprints",
            ),
        ]
        triggers: ClassVar = append_only("award_walks_append_only")

    def __str__(self) -> str:
        return f"{self.round} {self.number}"


class Override(models.Model):
    """不按建议名单. One proposal treated otherwise than the walk says: two people and a reason."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等另一人同意")
        AGREED = "agreed", _("已同意")
        REFUSED = "refused", _("不同意")
        TAKEN_BACK = "taken_back", _("已收回")

    STANDING = ("proposed", "agreed")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="overrides")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="overrides")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    outcome = models.CharField(_("改为"), max_length=8, choices=Decision.Outcome)
    amount_fen = models.BigIntegerField(_("金额"), default=0)
    reason = models.CharField(_("理由"), max_length=500)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("不按建议名单")
        verbose_name_plural = _("不按建议名单")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(state__in=["proposed", "agreed"]),
                name="one_standing_override_per_proposal",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_says_why"),
            models.CheckConstraint(
                condition=Q(outcome="award", amount_fen__gt=0)
                | ~Q(outcome="award") & Q(amount_fen=0),
                name="override_amount_of_an_award",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="override_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "refused"]) | ~Q(decided_by=F("proposed_by")),
                name="override_agreed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} {self.get_outcome_display()}"
