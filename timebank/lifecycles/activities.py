"""The lifecycle diagrams of activities, shifts, sign-ups and swaps, as tables."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models import Activity, Shift, Signup, Swap
from timebank.rules import activities as rules

Held = Activity.State
Timed = Shift.State
Seat = Signup.State
Swapped = Swap.State

ACTIVITY = Lifecycle(
    Held,
    # verb      label            from                     to               who
    ("open",    _("发布"),       [Held.DRAFT],            Held.OPEN,       rules.organises),
    ("close",   _("停止报名"),   [Held.OPEN],             Held.CLOSED,     rules.organises),
    ("reopen",  _("恢复报名"),   [Held.CLOSED],           Held.OPEN,       rules.organises),
    ("cancel",  _("取消活动"),   [Held.OPEN, Held.CLOSED, Held.DRAFT], Held.CANCELLED, rules.organises),
    ("finish",  _("活动结束"),   [Held.OPEN, Held.CLOSED], Held.HELD,      rules.organises),
)  # fmt: skip

SHIFT = Lifecycle(
    Timed,
    ("close",   _("停止报名"),   [Timed.OPEN],               Timed.CLOSED,    rules.organises_shift),
    ("reopen",  _("恢复报名"),   [Timed.CLOSED],             Timed.OPEN,      rules.organises_shift),
    ("cancel",  _("取消这一场"), [Timed.OPEN, Timed.CLOSED], Timed.CANCELLED, rules.organises_shift),
    ("finish",  _("已结束"),     [Timed.OPEN, Timed.CLOSED], Timed.HELD,      rules.organises_shift),
)  # fmt: skip

# A sign-up comes to life as SEATED or WAITING (`services.signups.sign_up`).
SIGNUP = Lifecycle(
    Seat,
    ("offer",    _("给出名额"),   [Seat.WAITING],               Seat.OFFERED,   rules.is_system_for),
    ("accept",   _("接受名额"),   [Seat.OFFERED],               Seat.SEATED,    rules.is_signed_up),
    ("seat",     _("安排名额"),   [Seat.WAITING, Seat.OFFERED], Seat.SEATED,    rules.may_excuse),
    ("lapse",    _("名额过期"),   [Seat.OFFERED],               Seat.LAPSED,    rules.is_system_for),
    ("cancel",   _("取消报名"),   [Seat.SEATED, Seat.OFFERED, Seat.WAITING], Seat.CANCELLED, rules.is_signed_up),
    ("excuse",   _("准假"),       [Seat.SEATED, Seat.OFFERED, Seat.WAITING], Seat.CANCELLED, rules.may_excuse),
    ("release",  _("不用来"),     [Seat.SEATED, Seat.OFFERED, Seat.WAITING], Seat.RELEASED,  rules.may_excuse),
    ("hand_over", _("换给别人"),  [Seat.SEATED],                Seat.CANCELLED, rules.takes_part_in_swap),
)  # fmt: skip

SWAP = Lifecycle(
    Swapped,
    ("agree",    _("同意换班"),   [Swapped.PROPOSED], Swapped.AGREED,    rules.may_answer_swap),
    ("decline",  _("不换"),       [Swapped.PROPOSED], Swapped.DECLINED,  rules.may_answer_swap),
    ("withdraw", _("撤回"),       [Swapped.PROPOSED], Swapped.WITHDRAWN, rules.may_withdraw_swap),
)  # fmt: skip
