"""A round in review with proposals, a panel, sheets; and, further on, a list that was decided.

`make_round_in_review` has its fund in the ledger and two screened proposals of invented bodies;
`make_panel` seats the reviewers given and assigns everything; `hand_in` fills a sheet with the
totals given, spread over the criteria, and hands it in.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Attachment, Organisation, Region, User
from tests.factories.ventures import CITY, make_proposal, make_round
from tests.plugins.relay import laid_again
from timebank.doors import FundPart, open_fund
from ventures.models import (
    Assignment,
    Decision,
    Panel,
    Proposal,
    ProposalVersion,
    Resolution,
    Review,
    Round,
)
from ventures.selectors.snapshots import digest_of, snapshot_of
from ventures.services.assignments import PanelTerms, name_reviewers, sign_commitment
from ventures.services.decisions import Choice, Meeting, prepare_decisions, record_resolution
from ventures.services.reviews import (
    close_panel,
    open_sheet,
    save_review,
    submit_review,
)
from ventures.services.sheet_contents import ItemContent, SheetContent

Outcome = Decision.Outcome
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


@laid_again
def make_body(name: str, **fields: Any) -> Organisation:
    """A filed group of an invented host, so that no credit code is needed."""
    host = (
        fields.pop("host", None) or Organisation.objects.filter(credit_code__isnull=False).first()
    )
    return Organisation.objects.create(
        **(
            {
                "name": name,
                "kind": Organisation.Kind.FILED,
                "host": host,
                "region": Region.objects.get(code=CITY),
            }
            | fields
        )
    )


@laid_again
def make_round_in_review(
    officer: User,
    applicants: Sequence[Organisation],
    *,
    fund_fen: int = 60_000_000,
    parts: Sequence[FundPart] = (),
    **fields: Any,
) -> Round:
    """A round whose fund is open and whose proposals (one an applicant) are under review."""
    cap = min(5_000_000, fund_fen)
    round = make_round(
        created_by=officer,
        **(
            {
                "state": Round.State.IN_REVIEW,
                "fund_fen": fund_fen,
                "cap_fen": cap,
                "document_number": "海民〔2026〕演 9 号",
            }
            | fields
        ),
    )
    if round.has_money:
        open_fund(round.fund_key, round.name, fund_fen, officer, parts=parts)
    for applicant in applicants:
        add_proposal(round, applicant)
    return round


def add_proposal(round: Round, applicant: Organisation, **fields: Any) -> Proposal:
    """A submitted proposal under review, with the version that reviewers read."""
    author = fields.pop("created_by", None) or _writer()
    proposal = make_proposal(
        round, applicant, created_by=author, **({"state": Proposal.State.UNDER_REVIEW} | fields)
    )
    snapshot = snapshot_of(proposal, tier=None)
    ProposalVersion.objects.create(
        proposal=proposal,
        number=1,
        snapshot=snapshot,
        sha256=digest_of(snapshot),
        submitted_by=author,
        submitted_at=timezone.now(),
    )
    return proposal


@laid_again
def make_panel(
    round: Round, reviewers: Sequence[User], *, officer: User, committed: bool = True, **terms: Any
) -> Panel:
    panel = name_reviewers(
        round, reviewers, terms=PanelTerms(**({"chair": reviewers[0]} | terms)), acting_user=officer
    )
    if committed:
        for member in panel.members.select_related("reviewer"):
            sign_commitment(member, acting_user=member.reviewer)
    return panel


def assignment_of(reviewer: User, proposal: Proposal) -> Assignment:
    return Assignment.objects.get(member__reviewer=reviewer, proposal=proposal)


def filled(proposal: Proposal, points: float, **fields: Any) -> SheetContent:
    """A complete sheet of this total, each item as near its maximum as the total allows."""
    left = round(points * 2)
    items = []
    for criterion in proposal.round.rubric.criteria.all():
        given = min(left, criterion.max_half_points)
        left -= given
        items.append(ItemContent(criterion.pk, given, "说明"))
    assert left == 0, "no more than the rubric's hundred"
    return SheetContent(
        **(
            {
                "items": tuple(items),
                "comment": "需求真实，做法清楚。",
                "suggested_fen": proposal.round.most_for(proposal.requested_fen),
                "recommendation": Review.Recommendation.APPROVE,
            }
            | fields
        )
    )


def draft(reviewer: User, proposal: Proposal, points: float, **fields: Any) -> Review:
    assignment = assignment_of(reviewer, proposal)
    review = open_sheet(assignment, acting_user=reviewer)
    return save_review(review, filled(proposal, points, **fields), acting_user=reviewer)


def hand_in(reviewer: User, proposal: Proposal, points: float, **fields: Any) -> Review:
    return submit_review(draft(reviewer, proposal, points, **fields), acting_user=reviewer)


@laid_again
def make_scored_round(
    officer: User,
    reviewers: Sequence[User],
    applicants: Sequence[Organisation],
    *,
    closed: bool = True,
    **fields: Any,
) -> Round:
    """Every reviewer has scored every proposal: the first 90, the next 85, then 80, …"""
    round = make_round_in_review(officer, applicants, **fields)
    panel = make_panel(round, reviewers, officer=officer)
    for place, proposal in enumerate(proposals_of(round)):
        for reviewer in reviewers:
            hand_in(reviewer, proposal, 90 - 5 * place)
    if closed:
        close_panel(panel, acting_user=officer)
    return round


def proposals_of(round: Round) -> list[Proposal]:
    return list(round.proposals.select_related("round__rubric").order_by("code"))


def choices_for(round: Round, *amounts_yuan: int) -> list[Choice]:
    """Award the first ones these amounts; the rest are declined with a reason."""
    return [
        Choice(proposal.pk, Outcome.AWARD, amounts_yuan[place] * 100)
        if place < len(amounts_yuan)
        else Choice(proposal.pk, Outcome.DECLINE, 0, "与已立项项目内容重复")
        for place, proposal in enumerate(proposals_of(round))
    ]


def make_attachment(by: User, name: str = "会议纪要.pdf") -> Attachment:
    return Attachment.objects.create(
        kind=Attachment.Kind.PDF,
        name=name,
        suffix=".pdf",
        file="attachments/none.pdf",
        sha256="0" * 64,
        size_bytes=100,
        uploaded_by=by,
    )


def make_meeting(officer: User, **fields: Any) -> Meeting:
    return Meeting(
        **(
            {
                "kind": Resolution.Kind.PARTY_GROUP,
                "name": "局党组会 2026 年第 18 次会议",
                "held_on": date(2026, 1, 5),
                "number": "海民党组〔2026〕演 18 号",
                "minutes": SimpleUploadedFile("会议纪要.pdf", PDF),
            }
            | fields
        )
    )


def make_decided_round(
    officer: User, reviewers: Sequence[User], applicants: Sequence[Organisation], **fields: Any
) -> Round:
    """Scored, prepared and decided: the first gets 5,000 yuan, the others are declined."""
    round = make_scored_round(officer, reviewers, applicants, **fields)
    prepare_decisions(round, choices_for(round, 5_000), acting_user=officer)
    record_resolution(round, meeting=make_meeting(officer), acting_user=officer)
    round.refresh_from_db()
    return round


def _writer() -> User:
    """Somebody who wrote the proposal and has nothing else to do with the story."""
    user, _is_new = User.objects.get_or_create(
        email="writer@example.com", defaults={"display_name": "写手"}
    )
    return user
