"""Selecting concepts (概要遴选): who reads them, what each reader says, what is decided and why.

Only rounds in two steps have any of it. A decision stands for itself until all of a round are told
together; then the proposals move, each through its lifecycle.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round
from ventures.models.versions import ProposalVersion


class ConceptReader(models.Model):
    """概要评委. A reviewer who is asked to read the concepts of a round that reviewers select."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="concept_readers")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="concept_seats")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("概要评委")
        verbose_name_plural = _("概要评委")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "reviewer"], name="reviewer_reads_concepts_once_in_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.reviewer_id}"


class ConceptVoice(models.Model):
    """概要意见. What one reader says of one concept, and why; hers to change until it is told."""

    reader = models.ForeignKey(ConceptReader, on_delete=models.PROTECT, related_name="voices")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="concept_voices")
    is_for = models.BooleanField(_("同意入围"))
    reason = models.CharField(_("理由"), max_length=300)
    given_at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta:
        verbose_name = _("概要意见")
        verbose_name_plural = _("概要意见")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reader", "proposal"], name="reader_speaks_once_of_a_concept"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="concept_voice_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.is_for}"


class Selection(models.Model):
    """遴选结论. Whether a concept goes on, why, by whom; of the version that was handed in.

    `told_at` is when all of the round were told together; from then on it stands.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="selections")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="selections")
    version = models.ForeignKey(ProposalVersion, on_delete=models.PROTECT, related_name="+")
    is_selected = models.BooleanField(_("入围"))
    reason = models.TextField(_("理由"), max_length=600)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("遴选时间"), db_default=Now())
    told_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField(_("告知时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("遴选结论")
        verbose_name_plural = _("遴选结论")
        ordering: ClassVar = ["proposal"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "proposal"], name="concept_selected_once_in_a_round"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="selection_has_a_reason"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True)
                | Q(told_at__isnull=False, told_by__isnull=False),
                name="selection_told_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.is_selected}"
