"""Refusals of moving up after an upheld objection (递补)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NobodyMovesUp(Refusal):
    """No objection was upheld, or nobody is chosen."""

    code = "nobody_moves_up"
    sentence = _("没有要递补的项目。异议成立、撤销立项以后，才有项目可以递补。")


class NotByTheList(Refusal):
    """The rules say who moves up and with how much. Facts: codes."""

    code = "promotion_not_by_list"
    sentence = _("递补按重排的名单来，这些项目对不上：%(which)s。请照名单原样记录。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": "、".join(self.facts["codes"])}


class NoticeStillRuns(Refusal):
    """One notice at a time: the first ends before the supplement begins."""

    code = "notice_still_runs"
    sentence = _("前一份公示还没有结束。期满公告以后，再发布补充公示。")
