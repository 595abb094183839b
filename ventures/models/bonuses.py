"""加分: points above the hundred, for what the call says earns them.

What may be given stands in the call (`BonusKind`; the bonus on pledged money in `CompositeTerms`).
What was given is a wish of one officer that another agrees to (`Bonus`), with a reason; to change
one, or to take it away with no points at all, is a wish like the first.

Practice: 中山「博爱 100」2013, 评审和投票 100 分之外募捐加分最多 50 分、专项加分 5–20 分.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class BonusKind(models.Model):
    """加分项. What earns points above the hundred, and from how many to how many, in points."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="bonus_kinds")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("加分项"), max_length=30)
    least_points = models.PositiveSmallIntegerField(_("最少加几分"))
    most_points = models.PositiveSmallIntegerField(_("最多加几分"))

    class Meta:
        verbose_name = _("加分项")
        verbose_name_plural = _("加分项")
        ordering: ClassVar = ["round", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "position"], name="one_bonus_kind_at_a_position"
            ),
            models.UniqueConstraint(fields=["round", "name"], name="bonus_kind_named_once"),
            models.CheckConstraint(
                condition=Q(least_points__gte=1, most_points__gte=F("least_points")),
                name="bonus_kind_from_least_to_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name


# Of a kind of its own round, and as many points as the call allows; none takes a bonus away.
_AS_THE_CALL_SAYS = """
    SELECT kind.least_points, kind.most_points INTO least, most
      FROM ventures_bonuskind kind
      JOIN ventures_proposal proposal ON proposal.round_id = kind.round_id
     WHERE kind.id = NEW.kind_id AND proposal.id = NEW.proposal_id;
    IF NOT FOUND OR NOT (NEW.half_points = 0 OR NEW.half_points BETWEEN 2 * least AND 2 * most) THEN
        RAISE EXCEPTION 'a bonus is of a kind of its round, within what the call allows'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Bonus(models.Model):
    """加分. So many half points of one kind for one proposal: two people and a reason."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等另一人同意")
        AGREED = "agreed", _("已同意")
        REFUSED = "refused", _("不同意")
        TAKEN_BACK = "taken_back", _("已收回")
        REPLACED = "replaced", _("已改")

        @property
        def tone(self) -> str:
            """The tone of its badge."""
            return {"proposed": "waiting", "agreed": "done"}.get(self.value, "neutral")

    kind = models.ForeignKey(BonusKind, on_delete=models.PROTECT, related_name="bonuses")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="bonuses")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    half_points = models.PositiveSmallIntegerField(_("加分"))
    reason = models.CharField(_("理由"), max_length=500)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("加分")
        verbose_name_plural = _("加分")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "proposal"],
                condition=Q(state="proposed"),
                name="one_bonus_of_a_kind_waits",
            ),
            models.UniqueConstraint(
                fields=["kind", "proposal"],
                condition=Q(state="agreed"),
                name="one_bonus_of_a_kind_stands",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="bonus_says_why"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="bonus_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "refused", "replaced"])
                | ~Q(decided_by=F("proposed_by")),
                name="bonus_agreed_by_another",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="bonus_as_the_call_says",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("least", "int"), ("most", "int")],
                func=_AS_THE_CALL_SAYS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.kind_id} {self.half_points}"

    @property
    def tone(self) -> str:
        return self.State(self.state).tone

    @property
    def round(self) -> Round:
        return self.proposal.round

    @round.setter
    def round(self, round: Round) -> None:
        self.proposal.round = round
