"""What strikes about two proposals beside each other, and proposals moved to another round."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class ProposalSignal(models.Model):
    """雷同提示. Two proposals that share something worth a look; it decides nothing.

    Written by the product, put aside by an officer with a reason. `first` is the older of the two.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "body", _("同一组织参与两份申报")
        PHONE = "phone", _("负责人电话相同")
        PERSON = "person", _("负责人或团队成员相同")
        TEXT = "text", _("文字大段相同")

    first = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="signals_as_first")
    second = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="signals_as_second")
    kind = models.CharField(_("提示"), max_length=8, choices=Kind)
    words = models.CharField(_("相同的内容"), max_length=200)
    percent = models.PositiveSmallIntegerField(_("相同的比例"), null=True, blank=True)
    found_at = models.DateTimeField(_("发现时间"), db_default=Now())
    dismissed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissal = models.CharField(_("为什么不用管"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("雷同提示")
        verbose_name_plural = _("雷同提示")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["first", "second", "kind"], name="two_proposals_signalled_once"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="signal_names_the_older_first"
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at__isnull=True, dismissed_by__isnull=True, dismissal="")
                | (Q(dismissed_at__isnull=False, dismissed_by__isnull=False) & ~Q(dismissal="")),
                name="dismissed_signal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id} {self.kind}"


class Transfer(models.Model):
    """转入另一轮. The office offers another round of the programme; the applicant agrees."""

    class State(models.TextChoices):
        OFFERED = "offered", _("待申报方同意")
        TAKEN = "taken", _("已转入")
        REFUSED = "refused", _("申报方没有同意")

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="transfers")
    from_round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    to_round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="+", verbose_name=_("转入哪一轮")
    )
    reason = models.CharField(_("为什么转"), max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(db_default=Now())
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("转入另一轮")
        verbose_name_plural = _("转入另一轮")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state="offered"), name="one_transfer_offered"
            ),
            models.CheckConstraint(
                condition=~Q(from_round=F("to_round")), name="transfer_to_another_round"
            ),
            models.CheckConstraint(
                condition=Q(state="offered")
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="transfer_answered_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="transfer_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} → {self.to_round_id}"
