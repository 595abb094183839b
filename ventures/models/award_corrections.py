"""更正金额: an award's amount was not the one in the minutes, and was put right before publishing
again. Rows are added; the award's own row changes by one of them and in no other way."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import Attachment, User
from ventures.models.award_wishes import AwardWish, by_a_wish
from ventures.models.decisions import Award, PublicNotice


class AwardCorrection(models.Model):
    """更正金额. From this sum to that, why, by which paper of the meeting, and by whose wish.

    The old sum went back to its sources by one transfer, the right one was set aside by another.
    `notice` is the withdrawn one that had told the old sum.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="corrections")
    # None of those from before it took two people.
    wish = models.OneToOneField(
        AwardWish, on_delete=models.PROTECT, null=True, blank=True, related_name="correction"
    )
    number = models.PositiveSmallIntegerField(_("第几次"))
    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="corrections")
    from_fen = models.BigIntegerField(_("原金额"))
    to_fen = models.BigIntegerField(_("更正后金额"))
    reason = models.CharField(_("更正原因"), max_length=300)
    minutes = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("会议纪要")
    )
    # Of the ledger: what had set the old sum aside, what gave it back, what set the new one aside.
    from_transfer_id = models.BigIntegerField()
    returned_transfer_id = models.BigIntegerField()
    transfer_id = models.BigIntegerField()
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("更正金额")
        verbose_name_plural = _("更正金额")
        ordering: ClassVar = ["award", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["award", "number"], name="award_correction_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["from_transfer_id"], name="sum_set_aside_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(from_fen__gt=0, to_fen__gt=0) & ~Q(from_fen=F("to_fen")),
                name="award_correction_changes_the_sum",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="award_correction_says_why"),
        ]
        triggers: ClassVar = [
            *append_only("award_corrections_append_only"),
            by_a_wish(
                "award_corrected_by_two",
                "wish.kind = 'correct' AND wish.seen_fen = NEW.from_fen"
                " AND wish.to_fen = NEW.to_fen AND wish.minutes_id = NEW.minutes_id"
                " AND wish.decided_by_id = NEW.corrected_by_id",
            ),
            # At the end of the transaction the award says what the last correction says.
            pgtrigger.Trigger(
                name="award_correction_carried_out",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert,
                level=pgtrigger.Row,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM ventures_award
                         WHERE id = NEW.award_id
                           AND transfer_id = NEW.transfer_id AND amount_fen = NEW.to_fen
                    ) AND NOT EXISTS (
                        SELECT 1 FROM ventures_awardcorrection
                         WHERE from_transfer_id = NEW.transfer_id
                    ) THEN
                        RAISE EXCEPTION 'the award does not have the corrected amount'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.number}"
