"""The tables of a proposal's plan, from the papers of the data: outputs, steps, team, risks."""

import re
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from ventures.models import PlannedActivity, Proposal, Round, TeamMember
from ventures.selectors.partners import answerable_needs
from ventures.services.drafts import DraftText, save_draft
from ventures.services.plan_rows import DraftRows

OUTPUTS = {
    "个案": PlannedActivity.Output.CASE,
    "小组": PlannedActivity.Output.GROUP,
    "社区活动": PlannedActivity.Output.EVENT,
    "走访": PlannedActivity.Output.VISIT,
    "陪诊": PlannedActivity.Output.VISIT,
    "议事会": PlannedActivity.Output.MEETING,
    "培训": PlannedActivity.Output.TRAINING,
}
STEPS = (
    (30, 20, "摸底建档，招募志愿者并完成培训", "名单和培训签到表"),
    (150, 50, "完成一半以上的服务", "服务记录和签到表"),
    (240, 30, "完成全部服务，交接给社区", "总结报告和交接清单"),
)


def plan_of(paper: dict[str, Any], starts_on: date) -> dict[str, DraftRows]:
    """What the paper says in words, as rows."""
    first, *rest = paper["risk"].split("：", 1)
    return {
        "activities": DraftRows(
            [_activity(name, count) for name, count in paper["outputs"].items()]
        ),
        "milestones": DraftRows(
            [
                {
                    "what": what,
                    "due_on": starts_on + timedelta(days=days),
                    "proof": proof,
                    "share_percent": share,
                }
                for days, share, what, proof in STEPS
            ]
        ),
        "members": DraftRows(
            [
                _member("演示社工甲", "项目负责人", TeamMember.Certificate.WORKER, "演示-0001"),
                _member(
                    "演示社工乙", "带小组、做记录", TeamMember.Certificate.ASSISTANT, "演示-0002"
                ),
                _member("演示志愿者丙", "联络志愿者、管物资", TeamMember.Certificate.NONE, ""),
            ]
        ),
        "risks": DraftRows(
            [
                {
                    "risk": first[:60],
                    "measure": (rest[0] if rest else paper["risk"])[:120],
                    "insurance": "志愿者人身意外险",
                }
            ]
        ),
        "outcomes": DraftRows(
            [
                {name: str(one[name])[:40] for name in ("name", "baseline", "target", "how")}
                for one in paper["indicators"]
            ]
        ),
    }


def _activity(name: str, words: Any) -> dict[str, Any]:
    numbers = [int(number) for number in re.findall(r"\d+", str(words))] or [1]
    output = OUTPUTS.get(name, PlannedActivity.Output.OTHER)
    is_group = output == PlannedActivity.Output.GROUP
    return {
        "output": output,
        "title": name,
        "count": numbers[0],
        "sessions": numbers[1] if is_group and len(numbers) > 1 else None,
        "people": None,
        "person_times": numbers[0] if output == PlannedActivity.Output.VISIT else None,
    }


def _member(name: str, duty: str, certificate: str, number: str) -> dict[str, str]:
    return {
        "name": name,
        "duty": duty,
        "certificate": certificate,
        "certificate_number": number,
    }


def answer_needs() -> None:
    """Drafts of open rounds pick the needs of the call that fit their group."""
    drafts = Proposal.objects.filter(state=Proposal.State.DRAFT, round__state=Round.State.OPEN)
    for proposal in drafts.select_related("saved_by", "round"):
        writer: User = proposal.saved_by
        fitting = answerable_needs(proposal.round).filter(track=proposal.track)[:2]
        save_draft(
            proposal,
            DraftText(values={"needs": list(fitting)}),
            revision=proposal.revision,
            acting_user=writer,
        )
