"""Refusals about awards that ended, and about moving up afterwards (递补)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class AwardGone(Refusal):
    """It ended before: by an objection, by the applicant, by the office."""

    code = "award_gone"
    sentence = _("这个项目的立项已经撤销了，不用再办。")


class NobodyMovesUp(Refusal):
    """No award fell, or nobody is chosen."""

    code = "nobody_moves_up"
    sentence = _("没有要递补的项目。有立项被撤销、放弃或取消以后，才有项目可以递补。")


class NotByTheList(Refusal):
    """The rules say who moves up and with how much. Facts: codes."""

    code = "promotion_not_by_list"
    sentence = _("递补按重排的名单来，这些项目对不上：%(which)s。请照名单原样记录。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": _("、").join(self.facts["codes"])}


class NoticeStillRuns(Refusal):
    """One notice at a time: the first ends before the supplement begins."""

    code = "notice_still_runs"
    sentence = _("前一份公示还没有结束。期满公告以后，再发布补充公示。")
