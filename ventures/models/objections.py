"""Objections to a public notice, what became of them; and awards that do not stand any more."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import Attachment, Organisation, User
from ventures.models.award_walks import AwardWalk
from ventures.models.award_wishes import AwardWish, by_a_wish
from ventures.models.decisions import Award, PublicNotice
from ventures.models.proposals import Proposal


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def waiting(self) -> Self:
        """Under recheck: nothing of theirs may become final."""
        return self.filter(state=Objection.State.FILED)

    def of(self, user: User) -> Self:
        return self.filter(filed_by=user)


class Objection(models.Model):
    """异议. Somebody objects to a notice, in a real name or under a stamp, and is answered.

    While it waits (复核) its item is frozen and the notice cannot end.
    """

    class Standing(models.TextChoices):
        PERSON = "person", _("个人（真实姓名）")
        ORGANISATION = "organisation", _("单位（加盖公章）")
        GROUP = "group", _("备案社区社会组织（加盖社区公章）")

    class State(models.TextChoices):
        FILED = "filed", _("复核中")
        UPHELD = "upheld", _("异议成立")
        REJECTED = "rejected", _("异议不成立")
        REFUSED = "refused", _("不予受理")
        TAKEN_BACK = "taken_back", _("已撤回")

        @property
        def tone(self) -> str:
            return {"filed": "waiting", "upheld": "danger", "rejected": "done"}.get(
                self.value, "neutral"
            )

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    proposal = models.ForeignKey(
        Proposal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name=_("对哪个项目"),
    )
    standing = models.CharField(_("以什么身份提出"), max_length=12, choices=Standing)
    state = models.CharField(max_length=10, choices=State, default=State.FILED)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="objections")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="objections"
    )
    name = models.CharField(_("姓名或单位名称"), max_length=80)
    phone = models.CharField(_("联系电话"), max_length=20)
    facts = models.TextField(_("事实和理由"), max_length=2000)
    evidence = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("证据材料"),
    )
    filed_at = models.DateTimeField(db_default=Now())
    due_on = models.DateField(_("答复期限"))
    answer = models.TextField(_("书面答复"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "proposal", "filed_by"],
                condition=Q(state="filed"),
                nulls_distinct=False,
                name="one_waiting_objection_to_an_item",
            ),
            models.CheckConstraint(
                condition=Q(standing="person", organisation__isnull=True)
                | ~Q(standing="person") & Q(organisation__isnull=False, evidence__isnull=False),
                name="stamped_objection_has_its_paper",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(phone="") & ~Q(facts=""),
                name="objection_is_not_anonymous",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["filed", "taken_back"])
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="objection_answered_in_writing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["notice", "state"], name="objection_by_notice"),
            models.Index(fields=["state", "due_on"], name="objection_by_due_day"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.pk}"

    @property
    def tone(self) -> str:
        return self.State(self.state).tone


class AwardWithdrawal(models.Model):
    """撤销立项. An award that does not stand any more; its money returned to the fund.

    Because an objection was upheld, because its applicant gave it up, or because the office
    cancelled it. Why is public, but for a reason of the applicant's who did not say so.
    """

    class Cause(models.TextChoices):
        OBJECTION = "objection", _("异议成立")
        GIVEN_UP = "given_up", _("放弃立项")
        CANCELLED = "cancelled", _("取消立项")

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="withdrawal")
    cause = models.CharField(max_length=10, choices=Cause)
    objection = models.ForeignKey(
        Objection, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    # Of a cancelled one; none of those from before it took two people.
    wish = models.OneToOneField(
        AwardWish, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawal"
    )
    walk = models.ForeignKey(
        AwardWalk, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("原因"), max_length=500)
    # 放弃的原因是申报方自己的事: public only where she ticked it.
    publishes_reason = models.BooleanField(_("原因可以公开"), default=True)
    transfer_id = models.BigIntegerField(_("入账编号"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("撤销立项")
        verbose_name_plural = _("撤销立项")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_says_why"),
            models.CheckConstraint(
                condition=Q(cause="objection", objection__isnull=False)
                | ~Q(cause="objection") & Q(objection__isnull=True),
                name="withdrawal_by_objection_names_it",
            ),
            models.CheckConstraint(
                condition=Q(cause="given_up") | Q(publishes_reason=True),
                name="only_who_gives_up_keeps_the_reason",
            ),
            models.CheckConstraint(
                condition=Q(cause="cancelled") | Q(wish__isnull=True),
                name="wish_only_where_cancelled",
            ),
        ]
        triggers: ClassVar = [
            *append_only("award_withdrawals_append_only"),
            by_a_wish(
                "award_cancelled_by_two",
                "wish.kind = 'cancel' AND wish.decided_by_id = NEW.withdrawn_by_id",
                unless="NEW.cause <> 'cancelled'",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award}"

    @property
    def public_words(self) -> str | Promise:
        """Why, as anybody may read it."""
        if self.cause == self.Cause.OBJECTION:
            return self.reason
        words = _("申报方放弃立项") if self.cause == self.Cause.GIVEN_UP else _("主办单位取消立项")
        if not self.publishes_reason:
            return words
        return _("%(what)s：%(reason)s") % {"what": words, "reason": self.reason}
