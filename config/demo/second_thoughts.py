"""What goes back after it was published, in the invented 示范社区: a notice with a wrong telephone
number, withdrawn and replaced; one award given up and one cancelled, so that somebody may move up.
A third is to revise its budget within the next days.
"""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Region, User
from config.demo.applicants import Applicant, bring_in_groups
from config.demo.cast import Cast
from config.demo.days import as_of, working_days_before
from config.demo.history import NO_SUCH_PHONE
from config.demo.places import SHOWCASE
from config.demo.small_rounds import Filed, at, blank_pdf, city_values, score, take_to_review
from config.demo.volunteers import SEED
from ventures.models import Decision, Resolution, Round, Rubric
from ventures.rules.award_wishes import deciders_of
from ventures.rules.meetings import MeetingCount
from ventures.selectors.notices import usual_terms_of
from ventures.services.award_wish_answers import answer_award_wish
from ventures.services.award_withdrawals import give_up_award, propose_cancellation
from ventures.services.decisions import Choice, Meeting, prepare_decisions, record_resolution
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.reissues import withdraw_notice

Outcome = Decision.Outcome
PAPER = "QC2026-X-0003"
# Invented for this; the one that goes on is 潘负责人's, whom one may sign in as.
BODIES = {
    "G1": "示范社区修伞队（演示）",
    "G2": "示范社区晨练队（演示）",
    "G3": "示范社区合唱队（演示）",
}
REVISED, GIVEN_UP, CANCELLED, WAITING = FILED = (
    Filed("O3", PAPER, "楼下长者茶桌", 0.90),
    Filed("G1", PAPER, "一把伞的邻里铺", 0.86),
    Filed("G2", PAPER, "清晨一起走", 0.82),
    Filed("G3", PAPER, "楼道里的歌", 0.76),
)
AWARD_FEN = 300_000
WRONG_PHONE = "100-0000-0001"


def load_second_thoughts(
    cast: Cast,
    terms: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    officer: User,
    *,
    today: date,
) -> None:
    """Each step on its own day, counted in working days before today."""
    place = Region.objects.current().get(code=SHOWCASE[0])
    here = {PAPER: papers[PAPER] | {"place": [place.short_name]}}
    groups = applicants | bring_in_groups(cast, BODIES, place)
    round = take_to_review(
        terms | _values(place, today), _no_rules, FILED, groups, here, lines=2, officer=officer
    )
    held_on = working_days_before(today, 16)
    score(
        round,
        [cast.people[key] for key in ("shen", "lu", "qian")],
        FILED,
        meets_at=at(held_on - timedelta(days=2), time(14)),
        comment="人熟地熟，做得起来。",
        spread=0.02,
        seed=SEED + 9,
        officer=officer,
    )
    with as_of(held_on):
        _decide(round, held_on, officer)
    _announce(round, today, officer)
    filed = {one.title: one for one in round.proposals.select_related("round__region")}
    with as_of(working_days_before(today, 5)):
        give_up_award(
            filed[GIVEN_UP.title],
            reason="会修伞的两位师傅都搬走了，人手凑不齐。",
            publishes_reason=True,
            acting_user=groups[GIVEN_UP.body].manager,
        )
    with as_of(working_days_before(today, 1)):
        wish = propose_cancellation(
            filed[CANCELLED.title],
            reason="公告后三次通知签约都没有人来，限期已过。",
            acting_user=officer,
        )
        answer_award_wish(wish, "agree", acting_user=deciders_of(wish).now[0])


def _values(place: Region, today: date) -> dict[str, Any]:
    year = today.year
    return city_values(
        today,
        code=f"{year}-showcase-neighbours",
        number_prefix=f"QC{year}-SN",
        name=f"示范社区 {year} 年邻里微项目",
        level=Round.Level.COMMUNITY,
        region=place,
        document_number=f"示范居（演示）〔{year}〕1 号",
        sponsor_names=["示范社区居民委员会（演示）"],
        sources=[{"kind": "community", "name": "", "amount_fen": len(BODIES) * AWARD_FEN}],
        about="小钱办邻里的事，议事会一起评。",
        timetable="议事会评议；两委会议决定；公示 5 个工作日。",
        address="示范社区（虚构）",
        fund_fen=len(BODIES) * AWARD_FEN,
        cap_fen=500_000,
        rubric=Rubric.objects.get(is_preset=True, name__startswith="微项目评议表"),
        opened_days_ago=60,
        closed_days_ago=45,
    )


def _no_rules(draft: Round, officer: User) -> None:
    """The meeting is free to decide by the ranking."""


def _decide(round: Round, held_on: date, officer: User) -> None:
    round.refresh_from_db()
    filed = {one.title: one.pk for one in round.proposals.all()}
    choices = [
        Choice(
            filed[one.title], Outcome.AWARD, AWARD_FEN, needs_revision=one is REVISED,
            reason="茶点一项按核定金额减。" if one is REVISED else "",
        )
        for one in (REVISED, GIVEN_UP, CANCELLED)
    ]  # fmt: skip
    choices.append(Choice(filed[WAITING.title], Outcome.RESERVE, 0, "资金用完，列为候补。"))
    prepare_decisions(round, choices, acting_user=officer)
    record_resolution(
        round,
        meeting=Meeting(
            kind=Resolution.Kind.COMMITTEES,
            name="示范社区两委会（演示）",
            held_on=held_on,
            number=f"示范居纪（演示）〔{held_on.year}〕4 号",
            minutes=SimpleUploadedFile("会议纪要.pdf", blank_pdf("会议纪要"), "application/pdf"),
            count=MeetingCount(expected=7, present=6, in_favour=6),
        ),
        acting_user=officer,
    )


def _announce(round: Round, today: date, officer: User) -> None:
    """A number nobody answers, put right a day later; then all days of the notice anew."""
    first = working_days_before(today, 15)
    with as_of(first):
        round.refresh_from_db()
        wrong = replace(usual_terms_of(round, first), contact_phone=WRONG_PHONE)
        notice = publish_notice(round, terms=wrong, acting_user=officer)
    second = working_days_before(today, 14)
    with as_of(second):
        withdraw_notice(notice, reason="受理异议的联系电话写错了，打不通。", acting_user=officer)
        round.refresh_from_db()
        right = replace(usual_terms_of(round, second), contact_phone=NO_SUCH_PHONE)
        notice = publish_notice(round, terms=right, acting_user=officer)
    with as_of(working_days_before(today, 8)):
        conclude_notice(notice, acting_user=officer)
