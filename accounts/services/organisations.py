"""Organisations: register one, keep it true, verify it."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import rules
from accounts.clashes import constraint_of
from accounts.errors import CodeTaken, HostMustAgree, NotAllowed
from accounts.lifecycles import ORGANISATION
from accounts.models.organisations import Organisation
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.compatibility import require_compatible
from accounts.services.hostings import tell_host_it_is_asked, tell_managers
from accounts.services.roles import grant_role

ONE_PER_CREDIT_CODE = "accounts_organisation_credit_code_key"


@transaction.atomic
def register_organisation(
    *,
    name: str,
    kind: str,
    region: Region,
    contact_name: str,
    contact_phone: str,
    credit_code: str | None = None,
    filing_number: str = "",
    host: Organisation | None = None,
    rating: str = "",
    founded_on: date | None = None,
    acting_user: User,
) -> Organisation:
    """Enter an organisation; the person who does becomes its manager, an officer verifies it.

    A registered body has a credit code. A filed group has a host, which is asked first: until it
    agrees, the group waits and no officer sees it. Raises CodeTaken when the credit
    code is already here, even if two people enter it at once, and RolesConflict for who must not
    act for any (an auditor).
    """
    require_compatible(acting_user, Role.Kind.MANAGER)
    state = Organisation.State.WAITING if host is not None else Organisation.State.SUBMITTED
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                state=state,
                name=name,
                kind=kind,
                region=region,
                contact_name=contact_name,
                contact_phone=contact_phone,
                credit_code=credit_code or None,
                filing_number=filing_number,
                host=host,
                rating=rating,
                founded_on=founded_on,
                is_demo=acting_user.is_demo,
            )
    except IntegrityError as clash:
        _say_code_taken(clash)
        raise
    record_change(organisation, "register", after=state, acting_user=acting_user)
    grant_role(acting_user, Role.Kind.MANAGER, organisation=organisation, acting_user=acting_user)
    if host is not None:
        tell_host_it_is_asked(organisation)
    return organisation


@transaction.atomic
def update_contact(
    organisation: Organisation, *, contact_name: str, contact_phone: str, acting_user: User
) -> Organisation:
    """Take over who is asked for and on which number. Only a manager may."""
    if not rules.is_manager_of(acting_user, organisation):
        raise NotAllowed()
    organisation.contact_name = contact_name
    organisation.contact_phone = contact_phone
    organisation.save(update_fields=["contact_name", "contact_phone"])
    record_change(organisation, "update_contact", acting_user=acting_user)
    return organisation


@transaction.atomic
def correct_organisation(
    organisation: Organisation,
    *,
    name: str,
    credit_code: str | None,
    filing_number: str,
    founded_on: date | None,
    acting_user: User,
) -> Organisation:
    """Put a returned entry right and hand it in again.

    Raises OutOfTurn unless it was returned, NotAllowed unless the person manages it, CodeTaken
    when the corrected code belongs to another body, HostMustAgree for a group without a host that
    has agreed.
    """
    if organisation.is_filed and organisation.hosting_agreed_at is None:
        ORGANISATION.require(organisation, "submit", acting_user=acting_user)
        raise HostMustAgree()
    try:
        with transaction.atomic():
            ORGANISATION.move(
                organisation,
                "submit",
                acting_user=acting_user,
                name=name,
                credit_code=credit_code or None,
                filing_number=filing_number,
                founded_on=founded_on,
            )
    except IntegrityError as clash:
        _say_code_taken(clash)
        raise
    return organisation


@transaction.atomic
def verify_organisation(organisation: Organisation, *, acting_user: User) -> Organisation:
    """Say that the entry agrees with the certificate; its managers are told."""
    change = ORGANISATION.move(organisation, "verify", acting_user=acting_user, verified_at=Now())
    organisation.refresh_from_db(fields=["verified_at"])
    tell_managers(
        organisation,
        kind="organisation_verified",
        title=lambda: _("%(name)s已通过核验") % {"name": organisation.name},
        body=lambda: _("登记信息与证书相符。现在可以用它的名义申报项目了。"),
        key=f"organisation:{organisation.pk}:change:{change.pk}",
    )
    return organisation


@transaction.atomic
def return_organisation(
    organisation: Organisation, *, reason: str, acting_user: User
) -> Organisation:
    """Send the entry back with what is wrong; its managers are told. Refused without a reason."""
    reason = required(reason)
    change = ORGANISATION.move(organisation, "return_", acting_user=acting_user, reason=reason)
    tell_managers(
        organisation,
        kind="organisation_returned",
        title=lambda: _("%(name)s的登记信息需要补正") % {"name": organisation.name},
        body=reason,
        key=f"organisation:{organisation.pk}:change:{change.pk}",
    )
    return organisation


@transaction.atomic
def list_as_operator(
    organisation: Organisation, *, is_operator: bool, acting_user: User
) -> Organisation:
    """Take a verified body up among the operators (承办单位), or off; people stay as they are."""
    if not rules.may_list_operator(acting_user, organisation):
        raise NotAllowed()
    if organisation.is_operator != is_operator:
        organisation.is_operator = is_operator
        organisation.save(update_fields=["is_operator"])
        verb = "list_operator" if is_operator else "unlist_operator"
        record_change(organisation, verb, acting_user=acting_user)
    return organisation


def _say_code_taken(clash: IntegrityError) -> None:
    """Say it in words where the credit code is what the database refused, and only then."""
    constraint = constraint_of(clash)
    if constraint == ONE_PER_CREDIT_CODE:
        raise CodeTaken(what=_("这个统一社会信用代码")) from clash
