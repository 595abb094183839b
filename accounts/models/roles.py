"""Roles: what a person answers for, and where."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Organisation, Station
from accounts.models.people import User
from accounts.models.regions import Region


def bound_to_its_place() -> Q:
    """Which of region, station and organisation a kind of role is bound to: exactly one."""
    return (
        Q(
            kind="coordinator",
            station__isnull=False,
            region__isnull=True,
            organisation__isnull=True,
        )
        | Q(
            kind__in=["member", "manager", "operator"],
            organisation__isnull=False,
            region__isnull=True,
            station__isnull=True,
        )
        | (
            ~Q(kind__in=["coordinator", "member", "manager", "operator"])
            & Q(
                region__isnull=False,
                station__isnull=True,
                organisation__isnull=True,
            )
        )
    )


class RoleQuerySet(models.QuerySet["Role"]):
    def active(self, today: date | Value | None = None) -> Self:
        """Held today: not ended, and its term not over."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today or timezone.localdate()),
            ended_at__isnull=True,
        )

    def of_office(self) -> Self:
        """Those somebody is appointed to."""
        return self.filter(kind__in=Role.OFFICE_KINDS)

    def within(self, regions: list[int]) -> Self:
        """Those bound to these places, to one below, or to a body seated there."""
        return self.filter(
            Q(region__lineage__overlap=regions)
            | Q(station__region__lineage__overlap=regions)
            | Q(organisation__region__lineage__overlap=regions)
        )

    def visible_to(self, user: User) -> Self:
        """Offices one holds or held, and those of the places one oversees."""
        places = user.roles.active().filter(kind__in=Role.OVERSEEING_KINDS, region__isnull=False)
        overseen = self.within(list(places.values_list("region_id", flat=True)))
        return self.of_office().filter(Q(user=user) | Q(pk__in=overseen.values("pk")))


class Role(models.Model):
    """角色. One responsibility of one person, bound to a region, a station or an organisation."""

    class Kind(models.TextChoices):
        VOLUNTEER = "volunteer", _("志愿者")
        RECIPIENT = "recipient", _("服务对象")
        PROXY = "proxy", _("代办人")
        COORDINATOR = "coordinator", _("站长")
        COMMUNITY_WORKER = "community_worker", _("社区社工")
        LEAD_WORKER = "lead_worker", _("带队社工")
        MEMBER = "member", _("组织成员")
        MANAGER = "manager", _("组织负责人")
        OPERATOR = "operator", _("承办单位")
        OFFICER = "officer", _("经办人")
        COACH = "coach", _("辅导人")
        REVIEWER = "reviewer", _("评委")
        FINANCE = "finance", _("财务")
        OBSERVER = "observer", _("监督员")
        AUDITOR = "auditor", _("审计人员")
        ADMINISTRATOR = "administrator", _("系统管理员")

    STATION_KINDS: ClassVar = frozenset({"coordinator"})
    ORGANISATION_KINDS: ClassVar = frozenset({"member", "manager", "operator"})
    MEMBERSHIP_KINDS: ClassVar = frozenset({"member", "manager"})
    OVERSEEING_KINDS: ClassVar = frozenset({"officer", "auditor", "administrator"})
    # What one is appointed to; the others one is by joining, by age or by belonging.
    OFFICE_KINDS: ClassVar = frozenset(
        {
            "coordinator",
            "community_worker",
            "lead_worker",
            "operator",
            "officer",
            "coach",
            "reviewer",
            "finance",
            "observer",
            "auditor",
            "administrator",
        }
    )

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(_("角色"), max_length=20, choices=Kind)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="roles"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="roles"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roles",
    )
    started_at = models.DateTimeField(_("自"), db_default=Now())
    ends_on = models.DateField(_("任期至"), null=True, blank=True)
    ended_at = models.DateTimeField(_("离任时间"), null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=bound_to_its_place(),
                name="role_bound_to_its_place",
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "region", "station", "organisation"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="role_held_once_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "region"],
                condition=Q(ended_at__isnull=True),
                name="role_active_by_region",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.scope}"

    @property
    def scope(self) -> Region | Station | Organisation:
        """The place or body the role is bound to."""
        scope = self.region or self.station or self.organisation
        assert scope is not None, "role_bound_to_its_place"
        return scope
