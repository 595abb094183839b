"""评审邀请: asking somebody to judge, and the answer. A seat on the panel comes after it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.experts import Expert
from ventures.models.rounds import Round


class ReviewInvitationQuerySet(models.QuerySet["ReviewInvitation"]):
    def standing(self) -> Self:
        return self.filter(state__in=["open", "accepted"])

    def visible_to(self, user: User) -> Self:
        """One's own, as long as it was not taken back."""
        return self.filter(user=user).exclude(state=ReviewInvitation.State.WITHDRAWN)


class ReviewInvitation(models.Model):
    """评审邀请. What it shows is enough to see a conflict and no more; what was answered is kept
    even when the invitation is taken off the list, and why is read by whoever asked."""

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("已谢绝")
        WITHDRAWN = "withdrawn", _("已收回")
        LAPSED = "lapsed", _("逾期未答复")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="review_invitations")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="invitations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="review_invitations")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    least = models.PositiveSmallIntegerField(_("至少几份"), default=0)
    most = models.PositiveSmallIntegerField(_("至多几份"))
    answer_by = models.DateTimeField(_("请在此前答复"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, blank=True)
    declined_for = models.CharField(_("谢绝的原因"), max_length=300, blank=True)
    off_list_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审邀请")
        verbose_name_plural = _("评审邀请")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "user"],
                condition=Q(state__in=["open", "accepted"]),
                name="asked_once_to_review_a_round",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(declined_for=""),
                name="declined_invitation_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
                name="answered_invitation_says_when",
            ),
            models.CheckConstraint(
                condition=Q(least__lte=F("most"), most__gte=1), name="invitation_load_makes_sense"
            ),
            models.CheckConstraint(
                condition=Q(off_list_at__isnull=True) | ~Q(state__in=["open", "accepted"]),
                name="only_ended_invitations_leave_the_list",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "state"], name="invitation_by_user")]

    def __str__(self) -> str:
        return f"{self.round} · {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("ventures:review-invitation", args=[self.pk])
