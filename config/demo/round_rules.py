"""What stands around the demo's rounds: conditions of the city, budgets of the levels, time limits,
what is known of organisations, a designation being prepared, a purchase that is linked out.

Bars and failures stand only under invented organisations of the demo.
"""

from datetime import date, timedelta

from accounts.models import Organisation, Region
from accounts.working_days import add_working_days
from config.demo.cast import HAINING, XUCUN, Cast
from ventures.models import Condition, Programme, Purchase, StandingFact
from ventures.services.conditions import write_standing_conditions
from ventures.services.level_budgets import set_level_budget, set_step_limits
from ventures.services.standing import lift_bar, make_bar, record_fact

Check = Condition.Check
Kind = StandingFact.Kind
CITY_RULES = "海民（演示）〔2026〕5 号"
# Working days of the steps, as the city's list of small powers gives them.
LIMITS = {"propose": 10, "publish": 3, "begin_review": 15, "decide": 20, "notice": 5, "conclude": 5}

# The city's own conditions for its round: filed groups ask for less.
CITY_CONDITIONS = (
    {"check_name": Check.AGE, "figure": 6},
    {"check_name": Check.REGION},
    {"check_name": Check.CAP, "applicant_kind": "filed", "figure": 3_000_000},
    {"check_name": Check.ANNUAL_CHECK, "is_hard": False},
)


def load_level_rules(cast: Cast, programme: Programme, *, today: date) -> None:
    """Before the rounds: they open under these."""
    fan, xu = cast.people["fan"], cast.people["xu"]
    haining = Region.objects.current().get(code=HAINING)
    xucun = Region.objects.current().get(code=XUCUN)
    since = today - timedelta(days=300)
    write_standing_conditions(
        haining,
        [
            {"check_name": Check.KINDS, "kinds": ["registered", "filed", "initiator"]},
            {"check_name": Check.ABNORMAL, "figure": 1},
            {"check_name": Check.DISHONEST, "figure": 2},
            {"check_name": Check.VIOLATION, "figure": 3},
            {"check_name": Check.NO_DOUBLE},
        ],
        valid_from=since,
        document_number=CITY_RULES,
        acting_user=fan,
    )
    write_standing_conditions(
        programme,
        [{"check_name": Check.ONE_PROJECT, "figure": 2, "is_hard": False}],
        valid_from=since,
        document_number=CITY_RULES,
        acting_user=fan,
    )
    years = {today.year, (today + timedelta(days=60)).year}
    for year in sorted(years):
        set_level_budget(
            programme,
            haining,
            year,
            amount_fen=80_000_000,
            cap_fen=5_000_000,
            document_number=f"海财（演示）〔{year}〕2 号",
            acting_user=fan,
        )
        set_level_budget(
            programme,
            xucun,
            year,
            amount_fen=15_000_000,
            cap_fen=2_000_000,
            document_number=f"许财（演示）〔{year}〕1 号",
            acting_user=xu,
        )
    set_step_limits(
        haining,
        LIMITS,
        valid_from=since,
        basis="小微权力清单 36 条（演示）",
        acting_user=fan,
    )


def load_standing(cast: Cast, *, today: date) -> None:
    """After the applicants are there: ratings, annual checks, one bar in force and one lifted."""
    fan = cast.people["fan"]
    year = today.year - 1
    for body in Organisation.objects.filter(is_demo=True, host__isnull=True).order_by("pk")[:6]:
        record_fact(
            body,
            {
                "kind": Kind.ANNUAL_CHECK,
                "year": year,
                "result": StandingFact.Result.PASSED,
                "from_on": date(today.year, 5, 20),
                "source": f"{year} 年度年检结论公告（演示）",
            },
            acting_user=fan,
        )
    record_fact(
        cast.organisations["shelifang"],
        {
            "kind": Kind.RATING,
            "rating": 4,
            "from_on": date(today.year - 2, 9, 1),
            "until_on": date(today.year + 3, 8, 31),
            "source": "社会组织评估结果公告（演示）",
        },
        acting_user=fan,
    )
    haining = Region.objects.current().get(code=HAINING)
    barred = [
        Organisation.objects.create(
            name=name,
            kind=Organisation.Kind.FILED,
            host=cast.organisations["shelifang"],
            region=haining,
            is_demo=True,
        )
        for name in ("示范社区便民队（演示）", "示范社区巡查队（演示）")
    ]
    bars = [
        make_bar(
            body,
            region=haining,
            from_on=today - timedelta(days=200),
            until_on=today + timedelta(days=530),
            reason="项目结项报告逾期未交，资金去向说不清（演示）",
            document_number="海民（演示）〔2026〕3 号",
            acting_user=fan,
        )
        for body in barred
    ]
    lift_bar(bars[1], reason="已补交结项报告和凭证", acting_user=fan)


def load_purchases(cast: Cast, programme: Programme, *, today: date) -> None:
    Purchase.objects.create(
        programme=programme,
        region=Region.objects.current().get(code=HAINING),
        name="居家养老上门服务采购（演示）",
        buyer="海宁市民政局（演示）",
        about="为重点对象提供助洁、助浴、助医服务。报名、投标和合同都在政府采购平台办理。",
        amount_fen=120_000_000,
        closes_on=add_working_days(today, 15),
        link="https://example.com/purchase-demo",
        is_demo=True,
        published_by=cast.people["fan"],
    )
