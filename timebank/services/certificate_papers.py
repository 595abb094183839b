"""Print certificates: the words of the snapshot, and nothing that has changed since.

A paper is in Chinese whoever prints it: it is handed to schools, employers and offices here.
"""

import base64
from collections import Counter
from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from accounts.models import Attachment
from accounts.services.papers import typeset
from accounts.templatetags.kit import hours
from timebank.models.certificates import Certificate, CertificatePolicy
from timebank.models.records import ServiceRecord

PAPER = "timebank/papers/certificate.typ"


def certificate_pdf(*certificates: Certificate) -> bytes:
    """One PDF of one or more certificates, each beginning on a page of its own."""
    with override("zh-hans"):
        return typeset(PAPER, {"papers": [paper_of(certificate) for certificate in certificates]})


def check_link(certificate: Certificate) -> str:
    """Where anybody may see whether it holds."""
    path = reverse("timebank:certificate-public", args=[certificate.token])
    return f"{settings.PUBLIC_ADDRESS}{path}"


def paper_of(certificate: Certificate) -> dict[str, Any]:
    """The words of one certificate as they stand on paper."""
    told = certificate.snapshot
    standing = CertificatePolicy.Standing(told["standing"])
    link = check_link(certificate)
    volunteer, issuer = told["volunteer"], told["issuer"]
    name = volunteer["name"]
    return {
        "title": str(standing.label),
        "number": _("编号 %(number)s") % {"number": certificate.number},
        "sentence": _(
            "%(name)s（志愿者编号 %(code)s%(document)s）自%(first)s至%(last)s，参加志愿服务"
            " %(services)d 次，志愿服务时间共计 %(hours)s。"
        )
        % {
            "name": name,
            "code": volunteer["number"],
            "document": _document_words(volunteer),
            "first": _day(certificate.first_on.isoformat()),
            "last": _day(certificate.last_on.isoformat()),
            "services": certificate.services,
            "hours": hours(certificate.minutes),
        },
        "scope": _scope_words(told["scope"]),
        "groups_title": _("服务内容"),
        "groups": [
            [group, _("%(count)d 次") % {"count": count}, hours(minutes)]
            for group, count, minutes in _groups(told["lines"])
        ],
        "facts": [
            [label, words]
            for label, words in (
                (_("记录单位"), issuer["name"]),
                (_("负责人"), issuer["responsible"]),
                (_("经办人"), told["handled_by"]),
                (_("联系方式"), issuer["contact"]),
                (_("出具日期"), _day(told["issued_on"])),
            )
            if words
        ],
        "issuer": issuer["name"],
        "issued_on": _day(told["issued_on"]),
        "seal": _seal_svg(certificate.policy.seal),
        "qr": segno.make(link, error="m").svg_inline(scale=4, border=1),
        "check": [
            _("扫码核对真伪，不用登录。"),
            _("也可以打开 %(address)s 输入编号和校验码 %(code)s（或姓氏）。")
            % {
                "address": f"{settings.PUBLIC_ADDRESS}{reverse('timebank:certificate-check')}",
                "code": certificate.check_code,
            },
        ],
        "notes": _notes(told),
        "lines_title": _("服务明细"),
        "heads": [_("日期"), _("活动与服务内容"), _("地点"), _("组织单位 · 负责人"), _("时长")],
        "rows": [_row(line) for line in told["lines"]],
        "blocks": _blocks(told),
        "foot": f"{standing.label} {certificate.number}",
        "hash": _("存证摘要 SHA-256：%(hash)s") % {"hash": certificate.sha256},
    }


def _document_words(volunteer: dict[str, Any]) -> str:
    if volunteer["is_checked"] and volunteer["id_last_four"]:
        return _("，居民身份证号后四位 %(last)s") % {"last": volunteer["id_last_four"]}
    return "" if volunteer["is_checked"] else _("，未经实名核验")


def _scope_words(scope: dict[str, str]) -> str:
    words = []
    if scope["since"] or scope["until"]:
        since = _day(scope["since"]) if scope["since"] else _("最早一次")
        until = _day(scope["until"]) if scope["until"] else _("出具之日")
        words.append(_("%(since)s至%(until)s") % {"since": since, "until": until})
    if scope["group"]:
        words.append(scope["group"])
    return _("本证明只含：%(scope)s。") % {"scope": "，".join(words)} if words else ""


def _groups(lines: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Kinds of service with how often and how long, the longest first."""
    minutes: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for line in lines:
        minutes[line["group"]] += line["minutes"]
        times[line["group"]] += 1
    return [(group, times[group], total) for group, total in minutes.most_common()]


def _row(line: dict[str, Any]) -> list[str]:
    mark = f"（{ServiceRecord.Provenance(line['mark']).label}）" if line["mark"] else ""
    return [
        line["on"],
        f"{line['activity']}：{line['what']}{mark}",
        line["place"],
        " · ".join(part for part in (line["unit"], line["led_by"]) if part),
        hours(line["minutes"]),
    ]


def _blocks(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Training, awards and rating under the services, each under its own head, where there are
    any. Papers of the first version say nothing of them."""
    blocks = []
    trainings = told.get("trainings", [])
    if trainings:
        total = hours(sum(one["minutes"] for one in trainings))
        blocks.append(
            {
                "title": _("培训情况（学习时长 %(hours)s，不计入服务时长）") % {"hours": total},
                "heads": [_("日期"), _("名称与主要内容"), _("举办单位"), _("学习时长")],
                "rows": [
                    [one["on"], _titled(one), one["body"], hours(one["minutes"])]
                    for one in trainings
                ],
            }
        )
    commendations = told.get("commendations", [])
    if commendations:
        blocks.append(
            {
                "title": _("表彰奖励情况"),
                "heads": [_("日期"), _("名称"), _("授予单位"), ""],
                "rows": [[one["on"], one["title"], one["body"], ""] for one in commendations],
            }
        )
    stars = told.get("stars")
    if stars:
        words = _("%(level)d 星志愿者") % {"level": stars["level"]}
        blocks.append(
            {
                "title": _("评价情况"),
                "heads": [_("日期"), _("评定"), "", ""],
                "rows": [[stars["on"], words, "", ""]],
            }
        )
    return blocks


def _titled(one: dict[str, Any]) -> str:
    return f"{one['title']}：{one['content']}" if one["content"] else str(one["title"])


def _notes(told: dict[str, Any]) -> list[str]:
    notes = [_("时长为实际服务时间，不含往返交通时间；培训、会议和有报酬的工作不计入。")]
    if told["standing"] == CertificatePolicy.Standing.PLATFORM:
        notes.append(
            _("本件是本平台的服务记录。需要《志愿服务记录证明》的，由依法记录的志愿服务组织出具。")
        )
    notes.append(_("免费出具，不得用于商业目的；伪造、变造的，依法追究责任。"))
    return notes


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), pgettext("日期格式", "Y年n月j日"))


def _seal_svg(seal: Attachment | None) -> str:
    """The seal's picture inside an SVG, as a paper takes its pictures as words."""
    if seal is None:
        return ""
    with seal.file.open() as file:
        words = base64.b64encode(file.read()).decode()
    kind = "png" if seal.suffix == ".png" else "webp" if seal.suffix == ".webp" else "jpeg"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {seal.width} {seal.height}">'
        f'<image width="{seal.width}" height="{seal.height}" '
        f'href="data:image/{kind};base64,{words}"/></svg>'
    )
