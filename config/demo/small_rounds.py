"""A small round of the city, told from its draft until reviewers have scored it: what the stories
of an award and of a defence have in common.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import Region, User
from accounts.services.papers import typeset
from config.demo.applicants import Applicant
from config.demo.cast import HAINING
from config.demo.days import after, as_of, before
from config.demo.proposals import file_proposal
from config.demo.scores import round_half
from ventures.models import Assignment, Review, Round, Rubric
from ventures.rules.rounds import publishers_of
from ventures.services.assignments import PanelTerms, name_reviewers, sign_commitment
from ventures.services.reviews import close_panel, open_sheet, save_review, submit_review
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import begin_review, create_round, tier_presets
from ventures.services.screening import accept_proposal
from ventures.services.sheet_contents import ItemContent, SheetContent


@dataclass(frozen=True)
class Filed:
    """Whose, by whose paper, under which name; how good its reviewers find it."""

    body: str
    number: str
    title: str
    quality: float


def city_values(
    today: date, *, fund_fen: int, opened_days_ago: int, closed_days_ago: int = 20, **own: Any
) -> dict[str, Any]:
    """What a small round of the city has among the values every demo round has."""
    return {
        "year": today.year,
        "level": Round.Level.CITY,
        "region": Region.objects.current().get(code=HAINING),
        "operator": None,
        "sponsor_names": ["海宁市民政局（演示）"],
        "sources": [{"kind": "lottery", "name": "", "amount_fen": fund_fen}],
        "address": "海宁市海洲街道（演示地址）",
        "fund_fen": fund_fen,
        "cap_fen": 2_000_000,
        "rubric": Rubric.objects.get(is_preset=True, name__startswith="标准评分表"),
        "opens_at": at(today - timedelta(days=opened_days_ago), time(9)),
        "closes_at": at(today - timedelta(days=closed_days_ago), time(17)),
    } | own


def take_to_review(
    values: dict[str, Any],
    state_rules: Callable[[Round, User], None],
    filed: Iterable[Filed],
    applicants: Mapping[str, Applicant],
    papers: Mapping[str, dict[str, Any]],
    *,
    lines: int,
    officer: User,
) -> Round:
    """Its rules stated in the draft, published, everything filed and accepted, review begun: each
    on the day the call's dates leave for it."""
    sources = values.pop("sources")
    with before(values["opens_at"]):
        draft = create_round(values, tier_presets(), sources=sources, acting_user=officer)
        state_rules(draft, officer)
        proposed = propose_round(draft, acting_user=officer)
        round = publish_round(proposed, acting_user=publishers_of(proposed)[0])
    with before(round.closes_at):
        for one in filed:
            paper = papers[one.number] | {
                "title": one.title, "budget": papers[one.number]["budget"][:lines],
                "applicant": one.body,
            }  # fmt: skip
            proposal = file_proposal(round, paper, applicants[one.body], is_done=True)
            accept_proposal(proposal, note="材料齐全", acting_user=officer)
    with after(round.closes_at):
        begin_review(round, acting_user=officer)
    round.refresh_from_db()
    return round


def score(
    round: Round,
    judges: Sequence[User],
    filed: Iterable[Filed],
    *,
    meets_at: datetime,
    comment: str,
    spread: float,
    seed: int,
    officer: User,
    **terms: Any,
) -> None:
    """Everybody signs and hands in her sheets on the day they meet; the panel is closed."""
    names: dict[str, Any] = {
        "counter": "计票人（演示）",
        "supervisor": "关大爷",
        "chair": judges[0],
        "meets_at": meets_at,
    }
    qualities = {one.title: one.quality for one in filed}
    chance = Random(seed)
    with as_of(timezone.localdate(meets_at)):
        panel = name_reviewers(
            round, list(judges), terms=PanelTerms(**(names | terms)), acting_user=officer
        )
        for member in panel.members.select_related("reviewer"):
            sign_commitment(member, acting_user=member.reviewer)
            for assignment in member.assignments.standing().select_related("proposal"):
                quality = qualities[assignment.proposal.title] + chance.uniform(-spread, spread)
                _hand_in(assignment, quality, comment)
        close_panel(panel, acting_user=officer)


def _hand_in(assignment: Assignment, quality: float, comment: str) -> None:
    review = open_sheet(assignment, acting_user=assignment.member.reviewer)
    rubric = assignment.proposal.round.rubric
    assert rubric is not None, "reviewed_round_has_rubric"
    content = SheetContent(
        items=tuple(
            ItemContent(one.pk, round_half(one.max_half_points * quality), "说明")
            for one in rubric.criteria.all()
        ),
        comment=comment,
        suggested_fen=assignment.proposal.requested_fen,
        recommendation=Review.Recommendation.APPROVE,
    )
    save_review(review, content, acting_user=assignment.member.reviewer)
    submit_review(review, acting_user=assignment.member.reviewer)


def blank_pdf(title: str) -> bytes:
    """One page that says what it stands for."""
    blank = {"round": "演示", "foot": "演示", "facts": [], "items": []}
    words = ("project", "applicant", "requested", "note", "total_label", "total")
    labels = {"reviewer_label": "", "date_label": "", "heads": ["", "", "", ""]}
    return typeset(
        "ventures/papers/review.typ",
        {"title": title, **blank, **dict.fromkeys(words, ""), **labels},
    )


def at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
