"""Refusals about time: dates that may not move, extensions, sealed proposals, late questions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment


class TimetableUnsound(Refusal):
    """The dates do not fit together, or move where they may not. Facts: problems (sentences)."""

    code = "timetable_unsound"
    sentence = _("日程还不能保存：%(problems)s")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"problems": "".join(str(word) for word in self.facts["problems"])}


class TrackClosed(Refusal):
    """A group of the round has closed before the others. Facts: track, closed_at."""

    code = "track_closed"
    sentence = _("“%(track)s”组已于 %(closed)s 截止，不能改报这一组。请选还没有截止的服务人群。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closed": moment(self.facts["closed_at"])}


class ExtensionExists(Refusal):
    """One applicant is given more time once in a round. Facts: who, until."""

    code = "extension_exists"
    sentence = _("“%(who)s”在本轮已经有一次延期（到 %(at)s），不能再给第二次。没用过的可以先收回。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["until"])}


class ExtensionTooLate(Refusal):
    """Nobody gets more time once the round is in review."""

    code = "extension_too_late"
    sentence = _("评审已经开始，不能再给延期。漏报的项目可以参加下一轮。")


class NotSelected(Refusal):
    """Full proposals come in, and this applicant's concept was not selected. Facts: who."""

    code = "not_selected"
    sentence = _("“%(who)s”的概要没有入围，不能再给完整申报书的延期。")


class ExtensionNotLater(Refusal):
    """More time must be more than the applicant has anyway. Facts: until (what it has)."""

    code = "extension_not_later"
    sentence = _("延期要晚于现在，也要晚于本轮原来的截止（%(at)s）。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"at": moment(self.facts["until"])}


class ExtensionUsed(Refusal):
    """The one submission an extension allows has been made, perhaps in another tab.

    Facts: who (submitted), at.
    """

    code = "extension_used"
    sentence = _(
        "这次延期只能提交一次，%(who)s已于 %(moment)s 用它提交成功。"
        "不用再点，请打开申报书查看回执。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"moment": moment(self.facts["at"])}


class ExtensionSpent(Refusal):
    """What was used or taken back stands as it is."""

    code = "extension_spent"
    sentence = _("这次延期已经用掉或收回了，不能再收回。")


class TiedToApplicant(Refusal):
    """An officer with a tie to the applicant gives it no more time (回避)."""

    code = "tied_to_applicant"
    kind = Kind.NOT_ALLOWED
    sentence = _("您与“%(organisation)s”有利害关系，按回避规定不能给它延期，请由其他经办人办理。")


class NotSealed(Refusal):
    """The round's proposals can be opened on the desk: there is nothing to unseal."""

    code = "not_sealed"
    sentence = _("本轮申报书没有封存（或已经启封），请直接在工作台打开，不用紧急查看。")


class PeekingNotAllowed(Refusal):
    """The round's conditions say that nobody looks before the close."""

    code = "peeking_not_allowed"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "本轮规定截止前任何人不得查看申报书。申报方有困难，请在电话里帮助，或等启封后再看。"
    )


class AlreadyUnsealed(Refusal):
    """Once a sealed round was opened, its close cannot move for everybody any more."""

    code = "already_unsealed"
    sentence = _(
        "本轮已经启封，申报书已被看到，不能再对所有人延长截止时间。确有特殊原因的，可以单独给一家延期。"
    )


class QuestionsClosed(Refusal):
    """The stage of questions is over. Facts: closed_at, who, phone."""

    code = "questions_closed"
    sentence = _("本轮提问已于 %(closed)s 截止。还有疑问，请打电话给 %(who)s：%(phone)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closed": moment(self.facts["closed_at"])}


class NoQuestionsHere(Refusal):
    """The round has no stage of questions, or it has not begun. Facts: who, phone."""

    code = "no_questions_here"
    sentence = _("本轮现在不能在网上提问。有疑问，请打电话给 %(who)s：%(phone)s。")


class MayNotAsk(Refusal):
    """Only people who act for an organisation ask."""

    code = "may_not_ask"
    kind = Kind.NOT_ALLOWED
    sentence = _("代表组织的成员才能在这里提问。您也可以直接打电话给联系人：%(phone)s。")
