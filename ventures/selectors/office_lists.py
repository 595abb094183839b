"""A round's proposals as the office lists, counts and exports them.

What is being completed after a return is the applicant's own until it is handed in again: of such
a proposal the office sees, finds and adds up the last version handed in, never the live columns.
Proposals a person is tied to (回避) are not among hers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import User
from ventures.models import ProjectKind, Proposal, ProposalVersion, Round, Track
from ventures.models.ties import tied_to
from ventures.selectors.proposals import as_of, listed_proposals
from ventures.selectors.signals import open_signals, signed_page


@dataclass(frozen=True)
class OfficeRow:
    """One proposal in the office's list: what was handed in, and where it stands now."""

    proposal: Proposal
    state: Proposal.State
    title: str
    track: Track | None
    kind: str
    places: str
    requested_fen: int
    matching_fen: int
    beneficiaries: int | None
    person_times: int | None

    @property
    def asks_signature(self) -> bool:
        """Nobody signs a concept."""
        return self.state not in Proposal.CONCEPT_STATES


def proposals_before(round: Round, user: User) -> QuerySet[Proposal]:
    """What this person's office has before it in the round, with `handed_…` to filter and add up
    by."""
    return (
        listed_proposals()
        .filter(round=round)
        .handed_in()
        .unsealed()
        .exclude(tied_to(user))
        .annotate(
            is_signed=signed_page(),
            has_signals=open_signals(),
            handed_title=_handed("title", F("title")),
            handed_kind=_handed("kind", F("kind")),
            handed_track=_handed("track__code", F("track__code")),
            handed_words=Case(
                When(state__in=Proposal.REDRAFTED_STATES, then=_last_version(F("snapshot")))
            ),
        )
    )


def filtered(proposals: QuerySet[Proposal], wanted: dict[str, Any]) -> QuerySet[Proposal]:
    """By words in number, title or applicant, by state, track and kind, as they were handed in."""
    if words := wanted["q"]:
        proposals = proposals.filter(
            Q(code__icontains=words)
            | Q(("handed_title__icontains", words))
            | Q(applicant__name__icontains=words)
        )
    if wanted["state"]:
        proposals = proposals.filter(state=wanted["state"])
    if wanted.get("look") == "unsigned":
        proposals = proposals.filter(Q(("is_signed", False)))
    elif wanted.get("look") == "signals":
        proposals = proposals.filter(Q(("has_signals", True)))
    if wanted["track"]:
        proposals = proposals.filter(Q(("handed_track", wanted["track"].code)))
    if wanted["kind"]:
        proposals = proposals.filter(Q(("handed_kind", wanted["kind"])))
    return proposals


def requested_as_handed_in() -> Case:
    """The sum asked for, as the office may add it up."""
    return Case(
        When(
            state__in=Proposal.REDRAFTED_STATES,
            then=Cast(_of_version("requested_fen"), BigIntegerField()),
        ),
        default=F("requested_fen"),
    )


def office_rows(proposals: Iterable[Proposal], now: datetime) -> Iterator[OfficeRow]:
    """Rows of the list and of the export, from `proposals_before`."""
    tracks = {track.code: track for track in Track.objects.all()}
    for proposal in proposals:
        words: dict[str, Any] | None = getattr(proposal, "handed_words", None)
        as_of(proposal, now)
        yield _row_of(proposal) if words is None else _row_of_version(proposal, words, tracks)


def _row_of(proposal: Proposal) -> OfficeRow:
    return OfficeRow(
        proposal,
        Proposal.State(proposal.state),
        proposal.title,
        proposal.track,
        proposal.get_kind_display(),
        "、".join(place.short_name for place in proposal.communities.all()),
        proposal.requested_fen,
        proposal.matching_fen,
        proposal.beneficiaries,
        proposal.person_times,
    )


def _row_of_version(
    proposal: Proposal, words: dict[str, Any], tracks: dict[str, Track]
) -> OfficeRow:
    return OfficeRow(
        proposal,
        Proposal.State(proposal.state),
        words["title"],
        tracks.get(words["track"]["code"]) if words["track"] else None,
        str(ProjectKind(words["kind"]).label) if words["kind"] else "",
        "、".join(place["name"] for place in words["communities"]),
        words["requested_fen"],
        words["matching_fen"],
        words["beneficiaries"],
        words["person_times"],
    )


def _handed(path: str, live: Combinable) -> Case:
    return Case(
        When(state__in=Proposal.REDRAFTED_STATES, then=_of_version(path)),
        default=live,
        output_field=TextField(),
    )


def _of_version(path: str) -> Subquery:
    """A word of the last version handed in."""
    text: Any = "snapshot"
    for key in path.split("__"):
        text = KeyTextTransform(key, text)
    return _last_version(text)


def _last_version(what: F | KeyTextTransform) -> Subquery:
    last = ProposalVersion.objects.filter(proposal=OuterRef("pk")).order_by("-number")
    return Subquery(last.values(word=what)[:1])
