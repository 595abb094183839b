"""撤回公示、重新公示: which notice waits to be replaced, which it was before, what was changed.

What a new notice says of the one it replaces is frozen with its words.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.kit import day, yuan
from ventures.models import Objection, PublicNotice, Round
from ventures.selectors.award_corrections import Corrected, corrected_since

type Words = dict[str, Any]

# What an officer writes in a notice, as the table of changes names it.
WRITTEN: dict[str, Promise] = {
    "title": gettext_lazy("标题"),
    "basis": gettext_lazy("依据（文号）"),
    "department": gettext_lazy("受理部门"),
    "contact_name": gettext_lazy("联系人"),
    "contact_phone": gettext_lazy("联系电话"),
    "address": gettext_lazy("地址"),
    "postcode": gettext_lazy("邮编"),
    "supervision_phone": gettext_lazy("监督电话"),
    "objection_ways": gettext_lazy("异议方式"),
    "issuer": gettext_lazy("落款"),
}


def to_be_replaced(round: Round) -> PublicNotice | None:
    """The notice that was withdrawn and that nothing replaces yet."""
    return round.notices.filter(
        state=PublicNotice.State.WITHDRAWN, replaced_by=None
    ).first()  # the latest


def replaced_before(notice: PublicNotice) -> list[PublicNotice]:
    """Those it replaces one after another, the first of them first."""
    found: list[PublicNotice] = []
    while notice.replaces is not None:
        notice = notice.replaces
        found.insert(0, notice)
    return found


def in_force_after(notice: PublicNotice) -> PublicNotice | None:
    """What stands instead of it now: the last of those that replaced one another."""
    last = None
    while True:
        notice_after = PublicNotice.objects.filter(replaces=last or notice).first()
        if notice_after is None:
            return last
        last = notice_after


def withdrawn_in_words(notice: PublicNotice) -> Words | None:
    """When and why it became void, and what stands instead, for who takes it as data."""
    if notice.withdrawn_at is None:
        return None
    instead = in_force_after(notice)
    return {
        "on": timezone.localdate(notice.withdrawn_at).isoformat(),
        "reason": notice.withdrawn_reason,
        "in_force": instead.code if instead else "",
    }


def upheld_against_all() -> QuerySet[Objection]:
    """Upheld objections to a whole notice: it has to be withdrawn."""
    return Objection.objects.filter(proposal=None, state=Objection.State.UPHELD)


def whole_objections_left(notice: PublicNotice) -> int:
    """Objections to all of it that were not answered yet."""
    return Objection.objects.waiting().filter(notice=notice, proposal=None).count()


def to_be_withdrawn() -> QuerySet[PublicNotice]:
    """Running or over, with an upheld objection to all of it."""
    return PublicNotice.objects.running().filter(pk__in=upheld_against_all().values("notice"))


def what_it_replaces(earlier: PublicNotice, words: Words) -> Words:
    """Which notice it was, since when and why it is void, and what is different now."""
    assert earlier.withdrawn_at is not None, "withdrawn_notice_says_when_by_whom_and_why"
    return {
        "code": earlier.code,
        "title": earlier.title,
        "sha256": earlier.sha256,
        "withdrawn_on": timezone.localdate(earlier.withdrawn_at).isoformat(),
        "reason": earlier.withdrawn_reason,
        "changes": [
            *changes_between(earlier.snapshot, words),
            *amounts_between(earlier.snapshot, words, corrected_since(earlier)),
        ],
    }


def amounts_between(
    before: Words, after: Words, corrected: Mapping[str, Corrected]
) -> list[dict[str, str]]:
    """Of the projects on both lists those with another amount, one by one, and why."""
    told = {one["code"]: one["amount_fen"] for one in before["projects"]}
    return [
        {
            "what": _("%(title)s（%(code)s）") % one,
            "before": yuan(told[one["code"]]),
            "after": yuan(one["amount_fen"]),
            "why": corrected[one["code"]].why if one["code"] in corrected else "",
        }
        for one in after["projects"]
        if told.get(one["code"], one["amount_fen"]) != one["amount_fen"]
    ]


def changes_between(before: Words, after: Words) -> list[dict[str, str]]:
    """What is different, line by line, in words; single amounts aside."""
    lines = [(str(label), before[name], after[name]) for name, label in WRITTEN.items()]
    if after["title"].removesuffix(mark_of_a_correction()) == before["title"]:
        lines = lines[1:]  # the mark alone is told by there being another notice
    lines.append((_("公示期"), _span(before), _span(after)))
    if _listed(before) != _listed(after):
        lines.append((_("名单"), _list_in_words(before), _list_in_words(after)))
    return [
        {"what": what, "before": str(was) or "—", "after": str(now) or "—"}
        for what, was, now in lines
        if was != now
    ]


def mark_of_a_correction() -> str:
    """At the end of the title of a notice that replaces another."""
    return _("（更正）")


def _span(words: Words) -> str:
    first, last = (date.fromisoformat(words[key]) for key in ("starts_on", "last_day"))
    return _("%(first)s 至 %(last)s") % {"first": day(first), "last": day(last)}


def _listed(words: Words) -> list[tuple[str, str, int]]:
    return [
        (name, one["code"], one["amount_fen"])
        for name in ("projects", "reserves")
        for one in words[name]
    ]


def _list_in_words(words: Words) -> str:
    numbers = {
        "projects": len(words["projects"]),
        "reserves": len(words["reserves"]),
        "total": yuan(words["total_fen"]),
    }
    if not words["total_fen"]:
        return _("%(projects)d 个，候补 %(reserves)d 个") % numbers
    return _("%(projects)d 个，合计 %(total)s，候补 %(reserves)d 个") % numbers
