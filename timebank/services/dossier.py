"""Enter a training or an award on a volunteer's record, and check it: two people, one of whom may
be the volunteer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clashes import constraint_of
from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Attachment, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.dossier import EnteredBefore, NotYetHeld
from timebank.lifecycles.dossier import DOSSIER
from timebank.models.dossier import DossierEntry
from timebank.rules import dossier as rules


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a certificate of training or an award says of itself."""

    kind: str
    title: str
    body: str
    held_on: date
    content: str = ""
    minutes: int | None = None


@transaction.atomic
def enter(
    volunteer: User, told: Told, *, evidence: Attachment | None = None, acting_user: User
) -> DossierEntry:
    """Put it on the record, to be checked by another; who has to look is told.

    Refused: `NotAllowed`, `NotYetHeld`, `EnteredBefore`.
    """
    if not rules.may_enter_for(acting_user, volunteer):
        raise NotAllowed()
    if told.held_on > localdate(database_now()):
        raise NotYetHeld(held_on=told.held_on)
    entry = DossierEntry(
        volunteer=volunteer,
        region=volunteer.home_region,
        evidence=evidence,
        entered_by=acting_user,
        **vars(told),
    )
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        if constraint_of(error) == "dossier_entry_once":
            raise EnteredBefore(name=volunteer.display_name, title=told.title) from error
        raise
    is_own = acting_user.pk == volunteer.pk
    record_change(
        entry,
        "enter",
        after=entry.state,
        acting_user=acting_user,
        on_behalf_of=None if is_own else volunteer,
    )
    if not is_own:
        with override(volunteer.language):
            tell(
                volunteer,
                kind="dossier_entered",
                title=_("请核对：%(title)s") % {"title": entry.title},
                body=_("%(who)s为您登记了一条%(kind)s。核对无误后记入您的志愿服务档案。")
                % {"who": acting_user.display_name, "kind": entry.get_kind_display()},
                link=entry.get_absolute_url(),
                key=f"dossier:{entry.pk}:entered",
            )
    return entry


@transaction.atomic
def enter_for_many(
    people: Sequence[User], told: Told, *, evidence: Attachment | None = None, acting_user: User
) -> list[DossierEntry]:
    """The same training or award for everybody who took part: all or none of them."""
    return [enter(person, told, evidence=evidence, acting_user=acting_user) for person in people]


@transaction.atomic
def decide_entry(
    entry: DossierEntry, verb: str, *, reason: str = "", acting_user: User
) -> DossierEntry:
    """Confirm, refuse or withdraw; whoever entered it is told of a refusal.

    Refused: `ReasonMissing` for a refusal, `NotAllowed`, `OutOfTurn`.
    """
    reason = reason.strip()
    entry = (
        DossierEntry.objects.select_for_update(of=("self",))
        .select_related("volunteer__home_region", "entered_by")
        .get(pk=entry.pk)
    )
    DOSSIER.require(entry, verb, acting_user=acting_user)
    if verb == "refuse" and not reason:
        raise ReasonMissing()
    fields: dict[str, Any] = {}
    if verb != "withdraw":
        fields = {"decided_by": acting_user, "decided_at": database_now()}
    DossierEntry.objects.filter(pk=entry.pk).update(reason=reason)
    DOSSIER.move(entry, verb, acting_user=acting_user, reason=reason, **fields)
    if verb == "refuse":
        with override(entry.entered_by.language):
            tell(
                entry.entered_by,
                kind="dossier_refused",
                title=_("没有采用：%(title)s") % {"title": entry.title},
                body=reason,
                link=entry.get_absolute_url(),
                key=f"dossier:{entry.pk}:refused",
            )
    return entry
