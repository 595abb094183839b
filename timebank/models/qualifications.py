"""What a volunteer has learnt or may do, checked by somebody; and the guardian's word for a minor.

What an activity asks for stands in `models.activities`.
"""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def valid_on(self, day: date) -> Self:
        """Checked, not taken back, and not run out on that day."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), withdrawn_at__isnull=True
        )

    def running_out(self, day: date, *, within: int) -> Self:
        """Still valid on that day, and not for long."""
        return self.filter(
            valid_until__gte=day,
            valid_until__lte=day + timedelta(days=within),
            withdrawn_at__isnull=True,
        ).order_by("valid_until", "pk")


class Qualification(models.Model):
    """资质与培训. A certificate or a finished training that somebody compared with the paper.

    One that is replaced by a newer paper is only closed; one that is withdrawn says who and why.
    """

    class Kind(models.TextChoices):
        SOCIAL_WORK = "social_work", _("社会工作者职业资格证（社工证）")
        ESCORT = "escort", _("陪诊培训")
        CHILD_CARE = "child_care", _("儿童保护培训与背景核查")
        FIRST_AID = "first_aid", _("急救培训")
        BARBER = "barber", _("理发技能")
        REPAIR = "repair", _("家电维修技能")
        HEALTH = "health", _("医护资格")
        LAW = "law", _("法律职业资格")
        DRIVING = "driving", _("驾驶证")

    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="qualifications", verbose_name=_("志愿者")
    )
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    number = models.CharField(_("证书编号"), max_length=40, blank=True)
    level = models.CharField(_("等级"), max_length=20, blank=True)
    issued_on = models.DateField(_("取得日期"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("查验人")
    )
    verified_at = models.DateTimeField(_("查验时间"), db_default=Now())
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    withdrawn_for = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("资质与培训")
        verbose_name_plural = _("资质与培训")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["volunteer", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="qualification_once_per_kind",
            ),
            models.CheckConstraint(
                condition=~Q(verified_by=F("volunteer")), name="qualification_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_for="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_for=""),
                name="withdrawn_qualification_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | ~Q(withdrawn_by=F("volunteer")),
                name="qualification_withdrawn_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.get_kind_display()}"


class GuardianConsent(models.Model):
    """监护人同意. A parent or guardian allows a minor to serve (浙江省志愿服务条例 art. 9).

    For a child under 14 the guardian also accepts the special rule on children's data
    (个人信息保护法 art. 31) and comes along. The paper is seen by somebody else than the minor.
    """

    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="guardian_consents", verbose_name=_("志愿者")
    )
    guardian_name = models.CharField(_("监护人姓名"), max_length=40)
    guardian_phone = models.CharField(_("监护人电话"), max_length=16)
    relation = models.CharField(_("关系"), max_length=20)
    accepts_child_rule = models.BooleanField(
        _("同意《儿童个人信息处理规则》，并全程陪同"), default=False
    )
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    given_at = models.DateTimeField(_("同意时间"), db_default=Now())
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("监护人同意")
        verbose_name_plural = _("监护人同意")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(withdrawn_at__isnull=True),
                name="guardian_consent_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(recorded_by=F("volunteer")), name="guardian_consent_seen_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.relation}"
