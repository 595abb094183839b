"""Declared relatives: who is too near to confirm or inspect whose hours."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class RelationQuerySet(models.QuerySet["Relation"]):
    def visible_to(self, user: User) -> Self:
        """Only the two it is about: nobody else is told who belongs to whom."""
        return self.filter(Q(declared_by=user) | Q(relative=user))

    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def among(self, people: list[int]) -> Self:
        """Those between two of these people."""
        return self.standing().filter(declared_by__in=people, relative__in=people)


class Relation(models.Model):
    """亲属申报. Two people who are relatives or share a household, as one of them declared.

    One side's word is enough: it only takes rights away. It holds both ways. Nobody but the two
    sees it; the product says "cannot confirm", never who is related to whom.
    """

    class Kind(models.TextChoices):
        SPOUSE = "spouse", _("配偶")
        CHILD = "child", _("父母或子女")
        KIN = "kin", _("其他亲属")
        HOUSEHOLD = "household", _("同住，合用手机")

    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="relations")
    relative = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="relations_declared_by_others"
    )
    kind = models.CharField(_("关系"), max_length=10, choices=Kind)
    declared_at = models.DateTimeField(_("申报时间"), db_default=Now())
    ended_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("亲属申报")
        verbose_name_plural = _("亲属申报")
        ordering: ClassVar = ["declared_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(declared_by=F("relative")), name="relation_between_two_people"
            ),
            models.UniqueConstraint(
                fields=["declared_by", "relative"],
                condition=Q(ended_at__isnull=True),
                name="relation_declared_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.declared_by_id}–{self.relative_id}"
