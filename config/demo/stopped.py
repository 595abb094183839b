"""A call nobody answered: ended by two people (流标), in the invented 示范社区."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Region, Role, User
from accounts.services.roles import grant_role
from config.demo.cast import Cast, phone_of
from config.demo.days import before
from config.demo.places import SHOWCASE
from ventures.models import Round, RoundStop, Rubric
from ventures.rules.round_stops import stop_deciders
from ventures.rules.rounds import publishers_of
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.round_stops import agree_to_stop, ask_stop
from ventures.services.rounds import create_round, tier_presets


def bring_in_office(cast: Cast) -> User:
    """The committee of the 示范社区, whose rounds go wrong in public."""
    place = Region.objects.current().get(code=SHOWCASE[0])
    officer = User.objects.create_user(
        display_name="示范社区居委会",
        is_demo=True,
        phone=phone_of(4_090),
        phone_verified=True,
        home_region=place,
    )
    grant_role(officer, Role.Kind.OFFICER, region=place, acting_user=cast.people["system"])
    return officer


def load_stopped(officer: User, terms: dict[str, Any], *, today: date) -> None:
    place = Region.objects.current().get(code=SHOWCASE[0])
    now = timezone.now()
    values = terms | {
        "operator": None,
        "year": today.year,
        "code": f"{today.year}-showcase",
        "number_prefix": f"QC{today.year}-SF",
        "name": f"示范社区 {today.year} 年夜间护老微项目",
        "level": Round.Level.COMMUNITY,
        "region": place,
        "document_number": f"示范居（演示）〔{today.year}〕2 号",
        "sponsor_names": ["示范社区居民委员会（演示）"],
        "about": "夜里陪护独居老人，要持证社工牵头。",
        "timetable": "议事会评议；两委会议决定；公示 5 个工作日。",
        "address": "示范社区（虚构）",
        "fund_fen": 1_000_000,
        "cap_fen": 500_000,
        "rubric": Rubric.objects.get(is_preset=True, name__startswith="微项目评议表"),
        "opens_at": now - timedelta(days=30),
        "closes_at": now - timedelta(days=2),
    }
    sources = [{"kind": "community", "name": "", "amount_fen": 1_000_000}]
    with before(values["opens_at"]):
        draft = create_round(values, tier_presets()[:1], sources=sources, acting_user=officer)
        proposed = propose_round(draft, acting_user=officer)
        round = publish_round(proposed, acting_user=publishers_of(proposed)[0])
    stop = ask_stop(
        round,
        cause=RoundStop.Cause.NOBODY,
        reason="到截止时间没有收到申报：要求持证社工牵头，社区里没有这样的队伍。",
        next_words="和街道社工站商量，改成社工站指导、邻里互助队承接，再重新征集。",
        acting_user=officer,
    )
    agree_to_stop(stop, acting_user=stop_deciders(round, besides=officer).now[0])
