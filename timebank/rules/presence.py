"""Who may do what to presence, sheets and cards. Pure questions."""

from accounts.models import Person, Region, Role, User
from accounts.rules import roles_of_kind
from timebank.models import Attendance, OfflineScan, PaperSheet, Shift
from timebank.rules.activities import is_system, organises_shift
from timebank.rules.stations import TOWN_WORKERS, stands_over


def is_theirs(user: User, attendance: Attendance) -> bool:
    """The volunteer whose presence it is."""
    return attendance.volunteer_id == user.pk


def may_keep_presence(user: User, shift: Shift) -> bool:
    """Show the code, scan badges, write down who came: whoever runs the activity."""
    return organises_shift(user, shift)


def is_the_product(user: User, attendance: Attendance) -> bool:
    """Only the product itself: what follows from times that are written down."""
    return is_system(user)


def may_check_out(user: User, attendance: Attendance) -> bool:
    """The volunteer, or whoever runs the activity."""
    return is_theirs(user, attendance) or organises_shift(user, attendance.shift)


def may_verify_presence(user: User, attendance: Attendance) -> bool:
    """Whoever runs the activity, or stands over its station; never the volunteer."""
    return not is_theirs(user, attendance) and (
        organises_shift(user, attendance.shift)
        or stands_over(user, attendance.shift.activity.station)
    )


def may_uphold_absence(user: User, attendance: Attendance) -> bool:
    """Another person than the one who marked it looks at what the volunteer says."""
    return may_verify_presence(user, attendance) and attendance.absent_by_id != user.pk


def may_settle_scan(user: User, scan: OfflineScan) -> bool:
    """Whoever runs the activity or stands over its station; nobody about their own badge."""
    if scan.volunteer_id == user.pk:
        return False
    return organises_shift(user, scan.shift) or stands_over(user, scan.shift.activity.station)


def may_see_sheet(user: User, sheet: PaperSheet) -> bool:
    return organises_shift(user, sheet.shift) or stands_over(user, sheet.shift.activity.station)


def may_compare_sheet(user: User, sheet: PaperSheet) -> bool:
    """Another person than the one who typed it holds the scan against what was typed."""
    return may_see_sheet(user, sheet) and sheet.entered_by_id != user.pk


def may_make_card(user: User, person: Person) -> bool:
    """A coordinator of a station in the recipient's town makes the card; or a social worker of the
    town, whose card also speaks for what a coordinator wrote down."""
    if person.region is None:
        return False
    if any(
        role.region is not None
        and role.region.level != Region.Level.COMMUNITY
        and role.region_id in person.region.lineage
        for role in roles_of_kind(user, *TOWN_WORKERS)
    ):
        return True
    return any(
        role.station is not None
        and set(role.station.region.lineage) & {person.region.parent_id, person.region.pk}
        for role in roles_of_kind(user, Role.Kind.COORDINATOR)
    )
