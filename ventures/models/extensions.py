"""More time for one applicant, without opening the round again for everybody."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from ventures.models.rounds import Round

if TYPE_CHECKING:
    from ventures.models.proposals import Proposal


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def unused(self) -> Self:
        """Neither used nor taken back; whether it has run out is asked of the clock."""
        return self.filter(used_at__isnull=True, taken_back_at__isnull=True)

    def of_proposal(self, proposal: "Proposal") -> Self:
        """What its applicant was given in its round, for the close it stands before."""
        return self.filter(
            Q(organisation__isnull=False, organisation=proposal.applicant_id)
            | Q(initiator__isnull=False, initiator=proposal.initiator_id),
            round=proposal.round_id,
            is_for_full=proposal.is_invited,
        )


class Extension(models.Model):
    """个别延期. One applicant may hand in once after the close, until an instant, for a reason.

    Used by the first submission that needs it; what was not used may be taken back.
    """

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("届")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("申报组织"),
    )
    initiator = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发起人"),
    )
    # Of a round in two steps: of the close of the full proposals, not of the concepts.
    is_for_full = models.BooleanField(_("用于完整申报书"), default=False)
    until = models.DateTimeField(_("延到"))
    reason = models.CharField(_("理由"), max_length=200)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("给予时间"), db_default=Now())
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    used_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("个别延期")
        verbose_name_plural = _("个别延期")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, initiator__isnull=True)
                | Q(organisation__isnull=True, initiator__isnull=False),
                name="extension_for_one_applicant",
            ),
            models.UniqueConstraint(
                fields=["round", "organisation", "is_for_full"],
                condition=Q(taken_back_at__isnull=True),
                name="one_extension_per_organisation_and_round",
            ),
            models.UniqueConstraint(
                fields=["round", "initiator", "is_for_full"],
                condition=Q(taken_back_at__isnull=True),
                name="one_extension_per_initiator_and_round",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("given_at")), name="extension_lies_ahead_when_given"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False, used_at__lt=F("until")),
                name="extension_used_in_time_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(taken_back_at__isnull=True),
                name="extension_used_or_taken_back_not_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.organisation_id or self.initiator_id}"

    @property
    def who(self) -> str:
        """The applicant's name."""
        if self.organisation is not None:
            return self.organisation.name
        assert self.initiator is not None, "extension_for_one_applicant"
        return self.initiator.display_name
