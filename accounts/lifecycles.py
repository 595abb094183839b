"""The lifecycles of the ground floor, as tables that read like the diagrams: an organisation's
verification, a station's opening, and an invitation's answer."""

from django.utils.translation import gettext_lazy as _

from accounts import offices, rules
from accounts.lifecycle import Lifecycle
from accounts.models.invitations import Invitation
from accounts.models.organisations import Organisation, Station

S = Organisation.State

ORGANISATION = Lifecycle(
    S,
    # verb       label          from                       to           who
    ("agree_to_host", _("同意代管"), [S.WAITING], S.SUBMITTED, rules.is_manager_of_host),
    ("refuse_to_host", _("不同意代管"), [S.WAITING], S.RETURNED, rules.is_manager_of_host),
    ("verify", _("核验通过"), [S.SUBMITTED], S.VERIFIED, rules.may_verify),
    ("return_", _("退回补正"), [S.SUBMITTED], S.RETURNED, rules.may_verify),
    ("submit", _("重新提交"), [S.RETURNED], S.SUBMITTED, rules.is_manager_of),
    (
        "ask_host",
        _("请代管单位同意"),
        [S.WAITING, S.RETURNED, S.VERIFIED],
        S.WAITING,
        rules.is_manager_of,
    ),
    ("lose_host", _("代管结束"), [S.VERIFIED, S.SUBMITTED], S.RETURNED, rules.is_the_product),
    ("reopen", _("重新核验"), [S.VERIFIED], S.SUBMITTED, rules.may_verify),
)

# Closing a station is no arrow yet: what still runs at it must end first.
STATION = Lifecycle(
    Station.State,
    # verb    label          from                     to                  who
    ("start", _("开始服务"), [Station.State.COMING], Station.State.OPEN, rules.keeps_station),
)

ANSWER = Invitation.State

INVITATION = Lifecycle(
    ANSWER,
    # verb       label      from      to           who
    ("accept", _("接受"), [ANSWER.OPEN], ANSWER.ACCEPTED, rules.is_invited),
    ("decline", _("谢绝"), [ANSWER.OPEN], ANSWER.DECLINED, rules.is_invited),
    ("resend", _("重发"), [ANSWER.OPEN], ANSWER.OPEN, offices.may_manage),
    (
        "withdraw",
        _("撤回"),
        [ANSWER.OPEN, ANSWER.ACCEPTED],
        ANSWER.WITHDRAWN,
        offices.may_take_back,
    ),
    ("lapse", _("没有生效"), [ANSWER.ACCEPTED], ANSWER.EXPIRED, rules.is_the_product),
    ("expire", _("过期"), [ANSWER.OPEN], ANSWER.EXPIRED, rules.is_the_product),
)
