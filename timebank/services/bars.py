"""Bar somebody from reporting their own hours after a false record; hear the appeal.

重庆's practice (暖青汇, 2016): no self-report for a year and until 100 new hours. Ours is dated
data (`terms.checks`). It never keeps anybody from serving, nor takes an hour that was served.
"""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import day, hours
from timebank.errors.checks import BarredBefore, NothingFalse
from timebank.errors.records import SelfReportBarred
from timebank.lifecycles.checks import BAR
from timebank.models import SelfReportBar, ServiceRecord
from timebank.rules import checks as rules
from timebank.selectors.bars import BY_ONESELF, bar_in_force
from timebank.terms.checks import bar_terms

FALSE = (ServiceRecord.State.REVERSED, ServiceRecord.State.REFUSED)


def require_not_barred(volunteer: User) -> None:
    """Raise `SelfReportBarred` with what is missing, where one may not report one's own hours."""
    standing = bar_in_force(volunteer, localdate(database_now()))
    if standing is not None:
        raise SelfReportBarred(until=standing.bar.ends_on, minutes=standing.missing_minutes)


@transaction.atomic
def impose_bar(record: ServiceRecord, *, reason: str, acting_user: User) -> SelfReportBar:
    """No self-report for its volunteer for a while; they are told why, until when, how to appeal.

    Refused: `ReasonMissing`, `NotAllowed` for anyone but an officer over the place,
    `NothingFalse` unless the record was reported by oneself and reversed or refused,
    `BarredBefore`.
    """
    reason = required(reason)
    record = ServiceRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not rules.may_bar(acting_user, record):
        raise NotAllowed()
    if record.state not in FALSE or record.provenance not in BY_ONESELF:
        raise NothingFalse()
    before = SelfReportBar.objects.standing().filter(cause=record).first()
    if before is not None:
        raise BarredBefore(ends_on=before.ends_on)
    today = localdate(database_now())
    terms = bar_terms(today)
    bar = SelfReportBar.objects.create(
        volunteer=record.volunteer,
        bank=record.bank,
        cause=record,
        reason=reason,
        starts_on=today,
        ends_on=_months_later(today, terms.months),
        minutes_needed=terms.minutes,
        imposed_by=acting_user,
    )
    record_change(bar, "impose", after=bar.state, reason=reason, acting_user=acting_user)
    _tell(
        bar,
        _("%(until)s 前不能自己登记服务") % {"until": day(bar.ends_on)},
        _("%(reason)s 到期并再有%(minutes)s由别人确认的服务后恢复。不服可以申诉。")
        % {"reason": reason, "minutes": hours(bar.minutes_needed)},
    )
    return bar


@transaction.atomic
def appeal_bar(bar: SelfReportBar, *, reason: str, acting_user: User) -> SelfReportBar:
    """Say why it is wrong; somebody else than who imposed it decides.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed` for anyone but the volunteer.
    """
    reason = required(reason)
    bar = _locked(bar)
    BAR.move(
        bar,
        "appeal",
        reason=reason,
        acting_user=acting_user,
        appeal=reason,
        appealed_at=database_now(),
    )
    return bar


@transaction.atomic
def decide_bar(bar: SelfReportBar, verb: str, *, reason: str, acting_user: User) -> SelfReportBar:
    """Uphold or lift it, with the reason; the volunteer is told.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`, also to who imposed it.
    """
    assert verb in ("uphold", "lift"), "the two ways an appeal ends"
    reason = required(reason)
    bar = _locked(bar)
    BAR.move(
        bar,
        verb,
        reason=reason,
        acting_user=acting_user,
        decision=reason,
        decided_by=acting_user,
        decided_at=database_now(),
    )
    is_lifted = bar.state == SelfReportBar.State.LIFTED
    _tell(
        bar,
        _("限制已撤销，可以自己登记服务了") if is_lifted else _("申诉复核后，限制维持"),
        reason,
    )
    return bar


def _months_later(start: date, months: int) -> date:
    return start + relativedelta(months=months)


def _tell(bar: SelfReportBar, title: str, body: str) -> None:
    with override(bar.volunteer.language):
        tell(
            bar.volunteer,
            kind=f"bar_{bar.state}",
            title=title,
            body=body,
            link=bar.get_absolute_url(),
            key=f"bar:{bar.pk}:{bar.state}",
        )


def _locked(bar: SelfReportBar) -> SelfReportBar:
    SelfReportBar.objects.select_for_update().only("pk").get(pk=bar.pk)
    return SelfReportBar.objects.select_related("volunteer", "bank__region", "imposed_by").get(
        pk=bar.pk
    )
