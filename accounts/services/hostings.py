"""代管: a filed group asks a body to answer for its money; the body agrees, refuses, gives notice.

Who stands where is the group's own state (`accounts.lifecycles`); the trail tells the story.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules
from accounts.clock import database_now
from accounts.errors import NotAllowed, NoticeTooShort, OutOfTurn
from accounts.lifecycles import ORGANISATION
from accounts.models.organisations import Membership, Organisation
from accounts.models.people import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import Words, tell
from accounts.services.system_user import the_product
from accounts.templatetags.kit import day as day_words

NOTICE_DAYS = 30


@transaction.atomic
def ask_host(group: Organisation, host: Organisation, *, acting_user: User) -> Organisation:
    """Name a host (another, or the same again); the group waits until its manager agrees.

    Also from a verified entry: an officer looks at it anew once the host has agreed.
    """
    ORGANISATION.move(
        group,
        "ask_host",
        acting_user=acting_user,
        facts={"host": host.pk},
        host=host,
        hosting_agreed_at=None,
        hosting_ends_on=None,
        verified_at=None,
    )
    tell_host_it_is_asked(group)
    return group


def tell_host_it_is_asked(group: Organisation) -> None:
    """Tell those who manage the named host, once per asking."""
    host = group.host
    assert host is not None, "filed_group_names_host"
    tell_managers(
        host,
        kind="hosting_asked",
        title=lambda: _("%(group)s请贵单位代管") % {"group": group.name},
        body=lambda: _(
            "备案组织没有账户，由代管单位代收代付。请在组织页面答复；同意之前它不能申报。"
        ),
        key=f"hosting:{group.pk}:{host.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
    )


@transaction.atomic
def agree_to_host(group: Organisation, *, acting_user: User) -> Organisation:
    """Answer for the group; an officer may verify it now. The group's managers are told."""
    change = ORGANISATION.move(
        group, "agree_to_host", acting_user=acting_user, hosting_agreed_at=Now()
    )
    group.refresh_from_db(fields=["hosting_agreed_at"])
    tell_managers(
        group,
        kind="hosting_agreed",
        title=lambda: _("%(host)s同意代管") % {"host": group.host},
        body=lambda: _("登记信息已交给经办人核验。"),
        key=f"hosting:{group.pk}:change:{change.pk}",
    )
    return group


@transaction.atomic
def refuse_to_host(group: Organisation, *, reason: str, acting_user: User) -> Organisation:
    """Say no, and why; the group may ask another body."""
    reason = required(reason)
    change = ORGANISATION.move(group, "refuse_to_host", acting_user=acting_user, reason=reason)
    tell_managers(
        group,
        kind="hosting_refused",
        title=lambda: _("%(host)s没有同意代管") % {"host": group.host},
        body=reason,
        key=f"hosting:{group.pk}:change:{change.pk}",
    )
    return group


@transaction.atomic
def give_notice(
    group: Organisation, *, ends_on: date, reason: str, acting_user: User
) -> Organisation:
    """Say from which day the host no longer answers for the group, and why.

    Refused: to all but the host's managers (NotAllowed), without a reason (ReasonMissing), with
    less than thirty days (NoticeTooShort), where nothing was agreed (OutOfTurn).
    """
    reason = required(reason)
    group = (
        Organisation.objects.select_for_update(of=("self",)).select_related("host").get(pk=group.pk)
    )
    if not rules.is_manager_of_host(acting_user, group):
        raise NotAllowed()
    if group.hosting_agreed_at is None:
        raise OutOfTurn(state=group.get_state_display(), verb=_("结束代管"))
    today = timezone.localdate(database_now())
    if ends_on < today + timedelta(days=NOTICE_DAYS):
        raise NoticeTooShort(days=NOTICE_DAYS)
    before, group.hosting_ends_on = group.hosting_ends_on, ends_on
    group.save(update_fields=["hosting_ends_on"])
    change = record_change(
        group,
        "give_notice",
        before=str(before or ""),
        after=str(ends_on),
        reason=reason,
        acting_user=acting_user,
    )
    tell_managers(
        group,
        kind="hosting_ends",
        title=lambda: _("%(host)s将不再代管") % {"host": group.host},
        body=lambda: (
            _("代管到%(day)s为止。理由：%(reason)s。请在此之前另找代管单位。")
            % {"day": day_words(ends_on), "reason": reason}
        ),
        key=f"hosting:{group.pk}:change:{change.pk}",
    )
    return group


def end_due_hostings() -> int:
    """Groups whose host's notice has run out have none: they ask another before they go on."""
    today = timezone.localdate(database_now())
    over = Organisation.objects.filter(hosting_ends_on__lt=today).select_related("host")
    return sum(1 for group in over if _end_hosting(group))


@transaction.atomic
def _end_hosting(group: Organisation) -> bool:
    reason = _("代管已于%(day)s结束，请另找代管单位。") % {"day": group.hosting_ends_on}
    without = {"hosting_agreed_at": None, "hosting_ends_on": None}
    if group.state == Organisation.State.RETURNED:
        Organisation.objects.filter(pk=group.pk).update(**without)
        change = record_change(group, "lose_host", reason=reason, acting_user=the_product())
    else:
        change = ORGANISATION.move(
            group,
            "lose_host",
            acting_user=the_product(),
            reason=reason,
            verified_at=None,
            **without,
        )
    tell_managers(
        group,
        kind="hosting_ended",
        title=lambda: _("代管已结束：%(group)s") % {"group": group.name},
        body=reason,
        key=f"hosting:{group.pk}:change:{change.pk}",
    )
    return True


def tell_managers(
    organisation: Organisation, *, kind: str, title: Words, body: Words, key: str
) -> None:
    """Tell everybody who manages the body now, each once per `key`."""
    managers = organisation.memberships.filter(
        ended_at__isnull=True, duty=Membership.Duty.MANAGER
    ).select_related("user")
    for membership in managers:
        tell(
            membership.user,
            kind=kind,
            title=title,
            body=body,
            link=f"/me/organisations/{organisation.pk}/",
            key=f"{key}:{membership.user_id}",
        )
