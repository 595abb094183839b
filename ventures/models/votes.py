"""公众投票: a vote, who took part, and the ballots; the last two share nothing.

Nothing in a ballot leads to a person: no time, no sequence, no order of writing. Ballots are put
in, mixed and counted by functions of the database alone (`sql/ballot_box.sql`); the web role reads
none, and nobody counts before the close.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class PublicVote(models.Model):
    """公众投票. From when to when; and, once the box was opened, what came out."""

    class State(models.TextChoices):
        SET = "set", _("已安排")
        COUNTED = "counted", _("已计票")

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="public_vote")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.SET)
    opens_at = models.DateTimeField(_("开始投票"))
    closes_at = models.DateTimeField(_("截止投票"))
    words = models.CharField(_("投票说明"), max_length=300, blank=True)
    # Votes by number of the proposal; how many people took part.
    counts = models.JSONField(default=dict)
    turnout = models.PositiveIntegerField(_("投票人数"), null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    counted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted_at = models.DateTimeField(_("计票时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("公众投票")
        verbose_name_plural = _("公众投票")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="vote_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state="counted", turnout__isnull=False)
                & Q(counted_at__gte=F("closes_at"), counted_by__isnull=False)
                | Q(state="set", turnout__isnull=True, counted_at__isnull=True, counts={}),
                name="vote_counted_after_its_close",
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)

    def get_absolute_url(self) -> str:
        return reverse("ventures:public-vote", args=[self.round.code])


class Voter(models.Model):
    """投票人. That somebody took part; when and for whom is not written anywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(PublicVote, on_delete=models.PROTECT, related_name="voters")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("投票人")
        verbose_name_plural = _("投票人")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vote", "user"], name="one_person_votes_once"),
        ]
        triggers: ClassVar = append_only("voters_append_only")

    def __str__(self) -> str:
        return str(self.vote_id)


class Ballot(models.Model):
    """选票. One choice, of nobody. Only the functions of the database touch it.

    Its proposal is no foreign key to the database: checking one would mark the proposal's row with
    the very act in which the voter's row was written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(
        PublicVote, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    proposal = models.ForeignKey(
        Proposal, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("选票")
        verbose_name_plural = _("选票")

    def __str__(self) -> str:
        return str(self.vote_id)
