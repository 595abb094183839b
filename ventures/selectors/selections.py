"""The concepts of a round in two steps, as the office and the readers have them before them.

After the telling nothing here says how far a full proposal has come: what is shown is the version
that was selected and what was decided about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Role, User
from accounts.rules import has_role
from ventures.models import ConceptVoice, Proposal, ProposalVersion, Round, Selection
from ventures.models.proposals import ProposalQuerySet
from ventures.models.ties import kept_from_judging, tied_to
from ventures.rules.selections import is_carried
from ventures.rules.timetable import is_sealed
from ventures.selectors.proposals import whole_proposals

S = Proposal.State


@dataclass(frozen=True)
class ConceptRow:
    """One concept in the list: the words it was handed in with, and what is decided about it."""

    proposal: Proposal
    version: ProposalVersion
    selection: Selection | None
    voices: Sequence[ConceptVoice]
    own: ConceptVoice | None

    @property
    def title(self) -> str:
        return str(self.version.snapshot["title"])

    @property
    def plan(self) -> str:
        return str(self.version.snapshot["plan"])

    @property
    def requested_fen(self) -> int:
        return int(self.version.snapshot["requested_fen"])

    @property
    def places(self) -> str:
        return "、".join(place["name"] for place in self.version.snapshot["communities"])

    @property
    def agreed(self) -> int:
        return sum(one.is_for for one in self.voices)


@dataclass(frozen=True)
class Tally:
    """What the readers who may judge a concept have said of it."""

    proposal: Proposal
    asked: Sequence[str]
    missing: Sequence[str]
    voices: Sequence[ConceptVoice]

    @property
    def agreed(self) -> int:
        return sum(one.is_for for one in self.voices)

    @property
    def is_carried(self) -> bool:
        return is_carried([one.is_for for one in self.voices])


def concepts_to_select(round: Round) -> ProposalQuerySet:
    """The concepts that wait to be told, in the order of their numbers."""
    return whole_proposals().filter(round=round, state=S.CONCEPT).order_by("code")


def concepts_to_decide(user: User, round: Round, now: datetime) -> ProposalQuerySet:
    """Those of them this person may decide about: none while sealed, none she is tied to."""
    concepts = concepts_to_select(round)
    return concepts.none() if is_sealed(round, now) else concepts.exclude(tied_to(user))


def concepts_before(user: User, round: Round, now: datetime) -> list[ConceptRow]:
    """The concepts this person has before her; none while the first step is sealed.

    The office reads all but those it is tied to, a reader all but those she may not judge.
    """
    is_first_step = round.state == Round.State.OPEN
    if not round.has_concepts or (is_first_step and is_sealed(round, now)):
        return []
    return _rows(_whose(user, round), user)


def _whose(user: User, round: Round) -> ProposalQuerySet:
    concepts = round.proposals.filter(Q(state=S.CONCEPT) | Q(selections__round=round)).distinct()
    if Round.objects.run_by(user).filter(pk=round.pk).exists():
        return concepts.exclude(tied_to(user))
    return concepts.exclude(kept_from_judging(user))


def _rows(concepts: QuerySet[Proposal], user: User) -> list[ConceptRow]:
    voices = ConceptVoice.objects.filter(reader__left_at__isnull=True).select_related(
        "reader__reviewer"
    )
    found = (
        concepts.select_related("applicant", "initiator", "track", "round")
        .prefetch_related(
            Prefetch("selections", Selection.objects.select_related("version", "decided_by")),
            Prefetch("versions", ProposalVersion.objects.order_by("number")),
            Prefetch("concept_voices", voices),
        )
        .order_by("code")
    )
    return [_row(one, user) for one in found]


def _row(proposal: Proposal, user: User) -> ConceptRow:
    of_round = [one for one in proposal.selections.all() if one.round_id == proposal.round_id]
    selection = of_round[0] if of_round else None
    spoken = list(proposal.concept_voices.all())
    return ConceptRow(
        proposal,
        selection.version if selection else list(proposal.versions.all())[-1],
        selection,
        spoken,
        next((one for one in spoken if one.reader.reviewer_id == user.pk), None),
    )


def concept_before(user: User, round: Round, code: str, now: datetime) -> ConceptRow | None:
    """One of them, or nothing."""
    rows = concepts_before(user, round, now)
    return next((row for row in rows if row.proposal.code == code), None)


def tallies_before(user: User, round: Round, now: datetime) -> list[Tally]:
    """The tallies of what this person may decide about."""
    hers = set(concepts_to_decide(user, round, now).values_list("pk", flat=True))
    return [one for one in tallies_of(round) if one.proposal.pk in hers] if hers else []


def tallies_of(round: Round) -> list[Tally]:
    """Concept by concept, who was asked, who has not spoken, and what the others said."""
    readers = list(round.concept_readers.filter(left_at__isnull=True).select_related("reviewer"))
    readers = [one for one in readers if has_role(one.reviewer, Role.Kind.REVIEWER)]
    concepts = list(concepts_to_select(round))
    voices = {
        (one.proposal_id, one.reader_id): one
        for one in ConceptVoice.objects.filter(reader__in=readers)
    }
    kept = {
        reader.pk: set(
            round.proposals.filter(kept_from_judging(reader.reviewer)).values_list("pk", flat=True)
        )
        for reader in readers
    }
    tallies = []
    for concept in concepts:
        asked = [one for one in readers if concept.pk not in kept[one.pk]]
        spoken = [voices[concept.pk, one.pk] for one in asked if (concept.pk, one.pk) in voices]
        silent = [one.reviewer.display_name for one in asked if (concept.pk, one.pk) not in voices]
        names = [one.reviewer.display_name for one in asked]
        tallies.append(Tally(concept, names, silent, spoken))
    return tallies


def rounds_to_read(user: User) -> QuerySet[Round]:
    """Rounds whose concepts this reviewer was asked to read and that are not told yet."""
    return Round.objects.filter(
        state=Round.State.OPEN,
        full_closes_at__isnull=False,
        concept_readers__reviewer=user,
        concept_readers__left_at__isnull=True,
    ).order_by("closes_at")


def read_before(user: User) -> QuerySet[Round]:
    """Rounds whose concepts this person was asked to read once and reads no more, without those
    she works at."""
    asked = Round.objects.visible_to(user).filter(
        full_closes_at__isnull=False, concept_readers__reviewer=user
    )
    return asked.exclude(pk__in=rounds_to_read(user).values("pk")).exclude(
        pk__in=Round.objects.run_by(user).values("pk")
    )


def told_of(proposal: Proposal) -> Selection | None:
    """What its applicant was told in the round it is in now."""
    return (
        proposal.selections.filter(round=proposal.round_id, told_at__isnull=False)
        .select_related("version")
        .first()
    )
