"""The lifecycle diagrams of presence and of scans made offline, as tables that read like them."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models import Attendance, OfflineScan
from timebank.rules import presence as rules

There = Attendance.State
Scanned = OfflineScan.State

# Presence comes to life as PRESENT (checked in) or ABSENT (marked), in `services.presence`.
PRESENCE = Lifecycle(
    There,
    # verb       label                 from                                      to               who
    ("check_out",  _("签退"),          [There.PRESENT],                          There.LEFT,      rules.may_check_out),
    ("verify",     _("核实时间"),      [There.PRESENT, There.LEFT, There.SHORT, There.ABSENT, There.CONTESTED, There.CLEARED],
                                                                                 There.LEFT,      rules.may_verify_presence),
    # What follows from the times is the product's to say.
    ("count",      _("记时长"),        [There.LEFT],                             There.COUNTED,   rules.is_the_product),
    ("fall_short", _("不足，不计"),    [There.LEFT],                             There.SHORT,     rules.is_the_product),
    ("note",       _("已到场，不计入"), [There.LEFT],                            There.NOTED,     rules.is_the_product),
    # Who did not come
    ("contest",    _("提出异议"),      [There.ABSENT],                           There.CONTESTED, rules.is_theirs),
    ("uphold",     _("维持未到"),      [There.CONTESTED],                        There.ABSENT,    rules.may_uphold_absence),
    ("clear",      _("撤销未到"),      [There.ABSENT, There.CONTESTED],          There.CLEARED,   rules.may_verify_presence),
)  # fmt: skip

# A scan comes to life as TAKEN or CONFLICT, in `services.offline_scans`.
OFFLINE_SCAN = Lifecycle(
    Scanned,
    ("take",    _("采用"),   [Scanned.CONFLICT], Scanned.TAKEN,     rules.may_settle_scan),
    ("dismiss", _("不采用"), [Scanned.CONFLICT], Scanned.DISMISSED, rules.may_settle_scan),
)  # fmt: skip
