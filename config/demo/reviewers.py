"""A round that uses every way of finding reviewers: pool, lot, invitations, conflicts, a plan.

The city's special round on community governance; everything else in the demo is a plain meeting.
"""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, Region, Role, User
from config.demo.applicants import Applicant
from config.demo.cast import HAINING, Cast, phone_of
from config.demo.days import after, before
from config.demo.history import NO_SUCH_PHONE
from config.demo.proposals import file_proposal
from config.demo.timebank import DATA
from ventures.models import (
    Expert,
    Programme,
    ProjectKind,
    Proposal,
    ReviewInvitation,
    Round,
    Rubric,
    Track,
)
from ventures.rules.rounds import publishers_of
from ventures.services.assignment_plans import ask_for_plan
from ventures.services.assignments import PanelTerms, name_reviewers
from ventures.services.conflicts import Told, ask_for_recusal, pin_conflict
from ventures.services.draws import draw_reviewers, prepare_draw
from ventures.services.experts import add_expert
from ventures.services.review_invitations import (
    accept_invitation,
    decline_invitation,
    invite_experts,
)
from ventures.services.review_plans import set_review_plan
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import begin_review, create_round, tier_presets
from ventures.services.screening import accept_proposal

PANEL = ("ding", "shen", "lu", "gu", "qian")
UNITS = {
    "ding": ("嘉兴演示学院", "副教授"), "shen": ("演示会计师事务所", "注册会计师"),
    "lu": ("海宁演示社工服务中心", "高级社会工作师"), "gu": ("退休", "原社区党委书记"),
    "qian": ("演示慈善总会", "项目官员"),
}  # fmt: skip
OTHERS = (
    ("蒋所长", "演示律师事务所", "律师"),
    ("施老师", "嘉兴演示学院", "讲师"),
    ("俞理事长", "演示志愿者协会", "高级社会工作师"),
)
# Whose papers, by another name and for this round.
FILED = (
    ("O7", "QC2027-S-0023", "老旧小区楼道议事角"),
    ("O1", "QC2027-S-0007", "独居老人一键呼"),
    ("O9", "QC2026-X-0003", "戏台下的调解室"),
    ("O4", "QC2026-X-0002", "垃圾分类邻里积分"),
)
LEVELS = [level.value for level in Round.Level]


def load_reviewers(cast: Cast, programme: Programme, *, today: date) -> None:
    """The pool, then the round as far as a plan that waits for 范科长's word."""
    officer = cast.people["fan"]
    experts = _pool(cast, officer, today)
    round = _round(cast, programme, today)
    with before(round.closes_at):
        filed = _file(round)
        ask_for_recusal(
            filed[0],
            name="钱老师",
            unit="演示慈善总会",
            told=Told("interest", "去年有合同纠纷，正在调解"),
            acting_user=_manager(filed[0].applicant),
        )
    with after(round.closes_at):
        for proposal in filed:
            accept_proposal(proposal, note="材料齐全", acting_user=officer)
        begin_review(round, acting_user=officer)
    _ask(cast, round, experts, officer, today)
    pin_conflict(filed[1], cast.people["fu"], Told("coached", "辅导过两次"), acting_user=officer)


def _pool(cast: Cast, officer: User, today: date) -> dict[str, Expert]:
    haining = Region.objects.current().get(code=HAINING)
    tracks = list(Track.objects.all())
    rows: list[tuple[str, str, str, str, str]] = [
        (key, cast.people[key].display_name, str(cast.people[key].phone), *UNITS[key])
        for key in PANEL
    ]
    for place, (name, unit, title) in enumerate(OTHERS):
        phone = phone_of(5_600 + place)
        if place:  # the first has not registered yet
            User.objects.create_user(
                display_name=name, phone=phone, phone_verified=True, is_demo=True
            )
        rows.append((f"other-{place}", name, phone, unit, title))
    return {
        key: add_expert(
            haining,
            {
                "name": name, "phone": phone, "employer": unit, "credit_code": "",
                "title": title, "levels": LEVELS, "most": None, "note": "",
                "starts_on": today - timedelta(days=200),
                "ends_on": today + timedelta(days=20 if key == "qian" else 530),
                "tracks": tracks[place % 3 :: 2] or tracks,
            },
            acting_user=officer,
        )
        for place, (key, name, phone, unit, title) in enumerate(rows)
    }  # fmt: skip


def _round(cast: Cast, programme: Programme, today: date) -> Round:
    opened_at = _at(today - timedelta(days=30), time(9, 0))
    values: dict[str, Any] = {
        "programme": programme,
        "operator": cast.organisations["shelifang"],
        "kinds": list(ProjectKind.values),
        "tracks": list(Track.objects.all()),
        "contact_name": "演示联系人",
        "contact_phone": NO_SUCH_PHONE,
        "supervision_phone": NO_SUCH_PHONE,
        "eligibility": "本地登记或备案的社会组织；备案组织由代管单位收款。",
        "is_demo": True,
        "year": today.year,
        "code": f"{today.year}-governance",
        "number_prefix": f"QC{today.year}-Z",
        "name": f"海宁市 {today.year} 年社区治理专项",
        "level": Round.Level.CITY,
        "region": Region.objects.current().get(code=HAINING),
        "document_number": f"海民（演示）〔{today.year}〕21 号",
        "sponsor_names": ["海宁市民政局（演示）"],
        "about": "专项评审：从专家库抽取评委，项目分给评委。",
        "timetable": "形式审查；抽取评委；评审；局长办公会；公示 5 个工作日。",
        "address": "海宁市社会组织服务中心（演示）",
        "fund_fen": 12_000_000,
        "cap_fen": 3_000_000,
        "rubric": Rubric.objects.get(is_preset=True, name__startswith="标准评分表"),
        "opens_at": opened_at,
        "closes_at": _at(today - timedelta(days=6), time(17, 30)),
    }
    sources = [{"kind": "budget", "name": "市级财政预算", "amount_fen": 12_000_000}]
    officer = cast.people["fan"]
    with before(opened_at):
        draft = create_round(values, tier_presets(), sources=sources, acting_user=officer)
        proposed = propose_round(draft, acting_user=officer)
        return publish_round(proposed, acting_user=publishers_of(proposed)[0])


def _file(round: Round) -> list[Proposal]:
    papers = json.loads((DATA / "proposals.json").read_text(encoding="utf-8"))
    names = {
        row["id"]: row["name"]
        for row in json.loads((DATA / "organisations.json").read_text(encoding="utf-8"))
    }
    by_number = {paper["no"]: paper for paper in papers}
    filed = []
    for body, number, title in FILED:
        organisation = Organisation.objects.get(name=names[body])
        paper = by_number[number] | {
            "title": title, "budget": by_number[number]["budget"][:5], "applicant": body,
            "place": ["南关厢社区"],
        }  # fmt: skip
        applicant = Applicant(organisation, _manager(organisation))
        filed.append(file_proposal(round, paper, applicant, is_done=True))
    return filed


def _manager(organisation: Organisation | None) -> User:
    role = Role.objects.active().filter(kind=Role.Kind.MANAGER, organisation=organisation)
    return role.select_related("user")[0].user


def _ask(cast: Cast, round: Round, experts: dict[str, Expert], officer: User, today: date) -> None:
    """Four are drawn before a journalist, two more asked; most have answered."""
    plan = {
        "by_invitation": True, "by_draw": True, "divides": True, "readers": 3, "least": 1,
        "most": 4, "answer_days": 5, "field_weight": 60, "place_weight": 20, "again_weight": 30,
    }  # fmt: skip
    set_review_plan(round, plan, acting_user=officer)
    draw = prepare_draw(
        round,
        wanted=[("", 4)],
        stand_by=1,
        excluded={experts["gu"].pk: "担任本轮辅导讲师"},
        acting_user=officer,
    )
    draw = draw_reviewers(draw, witness="潮乡晚报李记者", word="潮起钱塘", acting_user=officer)
    codes = [code for _field, code, how in draw.drawn if how == "drawn"]
    drawn = list(Expert.objects.filter(code__in=codes).order_by("pk"))
    asked = invite_experts(round, [*drawn, experts["gu"]], acting_user=officer)
    for invitation in asked[:3]:
        accept_invitation(invitation, has_signed=True, told={}, acting_user=invitation.user)
    decline_invitation(asked[3], reason="那一周在外地出差", acting_user=asked[3].user)
    accepted = ReviewInvitation.objects.filter(round=round, state="accepted")
    panel = name_reviewers(
        round,
        [one.user for one in accepted.select_related("user")],
        terms=PanelTerms(
            place="海宁市社会组织服务中心（演示）",
            meets_at=_at(today + timedelta(days=8), time(9, 0)),
            due_at=_at(today + timedelta(days=8), time(12, 0)),
        ),
        acting_user=officer,
    )
    ask_for_plan(panel, mode="ensure", readers=2, least=1, most=4, acting_user=officer)


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
