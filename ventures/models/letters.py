"""What each applicant is told when the list is made public, and the budget she then revises."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.decisions import Award, PublicNotice
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class LetterKind(models.TextChoices):
    """通知书种类. What became of the proposal the letter is about."""

    AWARD = "award", _("拟立项")
    REVISE = "revise", _("修改后立项")
    RESERVE = "reserve", _("候补")
    DECLINE = "decline", _("不予立项")


class LetterTemplate(models.Model):
    """通知书模板. The words of a kind of letter in one round; without a row, the usual ones."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="letter_templates")
    kind = models.CharField(_("种类"), max_length=8, choices=LetterKind)
    body = models.TextField(_("正文"), max_length=2000)
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("通知书模板")
        verbose_name_plural = _("通知书模板")
        ordering: ClassVar = ["round", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "kind"], name="letter_template_of_a_kind"),
            models.CheckConstraint(condition=~Q(body=""), name="letter_template_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.get_kind_display()}"


class Letter(models.Model):
    """结果通知书. The words one applicant was sent when the notice was published; never changed."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="letters")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(_("种类"), max_length=8, choices=LetterKind)
    body = models.TextField(_("正文"))
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("结果通知书")
        verbose_name_plural = _("结果通知书")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "proposal"], name="one_letter_in_a_notice"),
        ]
        triggers: ClassVar = append_only("letters_append_only")

    def __str__(self) -> str:
        return f"{self.proposal} {self.get_kind_display()}"


class RevisedBudget(models.Model):
    """修改稿（核定预算）. The budget within the approved amount, line by line, until confirmed."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("等待确认")
        RETURNED = "returned", _("退回修改")
        CONFIRMED = "confirmed", _("已确认")

        @property
        def tone(self) -> str:
            return {"confirmed": "done", "returned": "danger"}.get(self.value, "waiting")

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="revised_budgets")
    number = models.PositiveSmallIntegerField(_("第几稿"))
    state = models.CharField(max_length=10, choices=State, default=State.HANDED_IN)
    lines = models.JSONField(_("预算"))
    total_fen = models.BigIntegerField(_("合计"))
    approved_fen = models.BigIntegerField(_("核定金额"))
    note = models.CharField(_("改了什么"), max_length=500)
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("修改稿")
        verbose_name_plural = _("修改稿")
        ordering: ClassVar = ["award", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["award", "number"], name="revised_budget_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["award"],
                condition=~Q(state="returned"),
                name="one_standing_revised_budget",
            ),
            models.CheckConstraint(
                condition=Q(total_fen__gt=0, total_fen__lte=F("approved_fen")),
                name="revised_budget_within_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="handed_in", decided_by__isnull=True)
                | ~Q(state="handed_in") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="revised_budget_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""),
                name="returned_revision_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.number}"

    @property
    def tone(self) -> str:
        return self.State(self.state).tone
