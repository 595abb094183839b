"""The prizes of a round of ideas: how many of which size, the largest first."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ventures.models.rounds import Round


class Prize(models.Model):
    """奖项. 一等奖 1 名 10,000 元: a name, how many have it, and what each of them gets.

    Sums differ within a round, so that a sum tells its prize; a round without rows has one size.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="prizes")
    position = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("奖项名称"), max_length=20)
    places = models.PositiveSmallIntegerField(_("几名"))
    amount_fen = models.BigIntegerField(_("每名奖金"))

    class Meta:
        verbose_name = _("奖项")
        verbose_name_plural = _("奖项")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "position"], name="prize_has_its_own_place"),
            models.UniqueConstraint(fields=["round", "amount_fen"], name="prize_has_its_own_sum"),
            models.UniqueConstraint(fields=["round", "name"], name="prize_named_once_in_a_round"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, places__gte=1) & ~Q(name=""),
                name="prize_says_how_much",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def total_fen(self) -> int:
        return self.places * self.amount_fen
