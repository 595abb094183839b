"""Offices (岗位): who appoints whom, and which must not be held together. One table each.

An office is a role one is appointed to. Membership of an organisation is not: its manager asks
people in. Whoever is appointed accepts first, and nobody appoints herself.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models.invitations import Invitation
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role

type Words = str | Promise

Kind = Role.Kind


class Reach(Enum):
    """How far the power to appoint goes, counted from the place one holds one's own role for."""

    HERE = "here"  # the place itself and everything below it
    BELOW = "below"  # only what lies below it: nobody appoints her own peers


@dataclass(frozen=True)
class Office:
    """Who appoints to it, how far, and why it is so."""

    appointed_by: dict[str, Reach]
    why: Words


OFFICES: dict[str, Office] = {
    Kind.ADMINISTRATOR: Office(
        {Kind.ADMINISTRATOR: Reach.HERE},
        _("管人员任免和基础资料，不经手评审和资金。由系统管理员任命。"),
    ),
    Kind.OFFICER: Office(
        {Kind.ADMINISTRATOR: Reach.HERE, Kind.OFFICER: Reach.BELOW},
        _("主持一级创投、核验组织。由系统管理员或上一级经办人任命，经办人不给自己这一级添人。"),
    ),
    Kind.FINANCE: Office(
        {Kind.ADMINISTRATOR: Reach.HERE},
        _("管拨付和对账。由系统管理员任命：管钱的人不由管项目的人挑选。"),
    ),
    Kind.AUDITOR: Office(
        {Kind.ADMINISTRATOR: Reach.HERE},
        _("什么都能看，什么都不办。由系统管理员任命，不由被审计的人挑选。"),
    ),
    Kind.OBSERVER: Office(
        {Kind.ADMINISTRATOR: Reach.HERE},
        _("现场监督评审和公示。由系统管理员任命，不由被监督的人挑选。"),
    ),
    Kind.REVIEWER: Office(
        {Kind.OFFICER: Reach.HERE},
        _("给申报项目打分。由主持评审的经办人聘请，每次评审前另签承诺、另报回避。"),
    ),
    Kind.COACH: Office(
        {Kind.OFFICER: Reach.HERE},
        _("辅导备案组织申报。由经办人聘请。"),
    ),
    Kind.OPERATOR: Office(
        {Kind.OFFICER: Reach.HERE},
        _("承办单位的工作人员，可收件、形式审查、排期，不作立项决定。由经办人确认。"),
    ),
    Kind.COORDINATOR: Office(
        {Kind.ADMINISTRATOR: Reach.HERE, Kind.OFFICER: Reach.HERE},
        _("管一个服务站点。由站点所在地的经办人或系统管理员任命。"),
    ),
    Kind.COMMUNITY_WORKER: Office(
        {Kind.ADMINISTRATOR: Reach.HERE, Kind.OFFICER: Reach.HERE},
        _("社区窗口、走访和项目。由所在地的经办人或系统管理员任命。"),
    ),
    Kind.LEAD_WORKER: Office(
        {Kind.ADMINISTRATOR: Reach.HERE, Kind.OFFICER: Reach.HERE},
        _("带队服务、负责活动。由所在地的经办人或系统管理员任命。"),
    ),
}
assert frozenset(OFFICES) == Role.OFFICE_KINDS, "an office nobody appoints to"

# 不相容岗位: each line is one role, those it excludes, and why (《行政事业单位内部控制规范》: who
# decides, who carries out and who supervises are kept apart).
INCOMPATIBLE: tuple[tuple[str, frozenset[str], Words], ...] = (
    (
        Kind.AUDITOR,
        (Role.OFFICE_KINDS - {Kind.AUDITOR}) | Role.MEMBERSHIP_KINDS,
        _("审计的人不办被审计的事。"),
    ),
    (
        Kind.OBSERVER,
        frozenset({Kind.OFFICER, Kind.OPERATOR, Kind.FINANCE, Kind.REVIEWER, Kind.ADMINISTRATOR}),
        _("监督的人不办被监督的事。"),
    ),
    (
        Kind.FINANCE,
        frozenset({Kind.OFFICER, Kind.OPERATOR, Kind.REVIEWER, Kind.ADMINISTRATOR}),
        _("管项目和管钱要分开。"),
    ),
    (
        Kind.REVIEWER,
        frozenset({Kind.OFFICER, Kind.OPERATOR}),
        _("组织评审的人不打分。"),
    ),
    (
        Kind.OPERATOR,
        frozenset({Kind.OFFICER}),
        _("委托的人和承办的人要分开。"),
    ),
)


def may_appoint(user: User, kind: str, place: Region) -> bool:
    """Whether the table lets this person fill such an office at that place."""
    office = OFFICES.get(kind)
    if office is None:
        return False
    return any(
        role.region.contains(place)
        and (office.appointed_by[role.kind] is Reach.HERE or role.region_id != place.pk)
        for role in rules.roles_of_kind(user, *office.appointed_by)
        if role.region is not None
    )


def offices_filled_by(user: User) -> list[str]:
    """The offices this person may appoint to somewhere, in the order of the table."""
    return [kind for kind, office in OFFICES.items() if rules.has_role(user, *office.appointed_by)]


def appoints(user: User) -> bool:
    return bool(offices_filled_by(user))


def place_of(thing: Role | Invitation) -> Region:
    """The place an office belongs to: its own, its station's, its organisation's."""
    if thing.region is not None:
        return thing.region
    body = thing.station or thing.organisation
    assert body is not None, "role_bound_to_its_place"
    return body.region


def may_end(user: User, role: Role) -> bool:
    """Whoever could appoint to it; the holder may lay it down."""
    return role.user_id == user.pk or may_appoint(user, role.kind, place_of(role))


def may_manage(user: User, invitation: Invitation) -> bool:
    """Whoever could have sent it may send it again or take it back."""
    if invitation.is_to_office:
        return may_appoint(user, invitation.kind, place_of(invitation))
    assert invitation.organisation is not None, "invitation_bound_to_its_place"
    return rules.is_manager_of(user, invitation.organisation)


def may_take_back(user: User, invitation: Invitation) -> bool:
    """Until the office has begun: whoever could have sent it, and whoever has accepted it."""
    if invitation.state == Invitation.State.ACCEPTED:
        is_to_come = invitation.is_to_office and invitation.role_id is None
        return is_to_come and (invitation.answered_by_id == user.pk or may_manage(user, invitation))
    return may_manage(user, invitation)


def conflict_with(held: str, wanted: str) -> Words:
    """Why the two must not be held together; nothing where they may."""
    for kind, excluded, why in INCOMPATIBLE:
        if (held == kind and wanted in excluded) or (wanted == kind and held in excluded):
            return why
    return ""
