"""Propose stars by the hours; grant, decline and withdraw them by a person's judgement."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import ReasonMissing
from accounts.models import User
from accounts.services.messages import tell
from timebank.errors.recognition import HoursGoneSince
from timebank.lifecycles.recognition import STAR
from timebank.models.stars import StarGrant
from timebank.selectors.stars import minutes_in_bank, quality_of, reached

AGAIN_AFTER = timedelta(days=180)


def propose_stars() -> int:
    """Propose every level that hours have reached; how many. Proposing twice changes nothing."""
    found = reached(localdate(database_now()))
    made = StarGrant.objects.bulk_create(
        [
            StarGrant(
                bank_id=bank,
                volunteer_id=volunteer,
                level=step.level,
                threshold=step,
                minutes=total,
            )
            for bank, volunteer, total, step in found
        ],
        ignore_conflicts=True,
    )
    return len(made)


@transaction.atomic
def decide_star(grant: StarGrant, verb: str, *, reason: str = "", acting_user: User) -> StarGrant:
    """Grant, decline or withdraw; hours and quality are kept as they were seen, the volunteer is
    told of a grant and of a withdrawal.

    Refused: `ReasonMissing` unless it is granted, `HoursGoneSince`, `NotAllowed`, `OutOfTurn`.
    """
    reason = reason.strip()
    if verb != "grant" and not reason:
        raise ReasonMissing()
    grant = (
        StarGrant.objects.select_for_update(of=("self",))
        .select_related("bank__region", "volunteer__home_region", "threshold")
        .get(pk=grant.pk)
    )
    STAR.require(grant, verb, acting_user=acting_user)
    minutes = minutes_in_bank(grant.volunteer, grant.bank)
    if verb == "grant" and minutes < grant.threshold.minutes:
        raise HoursGoneSince(level=grant.level)
    now = database_now()
    StarGrant.objects.filter(pk=grant.pk).update(reason=reason)  # a refusal never stands without
    STAR.move(
        grant,
        verb,
        acting_user=acting_user,
        reason=reason,
        decided_by=acting_user,
        decided_at=now,
        minutes=minutes,
        quality=quality_of(grant.volunteer),
        again_from=localdate(now) + AGAIN_AFTER if verb != "grant" else None,
    )
    if verb != "decline":
        _tell(grant, reason)
    return grant


def _tell(grant: StarGrant, reason: str) -> None:
    is_granted = grant.state == StarGrant.State.GRANTED
    with override(grant.volunteer.language):
        tell(
            grant.volunteer,
            kind=f"star_{grant.state}",
            title=_("恭喜，您被评定为 %(level)d 星志愿者") % {"level": grant.level}
            if is_granted
            else _("%(level)d 星评定已撤销") % {"level": grant.level},
            body=_("感谢您一次次的付出。") if is_granted else reason,
            link="/time/growth/",
            key=f"star:{grant.pk}:{grant.state}",
        )
