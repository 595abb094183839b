"""What the ground floor adds to a role's home page: organisations to verify, the way back in."""

from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.home import Panel, Waiting
from accounts.models import Organisation, Role, User
from accounts.selectors.invitations import invitations_to
from accounts.selectors.organisations import (
    groups_asking,
    organisations_of,
    organisations_to_verify,
)


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    return [_invitations(user), *_of_role(user, role)]


def _invitations(user: User) -> Waiting:
    return Waiting(
        _("等您答复的邀请"),
        invitations_to(user).open().filter(expires_at__gt=Now()).count(),
        reverse("accounts:invitation-list"),
        icon="envelope",
        hint=_("接受后才会生效"),
    )


def _of_role(user: User, role: Role | None) -> list[Waiting]:
    if role is None:
        return []
    if role.kind == Role.Kind.OFFICER:
        return [
            Waiting(
                _("待核验的组织"),
                organisations_to_verify(user).count(),
                reverse("accounts:organisation-list") + "?state=submitted",
                icon="building",
                hint=_("对照登记证书或备案表"),
            )
        ]
    if role.kind == Role.Kind.MANAGER and role.organisation is not None:
        returned = [
            organisation
            for organisation in organisations_of(user)
            if organisation.state == Organisation.State.RETURNED
            and rules.is_manager_of(user, organisation)
        ]
        return [
            Waiting(
                _("请求代管的备案组织"),
                groups_asking(user).count(),
                reverse("accounts:organisation-own-list"),
                icon="people",
                hint=_("同意之前，对方不能申报"),
            ),
            Waiting(
                _("需要补正的组织信息"),
                len(returned),
                reverse("accounts:organisation-own-list"),
                icon="building",
                hint=_("经办人写明了哪里要改"),
            ),
        ]
    return []


def panels_for(user: User, role: Role | None) -> list[Panel]:
    return []
