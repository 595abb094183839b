"""Two rounds filed in two steps: the city's with four concepts, two decided and nobody told yet;
Xucun's, selected by reviewers and told, with one full proposal in and one that never came."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Region
from config.demo.applicants import Applicant
from config.demo.cast import HAINING, XUCUN, Cast
from config.demo.days import after, before
from config.demo.proposals import file_proposal, lines_of
from ventures.models import Proposal, Round, Rubric, Stage
from ventures.rules.form_contents import OFF, REQUIRED, Terms
from ventures.rules.rounds import publishers_of
from ventures.services.budgets import DraftBudget
from ventures.services.concept_readers import give_voice, name_readers
from ventures.services.drafts import DraftText, save_draft
from ventures.services.lapses import lapse_overdue_of
from ventures.services.proposals import submit_proposal
from ventures.services.round_forms import set_built_in
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import create_round, tier_presets
from ventures.services.selections import decide_by_voices, decide_concepts, tell_selection
from ventures.services.signals import find_signals

# Who files what: the paper, and the title under which this group has the idea.
CONCEPTS = (
    ("O1", "QC2027-S-0019", "一封家书：困境家庭的第二支笔"),
    ("O4", "QC2026-X-0003", "边角料变身：家纺手作小屋"),
    ("O5", "QC2026-X-0002", "在家也能有活干：手工陪伴"),
    ("O3", "QC2026-X-0002", "家门口的手工坊"),
)
# The same for Xucun, and what its two readers think.
TOLD = (
    (
        "O4",
        "QC2026-X-0003",
        "织机边的故事会",
        ((True, "人和地方都落实了。"), (True, "花钱少，见效快。")),
    ),
    ("O5", "QC2026-X-0002", "布头换新衣", ((True, "老少都能参加。"), (True, "做法具体。"))),
    (
        "O7",
        "QC2026-X-0003",
        "夜市巡逻队",
        ((False, "与综治已有的巡防重复。"), (True, "需要是真的。")),
    ),
)


def load_concepts(
    cast: Cast,
    terms: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    *,
    today: date,
) -> None:
    """Through the services; the first close was yesterday."""
    fan = cast.people["fan"]
    now = timezone.now()
    closed_at = now - timedelta(hours=20)
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
        "closes_at": closed_at,
        "full_closes_at": full,
    }
    with before(values["opens_at"]):
        draft = create_round(values, tier_presets(), sources=sources, acting_user=fan)
        set_built_in(draft, {"budget": Terms(REQUIRED, REQUIRED, concept=OFF)}, acting_user=fan)
        Stage.objects.create(
            round=draft,
            kind=Stage.Kind.SELECTION,
            begins_at=closed_at + timedelta(hours=1),
            ends_at=now + timedelta(days=5),
        )
        proposed = propose_round(draft, acting_user=fan)
        round = publish_round(proposed, acting_user=publishers_of(proposed)[0])
    with before(closed_at):
        filed = [
            file_proposal(round, papers[number] | {"title": title}, applicants[body], is_done=True)
            for body, number, title in CONCEPTS
        ]
    for proposal, is_selected, reason in (
        (filed[0], True, "对象清楚、做法可行，与青年参与的方向一致。"),
        (filed[1], False, "与本轮青年参与的方向关系不大，建议报镇里的秋季微创投。"),
    ):
        decide_concepts(
            round, [proposal.pk], is_selected=is_selected, reason=reason, acting_user=fan
        )
    find_signals(round)


def load_told_concepts(
    cast: Cast,
    terms: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    *,
    today: date,
) -> None:
    """Both closes are over: of two who were selected one filed in full, the other did not."""
    officer, now = cast.people["xu"], timezone.now()
    values = terms | {
        "year": today.year,
        "code": f"{today.year}-xucun-loom",
        "number_prefix": f"QC{today.year}-XL",
        "name": f"许村镇 {today.year} 年家纺邻里计划（先交概要）",
        "level": Round.Level.TOWN,
        "region": Region.objects.current().get(code=XUCUN),
        "document_number": f"许政（演示）〔{today.year}〕12 号",
        "sponsor_names": ["许村镇人民政府（演示）"],
        "about": "先交概要，请评委挑，入围的再写完整申报书。",
        "timetable": "概要遴选；完整申报；形式审查；评审会；镇班子会；公示 5 个工作日。",
        "address": "许村镇便民服务中心（演示）",
        "fund_fen": 3_000_000,
        "cap_fen": 1_500_000,
        "rubric": Rubric.objects.get(is_preset=True, name__startswith="标准评分表"),
        "selected_by": Round.Selects.REVIEWERS,
        "opens_at": now - timedelta(days=40),
        "closes_at": now - timedelta(days=20),
        "full_closes_at": now - timedelta(hours=3),
    }
    sources = [{"kind": "budget", "name": "", "amount_fen": 3_000_000}]
    with before(values["opens_at"]):
        draft = create_round(values, tier_presets(), sources=sources, acting_user=officer)
        set_built_in(draft, {"budget": Terms(REQUIRED, REQUIRED, concept=OFF)}, acting_user=officer)
        proposed = propose_round(draft, acting_user=officer)
        round = publish_round(proposed, acting_user=publishers_of(proposed)[0])
    with before(round.closes_at):
        filed = [
            file_proposal(round, papers[number] | {"title": title}, applicants[body], is_done=True)
            for body, number, title, _voices in TOLD
        ]
    readers = [cast.people["shen"], cast.people["lu"]]
    with after(round.closes_at):
        name_readers(round, readers, acting_user=officer)
        for proposal, (_body, _number, _title, voices) in zip(filed, TOLD, strict=True):
            for reader, (is_for, reason) in zip(readers, voices, strict=True):
                concept = Proposal.objects.select_related("round").get(pk=proposal.pk)
                give_voice(concept, is_for=is_for, reason=reason, acting_user=reader)
        decide_by_voices(round, acting_user=officer)
        tell_selection(round, acting_user=officer)
    assert round.full_closes_at is not None, "filed in two steps"
    with before(round.full_closes_at):
        _file_in_full(filed[0], papers[TOLD[0][1]], applicants[TOLD[0][0]])
    lapse_overdue_of(round)


def _file_in_full(proposal: Proposal, paper: dict[str, Any], applicant: Applicant) -> None:
    """What the concept left out is added: the budget."""
    proposal = Proposal.objects.select_related("round").get(pk=proposal.pk)
    proposal = save_draft(
        proposal,
        DraftText(values={}, budget=DraftBudget(lines_of(paper | {"budget": paper["budget"][:4]}))),
        revision=proposal.revision,
        acting_user=applicant.manager,
    )
    submit_proposal(proposal, acting_user=applicant.manager)
