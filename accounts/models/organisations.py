"""Organisations and stations, and who belongs to them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.credit_code import validate_credit_code
from accounts.models.people import User
from accounts.models.regions import Region

OVERSEERS = ("officer", "auditor", "administrator")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of_member(self, user: User) -> Self:
        """Organisations the person may act for now."""
        return self.filter(memberships__user=user, memberships__ended_at__isnull=True).distinct()

    def verified(self) -> Self:
        return self.filter(state=Organisation.State.VERIFIED)

    def submitted(self) -> Self:
        """Waiting for an officer to compare them with their certificate."""
        return self.filter(state=Organisation.State.SUBMITTED)

    def hosts(self) -> Self:
        """Registered bodies that may answer for a filed group."""
        return self.verified().exclude(kind=Organisation.Kind.FILED)

    def within(self, *regions: Region) -> Self:
        return self.filter(region__lineage__overlap=[region.pk for region in regions])

    def visible_to(self, user: User) -> Self:
        """Those the person belongs to or operates for, and those of the places they oversee."""
        roles = user.roles.active()
        places = roles.filter(kind__in=OVERSEERS, region__isnull=False)
        own = roles.filter(organisation__isnull=False)
        return self.filter(
            Q(pk__in=own.values("organisation"))
            | Q(region__lineage__overlap=list(places.values_list("region_id", flat=True)))
        )


class Organisation(models.Model):
    """组织 / 机构. A registered body with a credit code, or a filed group with a host.

    A filed group (备案社区社会组织) has no credit code, seal or bank account: it names a host
    (代管单位), a registered organisation that is paid for it. The host's manager agrees first;
    until then the group waits. A host that wants to stop says from which day, `hosting_ends_on`.
    """

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("社会团体")
        SERVICE = "service", _("民办非企业单位")
        FOUNDATION = "foundation", _("基金会")
        FILED = "filed", _("备案社区社会组织")
        PUBLIC = "public", _("党政机关与群众自治组织")

    class Rating(models.TextChoices):
        NONE = "", _("无评估等级")
        A1 = "1A", "1A"
        A2 = "2A", "2A"
        A3 = "3A", "3A"
        A4 = "4A", "4A"
        A5 = "5A", "5A"

    class State(models.TextChoices):
        WAITING = "waiting", _("待代管单位同意")
        SUBMITTED = "submitted", _("待核验")
        RETURNED = "returned", _("已退回")
        VERIFIED = "verified", _("已核验")

    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    credit_code = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_credit_code],
    )
    filing_number = models.CharField(_("备案编号"), max_length=40, blank=True)
    host = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_groups",
        verbose_name=_("代管单位"),
    )
    hosting_agreed_at = models.DateTimeField(_("代管单位同意时间"), null=True, blank=True)
    hosting_ends_on = models.DateField(_("代管至"), null=True, blank=True)
    rating = models.CharField(_("评估等级"), max_length=2, choices=Rating, blank=True, default="")
    founded_on = models.DateField(_("成立（备案）日期"), null=True, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name=_("所在地"),
    )
    is_operator = models.BooleanField(_("承办单位"), default=False)
    is_demo = models.BooleanField(_("演示"), default=False)
    state = models.CharField(_("核验状态"), max_length=10, choices=State, default=State.SUBMITTED)
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织")
        verbose_name_plural = _("组织")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="filed", credit_code__isnull=True)
                | ~Q(kind="filed") & Q(credit_code__isnull=False),
                name="registered_has_credit_code_filed_has_none",
                violation_error_message=_("备案组织没有统一社会信用代码；登记组织必须填写。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="filed") | Q(host__isnull=False),
                name="filed_group_names_host",
                violation_error_message=_("备案组织须指定代管单位。"),
            ),
            models.CheckConstraint(
                condition=Q(host__isnull=True) | ~Q(host=models.F("id")),
                name="organisation_not_its_own_host",
            ),
            models.CheckConstraint(
                condition=Q(state="verified", verified_at__isnull=False)
                | ~Q(state="verified") & Q(verified_at__isnull=True),
                name="verified_organisation_says_when",
            ),
            models.CheckConstraint(
                condition=Q(hosting_agreed_at__isnull=True) | Q(host__isnull=False),
                name="hosting_agreed_by_a_host",
            ),
            models.CheckConstraint(
                condition=Q(hosting_ends_on__isnull=True) | Q(hosting_agreed_at__isnull=False),
                name="hosting_ends_after_it_was_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(kind="filed", state="verified") | Q(hosting_agreed_at__isnull=False),
                name="verified_group_has_its_hosts_word",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_filed(self) -> bool:
        return self.kind == self.Kind.FILED


class Membership(models.Model):
    """成员关系. A person may act for an organisation, from one day until another."""

    class Duty(models.TextChoices):
        MEMBER = "member", _("成员")
        MANAGER = "manager", _("负责人")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    duty = models.CharField(_("身份"), max_length=8, choices=Duty, default=Duty.MEMBER)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("成员关系")
        verbose_name_plural = _("成员关系")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.organisation}"


class Station(models.Model):
    """服务站点. Where time-bank service of a place is coordinated."""

    class State(models.TextChoices):
        OPEN = "open", _("服务中")
        COMING = "coming", _("即将开通")
        CLOSED = "closed", _("已停办")

    name = models.CharField(_("名称"), max_length=60)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="stations",
        verbose_name=_("所在地"),
    )
    operator = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stations",
    )
    address = models.CharField(_("地址"), max_length=120, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    opening_hours = models.CharField(_("开放时间"), max_length=80, blank=True)
    is_pilot = models.BooleanField(_("试点站"), default=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("服务站点")
        verbose_name_plural = _("服务站点")
        ordering: ClassVar = ["region__code", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "name"], name="station_name_unique_in_place")
        ]

    def __str__(self) -> str:
        return self.name
