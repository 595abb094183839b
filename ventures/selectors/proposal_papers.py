"""The 申报书 on A4: what stands on the printed sheet and its 签章页, in the words of the form.

Typeset by `accounts.services.papers`; the same paper as the page shows (`selectors.readings`).
"""

from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.kit import day, moment
from ventures.models import Proposal
from ventures.selectors.readings import Paper, PaperLine


def proposal_paper(proposal: Proposal, paper: Paper) -> dict[str, Any]:
    """The whole sheet from one version (or from the draft, which says so at its foot)."""
    return {
        "title": _("项目概要") if paper.is_concept else _("项目申报书"),
        "round": proposal.round.name,
        "foot": _foot(proposal, paper),
        "facts": _facts(paper),
        "tables": tables_on_paper(paper),
        "budget": budget_on_paper(paper) if has_budget(proposal, paper) else None,
        "sign": None if paper.is_concept else _signature_page(proposal, paper),
    }


def has_budget(proposal: Proposal, paper: Paper) -> bool:
    """Ideas and titles have none; a concept, and one entered afterwards, only where it is there."""
    may_lack_it = paper.is_concept or paper.is_entered
    return proposal.round.has_budget and (not may_lack_it or bool(paper.lines))


def tables_on_paper(paper: Paper) -> list[dict[str, Any]]:
    """The tables of the plan and of the round's own questions."""
    return [
        {
            "label": str(table.label),
            "heads": [str(head) for head in table.heads],
            "rows": [[str(cell["words"]) for cell in row] for row in table.rows],
        }
        for table in paper.tables
    ]


def _foot(proposal: Proposal, paper: Paper) -> str:
    mark = f"{_('演示')} · " if proposal.round.is_demo else ""
    if paper.version is None:
        return mark + _("%(code)s · 草稿，未提交") % {"code": paper.code}
    return mark + _("%(code)s · 第 %(number)d 版 · %(at)s · 校验值 %(sha)s") % {
        "code": paper.code,
        "number": paper.version,
        "at": moment(paper.submitted_at),
        "sha": paper.sha256,
    }


def _facts(paper: Paper) -> list[list[str]]:
    number = f" {paper.applicant_number}" if paper.applicant_number else ""
    return [
        [_("申报编号"), paper.code],
        [_("项目名称"), paper.title],
        [_("申报方"), f"{paper.applicant}（{paper.applicant_kind}）{number}"],
        [_("代管单位"), paper.host or "—"],
        *[[str(fact.label), fact.words] for fact in paper.facts],
    ]


def budget_on_paper(paper: Paper) -> dict[str, Any]:
    """The 预算表 with every column and its sums."""
    return {
        "label": _("预算表"),
        "heads": [
            _("序号"),
            _("费用类别"),
            _("支出内容"),
            _("单价"),
            _("数量"),
            _("单位"),
            _("金额"),
            _("申请资助"),
            _("配套现金"),
            _("配套实物"),
            _("测算依据"),
        ],
        "rows": [_line(line) for line in paper.lines],
        "total_label": _("合计（元）"),
        "totals": [
            _plain(paper.total_fen),
            _plain(paper.requested_fen),
            _plain(paper.cash_fen),
            _plain(paper.in_kind_fen),
        ],
    }


def _line(line: PaperLine) -> list[str]:
    return [
        str(line.position),
        line.cost_class,
        line.purpose,
        _plain(line.unit_price_fen),
        line.quantity,
        line.unit,
        _plain(line.amount_fen),
        _plain(line.requested_fen),
        _plain(line.cash_fen),
        _plain(line.in_kind_fen),
        line.basis,
    ]


def _signature_page(proposal: Proposal, paper: Paper) -> dict[str, Any]:
    due_on = proposal.round.signature_due_on
    return {
        "title": _("签章页"),
        "project": f"{paper.code}　{paper.title}",
        "promise": _(
            "我们承诺：所填内容真实，同一项目没有重复申请财政资金，"
            "不向服务对象发放现金或礼品，不购置固定资产。"
        ),
        "boxes": _boxes(paper),
        "date": _("日期：　　　　年　　月　　日"),
        "follow": _("签章后扫描或拍照，在 %(day)s 前上传到申报书的“附件材料”。")
        % {"day": day(due_on)}
        if due_on
        else "",
    }


def _boxes(paper: Paper) -> list[dict[str, str]]:
    """Who signs: the applicant, its host, those who apply together, and the community."""
    words = {fact.name: fact.words for fact in paper.facts}
    signs = (
        _("负责人签字（没有公章的，由负责人签字、社区盖章）：")
        if paper.is_filed_group or not paper.applicant_number
        else _("负责人签字、组织盖章：")
    )
    boxes = [{"label": _("申报方"), "who": paper.applicant, "words": signs}]
    if paper.host:
        agrees = _("同意代管本项目资金。盖章：")
        boxes.append({"label": _("代管单位意见"), "who": paper.host, "words": agrees})
    if words.get("partners"):
        boxes.append({"label": _("联合申报方"), "who": words["partners"], "words": _("签字盖章：")})
    boxes.append(
        {
            "label": _("实施社区意见"),
            "who": words.get("communities", ""),
            "words": _("意见与盖章："),
        }
    )
    return boxes


def _plain(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
