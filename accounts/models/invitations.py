"""Invitations: a responsibility offered to whoever answers a number or an address."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Organisation, Station
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role, bound_to_its_place


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(state=Invitation.State.OPEN)

    def to_member(self) -> Self:
        return self.filter(kind__in=Role.MEMBERSHIP_KINDS)

    def to_office(self) -> Self:
        return self.exclude(kind__in=Role.MEMBERSHIP_KINDS)

    def to_begin(self) -> Self:
        """Offices that were accepted and whose first day is still to come."""
        return self.to_office().filter(state=Invitation.State.ACCEPTED, role__isnull=True)

    def addressed_to(self, user: User) -> Self:
        """Those sent to a number or an address the person has proved to be theirs."""
        return self.filter(contact__in=contacts_of(user))

    def within(self, regions: list[int]) -> Self:
        """Those to an office of these places or of one below."""
        return self.to_office().filter(
            Q(region__lineage__overlap=regions)
            | Q(station__region__lineage__overlap=regions)
            | Q(organisation__region__lineage__overlap=regions)
        )

    def visible_to(self, user: User) -> Self:
        """One's own, those of the organisations one manages, those of the places one oversees."""
        roles = user.roles.active()
        managed = roles.filter(kind=Role.Kind.MANAGER)
        places = roles.filter(kind__in=Role.OVERSEEING_KINDS, region__isnull=False)
        in_places = self.within(list(places.values_list("region_id", flat=True)))
        return self.filter(
            Q(contact__in=contacts_of(user))
            | Q(
                kind__in=Role.MEMBERSHIP_KINDS,
                organisation_id__in=managed.values("organisation_id"),
            )
            | Q(pk__in=in_places.values("pk"))
        )


def contacts_of(user: User) -> list[str]:
    """The number and the address a person has proved to be theirs, as invitations write them."""
    own = []
    if user.phone and user.phone_verified:
        own.append(user.phone)
    if user.email and user.email_verified:
        own.append(user.email.lower())
    return own


class Invitation(models.Model):
    """邀请. Somebody is asked to take a role; nobody holds it before they have said yes.

    It is written to a contact, not to a user: whoever asks is never told whether the contact
    belongs to somebody here.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待接受")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("已谢绝")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.CharField(_("手机号或电子邮箱"), max_length=120)
    kind = models.CharField(_("角色"), max_length=20, choices=Role.Kind)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    starts_on = models.DateField(_("任期自"), null=True, blank=True)
    ends_on = models.DateField(_("任期至"), null=True, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(_("时间"), db_default=Now())
    expires_at = models.DateTimeField(_("有效期至"))
    sends = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    sent_at = models.DateTimeField(_("最近发送"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations_answered",
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=bound_to_its_place(), name="invitation_bound_to_its_place"
            ),
            models.UniqueConstraint(
                fields=["contact", "kind", "region", "station", "organisation"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="invitation_open_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["accepted", "declined"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                )
                | Q(state="open", answered_by__isnull=True)
                | Q(state__in=["withdrawn", "expired"]),
                name="invitation_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(role__isnull=True) | Q(state="accepted"),
                name="invitation_became_role_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="invitation_term_runs_forward",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["contact"], condition=Q(state="open"), name="invitation_open_by_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.scope}"

    def get_absolute_url(self) -> str:
        return f"/invitations/{self.token}/"

    @property
    def scope(self) -> Region | Station | Organisation:
        """The place or body the role would be bound to."""
        scope = self.region or self.station or self.organisation
        assert scope is not None, "invitation_bound_to_its_place"
        return scope

    @property
    def is_to_office(self) -> bool:
        return self.kind not in Role.MEMBERSHIP_KINDS

    def has_run_out(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and self.expires_at <= now
