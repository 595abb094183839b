"""A round that counts more than the sheets: a defence done, a public vote counted, a pledge, and
points above the hundred of which one waits for a second person.

Three teams of the city's neighbourhood festival; everything through the services people use, with
the days moved back afterwards.
"""

from datetime import date, time, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import IdentityCheck, User
from config.demo.applicants import Applicant
from config.demo.cast import Cast
from config.demo.days import as_of
from config.demo.small_rounds import Filed, at, blank_pdf, city_values, score, take_to_review
from config.demo.volunteers import SEED
from ventures.models import AwardTerms, Bonus, CompositeTerms, Proposal, PublicVote, Round, Rubric
from ventures.services.award_terms import Scoring, set_award_rules
from ventures.services.bonuses import decide_bonus, propose_bonus
from ventures.services.composites import set_composite
from ventures.services.defence_scores import hand_in_points, open_slot, reveal_slot
from ventures.services.defences import (
    SessionPlan,
    draw_order,
    plan_defence,
    seal_order,
    tell_order,
)
from ventures.services.pledges import confirm_pledge, enter_pledge
from ventures.services.votes import cast_vote, count_vote, set_vote

# On paper, and in the hall (of 60, 60, 40, 40 half points).
TEAMS = (
    (Filed("O4", "QC2026-X-0003", "屋顶小菜园", 0.84), (54, 50, 34, 33)),
    (Filed("O7", "QC2026-X-0002", "夜归人暖灯", 0.88), (48, 46, 33, 32)),
    (Filed("O9", "QC2026-X-0003", "童声讲潮乡", 0.80), (57, 56, 36, 35)),
)
FILED = tuple(filed for filed, _points in TEAMS)
# The list waits for its meeting: by the composite score, as far as the fund reaches.
WALKED = {
    "is_walked": True,
    "misfit": AwardTerms.Misfit.SKIP,
    "partial_percent": None,
    "threshold_half_points": None,
    "releases_reserves": False,
    "tie_order": AwardTerms.TieOrder.CRITERIA,
    "notice_counting": AwardTerms.Counting.WORKING,
    "names_experts": False,
    "publishes_reasons": False,
    "publishes_counterfactuals": False,
}
# What the call offers above the hundred; one given, one waiting for 闻副局长 (half points).
BONUS = ("邻里节主题加分", 2, 5)
GIVEN = ("夜归人暖灯", 6, "服务晚归的新居民和保洁员，正合今年邻里节的主题“留一盏灯”")
WAITING = ("童声讲潮乡", 4, "请孩子把邻里故事讲给独居老人听，合今年邻里节的主题")
JUDGES = ("shen", "lu", "qian")
VOTERS = 30


def festival_values(today: date) -> dict[str, Any]:
    """What is this round's own among the values every demo round has."""
    year = today.year
    return city_values(
        today,
        code=f"{year}-festival",
        number_prefix=f"QC{year}-F",
        name=f"{year} 年市级邻里节路演专场",
        document_number=f"海民（演示）〔{year}〕11 号",
        about="三个队上台讲，居民投票，单位配资，另有主题加分；各占多少写在公告里。",
        timetable="形式审查；评审；路演答辩；公众投票；集体决策；公示 5 个工作日。",
        fund_fen=1_200_000,
        cap_fen=1_200_000,
        opened_days_ago=50,
    )


def tell_festival(
    cast: Cast,
    values: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    today: date,
) -> None:
    """From the rule in the draft to a composite score that lacks one word of a second officer."""
    officer = cast.people["fan"]
    round = take_to_review(values, _state_rule, FILED, applicants, papers, lines=3, officer=officer)
    teams = {one.title: one for one in round.proposals.all()}
    _pledge(teams["夜归人暖灯"], applicants["O7"], officer)
    judges = [cast.people[key] for key in JUDGES]
    score(
        round,
        judges,
        FILED,
        meets_at=at(today - timedelta(days=9), time(9, 30)),
        comment="做法实在，请上台时讲清楚谁来接手。",
        spread=0.03,
        seed=SEED + 7,
        officer=officer,
    )
    _defend(round, teams, judges, officer, today)
    _vote(round, list(teams.values()), officer, today)
    _give_bonuses(teams, officer, cast.people["wen"], today - timedelta(days=1))
    CompositeTerms.objects.filter(round=round).update(
        pledges_until=at(today - timedelta(days=8), time(17))
    )


def _state_rule(draft: Round, officer: User) -> None:
    set_award_rules(
        draft,
        Scoring(Rubric.Aggregate.TRIMMED_MEAN, 5, {}, frozenset()),
        WALKED,
        [],
        notice_days=5,
        publishes_scores=False,
        acting_user=officer,
    )
    set_composite(
        draft,
        {
            "paper_percent": 50, "defence_percent": 30, "vote_percent": 10, "pledge_percent": 10,
            "least_judges": 3, "shortlist": None, "choices": 2,
            "vote_rule": CompositeTerms.VoteRule.TOP,
            "pledge_rule": CompositeTerms.PledgeRule.LOG, "pledge_full_fen": 1_000_000,
            "pledge_bonus": 0,
            "pledges_until": timezone.now() + timedelta(days=1),
        },
        [("陈述清楚", 60), ("回答提问", 60), ("办得成", 40), ("团队可靠", 40)],
        aggregate=Rubric.Aggregate.MEAN,
        drop_from=5,
        kinds=[BONUS],
        acting_user=officer,
    )  # fmt: skip


def _pledge(team: Proposal, applicant: Applicant, officer: User) -> None:
    pledge = enter_pledge(
        team,
        pledger_kind="organisation",
        pledger_name="河畔茶厂（演示）",
        amount_fen=200_000,
        evidence=SimpleUploadedFile("承诺书.pdf", blank_pdf("配资承诺书"), "application/pdf"),
        acting_user=applicant.manager,
    )
    confirm_pledge(pledge, how="电话问过茶厂的厂长，答应不变", acting_user=officer)


def _give_bonuses(teams: dict[str, Proposal], officer: User, second: User, yesterday: date) -> None:
    with as_of(yesterday):
        decide_bonus(_propose(teams, *GIVEN, officer), "agree", acting_user=second)
    _propose(teams, *WAITING, officer)


def _propose(
    teams: dict[str, Proposal], title: str, half_points: int, reason: str, officer: User
) -> Bonus:
    team = teams[title]
    kind = team.round.bonus_kinds.get()
    return propose_bonus(team, kind, half_points, reason=reason, acting_user=officer)


def _defend(
    round: Round, teams: dict[str, Proposal], judges: list[User], officer: User, today: date
) -> None:
    plan = SessionPlan(
        place="海宁市社会组织服务中心一楼（演示）",
        begins_at=at(today - timedelta(days=3), time(13, 30)),
        present_minutes=6,
        answer_minutes=4,
        change_minutes=2,
    )
    session = plan_defence(round, plan, acting_user=officer)
    session = seal_order(session, acting_user=officer)
    session = draw_order(session, witness="潮乡晚报李记者", word="邻里节", acting_user=officer)
    tell_order(session, acting_user=officer)
    points = {teams[filed.title].pk: given for filed, given in TEAMS}
    for slot in session.slots.select_related("proposal").order_by("position"):
        open_slot(slot, acting_user=officer)
        for place, judge in enumerate(judges):
            given = points[slot.proposal_id]
            hand_in_points(slot, [given[0] - place, *given[1:]], acting_user=judge)
        reveal_slot(slot, acting_user=judges[0])


def _vote(round: Round, teams: list[Proposal], officer: User, today: date) -> None:
    soon = timezone.now() + timedelta(hours=1)
    vote = set_vote(
        round, opens_at=soon, closes_at=soon + timedelta(hours=1),
        words="选您最想在家门口看到的项目。", acting_user=officer,
    )  # fmt: skip
    PublicVote.objects.filter(pk=vote.pk).update(opens_at=at(today - timedelta(days=7), time(9)))
    voters = list(
        User.objects.filter(person__isnull=False, is_active=True)
        .select_related("person")
        .order_by("-pk")[:VOTERS]
    )
    IdentityCheck.objects.bulk_create(
        IdentityCheck(person=one.person, method=IdentityCheck.Method.DOCUMENT, checked_by=officer)
        for one in voters
    )
    chance = Random(SEED + 8)
    for voter in voters:
        chosen = chance.sample(teams, chance.choice((1, 1, 2)))
        cast_vote(vote, chosen, address="127.0.0.1", acting_user=voter)
    PublicVote.objects.filter(pk=vote.pk).update(closes_at=at(today - timedelta(days=1), time(17)))
    count_vote(vote, acting_user=officer)
