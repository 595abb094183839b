"""What those who keep, audit or print from the books find on their home page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.home import Panel, Waiting
from accounts.models import Role, User
from timebank.models.adjustments import KEEPERS, READERS_OF_BOOKS
from timebank.selectors.corrections import corrections_waiting_for, openings_waiting_for
from timebank.selectors.points import grants_waiting_for

ACCOUNTS = ("timebank:account-list", _("账户与存折"), "people")
BOOKS = ("timebank:book-list", _("账簿与试算平衡"), "book")
CORRECTIONS = ("timebank:correction-list", _("更正记录"), "journal-check")
OPENINGS = ("timebank:opening-list", _("期初导入"), "upload")
POINTS = ("timebank:point-grant-list", _("积分发放"), "gift")
POSITIONS = ("timebank:position-list", _("账簿之间的往来"), "arrow-repeat")
VERIFY = ("timebank:verify", _("公开核对"), "patch-check")

LINKS = {
    **{
        kind: (BOOKS, ACCOUNTS, CORRECTIONS, OPENINGS, POINTS, POSITIONS, VERIFY)
        for kind in KEEPERS
    },
    Role.Kind.AUDITOR: (BOOKS, ACCOUNTS, CORRECTIONS, OPENINGS, POINTS, POSITIONS, VERIFY),
    Role.Kind.FINANCE: (BOOKS, CORRECTIONS, VERIFY),
    Role.Kind.COORDINATOR: (ACCOUNTS, CORRECTIONS, POINTS),
    Role.Kind.COMMUNITY_WORKER: (ACCOUNTS,),
    Role.Kind.MANAGER: (ACCOUNTS,),
    Role.Kind.MEMBER: (ACCOUNTS,),
}


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    """Corrections and openings that somebody else proposed."""
    if role is None or role.kind not in (*KEEPERS, Role.Kind.FINANCE):
        return []
    corrections = Waiting(
        label=_("更正等您复核"),
        count=corrections_waiting_for(user).count(),
        url=f"{reverse('timebank:correction-list')}?state=proposed",
        icon="journal-check",
    )
    if role.kind == Role.Kind.FINANCE:
        return [corrections]
    return [
        corrections,
        Waiting(
            label=_("期初导入等您复核"),
            count=openings_waiting_for(user).count(),
            url=reverse("timebank:opening-list"),
            icon="upload",
        ),
        Waiting(
            label=_("积分发放等您复核"),
            count=grants_waiting_for(user),
            url=reverse("timebank:point-grant-list"),
            icon="gift",
        ),
    ]


def panels_for(role: Role | None) -> list[Panel]:
    if role is None or role.kind not in LINKS:
        return []
    links = [(reverse(name), label, icon) for name, label, icon in LINKS[Role.Kind(role.kind)]]
    is_keeping = role.kind in READERS_OF_BOOKS
    return [
        Panel(
            "timebank/home/_books.html",
            {"links": links, "is_keeping": is_keeping},
            order=70,
        )
    ]
