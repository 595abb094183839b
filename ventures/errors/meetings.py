"""Refusals of a meeting whose count does not carry its decision."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class MeetingNotCounted(Refusal):
    """The round asks who came and how they voted, and it was not said."""

    code = "meeting_not_counted"
    sentence = _("本轮规定会议要记到会人数和表决，请填应到、实到和票数。")


class MeetingRecorded(Refusal):
    """The minutes with this number are on record in the round. Facts: number."""

    code = "meeting_recorded"
    sentence = _("文号“%(number)s”的会议纪要已经记录过，请核对文号。")


class VoteNotNamed(Refusal):
    """The round asks for a vote by name; every vote needs one, and each name once."""

    code = "vote_not_named"
    sentence = _("本轮规定记名表决，请写明每个人投了什么，每人只写一次。")


class CountDoesNotAddUp(Refusal):
    """More came than belong to it, or votes and people differ. Facts: expected, present, votes."""

    code = "count_does_not_add_up"
    sentence = _("人数和票数对不上：应到 %(expected)d 人，实到 %(present)d 人，共 %(votes)d 票。")


class QuorumMissing(Refusal):
    """Too few came for the meeting to decide. Facts: expected, present, least."""

    code = "quorum_missing"
    sentence = _(
        "到会人数不够，会议不能作决定：应到 %(expected)d 人，至少要到 %(least)d 人，"
        "实到 %(present)d 人。"
    )


class VoteNotCarried(Refusal):
    """Not more than half of all members agreed. Facts: expected, in_favour, least."""

    code = "vote_not_carried"
    sentence = _(
        "赞成票不够，名单没有通过：应到 %(expected)d 人，要超过一半，至少 %(least)d 票，"
        "赞成 %(in_favour)d 票。"
    )
