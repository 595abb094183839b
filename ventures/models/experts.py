"""评审专家库: who may be asked to judge, in which field, for which level and place, until when.

A place keeps its own pool; the places below may draw on it too. Who sits on a panel is in
`models.reviews`.
"""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from accounts.rules import roles_of_kind
from ventures.models.rounds import STAFF_KINDS, Round
from ventures.models.tracks import Track


class ExpertQuerySet(models.QuerySet["Expert"]):
    def in_term(self, day: date | None = None) -> Self:
        """Whose mandate runs on this day."""
        day = day or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def askable(self) -> Self:
        """Who can sign in: nobody else reads a proposal or writes a sheet."""
        return self.filter(user__is_active=True)

    def for_round(self, round: Round) -> Self:
        """The pools of the round's place and of the places above, for its level."""
        return self.filter(region__in=round.region.lineage, levels__contains=[round.level])

    def visible_to(self, user: User) -> Self:
        """The office of the pool's place, of one above, or of one below that may draw on it."""
        places = [role.region for role in roles_of_kind(user, *STAFF_KINDS) if role.region]
        above = {number for place in places for number in place.lineage}
        return self.filter(
            Q(region__lineage__overlap=[place.pk for place in places]) | Q(region__in=above)
        )


class Expert(models.Model):
    """评审专家. One entry of a place's pool, with the dates of the mandate."""

    code = models.GeneratedField(
        expression=Concat(Value("ZJ"), Cast(F("id") + 1_000, models.CharField())),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        verbose_name=_("编号"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="experts", verbose_name=_("哪里的专家库")
    )
    # Who signs in with this number, as soon as there is one: only they can be asked.
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="expert_entries"
    )
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(
        _("手机号"),
        max_length=20,
        validators=[RegexValidator(r"^\+[0-9]{8,15}$", _("请填写手机号，如 10012345678。"))],
    )
    employer = models.CharField(_("工作单位"), max_length=80)
    credit_code = models.CharField(_("单位统一社会信用代码"), max_length=18, blank=True)
    title = models.CharField(_("职称或资格"), max_length=60)
    tracks = models.ManyToManyField(Track, related_name="experts", verbose_name=_("熟悉的领域"))
    levels = ArrayField(
        models.CharField(max_length=10, choices=Round.Level), verbose_name=_("可评哪一级")
    )
    starts_on = models.DateField(_("聘期从"))
    ends_on = models.DateField(_("聘期到"), null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("一届最多评几份"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审专家")
        verbose_name_plural = _("评审专家")
        ordering: ClassVar = ["region", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region", "phone"],
                name="expert_once_in_a_pool",
                violation_error_message=_("这个手机号已经在本地专家库里。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="expert_mandate_runs_forward",
                violation_error_message=_("聘期结束不能早于开始。"),
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gte=1), name="expert_reads_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def is_in_term(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
