"""Who may take part in an activity: age and guardian, qualification, insurance, audience.

Asked before every sign-up, offer, swap and walk-in. What cannot be known counts as not given: an
unknown date of birth is treated as a minor's.
"""

from datetime import date

from django.utils import timezone

from accounts.models import Role, User
from accounts.rules import has_role, is_member_of
from accounts.selectors.people import age_on
from timebank.errors.activities import (
    BirthUnknown,
    DangerousForMinors,
    GuardianMissing,
    InsuranceRunsOut,
    MayNotJoin,
    NotAVolunteer,
    NotForThisAudience,
    QualificationMissing,
    TooYoung,
)
from timebank.models import Activity, GuardianConsent, Position, Qualification, Shift
from timebank.rules.stations import volunteers_near

OF_AGE, CHILD = 18, 14


def require_may_join(volunteer: User, shift: Shift, position: Position | None = None) -> None:
    """Refuse with a `MayNotJoin` that says what is missing and where it is put right."""
    activity, day = shift.activity, timezone.localdate(shift.starts_at)
    _require_audience(volunteer, activity)
    _require_age(volunteer, activity, day)
    _require_qualifications(volunteer, activity, position, day)
    if activity.insured_until is not None and activity.insured_until < day:
        raise InsuranceRunsOut(insured_until=activity.insured_until)


def obstacle_to(
    volunteer: User, shift: Shift, position: Position | None = None
) -> MayNotJoin | None:
    """The first thing that stands against taking part, for a page to show beforehand."""
    try:
        require_may_join(volunteer, shift, position)
    except MayNotJoin as refusal:
        return refusal
    return None


def required_of(activity: Activity, position: Position | None = None) -> list[str]:
    """The qualifications an activity asks for: by itself, by its type, by the position."""
    asked = {activity.required_qualification, activity.service_type.qualification}
    if activity.audience == Activity.Audience.SOCIAL_WORKERS:
        asked.add(Qualification.Kind.SOCIAL_WORK)
    if position is not None:
        asked.add(position.required_qualification)
    return sorted(kind for kind in asked if kind)


def _require_audience(volunteer: User, activity: Activity) -> None:
    audience = activity.audience
    is_member = activity.organisation is not None and is_member_of(volunteer, activity.organisation)
    if not is_member and not has_role(volunteer, Role.Kind.VOLUNTEER):
        raise NotAVolunteer()
    if audience == Activity.Audience.MEMBERS and not is_member:
        raise NotForThisAudience(audience=activity.get_audience_display())
    if audience == Activity.Audience.NEIGHBOURS and not (
        is_member or volunteers_near(volunteer, activity.station)
    ):
        raise NotForThisAudience(audience=activity.get_audience_display())


def _require_age(volunteer: User, activity: Activity, day: date) -> None:
    if activity.excludes_minors:
        require_of_age(volunteer, day)
    require_guardian(volunteer, day, welcomes_children=activity.welcomes_children)


def require_of_age(volunteer: User, day: date) -> None:
    """No minors where there is danger, whoever consents (浙江省志愿服务条例 art. 9); who is not
    known to be of age counts as one. Refused: `DangerousForMinors`.
    """
    if not _is_of_age(volunteer, day):
        raise DangerousForMinors()


def require_guardian(volunteer: User, day: date, *, welcomes_children: bool = False) -> None:
    """Whoever is not known to be of age serves only with a guardian's consent on record; a child,
    or who may be one, only where children are welcome and the special rule was accepted.

    Refused: `BirthUnknown`, `GuardianMissing`, `TooYoung`.
    """
    age = _age_of(volunteer, day)
    if age is not None and age >= OF_AGE:
        return
    consent = GuardianConsent.objects.filter(volunteer=volunteer, withdrawn_at=None).first()
    if consent is None:
        raise BirthUnknown() if age is None else GuardianMissing()
    # Without a date of birth it may be a child: the stricter rule holds.
    may_be_child = age is None or age < CHILD
    if may_be_child and not (welcomes_children and consent.accepts_child_rule):
        raise TooYoung()


def _is_of_age(volunteer: User, day: date) -> bool:
    age = _age_of(volunteer, day)
    return age is not None and age >= OF_AGE


def _age_of(volunteer: User, day: date) -> int | None:
    person = getattr(volunteer, "person", None)
    born_on = person.born_on if person is not None else None
    return age_on(born_on, day) if born_on is not None else None


def _require_qualifications(
    volunteer: User, activity: Activity, position: Position | None, day: date
) -> None:
    asked = required_of(activity, position)
    if not asked:
        return
    held = set(
        Qualification.objects.filter(volunteer=volunteer)
        .valid_on(day)
        .values_list("kind", flat=True)
    )
    for kind in asked:
        if kind not in held:
            raise QualificationMissing(qualification=Qualification.Kind(kind).label)
