"""雷同提示: find what proposals of one round share, and put a finding aside with a reason.

It decides nothing. A host that answers for many groups and the address of a community are shared
by their nature: neither is ever a finding.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from ventures.models import Partner, Proposal, ProposalSignal, Round
from ventures.rules import proposals as rules
from ventures.selectors.likeness import alike

Kind = ProposalSignal.Kind
COMPARED = (
    "title",
    "need_from",
    "aims",
    "plan",
    "plan_detail",
    "schedule",
    "safety",
    "sustainability",
)

type Found = tuple[int, int, str, str, int | None]


@override(OFFICIAL_LANGUAGE)
def find_signals(round: Round) -> int:
    """Compare everything handed in to the round; how many findings are new. Again is harmless."""
    proposals = list(
        Proposal.objects.filter(round=round)
        .handed_in()
        .select_related("applicant", "initiator")
        .prefetch_related("members", "partners__organisation")
        .order_by("pk")
    )
    found = [*_bodies(proposals), *_phones(proposals), *_people(proposals), *_texts(proposals)]
    before = ProposalSignal.objects.filter(first__round=round).count()
    ProposalSignal.objects.bulk_create(
        (
            ProposalSignal(
                first_id=first, second_id=second, kind=kind, words=words[:200], percent=percent
            )
            for first, second, kind, words, percent in found
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    return ProposalSignal.objects.filter(first__round=round).count() - before


@transaction.atomic
def dismiss_signal(signal: ProposalSignal, *, reason: str, acting_user: User) -> ProposalSignal:
    """Put it aside, with why; it stays on record under both proposals.

    Refused: to who does not screen both proposals (404 or 403 at the door), without a reason.
    """
    reason = required(reason)
    rules.require_screening(acting_user, signal.second)
    moved = ProposalSignal.objects.filter(pk=signal.pk, dismissed_at__isnull=True).update(
        dismissed_at=Now(), dismissed_by=acting_user, dismissal=reason[:200]
    )
    if moved:
        for proposal in (signal.first, signal.second):
            record_change(
                proposal,
                "dismiss_signal",
                before=signal.kind,
                facts={"signal": signal.pk},
                reason=reason,
                acting_user=acting_user,
            )
    signal.refresh_from_db()
    return signal


# Findings -----------------------------------------------------------------------------------


def _bodies(proposals: Iterable[Proposal]) -> Iterator[Found]:
    """One body in two proposals: as applicant, partner or team. Hosts are no body of theirs."""
    seen: dict[int, list[Proposal]] = defaultdict(list)
    names: dict[int, str] = {}
    for proposal in proposals:
        bodies = {
            partner.organisation_id: partner.organisation.name
            for partner in proposal.partners.all()
            if partner.state in Partner.STANDING and partner.organisation_id != proposal.host_id
        }
        if proposal.applicant is not None:
            bodies[proposal.applicant.pk] = proposal.applicant.name
        if proposal.team_organisation_id and proposal.team_organisation_id != proposal.host_id:
            bodies.setdefault(proposal.team_organisation_id, proposal.team_name)
        for body, name in bodies.items():
            seen[body].append(proposal)
            names[body] = name
    for body, ones in seen.items():
        yield from _pairs(ones, Kind.ORGANISATION, names[body])


def _phones(proposals: Iterable[Proposal]) -> Iterator[Found]:
    seen: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        digits = "".join(sign for sign in proposal.responsible_phone if sign.isdigit())
        if len(digits) >= 7:
            seen[digits].append(proposal)
    for digits, ones in seen.items():
        yield from _pairs(ones, Kind.PHONE, f"****{digits[-4:]}")


def _people(proposals: Iterable[Proposal]) -> Iterator[Found]:
    """The same name with the same certificate, or the same responsible person by name."""
    seen: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        keys = {
            _("%(name)s（证书 %(number)s）")
            % {"name": member.name, "number": member.certificate_number}
            for member in proposal.members.all()
            if member.certificate_number
        }
        if proposal.responsible_name.strip():
            keys.add(_("负责人%(name)s") % {"name": proposal.responsible_name.strip()})
        for key in keys:
            seen[key].append(proposal)
    for key, ones in seen.items():
        yield from _pairs(ones, Kind.PERSON, key)


def _texts(proposals: Iterable[Proposal]) -> Iterator[Found]:
    texts = {one.pk: "\n".join(getattr(one, name) for name in COMPARED) for one in proposals}
    for first, second, percent in alike(texts, at_least_percent=settings.LIKENESS_PERCENT):
        words = _("较短的一份有 %(percent)d%% 的文字与另一份相同") % {"percent": percent}
        yield first, second, Kind.TEXT, words, percent


def _pairs(ones: list[Proposal], kind: str, words: str) -> Iterator[Found]:
    """The oldest beside each of the others: many alike are one story, not every pair of it."""
    ordered: list[Any] = sorted({one.pk for one in ones})
    for other in ordered[1:]:
        yield ordered[0], other, kind, words, None
