"""路演答辩: a session, the order of its slots by lot, and the sheets filled in in the hall.

A sheet of the hall is hidden from everybody but who wrote it until its slot is revealed. How the
lot falls stands in `standalone.draw_reviewers`, as for reviewers; anyone can run it again.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.proposals import Proposal
from ventures.models.reviews import PanelMember
from ventures.models.rounds import Round


class DefenceSession(models.Model):
    """答辩场次. When, where, how long each has; and the lot that put them in order.

    The lot has two steps, so that nobody can choose it: first the hashes of list and secret are
    public; then a witness says a word, and secret and word together are the seed.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("已排场次，还没抽签")
        SEALED = "sealed", _("已备签，等见证人抽签")
        DRAWN = "drawn", _("顺序已抽定")

    number = models.GeneratedField(
        expression=Concat(Value("LY"), Cast(F("id") + 1_000, models.CharField())),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        verbose_name=_("编号"),
    )
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="defence")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PLANNED)
    place = models.CharField(_("地点"), max_length=120)
    begins_at = models.DateTimeField(_("开始时间"))
    present_minutes = models.PositiveSmallIntegerField(_("陈述几分钟"), default=6)
    answer_minutes = models.PositiveSmallIntegerField(_("提问几分钟"), default=4)
    change_minutes = models.PositiveSmallIntegerField(_("换场几分钟"), default=2)
    warn_seconds = models.PositiveSmallIntegerField(_("剩几秒时提醒"), default=60)
    pool = models.JSONField(default=dict)
    pool_hash = models.CharField(max_length=64, blank=True)
    secret = models.CharField(max_length=64, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    word = models.CharField(_("见证人说的话"), max_length=40, blank=True)
    drawn = models.JSONField(default=list)
    drawn_at = models.DateTimeField(_("抽签时间"), null=True, blank=True)
    told_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("答辩场次")
        verbose_name_plural = _("答辩场次")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(present_minutes__gte=1, present_minutes__lte=60)
                & Q(answer_minutes__lte=60, change_minutes__lte=60),
                name="defence_of_sound_length",
                violation_error_message=_("陈述至少 1 分钟，每段不超过 60 分钟。"),
            ),
            models.CheckConstraint(
                condition=Q(state="planned", pool_hash="", secret="")
                | ~Q(state="planned") & ~Q(pool_hash="") & ~Q(secret=""),
                name="sealed_lot_has_its_hashes",
            ),
            models.CheckConstraint(
                condition=~Q(state="drawn") | ~Q(word="") & Q(drawn_at__isnull=False),
                name="drawn_order_has_a_witness",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def get_absolute_url(self) -> str:
        return reverse("ventures:defence-desk", args=[self.round.code])

    @property
    def slot_length(self) -> timedelta:
        return timedelta(minutes=self.present_minutes + self.answer_minutes + self.change_minutes)


class DefenceSlot(models.Model):
    """答辩席次. One proposal's turn: waiting, on the stage, revealed, or missed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("候场")
        OPEN = "open", _("正在答辩")
        REVEALED = "revealed", _("已亮分")
        ABSENT = "absent", _("缺席")

        @property
        def tone(self) -> str:
            return {"open": "active", "revealed": "done", "absent": "danger"}.get(
                self.value, "neutral"
            )

    session = models.ForeignKey(DefenceSession, on_delete=models.PROTECT, related_name="slots")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="defence_slot")
    position = models.PositiveSmallIntegerField(_("出场次序"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    opened_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(_("亮分时间"), null=True, blank=True)
    revealed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("答辩席次")
        verbose_name_plural = _("答辩席次")
        ordering: ClassVar = ["session", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "position"],
                name="defence_position_taken_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(state="open"), name="one_team_on_the_stage"
            ),
            models.CheckConstraint(
                condition=Q(state="revealed", revealed_at__isnull=False, revealed_by__isnull=False)
                | ~Q(state="revealed") & Q(revealed_at__isnull=True, revealed_by__isnull=True),
                name="revealed_slot_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(position__isnull=False),
                name="slot_begins_in_its_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.proposal_id}"

    @property
    def begins_at(self) -> datetime | None:
        """When its turn is, if everybody keeps the time."""
        if self.position is None:
            return None
        return self.session.begins_at + (self.position - 1) * self.session.slot_length


class DefenceSheetQuerySet(models.QuerySet["DefenceSheet"]):
    def revealed(self) -> Self:
        """The only sheets that pages, exports and rankings may read."""
        return self.filter(slot__state=DefenceSlot.State.REVEALED)

    def of(self, user: User) -> Self:
        """What she wrote herself, which she may read at any time."""
        return self.filter(member__reviewer=user)


# Points change only while their team is on the stage; what was revealed stands.
_ONLY_ON_STAGE = """
    IF (SELECT state FROM ventures_defenceslot
         WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.slot_id ELSE NEW.slot_id END)
       ) <> 'open' THEN
        RAISE EXCEPTION 'a sheet of the hall is written while its slot is open'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
_WITHIN_ITS_CRITERIA = """
    SELECT array_agg(criterion.max_half_points::int ORDER BY criterion.position) INTO most
      FROM ventures_defenceslot slot
      JOIN ventures_defencesession session ON session.id = slot.session_id
      JOIN ventures_compositeterms terms ON terms.round_id = session.round_id
      JOIN ventures_criterion criterion ON criterion.rubric_id = terms.defence_rubric_id
     WHERE slot.id = NEW.slot_id;
    IF cardinality(NEW.half_points) IS DISTINCT FROM cardinality(most) OR EXISTS (
        SELECT 1 FROM unnest(NEW.half_points::int[], most) AS item(given, most)
         WHERE item.given IS NULL OR item.given > item.most
    ) THEN
        RAISE EXCEPTION 'every criterion has its points, none above its maximum'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class DefenceSheet(models.Model):
    """现场评分表. One reviewer's points for one team, in the order of the criteria, in half points.

    It may be handed in again until the slot is revealed; then it stands.
    """

    slot = models.ForeignKey(DefenceSlot, on_delete=models.PROTECT, related_name="sheets")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="defence_sheets")
    half_points = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("得分（半分）"))
    submitted_at = models.DateTimeField(_("交分时间"), db_default=Now())

    objects = DefenceSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("现场评分表")
        verbose_name_plural = _("现场评分表")
        ordering: ClassVar = ["slot", "member"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["slot", "member"], name="team_scored_once_by_a_reviewer"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="sheets_of_the_hall_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_ONLY_ON_STAGE,
            ),
            pgtrigger.Trigger(
                name="points_of_the_hall_within_criteria",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("most", "int[]")],
                func=_WITHIN_ITS_CRITERIA,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}:{self.member_id}"
