"""Refusals of what is said about a proposal while it is judged."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class OwnSheetFirst(Refusal):
    """The phase shows others' words after one's own sheet; hers is not in yet."""

    code = "own_sheet_first"
    sentence = _("这个环节先交自己的评分表，再看讨论。请先评完这一份。")


class RemarkTakenBack(Refusal):
    """What was taken back is not put right any more."""

    code = "remark_taken_back"
    sentence = _("这条发言已经撤回，不能再改。需要的话请另说一条。")


class WordsTellWho(Refusal):
    """Reviewers do not know who applies, and these words say it. Facts: words."""

    code = "words_tell_who"
    sentence = _("评委不知道是谁申报，请不要写：%(what)s。改一改再提交。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"what": _("、").join(self.facts["words"])}


class WordsNameJudge(WordsTellWho):
    """The applicant does not know who judges, and these words say it. Facts: words."""

    code = "words_name_judge"
    sentence = _("申报方不知道评委是谁，请不要写：%(what)s。改一改再提交。")


class AnsweredAlready(Refusal):
    """The applicant answers once."""

    code = "answered_already"
    sentence = _("已经答复过了，只答复一次。要补充的话，请联系经办人。")
