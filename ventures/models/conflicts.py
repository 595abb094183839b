"""利害关系登记: what was declared, pinned or found between a person and a proposal.

What ties a person by belonging to an organisation is not written down: it is asked each time
(`models.ties`). Here stands what has to be told by somebody.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def standing(self) -> Self:
        return self.filter(lifted_at__isnull=True)

    def hiding(self) -> Self:
        """Those that take the proposal out of sight; a coach keeps reading hers."""
        return self.standing().exclude(kind=Conflict.Kind.COACHED)


class Conflict(models.Model):
    """利害关系. The fact, who says so, and why; lifted by an organiser with a reason, never erased.

    An applicant names a person in words; whether there is such a person here is never answered. It
    binds as soon as it is clear who is meant.
    """

    class Kind(models.TextChoices):
        INTEREST = "interest", _("与申报方有利害关系")
        WORKED_THERE = "worked_there", _("曾在申报方任职，离职不满两年")
        SAME_UNIT = "same_unit", _("与申报方同一单位")
        RELATIVE = "relative", _("亲属")
        COACHED = "coached", _("辅导过这个项目")
        OTHER = "other", _("其他可能影响公正的关系")

    class Source(models.TextChoices):
        APPLICANT = "applicant", _("申报方提出")
        REVIEWER = "reviewer", _("本人申明")
        ORGANISER = "organiser", _("组织方认定")
        DETECTED = "detected", _("系统发现")

    proposal = models.ForeignKey(
        "ventures.Proposal", on_delete=models.PROTECT, related_name="conflicts"
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="conflicts"
    )
    person_name = models.CharField(_("姓名"), max_length=40)
    person_unit = models.CharField(_("单位或身份"), max_length=80, blank=True)
    kind = models.CharField(_("什么关系"), max_length=12, choices=Kind)
    source = models.CharField(_("怎么知道的"), max_length=10, choices=Source)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(db_default=Now())
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_for = models.CharField(_("解除理由"), max_length=300, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("利害关系")
        verbose_name_plural = _("利害关系")
        ordering: ClassVar = ["proposal", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "person", "source", "kind"],
                condition=Q(lifted_at__isnull=True, person__isnull=False),
                name="conflict_told_once",
            ),
            models.CheckConstraint(
                condition=~Q(source__in=["applicant", "organiser"]) & ~Q(kind="other")
                | ~Q(words=""),
                name="conflict_says_why",
            ),
            models.CheckConstraint(
                condition=Q(source="applicant") | Q(person__isnull=False),
                name="conflict_knows_its_person",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_for="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_for=""),
                name="conflict_lifted_by_somebody_and_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "lifted_at"], name="conflict_by_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_name} · {self.proposal_id} · {self.kind}"
