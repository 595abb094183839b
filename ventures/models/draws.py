"""抽取评委: which experts were in the pool, by which lot, and who came out.

How the lot falls stands in `standalone.draw_reviewers`, which anyone can run again.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.rounds import Round


class ReviewerDraw(models.Model):
    """抽取评委. In two steps, so that nobody can choose the lot: first the hashes of pool and
    secret are public; then a witness says a word, and secret and word together are the seed."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("已备库，待抽取")
        DRAWN = "drawn", _("已抽取")
        VOID = "void", _("已作废")

    number = models.GeneratedField(
        expression=Concat(Value("PW"), Cast(F("id") + 1_000, models.CharField())),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        verbose_name=_("编号"),
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reviewer_draws")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREPARED)
    pool = models.JSONField(default=dict)
    pool_hash = models.CharField(max_length=64)
    secret = models.CharField(max_length=64)
    secret_hash = models.CharField(max_length=64)
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    word = models.CharField(_("见证人说的话"), max_length=40, blank=True)
    drawn = models.JSONField(default=list)
    void_for = models.CharField(_("作废理由"), max_length=300, blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("备库时间"), db_default=Now())
    drawn_at = models.DateTimeField(_("抽取时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("抽取评委")
        verbose_name_plural = _("抽取评委")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state="prepared"),
                name="one_reviewer_draw_prepared_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="drawn") | ~Q(word="") & Q(drawn_at__isnull=False),
                name="reviewer_draw_has_a_witness",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_for=""), name="void_draw_says_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def get_absolute_url(self) -> str:
        return reverse("ventures:reviewer-draw", args=[self.number])

    @property
    def seed(self) -> str:
        """Secret and word together; empty before the draw."""
        return f"{self.secret}:{self.word}" if self.word else ""
