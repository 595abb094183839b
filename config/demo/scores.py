"""How the town's reviewers score: five sit, three have handed in, one has everything to do."""

import json
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from config.demo.cast import Cast
from config.demo.timebank import DATA
from config.demo.volunteers import SEED
from ventures.models import PanelMember, Proposal, Review, Round
from ventures.services.assignments import PanelTerms, name_reviewers, sign_commitment
from ventures.services.reviews import (
    open_sheet,
    save_review,
    submit_review,
)
from ventures.services.sheet_contents import ItemContent, SheetContent


def score_round(cast: Cast, round: Round, officer: User, today: date) -> None:
    """Five reviewers sit; three have handed in everything, 丁老师 has everything still to do."""
    reviewers = [cast.people[key] for key in ("ding", "shen", "lu", "gu", "qian")]
    panel = name_reviewers(
        round,
        reviewers,
        terms=PanelTerms(
            place="许村镇便民服务中心二楼",
            meets_at=_at(today + timedelta(days=5), time(13, 30)),
            due_at=_at(today + timedelta(days=5), time(17, 30)),
            counter="计票人（演示）",
            supervisor="关大爷",
            chair=reviewers[0],
        ),
        acting_user=officer,
    )
    words = json.loads((DATA / "reviews.json").read_text(encoding="utf-8"))["comments"]
    chance = Random(SEED + 5)
    for member in panel.members.select_related("reviewer"):
        if member.reviewer == cast.people["ding"]:
            continue
        sign_commitment(member, acting_user=member.reviewer)
        if member.reviewer != cast.people["qian"]:
            _hand_in_all(member, words["positive"], chance)


def _hand_in_all(member: PanelMember, words: list[str], chance: Random) -> None:
    for assignment in member.assignments.standing().select_related("proposal"):
        review = open_sheet(assignment, acting_user=member.reviewer)
        quality = Random(assignment.proposal_id * 7).uniform(0.7, 0.92)
        items = tuple(
            ItemContent(
                criterion_id=criterion.pk,
                half_points=min(
                    criterion.max_half_points,
                    round_half(criterion.max_half_points * (quality + chance.uniform(-0.08, 0.06))),
                ),
                comment="",
            )
            for criterion in _criteria(assignment.proposal)
        )
        content = SheetContent(
            items=items,
            comment=chance.choice(words),
            suggested_fen=assignment.proposal.requested_fen // 100_000 * 100_000
            or assignment.proposal.requested_fen,
            recommendation=Review.Recommendation.APPROVE,
        )
        save_review(review, content, acting_user=member.reviewer)
        submit_review(review, acting_user=member.reviewer)


def round_half(points: float) -> int:
    """Half points nearest to a figure."""
    return max(0, round(points))


def _criteria(proposal: Proposal) -> list[Any]:
    assert proposal.round.rubric is not None, "reviewed_round_has_rubric"
    return list(proposal.round.rubric.criteria.all())


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
