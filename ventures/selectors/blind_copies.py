"""盲评, the office's side: what is to be rewritten in a proposal, what in it still tells who
applies, how far the office is. What reviewers read is in `selectors.blinding`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from ventures.models import (
    BlindCopy,
    BlindNumber,
    BudgetLine,
    Partner,
    Proposal,
    ProposalFile,
    ProposalVersion,
    Redaction,
    ReleasedFile,
    Round,
)
from ventures.models.plans import PARTS
from ventures.rules.blinding import Place, called, names_in, places_in, traces_in
from ventures.selectors.blinding import anonymous_name, hides_now
from ventures.selectors.proposal_form import field_label
from ventures.selectors.rounds import label_of

type Words = str | Promise


@dataclass(frozen=True)
class CopyLine:
    """One proposal in the office's list: its number, and how far its anonymous copy is."""

    proposal: Proposal
    name: str
    version: ProposalVersion
    copy: BlindCopy | None
    # A released copy of an earlier version, which its readers go on reading.
    has_older: bool

    @property
    def is_released(self) -> bool:
        return self.copy is not None and self.copy.released_at is not None


@dataclass(frozen=True)
class FieldLine:
    """One field of the copy: what it says, what reviewers read, what of that still tells."""

    key: str
    label: Words
    original: str
    shown: str
    tells: bool
    traces: list[str]
    is_long: bool


def copies_of(round: Round) -> list[CopyLine]:
    """Every proposal under review, by its anonymous number, with the copy of its newest version."""
    numbers = dict(BlindNumber.objects.filter(round=round).values_list("proposal", "number"))
    copies = {
        one.version_id: one for one in BlindCopy.objects.filter(version__proposal__round=round)
    }
    group = round.proposals.filter(state=Proposal.State.UNDER_REVIEW).prefetch_related(
        Prefetch("versions", ProposalVersion.objects.defer("snapshot").order_by("number"))
    )
    lines = []
    for proposal in group.select_related("applicant", "initiator"):
        versions = list(proposal.versions.all())
        earlier = [copies.get(one.pk) for one in versions[:-1]]
        lines.append(
            CopyLine(
                proposal,
                anonymous_name(numbers.get(proposal.pk)),
                versions[-1],
                copies.get(versions[-1].pk),
                has_older=any(one is not None and one.released_at for one in earlier),
            )
        )
    return sorted(lines, key=lambda line: (numbers.get(line.proposal.pk, 0), line.proposal.code))


def newest_version(proposal: Proposal) -> ProposalVersion:
    return proposal.versions.select_related("proposal__round").latest("number")


def copy_of(version: ProposalVersion) -> BlindCopy | None:
    return BlindCopy.objects.filter(version=version).prefetch_related("redactions").first()


def texts_of(version: ProposalVersion, copy: BlindCopy | None) -> dict[str, str]:
    """What was written in place of fields; of a version nobody has worked on, what was written for
    the one before, where the field still says the same."""
    if copy is not None:
        return {one.field: one.text for one in copy.redactions.all()}
    before = (
        BlindCopy.objects.filter(version__proposal=version.proposal_id)
        .select_related("version")
        .order_by("-version__number")
        .first()
    )
    if before is None:
        return {}
    was = {place.key: place.words for place in places_in(before.version.snapshot)}
    same = {place.key for place in places_in(version.snapshot) if was.get(place.key) == place.words}
    written = Redaction.objects.filter(copy=before, field__in=same)
    return {one.field: one.text for one in written}


def fields_of(version: ProposalVersion, texts: Mapping[str, str]) -> list[FieldLine]:
    """Field by field in reading order, with what still tells in the words reviewers would read."""
    telling = telling_words(version)
    labels = _labels(version.snapshot)
    lines = []
    for place in places_in(version.snapshot):
        shown = texts.get(place.key, "" if place.tells else place.words)
        lines.append(
            FieldLine(
                place.key,
                labels(place),
                place.words,
                shown,
                place.tells,
                traces_in(shown, telling),
                is_long=len(place.words) > 40 or "\n" in place.words,
            )
        )
    return lines


def traces_of(version: ProposalVersion, copy: BlindCopy) -> list[str]:
    """Everything that still tells who applies, names of released files included, each once."""
    lines = fields_of(version, {one.field: one.text for one in copy.redactions.all()})
    telling = telling_words(version)
    found = [word for line in lines for word in line.traces]
    for one in ReleasedFile.objects.filter(copy=copy):
        found += traces_in(one.shown_name, telling)
    return list(dict.fromkeys(found))


def names_told(proposal: Proposal, words: str) -> list[str]:
    """What in words for its reviewers says who applies, while they are not to know."""
    if not hides_now(proposal.round):
        return []
    return names_in(words, telling_words(newest_version(proposal)))


def telling_words(version: ProposalVersion) -> list[str]:
    """Names by which somebody would know who applies: bodies, their people, places."""
    proposal = version.proposal
    bodies = list(
        Organisation.objects.filter(
            Q(pk__in=[proposal.applicant_id, proposal.host_id, proposal.team_organisation_id])
            | Q(pk__in=Partner.objects.filter(proposal=proposal).values("organisation"))
        ).select_related("region")
    )
    places = {one["name"] for one in version.snapshot["communities"]}
    for region in {body.region for body in bodies} | set(proposal.communities.all()):
        places |= {region.name, region.short_name}
    words: set[str] = set()
    for name in (*(body.name for body in bodies), version.snapshot["applicant"]["name"]):
        words |= called(name, places)
    for place in places:
        words |= called(place)
    words |= {code for body in bodies for code in (body.credit_code, body.filing_number) if code}
    return sorted(words | _people(proposal, version, bodies))


def _people(
    proposal: Proposal, version: ProposalVersion, bodies: Sequence[Organisation]
) -> set[str]:
    members = Membership.objects.filter(organisation__in=bodies).values("user")
    users = User.objects.filter(
        Q(pk__in=members) | Q(pk__in=[proposal.created_by_id, proposal.initiator_id])
    )
    snapshot = version.snapshot
    named = {
        snapshot["responsible_name"],
        snapshot.get("team_name", ""),
        *(row["name"] for row in snapshot.get("members", ())),
        *(one["name"] for one in snapshot.get("partners", ())),
    }
    return {name for name in {*named, *(user.display_name for user in users)} if len(name) > 1}


def released_names(copy: BlindCopy | None) -> dict[int, str]:
    if copy is None:
        return {}
    return dict(ReleasedFile.objects.filter(copy=copy).values_list("file", "shown_name"))


def print_of(version: ProposalVersion, copy: BlindCopy | None) -> str:
    """A short print of what reviewers would read of it: another one where a word is another."""
    return print_of_words(texts_of(version, copy), released_names(copy))


def print_of_words(texts: Mapping[str, str], files: Mapping[int, str]) -> str:
    words = [sorted(texts.items()), sorted(files.items())]
    return sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:16]


def standing_files(proposal: Proposal) -> list[ProposalFile]:
    return list(proposal.files.filter(removed_at__isnull=True).select_related("attachment"))


def _labels(snapshot: Mapping[str, Any]) -> Any:
    """What each key is called on the page."""
    answers = {one["code"]: one for one in snapshot.get("answers", ())}

    def of(place: Place) -> Words:
        head, *rest = place.key.split(".")
        if not rest:
            return field_label(head)
        if head == "budget":
            return _("预算第 %(row)s 行：%(what)s") % {
                "row": rest[0],
                "what": label_of(BudgetLine, rest[1]),
            }
        if head == "answers":
            return _answer_label(answers[rest[0]], rest[1:])
        part = PARTS[head]
        return _("%(table)s第 %(row)s 行：%(what)s") % {
            "table": part.label,
            "row": rest[0],
            "what": label_of(part.model, rest[1]),
        }

    return of


def _answer_label(answer: Mapping[str, Any], cell: Sequence[str]) -> Words:
    if not cell:
        return str(answer["label"])
    return _("%(table)s第 %(row)s 行：%(what)s") % {
        "table": answer["label"],
        "row": cell[0],
        "what": answer["columns"][int(cell[1]) - 1]["label"],
    }


def is_everything_released(lines: Iterable[CopyLine]) -> bool:
    return all(line.is_released for line in lines)
