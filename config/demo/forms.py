"""The city round's own questions, what applicants answered, and a proposal completed once."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from config.demo.applicants import Applicant
from ventures.models import Proposal, Round
from ventures.rules.form_contents import OPTIONAL, REQUIRED, Terms
from ventures.selectors.proposals import whole_proposals
from ventures.services.answers import AnswersText
from ventures.services.drafts import DraftText, save_draft
from ventures.services.proposals import submit_proposal
from ventures.services.round_forms import add_question, set_built_in
from ventures.services.screening import return_proposal

QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "kind": "heading",
        "label": "场地和一起做的人",
        "help": "活动在哪里办、谁来帮忙，评审人会看。",
    },
    {"kind": "yes_no", "label": "活动场地落实了吗", "is_required": True},
    {
        "kind": "short_text",
        "label": "场地在哪里",
        "help": "写到楼层和房间，例如：南关厢社区党群服务中心二楼活动室。",
        "is_required": True,
        "limit": 40,
        "depends_on": "q2",
        "test": "equals",
        "test_value": "yes",
    },
    {
        "kind": "long_text",
        "label": "打算怎么落实场地",
        "limit": 150,
        "depends_on": "q2",
        "test": "equals",
        "test_value": "no",
    },
    {
        "kind": "choices",
        "label": "谁会一起来帮忙",
        "choices": ["居民志愿者", "学校", "企业", "物业", "卫生服务站"],
    },
    {
        "kind": "file",
        "label": "企业的同意书",
        "help": "盖章的扫描件，说明出什么、出多少。",
        "file_kinds": ["pdf"],
        "depends_on": "q5",
        "test": "contains",
        "test_value": "企业",
    },
    {
        "kind": "table",
        "label": "头三个月怎么安排",
        "help": "先定头三个月，后面的可以再调整。",
        "columns": [
            {"label": "月份", "kind": "short_text"},
            {"label": "做什么", "kind": "short_text"},
            {"label": "几场", "kind": "number"},
        ],
        "row_limit": 6,
    },
)
MONTHS = [
    ["第一个月", "走访建档", 4],
    ["第二个月", "小组和陪伴", 6],
    ["第三个月", "社区活动", 3],
]
ANSWERS: dict[str, dict[str, Any]] = {
    "QC2027-S-0007": {"q2": True, "q3": "社区活动室", "q5": ["居民志愿者"], "q7": MONTHS[:2]},
    "QC2027-S-0012": {"q2": False, "q5": ["居民志愿者", "企业"]},
    "QC2027-S-0023": {
        "q2": True,
        "q3": "社区党群服务中心一楼",
        "q5": ["学校", "居民志愿者"],
        "q7": MONTHS,
    },
}
COMPLETED = "QC2027-S-0007"


def ask_of_the_city(round: Round, officer: User) -> None:
    """Two built-in questions become optional on the one-page form, so that twelve stay required."""
    light = Terms(OPTIONAL, REQUIRED)
    set_built_in(round, {"person_times": light, "schedule": light}, acting_user=officer)
    for question in QUESTIONS:
        add_question(round, question, acting_user=officer)


def answers_to(number: str) -> AnswersText:
    return AnswersText(ANSWERS.get(number, {}))


def complete_once(proposal: Proposal, applicant: Applicant, officer: User) -> None:
    """Returned for one answer, completed, handed in again: two versions to compare."""
    return_proposal(
        proposal,
        reason="场地请写到楼层和房间；头三个月的安排少了一个月。",
        marked_fields=["q3", "q7", "safety"],
        complete_by=timezone.now() + timedelta(days=30),
        acting_user=officer,
    )
    draft = whole_proposals().get(pk=proposal.pk)
    answers = AnswersText({"q3": "社区党群服务中心二楼活动室", "q7": MONTHS})
    text = DraftText(values={"plan": f"{draft.plan}每次活动后回访三户。"[:300]}, answers=answers)
    save_draft(draft, text, revision=draft.revision, acting_user=applicant.manager)
    submit_proposal(draft, acting_user=applicant.manager)
