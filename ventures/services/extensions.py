"""Give one applicant more time, once; use it up; take back what was not used.

Locks are taken in one order: the round before its extensions and proposals.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.clock import database_now
from accounts.models import Organisation, User
from accounts.reasons import required
from accounts.services.changes import record_change
from ventures.errors.timetable import (
    ExtensionExists,
    ExtensionNotLater,
    ExtensionSpent,
    ExtensionTooLate,
    ExtensionUsed,
    NotSelected,
    TiedToApplicant,
)
from ventures.models import Extension, Proposal, Round
from ventures.rules import timetable as rules
from ventures.services.dates import require_may_extend
from ventures.services.round_locks import locked_round
from ventures.services.round_news import tell_extension_given, tell_extension_taken_back


@transaction.atomic
def give_extension(
    round: Round,
    applicant: Organisation | User,
    *,
    until: datetime,
    reason: str,
    acting_user: User,
) -> Extension:
    """Let one organisation or initiator hand in once until an instant, before or after the close.
    They are told. While full proposals come in it is for one of those, and only for who was
    selected (`NotSelected`).

    Refused: to officers with a tie to it (`TiedToApplicant`) or to anybody who is writing
    (`RecusedFromExtending`), once review has begun (`ExtensionTooLate`), without a reason
    (`ReasonMissing`), for no more time than it has (`ExtensionNotLater`), a second time
    (`ExtensionExists`).
    """
    round = locked_round(round)
    require_may_give(acting_user, round)
    whose: dict[str, Organisation | User]
    if isinstance(applicant, Organisation):
        whose, name = {"organisation": applicant}, applicant.name
        is_tied = rules.is_tied_to_organisation(acting_user, applicant)
    else:
        whose, name = {"initiator": applicant}, applicant.display_name
        is_tied = applicant == acting_user
    if is_tied:
        raise TiedToApplicant(organisation=name)
    reason = required(reason)
    now = database_now()
    has = rules.all_in_at(round)
    if until <= max(now, has):
        raise ExtensionNotLater(until=has)
    if round.takes_full:
        mine = {"applicant" if key == "organisation" else key: one for key, one in whose.items()}
        if not round.proposals.filter(**mine, invited_at__isnull=False).exists():
            raise NotSelected(who=name)
    standing = round.extensions.filter(
        **whose, is_for_full=round.takes_full, taken_back_at__isnull=True
    )
    if first := standing.first():
        raise ExtensionExists(who=name, until=first.until)
    extension = Extension.objects.create(
        round=round,
        **whose,
        is_for_full=round.takes_full,
        until=until,
        reason=reason,
        given_by=acting_user,
        given_at=now,
    )
    record_change(
        round,
        "give_extension",
        after=until.isoformat(),
        reason=reason,
        facts={"extension": extension.pk} | {key: one.pk for key, one in whose.items()},
        acting_user=acting_user,
    )
    tell_extension_given(extension)
    return extension


def require_may_give(user: User, round: Round) -> None:
    """Say why not, before a form is shown and again when it is done."""
    require_may_extend(user, round)
    if not round.is_filing:
        raise ExtensionTooLate()


@transaction.atomic
def take_back_extension(extension: Extension, *, reason: str, acting_user: User) -> Extension:
    """Withdraw what was given by mistake and not used. Refused when it was (`ExtensionSpent`)."""
    round = locked_round(extension.round)
    require_may_give(acting_user, round)
    reason = required(reason)
    extension = extensions_locked(round).get(pk=extension.pk)
    if extension.used_at is not None or extension.taken_back_at is not None:
        raise ExtensionSpent()
    extension.taken_back_at = database_now()
    extension.save(update_fields=["taken_back_at"])
    record_change(
        round,
        "take_back_extension",
        before=extension.until.isoformat(),
        reason=reason,
        facts={"extension": extension.pk},
        acting_user=acting_user,
    )
    tell_extension_taken_back(extension, reason=reason)
    return extension


def extensions_locked(round: Round) -> QuerySet[Extension]:
    """The round's extensions; whoever changes one holds the round's lock."""
    return round.extensions.select_related("round", "organisation", "initiator")


# When a proposal is handed in ----------------------------------------------------------


def use_extension(proposal: Proposal, now: datetime, *, acting_user: User) -> None:
    """Use up the extension if only it lets the proposal be handed in now.

    The caller holds the locks of the round and the proposal, and has found it in time. Of two tabs
    one uses it (`ExtensionUsed` for the other).
    """
    deadline = rules.deadline_for(proposal)
    if not deadline.is_extended or now < deadline.ordinary_until:
        return
    used = (
        Extension.objects.unused()
        .of_proposal(proposal)
        .filter(until__gt=now)
        .update(used_at=now, used_by=acting_user)
    )
    if not used:
        refuse_if_used(proposal)
        raise AssertionError("what was in time by an extension has one")
    record_change(
        proposal,
        "use_extension",
        after=deadline.until.isoformat(),
        acting_user=acting_user,
    )


def refuse_if_used(proposal: Proposal) -> None:
    """Say plainly that the one submission has been made; ask it of what is no draft any more."""
    used = (
        Extension.objects.of_proposal(proposal)
        .filter(used_at__isnull=False)
        .select_related("used_by")
        .first()
    )
    if used is not None:
        assert used.used_by is not None, "extension_used_in_time_by_somebody"
        raise ExtensionUsed(who=used.used_by.display_name, at=used.used_at)
