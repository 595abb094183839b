"""评审讨论: what is said about a proposal while it is judged, to whom; the applicant's one answer.

When it may be said is asked of `ventures.rules.review_rights`, who reads it of
`ventures.rules.discussions`.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.proposals import Proposal
from ventures.models.reviews import PanelMember


class Remark(models.Model):
    """讨论发言. Who said something to whom about which proposal; that never changes."""

    class Audience(models.TextChoices):
        REVIEWERS = "reviewers", _("本项目评委和经办人")
        OFFICE = "office", _("只给经办人")
        APPLICANT = "applicant", _("也给申报方看（不显示姓名）")

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="remarks")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The seat she spoke from; none: the office.
    member = models.ForeignKey(
        PanelMember, on_delete=models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    audience = models.CharField(_("给谁看"), max_length=10, choices=Audience)
    said_at = models.DateTimeField(db_default=Now())
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("讨论发言")
        verbose_name_plural = _("讨论发言")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["proposal", "id"], name="remark_by_proposal")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="remark_keeps_its_audience",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("audience", "proposal", "author"),
                func="RAISE EXCEPTION 'a remark keeps its audience, proposal and author'"
                " USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.audience}"


class RemarkText(models.Model):
    """发言文字. What a remark says; put right by a further row, the earlier ones stay."""

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("发言"), max_length=1000)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("发言文字")
        verbose_name_plural = _("发言文字")
        ordering: ClassVar = ["remark", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["remark", "number"], name="remark_text_numbered_once"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
        ]
        triggers: ClassVar = append_only("remark_texts_append_only")

    def __str__(self) -> str:
        return f"{self.remark_id}.{self.number}"


class DiscussionMute(models.Model):
    """不再提醒. Somebody who does not want to be told of new remarks about a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    muted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("不再提醒")
        verbose_name_plural = _("不再提醒")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "user"], name="discussion_muted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.user_id}"


class ApplicantAnswer(models.Model):
    """申报方答复. What the applicant says to the reviewers' words, once, before the decision."""

    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, related_name="answer_to_reviewers"
    )
    text = models.TextField(_("答复"), max_length=2000)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("申报方答复")
        verbose_name_plural = _("申报方答复")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="applicant_answer_not_empty"),
        ]
        triggers: ClassVar = append_only("applicant_answers_append_only")

    def __str__(self) -> str:
        return str(self.proposal_id)
