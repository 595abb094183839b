"""What presence puts on a role's home page: who forgot to sign out, whose absence is contested."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.home import Waiting
from accounts.models import Role, User
from timebank.models import Activity, Attendance, OfflineScan, PaperSheet, Signup

MOST_COUNTED = 100
KEEPS = {
    Role.Kind.COORDINATOR,
    Role.Kind.COMMUNITY_WORKER,
    Role.Kind.LEAD_WORKER,
    Role.Kind.OFFICER,
    Role.Kind.MEMBER,
    Role.Kind.MANAGER,
}


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    """The first of each leads to its page."""
    if role is None or role.kind not in KEEPS:
        return []
    unclear = list(_unclear(user))
    contested = list(Attendance.objects.contested().visible_to(user).exclude(absent_by=user))
    scans = list(
        OfflineScan.objects.to_look_at().visible_to(user).exclude(volunteer=user)[:MOST_COUNTED]
    )
    sheets = list(
        PaperSheet.objects.to_compare()
        .visible_to(user)
        .exclude(entered_by=user)
        .order_by("pk")[:MOST_COUNTED]
    )
    return [
        Waiting(
            label=_("签到表等对扫描件"),
            count=len(sheets),
            url=sheets[0].get_absolute_url() if sheets else "",
            icon="table",
        ),
        Waiting(
            label=_("没有签退或有冲突，等核实"),
            count=len(unclear),
            url=reverse("timebank:presence-desk", args=[unclear[0].shift_id]) if unclear else "",
            icon="person-check",
        ),
        Waiting(
            label=_("对未到有异议，等复核"),
            count=len(contested),
            url=contested[0].get_absolute_url() if contested else "",
            icon="flag",
        ),
        Waiting(
            label=_("离线扫码对不上，等处理"),
            count=len(scans),
            url=scans[0].get_absolute_url() if scans else "",
            icon="qr-code-scan",
        ),
    ]


def _unclear(user: User) -> list[Attendance]:
    """Left without signing out, or times that clash, at the shifts this person runs."""
    is_over = Q(state=Attendance.State.PRESENT, shift__ends_at__lt=timezone.now())
    return list(
        Attendance.objects.filter(
            is_over | Q(state=Attendance.State.LEFT),
            signup__state=Signup.State.SEATED,  # a seat given back or called off asks nothing
            shift__activity__in=Activity.objects.organised_by(user),
        ).order_by("shift__starts_at")[:100]
    )
