"""A round filed in two steps: four concepts are in, two decided, nobody told yet."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Region
from config.demo.applicants import Applicant
from config.demo.cast import HAINING, Cast
from config.demo.proposals import file_proposal
from ventures.models import Round, Rubric, Stage
from ventures.rules.form_contents import OFF, REQUIRED, Terms
from ventures.rules.rounds import publishers_of
from ventures.services.round_forms import set_built_in
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import create_round, tier_presets
from ventures.services.selections import decide_concepts
from ventures.services.signals import find_signals

# Who files what: the paper, and the title under which this group has the idea.
CONCEPTS = (
    ("O1", "QC2027-S-0019", "一封家书：困境家庭的第二支笔"),
    ("O4", "QC2026-X-0003", "边角料变身：家纺手作小屋"),
    ("O5", "QC2026-X-0002", "在家也能有活干：手工陪伴"),
    ("O3", "QC2026-X-0002", "家门口的手工坊"),
)


def load_concepts(
    cast: Cast,
    terms: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    *,
    today: date,
) -> None:
    """Through the services; then the first close is put where it belongs."""
    fan = cast.people["fan"]
    now = timezone.now()
    full = now + timedelta(days=24)
    sources = [{"kind": "lottery", "name": "", "amount_fen": 20_000_000}]
    values = terms | {
        "year": today.year,
        "code": f"{today.year}-youth",
        "number_prefix": f"QC{today.year}-Q",
        "name": f"海宁市 {today.year} 年青年社区行动（先交概要）",
        "level": Round.Level.CITY,
        "region": Region.objects.current().get(code=HAINING),
        "document_number": f"海民（演示）〔{today.year}〕24 号",
        "sponsor_names": ["海宁市民政局（演示）"],
        "about": "先用一页概要说清想法，入围的再写完整申报书，不让大家白写。",
        "timetable": "概要遴选；完整申报；形式审查；评审会；集体决策；公示 5 个工作日。",
        "address": "海宁市社会组织服务中心（演示）",
        "fund_fen": 20_000_000,
        "cap_fen": 5_000_000,
        "rubric": Rubric.objects.get(is_preset=True, name__startswith="标准评分表"),
        "opens_at": now - timedelta(days=20),
        "closes_at": now + timedelta(hours=1),
        "full_closes_at": full,
    }
    draft = create_round(values, tier_presets(), sources=sources, acting_user=fan)
    set_built_in(draft, {"budget": Terms(REQUIRED, REQUIRED, concept=OFF)}, acting_user=fan)
    Stage.objects.create(
        round=draft,
        kind=Stage.Kind.SELECTION,
        begins_at=now + timedelta(hours=2),
        ends_at=now + timedelta(days=5),
    )
    proposed = propose_round(draft, acting_user=fan)
    round = publish_round(proposed, acting_user=publishers_of(proposed)[0])
    filed = [
        file_proposal(
            round,
            papers[number] | {"title": title},
            applicants[body],
            is_done=True,
        )
        for body, number, title in CONCEPTS
    ]
    closed_at = now - timedelta(hours=20)
    Round.objects.filter(pk=round.pk).update(
        closes_at=closed_at, published_at=now - timedelta(days=20)
    )
    round.stages.update(begins_at=closed_at + timedelta(hours=1))
    round.refresh_from_db()
    for proposal, is_selected, reason in (
        (filed[0], True, "对象清楚、做法可行，与青年参与的方向一致。"),
        (filed[1], False, "与本轮青年参与的方向关系不大，建议报镇里的秋季微创投。"),
    ):
        decide_concepts(
            round, [proposal.pk], is_selected=is_selected, reason=reason, acting_user=fan
        )
    find_signals(round)
