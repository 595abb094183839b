"""How proposals are judged: panel, its members, assignment, recusal, review, score, cut.

Rubric and criterion belong to the call. What a sheet said earlier is in `models.review_versions`,
what was decided after the panel in `models.decisions`. Scores are whole half points: 17.5 is 35. An
item without a `Score` row was not scored; an abstention is a state of the sheet, never a zero.
"""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.rules import has_role
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round
from ventures.models.rubrics import Criterion
from ventures.models.ties import kept_from_judging
from ventures.models.versions import ProposalVersion


class Panel(models.Model):
    """评审组. The people who score one round together, when and where, and who counts the votes.

    How scores are put together is the rubric's; from what spread on the officer is asked to look
    (极差) is the panel's.
    """

    class State(models.TextChoices):
        OPEN = "open", _("评审中")
        CLOSED = "closed", _("评审结束")

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="panel")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    place = models.CharField(_("评审地点"), max_length=120, blank=True)
    meets_at = models.DateTimeField(_("评审会时间"), null=True, blank=True)
    due_at = models.DateTimeField(_("交表截止"), null=True, blank=True)
    wide_points = models.PositiveSmallIntegerField(_("极差达到几分时提醒"), default=20)
    counter = models.CharField(_("计票人"), max_length=40, blank=True)
    supervisor = models.CharField(_("监督人"), max_length=40, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("评审组")
        verbose_name_plural = _("评审组")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="panel_closed_with_its_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)


class PanelMember(models.Model):
    """评委（席位）. A reviewer's seat on a panel; she signs the commitment once, before reading."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="panel_seats")
    seat = models.PositiveSmallIntegerField(_("席位"))
    is_chair = models.BooleanField(_("评委会主任"), default=False)
    committed_at = models.DateTimeField(_("签署承诺书的时间"), null=True, blank=True)
    named_at = models.DateTimeField(db_default=Now())
    # What she agreed to read at least and at most; where none is said, the panel's plan decides.
    least = models.PositiveSmallIntegerField(_("至少几份"), null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("至多几份"), null=True, blank=True)
    # Told before the sheets are due how many are left; she may switch that off.
    wants_reminders = models.BooleanField(_("交表前提醒我"), default=True)
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    left_for = models.CharField(_("退出原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("评委")
        verbose_name_plural = _("评委")
        ordering: ClassVar = ["panel", "seat"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["panel", "reviewer"], name="reviewer_sits_once_on_a_panel"
            ),
            models.UniqueConstraint(fields=["panel", "seat"], name="seat_taken_once"),
            models.UniqueConstraint(
                fields=["panel"], condition=Q(is_chair=True), name="panel_has_one_chair"
            ),
            models.CheckConstraint(condition=Q(seat__gte=1), name="seats_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.reviewer}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self) -> Self:
        """Scored or still to be scored: neither recused nor taken away."""
        return self.filter(state=Assignment.State.ASSIGNED)

    def unfinished(self) -> Self:
        """No sheet yet, or one still being filled in."""
        return self.filter(Q(review__isnull=True) | Q(review__state="draft"))

    def visible_to(self, user: User) -> Self:
        """A reviewer's own assignments, except where she stepped aside or has a tie.

        Who is no reviewer any more sees none.

        A tie that appears later (she joins the applicant's organisation) hides the proposal at
        once, whatever was assigned before.
        """
        if not has_role(user, Role.Kind.REVIEWER):
            return self.none()
        own = self.standing().filter(member__reviewer=user)
        return own.exclude(kept_from_judging(user, "proposal__"))


class Assignment(models.Model):
    """评审分派. This reviewer, this proposal."""

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("已分派")
        RECUSED = "recused", _("已回避")
        REMOVED = "removed", _("已取消")

    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="assignments")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=8, choices=State, default=State.ASSIGNED)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(db_default=Now())

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审分派")
        verbose_name_plural = _("评审分派")
        ordering: ClassVar = ["proposal", "member"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "proposal"], name="proposal_assigned_once_to_a_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.proposal}"


class Recusal(models.Model):
    """回避. A reviewer steps aside from one proposal, and says why."""

    class Ground(models.TextChoices):
        INTEREST = "interest", _("与申报方有利害关系")
        RELATIVE = "relative", _("亲属")
        SAME_UNIT = "same_unit", _("与申报方同一单位")
        WORKED_THERE = "worked_there", _("曾在申报方任职，离职不满两年")
        COACHED = "coached", _("辅导过这个项目")
        OTHER = "other", _("其他可能影响公正的关系")

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="recusal")
    ground = models.CharField(_("回避事由"), max_length=12, choices=Ground)
    words = models.CharField(_("说明"), max_length=200, blank=True)
    declared_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("回避")
        verbose_name_plural = _("回避")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(ground="other") | ~Q(words=""), name="other_recusal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.get_ground_display()}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def handed_in(self) -> Self:
        """Sheets with scores that count: not drafts, not abstentions, not of one stepped aside."""
        return self.filter(
            state=Review.State.SUBMITTED, assignment__state=Assignment.State.ASSIGNED
        )

    def visible_to(self, user: User) -> Self:
        """A reviewer's own sheets. Others' are asked of `selectors.reviews`, by rule."""
        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class Review(models.Model):
    """评分表. One reviewer's scores and words on one version of one proposal."""

    class State(models.TextChoices):
        DRAFT = "draft", _("填写中")
        SUBMITTED = "submitted", _("已交表")
        ABSTAINED = "abstained", _("弃权")

    class Recommendation(models.TextChoices):
        APPROVE = "approve", _("同意")
        REVISE = "revise", _("修改后同意")
        DECLINE = "decline", _("不同意")

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    version = models.ForeignKey(ProposalVersion, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    comment = models.TextField(_("评审意见"), max_length=2000, blank=True)
    notes = models.TextField(_("自己的笔记"), max_length=4000, blank=True)
    suggested_fen = models.BigIntegerField(_("建议资助金额"), null=True, blank=True)
    recommendation = models.CharField(
        _("立项建议"), max_length=8, choices=Recommendation, blank=True
    )
    opened_at = models.DateTimeField(db_default=Now())
    # Counts the saves: a page that was opened before the latest one is older than the sheet.
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("最近保存"), db_default=Now())
    submitted_at = models.DateTimeField(_("交表时间"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("评分表")
        verbose_name_plural = _("评分表")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(suggested_fen__isnull=True) | Q(suggested_fen__gte=0),
                name="suggested_amount_never_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted")
                | (
                    Q(suggested_fen__isnull=False, submitted_at__isnull=False)
                    & ~Q(recommendation="")
                ),
                name="submitted_review_says_all",
            ),
            models.CheckConstraint(
                condition=~Q(state="abstained") | ~Q(comment=""), name="abstention_says_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.assignment)


# A sheet that was handed in keeps its scores: they change only after it is given back, and what
# was handed in before stays in its ReviewVersion.
_FIXED_ONCE_HANDED_IN = """
    IF (SELECT state FROM ventures_review
         WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END)
       ) <> 'draft' THEN
        RAISE EXCEPTION 'a review that was handed in keeps its scores and cuts'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
_NEVER_ABOVE_ITS_MAXIMUM = """
    IF NEW.half_points > (
        SELECT max_half_points FROM ventures_criterion WHERE id = NEW.criterion_id
    ) THEN
        RAISE EXCEPTION 'a score is never above its own maximum' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_ANY_WRITE = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


class Score(models.Model):
    """得分. The value of one criterion on one sheet, in half points, with the reason for it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    half_points = models.PositiveSmallIntegerField(_("得分（半分）"), null=True, blank=True)
    comment = models.CharField(_("扣分理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("得分")
        verbose_name_plural = _("得分")
        ordering: ClassVar = ["criterion"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "criterion"], name="criterion_scored_once_on_a_sheet"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="scores_fixed_once_handed_in",
                when=pgtrigger.Before,
                operation=_ANY_WRITE,
                func=_FIXED_ONCE_HANDED_IN,
            ),
            pgtrigger.Trigger(
                name="scores_never_above_maximum",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NEVER_ABOVE_ITS_MAXIMUM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.criterion_id}"


class BudgetCut(models.Model):
    """预算核减意见. What a reviewer would take off one line of the budget, and why."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="cuts")
    line_number = models.PositiveSmallIntegerField(_("预算行"))
    line_name = models.CharField(_("支出内容"), max_length=120)
    cut_fen = models.BigIntegerField(_("核减金额"))
    reason = models.CharField(_("核减理由"), max_length=200)

    class Meta:
        verbose_name = _("预算核减意见")
        verbose_name_plural = _("预算核减意见")
        ordering: ClassVar = ["line_number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "line_number"], name="line_cut_once"),
            models.CheckConstraint(condition=Q(cut_fen__gt=0), name="cut_takes_something_off"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="cuts_fixed_once_handed_in",
                when=pgtrigger.Before,
                operation=_ANY_WRITE,
                func=_FIXED_ONCE_HANDED_IN,
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_number} −{self.cut_fen}"
