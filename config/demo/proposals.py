"""What applicants filled in for the rounds of today, from the papers of the data."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Region
from config.demo.applicants import Applicant
from config.demo.plans import plan_of
from ventures.models import BudgetLine, ProjectKind, Proposal, Round, Track
from ventures.selectors.proposals import fields_of
from ventures.services.answers import AnswersText
from ventures.services.budgets import DraftBudget, PlannedLine, fen_of
from ventures.services.drafts import DraftText, begin_proposal, save_draft
from ventures.services.proposals import submit_proposal

TO_START = timedelta(days=75)
KINDS = {"治理型": ProjectKind.GOVERNANCE, "服务型": ProjectKind.SERVICE}
COST_CLASSES = {
    "业务活动费": BudgetLine.CostClass.ACTIVITY,
    "管理费用": BudgetLine.CostClass.MANAGEMENT,
    "税费": BudgetLine.CostClass.TAX,
}


def file_proposal(
    round: Round,
    paper: dict[str, Any],
    applicant: Applicant,
    *,
    is_done: bool,
    answers: AnswersText | None = None,
) -> Proposal:
    """Draft, fill in and (where it is done) hand in one proposal."""
    proposal = begin_proposal(round, applicant.organisation, acting_user=applicant.manager)
    asked = fields_of(proposal)
    values = _values(round, paper, is_done)
    parts = plan_of(paper, round.closes_at.date() + TO_START) if is_done else {}
    text = DraftText(
        values={name: value for name, value in values.items() if name in asked},
        budget=DraftBudget(lines_of(paper)) if "budget" in asked else None,
        answers=answers or AnswersText(),
        parts={name: rows for name, rows in parts.items() if name in asked},
    )
    proposal = save_draft(proposal, text, revision=proposal.revision, acting_user=applicant.manager)
    if is_done:
        submit_proposal(proposal, acting_user=applicant.manager)
    proposal.refresh_from_db()
    return proposal


def _values(round: Round, paper: dict[str, Any], is_done: bool) -> dict[str, Any]:
    starts_on = round.closes_at.date() + TO_START
    values: dict[str, Any] = {
        "title": paper["title"],
        "responsible_name": "演示负责人",
        "responsible_phone": "10012345678",
        "track": Track.objects.get(name=paper["track"]),
        "kind": KINDS[paper["kind"]],
        "communities": list(Region.objects.current().filter(short_name__in=paper["place"])),
        "need_from": "走访和议事会提出，名单与记录存社区。",
    }
    if is_done:
        outputs = "，".join(f"{name} {count}" for name, count in paper["outputs"].items())
        values |= {
            "plan": f"{paper['team']}实施：{outputs}。"[:300],
            "schedule": f"{outputs}；{starts_on:%Y年%-m月}起，为期八个月。"[:200],
            "beneficiaries": paper["direct_beneficiaries"] or 200,
            "person_times": paper["person_times"],
            "safety": paper["risk"][:200],
            "team_name": paper["team"][:80],
            "aims": f"{paper['track']}在家门口有人帮，社区有人接着做。",
            "plan_detail": f"第一步摸底建档；第二步按月实施：{outputs}；第三步总结交接给社区。",
            "sustainability": "骨干转为时间银行志愿者，由社区接着办。",
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(days=240),
        }
    return values


def lines_of(paper: dict[str, Any]) -> list[PlannedLine]:
    """The budget of a paper, line by line."""
    return [
        PlannedLine(
            cost_class=COST_CLASSES[line["cost_class"]],
            purpose=line["item"],
            unit_price_fen=fen_of(Decimal(str(line["unit_price_yuan"]))),
            quantity_hundredths=int(Decimal(str(line["quantity"])) * 100),
            unit=line["unit"],
            requested_fen=fen_of(Decimal(str(line["requested_yuan"]))),
            matching_fen=fen_of(Decimal(str(line["matching_yuan"]))),
            basis=line["basis"][:100],
            in_kind_fen=(fen_of(Decimal(str(line["matching_yuan"]))) if _is_in_kind(line) else 0),
        )
        for line in paper["budget"]
    ]


def _is_in_kind(line: dict[str, Any]) -> bool:
    """Things rather than money: the papers say so in the basis, or give things by name."""
    return any(word in line["basis"] + line["item"] for word in ("实物", "赠", "捐", "提供"))
