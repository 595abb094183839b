"""What a reviewer reads of a proposal: as it is, or, where the phase hides who applies, its
anonymous copy. The one home of that question for every page, list, paper and message of hers.

The office's side (what is to be rewritten, what still tells) is in `selectors.blind_copies`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.clock import database_now
from ventures.models import (
    BlindCopy,
    BlindNumber,
    Proposal,
    ProposalFile,
    ProposalVersion,
    ReleasedFile,
    Review,
    ReviewPhase,
    Round,
)
from ventures.rules.blinding import blinded
from ventures.rules.review_rights import MEETING, Rights, rights_by, rights_in


@dataclass(frozen=True)
class Shown:
    """What a proposal is called for its reviewers."""

    title: str
    # The number of the proposal, or its anonymous one; it stands in papers and file names, too.
    code: str
    # Empty where it is hidden.
    applicant: str
    host: str = ""
    is_blind: bool = False
    # Whether the office has released the anonymous copy; always, where nothing is hidden.
    is_ready: bool = True
    # What lists of hers are sorted by: never by the order of filing where that is hidden.
    place: tuple[int, str] = field(default=(0, ""), compare=False)


@dataclass(frozen=True)
class ShownFile:
    """A file a reviewer may open, and what it is called for her."""

    file: ProposalFile
    name: str
    size_bytes: int


def anonymous_name(number: int | None) -> str:
    """匿名 07 号; without a number yet, only that it is anonymous."""
    return _("匿名项目") if number is None else _("匿名 %(number)02d 号") % {"number": number}


def shown_to_reviewers(proposals: Iterable[Proposal]) -> dict[int, Shown]:
    """What each is called for those who judge it, by its id; a few questions for all of them."""
    found = list(proposals)
    rights = rights_of_rounds({one.round_id for one in found})
    hidden = [one for one in found if rights[one.round_id].hides_applicant]
    shown = {one.pk: _open(one) for one in found}
    return shown | _hidden(hidden)


def shown_to_reviewer(proposal: Proposal) -> Shown:
    return shown_to_reviewers([proposal])[proposal.pk]


def rights_of_rounds(rounds: Iterable[int]) -> Mapping[int, Rights]:
    """The rights in each of these rounds: one question, and the clock where there are phases."""
    phases: dict[int, list[ReviewPhase]] = {pk: [] for pk in rounds}
    for phase in ReviewPhase.objects.filter(round__in=phases):
        phases[phase.round_id].append(phase)
    if not any(phases.values()):
        return dict.fromkeys(phases, MEETING)
    now = database_now()
    return {pk: rights_by(rows, now) for pk, rows in phases.items()}


def version_for_reviewers(proposal: Proposal, review: Review | None) -> ProposalVersion:
    """The version a sheet is bound to, or the newest one."""
    version = review.version if review else proposal.versions.order_by("-number").first()
    assert version is not None, "what is under review was submitted"
    return version


def read_by_reviewers(version: ProposalVersion, rights: Rights) -> dict[str, Any] | None:
    """The snapshot a reviewer reads: whole, anonymous, or nothing while the office has not released
    the anonymous copy of this version."""
    if not rights.hides_applicant:
        return dict(version.snapshot)
    copy = released_copy_of(version)
    if copy is None:
        return None
    redactions = {one.field: one.text for one in copy.redactions.all()}
    return blinded(version.snapshot, redactions, name=_name_of(version.proposal_id))


def files_for_reviewers(
    proposal: Proposal, version: ProposalVersion, rights: Rights
) -> list[ShownFile]:
    """The files she may open: all that stand, or those the office released under their new name."""
    if not rights.hides_applicant:
        standing = proposal.files.filter(removed_at__isnull=True).select_related("attachment")
        return [ShownFile(one, one.attachment.name, one.attachment.size_bytes) for one in standing]
    released = ReleasedFile.objects.filter(
        copy__version=version,
        copy__released_at__isnull=False,
        file__proposal=proposal,
        file__removed_at__isnull=True,
    ).select_related("file__attachment")
    return [ShownFile(one.file, one.shown_name, one.file.attachment.size_bytes) for one in released]


def released_copy_of(version: ProposalVersion) -> BlindCopy | None:
    return (
        BlindCopy.objects.filter(version=version, released_at__isnull=False)
        .prefetch_related("redactions")
        .first()
    )


def hides_now(round: Round) -> bool:
    return rights_in(round).hides_applicant


def _name_of(proposal: int) -> str:
    number = BlindNumber.objects.filter(proposal=proposal).values_list("number", flat=True).first()
    return anonymous_name(number)


def _open(proposal: Proposal) -> Shown:
    return Shown(
        title=proposal.title,
        code=proposal.code,
        applicant=proposal.applicant_name,
        host=proposal.host.name if proposal.host else "",
        place=(0, proposal.code),
    )


def _hidden(proposals: list[Proposal]) -> dict[int, Shown]:
    if not proposals:
        return {}
    numbers = dict(
        BlindNumber.objects.filter(proposal__in=proposals).values_list("proposal", "number")
    )
    titles = _anonymous_titles(proposals)
    return {
        one.pk: Shown(
            title=titles.get(one.pk) or anonymous_name(numbers.get(one.pk)),
            code=anonymous_name(numbers.get(one.pk)),
            applicant="",
            is_blind=True,
            is_ready=one.pk in titles,
            place=(numbers.get(one.pk, 0), ""),
        )
        for one in proposals
    }


def _anonymous_titles(proposals: list[Proposal]) -> dict[int, str]:
    """The title of the newest released copy; rewritten, or as it is. Nothing while none is."""
    copies = (
        BlindCopy.objects.filter(version__proposal__in=proposals, released_at__isnull=False)
        .select_related("version")
        .prefetch_related("redactions")
        .order_by("version__number")
    )
    titles = {}
    for copy in copies:
        rewritten = {one.field: one.text for one in copy.redactions.all()}
        titles[copy.version.proposal_id] = rewritten.get("title", copy.version.snapshot["title"])
    return titles
