"""How it went with one proposal, step by step, as its applicant may read it.

Before the notice no more than that it is under review; from then on who judged and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.models import (
    AwardCorrection,
    AwardWithdrawal,
    Decision,
    Objection,
    Proposal,
    PublicNotice,
    Review,
    Round,
)
from ventures.selectors.outcome_labels import RESULTS
from ventures.selectors.reissues import replaced_before

type Words = str | Promise


@dataclass(frozen=True)
class Event:
    """One line of the timeline, as the component shows it; `day` where no hour is known."""

    what: Words
    who: Words
    when: datetime
    why: str = ""
    tone: str = ""
    url: str = ""
    day: date | None = None


def _published(notice: PublicNotice) -> list[Event]:
    """Put on notice; and taken back, and why."""
    issuer, url = notice.snapshot["issuer"], notice.get_absolute_url()
    label = _("结果重新公示") if notice.replaces_id else _("结果公示")
    events = [Event(label, issuer, notice.published_at, tone="waiting", url=url)]
    if notice.withdrawn_at is not None:
        why = notice.withdrawn_reason
        events.append(
            Event(_("公示撤回"), issuer, notice.withdrawn_at, why, tone="danger", url=url)
        )
    return events


def put_right(correction: AwardCorrection) -> Event:
    what = _("金额由 %(before)s 更正为 %(after)s") % {
        "before": yuan(correction.from_fen),
        "after": yuan(correction.to_fen),
    }
    issuer = correction.notice.snapshot["issuer"]
    return Event(what, issuer, correction.corrected_at, correction.reason, tone="waiting")


def objected(objection: Objection, proposal: Proposal) -> list[Event]:
    """One objection as its objector reads it: filed, and answered."""
    if objection.proposal is None:
        about: Words = _("整份公示")
    else:
        about = _("本项目") if objection.proposal == proposal else objection.proposal.title
    is_taken_back = objection.state == Objection.State.TAKEN_BACK
    what = _("您提出异议（已撤回）：%(about)s") if is_taken_back else _("您提出异议：%(about)s")
    url = reverse("ventures:objection", args=[objection.pk])
    tone = "waiting" if objection.state == Objection.State.FILED else ""
    events = [
        Event(what % {"about": about}, objection.name, objection.filed_at, tone=tone, url=url)
    ]
    if objection.answered_at is not None:
        issuer = objection.notice.snapshot["issuer"]
        answered = _("异议有了书面答复：%(state)s") % {"state": objection.get_state_display()}
        events.append(Event(answered, issuer, objection.answered_at, tone="done", url=url))
    return events


def _judged(proposal: Proposal, decision: Decision, reviews: Sequence[Review]) -> list[Event]:
    """Read by the panel, decided by a meeting; who moved up was decided on by a second one."""
    events = []
    if handed_in := [one.submitted_at for one in reviews if one.submitted_at]:
        what = _("评委评审：交表 %(count)d 份") % {"count": len(handed_in)}
        events.append(Event(what, proposal.round.sponsors, max(handed_in), tone="done"))
    meetings = list(proposal.round.resolutions.order_by("id")[:1])
    own = decision.resolution if decision.outcome == Decision.Outcome.AWARD else None
    if own is not None and own not in meetings:
        meetings.append(own)
    for one in meetings:
        what = _("集体决策：%(meeting)s") % {"meeting": one.meeting}
        who = proposal.round.sponsors
        events.append(Event(what, who, one.recorded_at, tone="done", day=one.held_on))
    return events


def events_of(
    proposal: Proposal,
    decision: Decision | None = None,
    notice: PublicNotice | None = None,
    reviews: Sequence[Review] = (),
) -> tuple[Event, ...]:
    """From the filing to the final list; of the decision only what its notice told."""
    events = []
    if proposal.submitted_at:
        events.append(Event(_("提交申报书"), proposal.applicant_name, proposal.submitted_at))
    events += [
        Event(
            _("形式审查：%(outcome)s") % {"outcome": screening.get_outcome_display()},
            proposal.round.sponsors,
            screening.screened_at,
            why=screening.reason,
            tone="done" if screening.outcome == "accepted" else "danger",
        )
        for screening in proposal.screenings.all()
    ]
    if decision is not None and notice is not None:
        notices = (*replaced_before(notice), notice)
        judged = _judged(proposal, decision, reviews)
        events += [replace(one, when=min(one.when, notices[0].published_at)) for one in judged]
        for one in notices:
            events += _published(one)
        if notice.concluded_at is not None:
            events.append(
                Event(
                    _("公示结束，发布公告")
                    if proposal.state in RESULTS
                    else _("公示结束，其他项目先公告"),
                    notice.snapshot["issuer"],
                    notice.concluded_at,
                    tone="done",
                )
            )
    elif proposal.round.state in (Round.State.IN_REVIEW, Round.State.DECIDED):
        panel = getattr(proposal.round, "panel", None)
        if panel is not None:
            events.append(
                Event(_("评委评审"), proposal.round.sponsors, panel.opened_at, tone="waiting")
            )
    return in_order(*events)


def in_order(*events: Event) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: event.when))


def ended_by(withdrawal: AwardWithdrawal) -> Event:
    """The award was given up, or cancelled."""
    proposal = withdrawal.award.proposal
    gave_up = withdrawal.cause == AwardWithdrawal.Cause.GIVEN_UP
    who = proposal.applicant_name if gave_up else proposal.round.sponsors
    return Event(withdrawal.get_cause_display(), who, withdrawal.withdrawn_at, tone="danger")
