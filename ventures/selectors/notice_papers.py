"""公示 and 公告 as they are printed, from their frozen words alone."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.templatetags.kit import day
from ventures.models import Announcement, PublicNotice
from ventures.selectors.announcements import fallen_of
from ventures.selectors.award_money import parts_in_words
from ventures.selectors.papers import marked, plain_yuan
from ventures.selectors.reissues import in_force_after


def notice_paper(notice: PublicNotice) -> dict[str, Any]:
    """The 公示 on A4, from its frozen words alone."""
    words = notice.snapshot
    starts_on, last_day = (date.fromisoformat(words[key]) for key in ("starts_on", "last_day"))
    return {
        "title": words["title"],
        "standing": _standing_of(notice),
        "is_void": notice.withdrawn_at is not None,
        "void_label": _("已撤回，不再有效"),
        "lead": _("根据%(basis)s，经申报、形式审查、评委评审和集体研究，现将%(listed)s公示如下：")
        % {"basis": words["basis"], "listed": words.get("listed") or _("拟立项项目")},
        "period_label": _("公示期："),
        "period": _("%(first)s 至 %(last)s（%(days)s）")
        % {"first": day(starts_on), "last": day(last_day), "days": days_in_words(words)},
        "heads": [
            _("序号"),
            *_column_heads(words),
            *_amount_head(words, _("拟资助金额")),
        ],
        "projects": [_project_row(project, words) for project in words["projects"]],
        **_total(words),
        "reserves_label": _("候补项目：") if words["reserves"] else "",
        "reserves": _("；").join(
            f"{one['title']}（{one['grantee']}）" for one in words["reserves"]
        ),
        "parts": _published_of(words),
        "how_label": _("怎么定的"),
        "how": [*words["how_decided"], *words.get("rules", []), *_panel_of(words)],
        "objection": words["objection_ways"],
        "contacts": [
            [_("受理部门"), words["department"]],
            [_("联系人"), words["contact_name"]],
            [_("联系电话"), words["contact_phone"]],
            [_("地址"), _address(words)],
            [_("监督电话"), words["supervision_phone"]],
        ],
        **_since(notice),
        "issuer": words["issuer"],
        "date": day(starts_on),
        "foot": marked(
            _("%(code)s · 内容指纹 SHA-256 %(sha)s") % {"code": notice.code, "sha": notice.sha256},
            notice.round,
        ),
    }


def _standing_of(notice: PublicNotice) -> str:
    """On top of the sheet: that it was withdrawn, or which one it replaces."""
    if notice.withdrawn_at is not None:
        instead = in_force_after(notice)
        said = _("本公示已于 %(on)s 撤回。原因：%(reason)s") % {
            "on": day(timezone.localdate(notice.withdrawn_at)),
            "reason": notice.withdrawn_reason,
        }
        now = _("以重新公示为准，编号 %(code)s。") % {"code": instead.code} if instead else ""
        return f"{said}　{now}".rstrip()
    replaces = notice.snapshot.get("replaces")
    if not replaces:
        return ""
    said = _("本公示代替 %(on)s 撤回的公示（编号 %(code)s）。撤回原因：%(reason)s") % {
        "on": day(date.fromisoformat(replaces["withdrawn_on"])),
        "code": replaces["code"],
        "reason": replaces["reason"],
    }
    changes = _("；").join(_change_in_words(one) for one in replaces["changes"])
    return f"{said}　{_('改了：')}{changes}" if changes else said


def _since(notice: PublicNotice) -> dict[str, Any]:
    """What was given up or cancelled by the day it is printed; no part of the frozen words."""
    fallen = fallen_of(notice)
    return {
        "since_label": _("发布以后的变化（不属于原文）：") if fallen else "",
        "since": [
            _("%(title)s（%(grantee)s）%(on)s %(state)s。%(why)s。")
            % {
                "title": one.title,
                "grantee": one.grantee,
                "on": day(one.on),
                "state": one.state,
                "why": str(one.why).rstrip("。"),
            }
            for one in fallen
        ],
    }


def _change_in_words(one: dict[str, str]) -> str:
    if one.get("why"):
        return _("%(what)s：%(after)s（原来：%(before)s，%(why)s）") % one
    return _("%(what)s：%(after)s（原来：%(before)s）") % one


def _published_of(words: dict[str, Any]) -> list[list[str]]:
    """Scores and reasons, where the round says that they are published."""
    listed = [*words["projects"], *words["reserves"]]
    declined = words.get("declined", [])
    scored = [f"{one['title']} {one['score']}" for one in [*listed, *declined] if one.get("score")]
    parts = [
        [_("得分："), _("；").join(scored)],
        [_("理由："), _("；").join(_why(one) for one in listed if _why(one, bare=True))],
        [_("没有列入的项目和理由："), _("；").join(_why(one) for one in declined)],
    ]
    return [part for part in parts if part[1]]


def _why(project: dict[str, Any], *, bare: bool = False) -> str:
    said = f"{project.get('reason', '')}{project.get('almost', '')}".rstrip("。")
    return said if bare else f"{project['title']}（{project['grantee']}）{said}"


def days_in_words(words: dict[str, Any]) -> str:
    """How long a notice runs, as its rule counts."""
    if words.get("counting") == "calendar":
        return _("%(days)d 天") % {"days": words["working_days"]}
    return _("%(days)d 个工作日") % {"days": words["working_days"]}


def _panel_of(words: dict[str, Any]) -> list[str]:
    """The reviewers' names, where the round's rules say that they are published."""
    experts = words.get("experts") or []
    return [_("评委：%(names)s。") % {"names": _("、").join(experts)}] if experts else []


def _address(words: dict[str, Any]) -> str:
    postcode = words["postcode"]
    return f"{words['address']}　{_('邮编')} {postcode}" if postcode else words["address"]


def announcement_paper(announcement: Announcement) -> dict[str, Any]:
    """The 公告 on A4: what is final, what was taken back, what is still to come."""
    words = announcement.snapshot
    notice = announcement.notice
    starts_on, last_day, said_on = (
        date.fromisoformat(words[key]) for key in ("starts_on", "last_day", "published_on")
    )
    return {
        "title": words["title"],
        "lead": _("公示期（%(first)s 至 %(last)s）已满，现将结果公告如下：")
        % {"first": day(starts_on), "last": day(last_day)},
        "given": title_given(words),
        "heads": [
            _("序号"),
            *_column_heads(words),
            *_amount_head(words, _("资助金额")),
        ],
        "projects": [_project_row(project, words) for project in words["projects"]],
        **_total(words),
        "parts": [
            [label, _("；").join(_named(one) for one in words.get(name, ()))]
            for name, label in (
                ("reserves", _("候补项目：")),
                ("frozen", _("有异议正在复核，另行公告：")),
                ("held", _("要等复核结果，暂不公告：")),
                ("moved_up", _("递补，另行补充公示：")),
                ("withdrawn", _("公示后撤销：")),
            )
            if words.get(name)
        ],
        "sources": _("资金来源：%(parts)s。") % {"parts": parts_in_words(words["sources"])}
        if words.get("sources")
        else "",
        **_since(notice),
        "issuer": words["issuer"],
        "date": day(said_on),
        "foot": marked(
            _("%(code)s · 内容指纹 SHA-256 %(sha)s")
            % {"code": notice.code, "sha": announcement.sha256},
            notice.round,
        ),
    }


def _named(project: dict[str, Any]) -> str:
    said = f"{project['title']}（{project['grantee']}）"
    return f"{said}：{project['reason']}" if project.get("reason") else said


def title_given(words: dict[str, Any]) -> str:
    """Of a round of titles: which title the list has; nothing of any other."""
    if not words.get("honour"):
        return ""
    return _("授予下列项目“%(title)s”，不设资金。") % {"title": words["honour"]}


def _gives_money(words: dict[str, Any]) -> bool:
    """A title has no amount; of notices older than titles nothing is said."""
    return words.get("amount") != ""


def _column_heads(words: dict[str, Any]) -> list[str]:
    return words.get("heads") or [_("项目名称"), _("承接组织"), _("实施社区")]


def _amount_head(words: dict[str, Any], usual: str) -> list[str]:
    if not _gives_money(words):
        return []
    return [_("%(amount)s（元）") % {"amount": words.get("amount") or usual}]


def _total(words: dict[str, Any]) -> dict[str, str]:
    if not _gives_money(words):
        return {"total_label": "", "total": ""}
    total = plain_yuan(words["total_fen"]) if words["total_fen"] else "—"
    return {"total_label": _("合计"), "total": total}


def _project_row(project: dict[str, Any], words: dict[str, Any]) -> list[str]:
    grantee = project["grantee"]
    if project["host"]:
        grantee = _("%(grantee)s（代管单位：%(host)s）") % {
            "grantee": grantee,
            "host": project["host"],
        }
    return [
        str(project["number"]),
        project["title"],
        grantee,
        _("、").join(project["communities"]),
        *([_amount(project)] if _gives_money(words) else []),
    ]


def _amount(project: dict[str, Any]) -> str:
    if not project["amount_fen"]:
        return "—"
    return f"{project.get('prize', '')} {plain_yuan(project['amount_fen'])}".strip()
