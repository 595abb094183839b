"""Three rounds of today: the city's and a community's open, a town's in review.

Everything an applicant, an officer or a reviewer did goes through the services they use, on the
day it is said to have happened (`days`).
"""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Region, Role, User
from accounts.services.roles import grant_role
from accounts.working_days import is_working_day
from config.demo.applicants import Applicant, bring_in_applicants
from config.demo.around_proposals import load_around
from config.demo.awards import story_values, tell_award_story
from config.demo.cast import HAINING, XUCUN, Cast, phone_of
from config.demo.concepts import load_concepts, load_told_concepts
from config.demo.days import after, before
from config.demo.defences import festival_values, tell_festival
from config.demo.forms import COMPLETED, answers_to, ask_of_the_city, complete_once
from config.demo.history import NO_SUCH_PHONE
from config.demo.prizes import load_prize
from config.demo.proposals import file_proposal
from config.demo.round_rules import (
    CITY_CONDITIONS,
    load_level_rules,
    load_purchases,
    load_standing,
)
from config.demo.scores import score_round
from config.demo.second_thoughts import load_second_thoughts
from config.demo.stopped import bring_in_office, load_stopped
from config.demo.timebank import DATA
from config.demo.timetable import load_timetable
from ventures.models import (
    Programme,
    ProjectKind,
    Proposal,
    Round,
    Rubric,
    Track,
)
from ventures.rules.rounds import publishers_of
from ventures.services.conditions import write_conditions
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import begin_review, create_round, tier_presets
from ventures.services.screening import accept_proposal

AS_OF = date(2026, 11, 21)
XINFENG = "330481004008"
CLOSE_OF_DAY = time(17, 30)
LEVELS = {
    "市级": Round.Level.CITY,
    "镇（街道）级": Round.Level.TOWN,
    "村（社区）级": Round.Level.COMMUNITY,
}
# The town's round: two proposals of the data and four of the same shape for other groups.
TOWN_ALSO = (("O7", "QC2027-S-0023"), ("O1", "QC2027-S-0007"), ("O9", "QC2026-X-0003"))


def load_rounds(cast: Cast, programme: Programme, *, today: date) -> None:
    """Applicants, then the three rounds with what was filed in them."""
    load_level_rules(cast, programme, today=today)
    applicants = bring_in_applicants(cast)
    load_standing(cast, today=today)
    load_purchases(cast, programme, today=today)
    papers = json.loads((DATA / "proposals.json").read_text(encoding="utf-8"))
    by_number = {paper["no"]: paper for paper in papers}
    weeks = timedelta(weeks=(today - AS_OF).days // 7)
    city = _open_city(cast, programme, weeks, today)
    filed: dict[str, Proposal] = {}
    for number, is_done in (
        ("QC2027-S-0007", True),
        ("QC2027-S-0012", False),
        ("QC2027-S-0023", True),
    ):
        paper = by_number[number]
        applicant = applicants[paper["applicant"]]
        proposal = file_proposal(
            city, paper, applicant, is_done=is_done, answers=answers_to(number)
        )
        filed[number] = proposal
        if number == COMPLETED:
            complete_once(proposal, applicant, cast.people["fan"])
    community = _open_community(cast, programme, today)
    paper = by_number["QC2026-X-0005"]
    file_proposal(community, paper, applicants[paper["applicant"]], is_done=True)
    load_timetable(cast, city, community, applicants)
    load_around(cast, city, community, filed, applicants)
    _review_town(cast, programme, applicants, by_number, today)
    showcase = bring_in_office(cast)
    load_second_thoughts(
        cast, _terms(programme, cast), applicants, by_number, showcase, today=today
    )
    story = _terms(programme, cast, **story_values(today))
    tell_award_story(cast, story, applicants, by_number, today)
    festival = _terms(programme, cast, **festival_values(today))
    tell_festival(cast, festival, applicants, by_number, today)
    _prepare_designation(cast, programme, today)
    terms = _terms(programme, cast)
    load_concepts(cast, terms, applicants, by_number, today=today)
    load_told_concepts(cast, terms, applicants, by_number, today=today)
    load_prize(cast, terms, applicants, by_number, today=today)
    load_stopped(showcase, terms, today=today)


def _terms(programme: Programme, cast: Cast, **own: Any) -> dict[str, Any]:
    """What the three rounds have in common."""
    return {
        "programme": programme,
        "operator": cast.organisations["shelifang"],
        "kinds": list(ProjectKind.values),
        "tracks": list(Track.objects.all()),
        "contact_name": "演示联系人",
        "contact_phone": NO_SUCH_PHONE,
        "supervision_phone": NO_SUCH_PHONE,
        "eligibility": "本地登记或备案的社会组织；备案组织由代管单位收款；一届限报一个项目。",
        "not_funded": "发放现金或礼品；购置固定资产或基建；已获其他财政资金的同一支出。",
        "is_demo": True,
        **own,
    }


def _publish(
    values: dict[str, Any],
    officer: User,
    prepare: Callable[[Round, User], None] | None = None,
) -> Round:
    """Through the services, by two people, the day before it opens."""
    sources = values.pop("sources")
    with before(values["opens_at"]):
        draft = create_round(values, tier_presets(), sources=sources, acting_user=officer)
        if prepare is not None:
            prepare(draft, officer)
        if draft.level == Round.Level.CITY:
            write_conditions(draft, CITY_CONDITIONS, acting_user=officer)
        proposed = propose_round(draft, acting_user=officer)
        return publish_round(proposed, acting_user=publishers_of(proposed)[0])


def _open_city(cast: Cast, programme: Programme, weeks: timedelta, today: date) -> Round:
    opened_at = _at(date(2026, 11, 9) + weeks, time(9, 0))
    year = (today + timedelta(days=60)).year
    return _publish(
        _terms(
            programme,
            cast,
            year=year,
            code=f"{year}-city",
            number_prefix=f"QC{year}-S",
            name=f"{year} 年度“厢里乡亲·七彩社区”市级公益创投",
            level=Round.Level.CITY,
            region=Region.objects.current().get(code=HAINING),
            document_number=f"海民（演示）〔{opened_at.year}〕1 号",
            sponsor_names=["海宁市民政局（演示）", "中共海宁市委社会工作部（演示）"],
            about="征集为老、助残、护苗、新居民融入和基层治理项目，钱花在服务上，过程公开。",
            timetable="形式审查 5 个工作日；评审会；集体决策；公示 5 个工作日；签约。",
            coaching="每周三下午 13:30，社立方支持中心，可电话预约。",
            sources=[
                {"kind": "budget", "name": "市级财政预算", "amount_fen": 30_000_000},
                {"kind": "lottery", "name": "", "amount_fen": 25_000_000},
                {"kind": "company", "name": "演示纺织有限公司", "amount_fen": 5_000_000},
            ],
            address="海宁市海洲街道（演示地址）",
            fund_fen=60_000_000,
            cap_fen=5_000_000,
            rubric=_rubric("标准评分表"),
            opens_at=opened_at,
            closes_at=_working_close(date(2026, 12, 11) + weeks),
            signature_due_on=date(2026, 12, 16) + weeks,
        ),
        cast.people["fan"],
        ask_of_the_city,
    )


def _prepare_designation(cast: Cast, programme: Programme, today: date) -> None:
    """A title without money, proposed and waiting for the second person."""
    year = (today + timedelta(days=60)).year
    draft = create_round(
        _terms(
            programme,
            cast,
            year=year,
            code=f"{year}-title",
            number_prefix=f"QC{year}-P",
            name=f"{year} 年七彩社区示范项目评选",
            purpose=Round.Purpose.DESIGNATION,
            honour="七彩社区示范项目",
            level=Round.Level.CITY,
            region=Region.objects.current().get(code=HAINING),
            document_number=f"海民（演示）〔{today.year}〕8 号",
            sponsor_names=["海宁市民政局（演示）"],
            about="从已结项的项目里评选做得好、群众认可的，授牌推广，不发资金。",
            timetable="形式审查；评审会；集体决策；公示 5 个工作日；授牌。",
            address="海宁市海洲街道（演示地址）",
            rubric=_rubric("标准评分表"),
            opens_at=_at(today + timedelta(days=7), time(9, 0)),
            closes_at=_working_close(today + timedelta(days=37)),
        ),
        tier_presets()[:1],
        acting_user=cast.people["fan"],
    )
    propose_round(draft, acting_user=cast.people["fan"])


def _open_community(cast: Cast, programme: Programme, today: date) -> Round:
    xinfeng = Region.objects.current().get(code=XINFENG)
    secretary = User.objects.create_user(
        display_name="新丰社区居委会",
        is_demo=True,
        phone=phone_of(4_000),
        phone_verified=True,
        home_region=xinfeng,
    )
    grant_role(secretary, Role.Kind.OFFICER, region=xinfeng, acting_user=cast.people["system"])
    opened_at = _at(today - timedelta(days=5), time(9, 0))
    return _publish(
        _terms(
            programme,
            cast,
            operator=None,
            year=today.year,
            code=f"{today.year}-xinfeng",
            number_prefix=f"QC{today.year}-XF",
            name=f"新丰社区 {today.year} 年居民微项目",
            level=Round.Level.COMMUNITY,
            region=xinfeng,
            document_number=f"新丰居（演示）〔{today.year}〕3 号",
            sponsor_names=["马桥街道新丰社区居民委员会（演示）"],
            about="小钱办邻里的事：一页纸就能报，议事会一起评。",
            timetable="议事会评议；两委会议决定；公示 5 个工作日。",
            sources=[
                {"kind": "community", "name": "", "amount_fen": 1_200_000},
                {"kind": "collective", "name": "新丰股份经济合作社", "amount_fen": 800_000},
            ],
            address="新丰社区党群服务中心（演示）",
            fund_fen=2_000_000,
            cap_fen=500_000,
            rubric=_rubric("微项目评议表"),
            opens_at=opened_at,
            closes_at=_working_close(today + timedelta(days=9)),
        ),
        secretary,
    )


def _review_town(
    cast: Cast,
    programme: Programme,
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    today: date,
) -> None:
    officer = cast.people["xu"]
    opened_at = _at(today - timedelta(days=40), time(9, 0))
    round = _publish(
        _terms(
            programme,
            cast,
            year=today.year,
            code=f"{today.year}-xucun",
            number_prefix=f"QC{today.year}-X",
            name=f"许村镇 {today.year} 年秋季微创投",
            level=Round.Level.TOWN,
            region=Region.objects.current().get(code=XUCUN),
            document_number=f"许政（演示）〔{today.year}〕9 号",
            sponsor_names=["许村镇人民政府（演示）"],
            about="家纺小镇的邻里项目：从边角料到一桌家乡菜。",
            timetable="形式审查；评审会；镇班子会；公示 5 个工作日。",
            sources=[{"kind": "budget", "name": "镇级财政预算", "amount_fen": 12_000_000}],
            address="许村镇便民服务中心（演示）",
            fund_fen=12_000_000,
            cap_fen=2_000_000,
            rubric=_rubric("标准评分表"),
            opens_at=opened_at,
            closes_at=_working_close(today - timedelta(days=14)),
        ),
        officer,
    )
    filed = [("O4", papers["QC2026-X-0003"]), ("O5", papers["QC2026-X-0002"])]
    filed += [(body, _for_town(papers[number], body)) for body, number in TOWN_ALSO]
    with before(round.closes_at):
        for body, paper in filed:
            proposal = file_proposal(round, paper, applicants[body], is_done=True)
            accept_proposal(proposal, note="材料齐全", acting_user=officer)
    with after(round.closes_at):
        begin_review(round, acting_user=officer)
    score_round(cast, round, officer, today)


def _for_town(paper: dict[str, Any], body: str) -> dict[str, Any]:
    """The same shape for another group: its own title, at most a third of the budget's lines."""
    titles = {
        "O7": "许村河道清水行动",
        "O1": "独居老人陪诊许村站",
        "O9": "乡音皮影进村晚",
    }
    return paper | {
        "title": titles[body],
        "budget": paper["budget"][:5],
        "place": ["许村社区"],
        "applicant": body,
    }


def _rubric(name: str) -> Rubric:
    return Rubric.objects.get(is_preset=True, name__startswith=name)


def _working_close(day: date) -> datetime:
    """17:30 of that day, or of the next working day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return _at(day, CLOSE_OF_DAY)


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
