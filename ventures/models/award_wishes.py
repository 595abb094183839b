"""提议更正金额、提议取消立项: what one officer wants done to an award and another agrees to.

Nothing changes by the wish itself. What was done by it (`AwardCorrection`, `AwardWithdrawal`) names
it, and the database takes neither without: `by_a_wish`.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import Attachment, User
from ventures.models.decisions import Award, PublicNotice
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round

# What was asked for stays as it was asked; who answered stays, too.
_ANSWERED_ONCE = """
    TG_OP = 'UPDATE' AND OLD.state = 'proposed'
    AND to_jsonb(NEW) - 'state' - 'decided_by_id' - 'decided_at' - 'words'
        = to_jsonb(OLD) - 'state' - 'decided_by_id' - 'decided_at' - 'words'
"""


class AwardWish(models.Model):
    """提议. Put the amount of an award right, or cancel the award: a reason and two people.

    `seen_fen` is the amount that stood there when it was proposed.
    """

    class Kind(models.TextChoices):
        CORRECT = "correct", _("更正金额")
        CANCEL = "cancel", _("取消立项")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等另一人同意")
        AGREED = "agreed", _("已同意")
        REFUSED = "refused", _("不同意")
        TAKEN_BACK = "taken_back", _("已收回")
        # The award was given up, or taken back by an objection, before anybody answered.
        MOOT = "moot", _("不用再办")

        @property
        def tone(self) -> str:
            """The tone of its badge."""
            return {"proposed": "waiting", "agreed": "done"}.get(self.value, "neutral")

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=7, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    seen_fen = models.BigIntegerField(_("提出时的金额"))
    to_fen = models.BigIntegerField(_("更正后金额"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500)
    notice = models.ForeignKey(
        PublicNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("会议纪要"),
    )
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("更正或取消的提议")
        verbose_name_plural = _("更正或取消的提议")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["award"], condition=Q(state="proposed"), name="one_wish_of_an_award_waits"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="correct",
                    seen_fen__gt=0,
                    to_fen__gt=0,
                    notice__isnull=False,
                    minutes__isnull=False,
                )
                & ~Q(to_fen=F("seen_fen"))
                | Q(kind="cancel", to_fen__isnull=True, notice__isnull=True, minutes__isnull=True),
                name="award_wish_says_what",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="award_wish_says_why"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="award_wish_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "refused"]) | ~Q(decided_by=F("proposed_by")),
                name="award_wish_agreed_by_another",
            ),
        ]
        triggers: ClassVar = append_only("award_wishes_answered_once", unless=_ANSWERED_ONCE)

    def __str__(self) -> str:
        return f"{self.award_id} {self.kind}"

    @property
    def tone(self) -> str:
        return self.State(self.state).tone

    @property
    def proposal(self) -> Proposal:
        return self.award.proposal

    @property
    def round(self) -> Round:
        return self.award.proposal.round

    @round.setter
    def round(self, round: Round) -> None:
        self.award.proposal.round = round


_NO_SUCH_WISH = """
    IF NOT (%s) AND NOT EXISTS (
        SELECT 1 FROM ventures_awardwish AS wish
         WHERE wish.id = NEW.wish_id AND wish.award_id = NEW.award_id
           AND wish.state = 'agreed' AND %s
    ) THEN
        RAISE EXCEPTION 'it takes a wish that another agreed to'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def by_a_wish(name: str, same: str, *, unless: str = "false") -> pgtrigger.Trigger:
    """What is done to an award takes two people: a wish that another agreed to, with the `same`
    award, sums and paper. Rows from before have none; a new one has."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        level=pgtrigger.Row,
        func=_NO_SUCH_WISH % (unless, same),
    )
