"""Public notices as they are written and read: the words to be frozen, the list, one notice.

A published notice is shown from its snapshot alone, so that what the public reads is what the
fingerprint covers. Publishing is in `services.notices`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.working_days import add_working_days, unknown_years
from ventures.models import (
    Announcement,
    AwardTerms,
    AwardWalk,
    Decision,
    Proposal,
    PublicNotice,
    Resolution,
    Round,
)
from ventures.models.decisions import words_file_of
from ventures.selectors.award_money import Parts, money_of, parts_in_words, together
from ventures.selectors.award_terms import award_terms_of, terms_in_words
from ventures.selectors.award_walks import almost_told, kept_walk_of
from ventures.selectors.award_words import award_words
from ventures.selectors.notice_reasons import how_decided, how_moved_up
from ventures.selectors.prizes import prize_name, prizes_of
from ventures.selectors.rankings import ranking_of
from ventures.selectors.reissues import (
    WRITTEN,
    mark_of_a_correction,
    to_be_replaced,
    what_it_replaces,
)
from ventures.selectors.reviews import hundredths_shown
from ventures.selectors.snapshots import digest_of

ONE_DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)
# The order of the public list: what is to be funded, then reserves. Declined ones are told alone.
LISTED = (Decision.Outcome.AWARD, Decision.Outcome.RESERVE)


@dataclass(frozen=True)
class NoticeTerms:
    """What the officer states in a notice; preset from the round."""

    title: str
    basis: str
    starts_on: date
    working_days: int
    department: str
    contact_name: str
    contact_phone: str
    address: str
    postcode: str
    supervision_phone: str
    objection_ways: str
    issuer: str
    # Set by the office where the calendar of the span is not known; else it is counted.
    last_day: date | None = None
    counting: str = "working"

    def runs_until(self) -> date:
        """The last day: counted, or as the office confirmed it, never earlier than counted."""
        counted = last_day_of(self.starts_on, self.working_days, self.counting)
        return max(counted, self.last_day) if self.last_day else counted


@dataclass(frozen=True)
class Final:
    """One announcement: its frozen words, and whether they still match."""

    number: int
    words: dict[str, Any]
    sha256: str
    is_intact: bool

    @property
    def words_file(self) -> str:
        return words_file_of(self.words["notice"], self.number)

    @property
    def label(self) -> str:
        """The id of its list's heading on the page."""
        return f"final-list-{self.number}"


@dataclass(frozen=True)
class NoticePage:
    """A notice as it is read: the frozen words, whether they still match, and what follows."""

    notice: PublicNotice
    words: dict[str, Any]
    is_intact: bool
    is_over: bool
    finals: tuple[Final, ...]

    @property
    def final(self) -> dict[str, Any] | None:
        """The words of the last announcement, once there is one."""
        return self.finals[-1].words if self.finals else None


def public_notices() -> QuerySet[PublicNotice]:
    """All notices, running ones first, then the latest; with what replaces those withdrawn."""
    is_running = Q(state=PublicNotice.State.OPEN)
    return (
        PublicNotice.objects.select_related("round__region", "replaces", "replaced_by")
        .annotate(is_running=is_running)
        .order_by("-is_running", "-published_at")
    )


def listed_notices() -> QuerySet[PublicNotice]:
    """The same, each with whom its last announcement left under recheck (`still_frozen`)."""
    last = Announcement.objects.filter(notice=OuterRef("pk")).order_by("-number")
    return public_notices().annotate(still_frozen=Subquery(last.values("snapshot__frozen")[:1]))


def page_of(notice: PublicNotice, now: datetime) -> NoticePage:
    return NoticePage(
        notice=notice,
        words=notice.snapshot,
        is_intact=digest_of(notice.snapshot) == notice.sha256,
        is_over=now > notice.closes_at,
        finals=tuple(
            Final(one.number, one.snapshot, one.sha256, digest_of(one.snapshot) == one.sha256)
            for one in notice.announcements.order_by("number")
        ),
    )


def last_day_of(starts_on: date, days: int, counting: str = "working") -> date:
    """The last day of a notice: its first day counts when it is a working day, or all days do."""
    if counting == AwardTerms.Counting.CALENDAR:
        return starts_on + ONE_DAY * (days - 1)
    return add_working_days(starts_on - ONE_DAY, days)


def closing_instant_of(last_day: date) -> datetime:
    """Objections are taken until the last day is over."""
    return timezone.make_aware(datetime.combine(last_day, END_OF_DAY))


def usual_terms_of(round: Round, today: date) -> NoticeTerms:
    """What a notice of this round will say unless the officer writes otherwise.

    Where days off are not known, the last day is filled in as counted, to be confirmed by her.
    """
    own = award_terms_of(round)
    counting = own.notice_counting if own else AwardTerms.Counting.WORKING.value
    counted = last_day_of(today, round.notice_working_days, counting)
    earlier = to_be_replaced(round)
    if earlier is not None:
        return _terms_again(earlier, round, today, counting)
    title = award_words(round).notice_title % {"round": round.name}
    needs_eye = counting == AwardTerms.Counting.WORKING and unknown_years(today, counted)
    return NoticeTerms(
        title=_("%(title)s（补充）") % {"title": title} if is_second(round) else title,
        basis=round.document_number or _("《%(round)s征集公告》") % {"round": round.name},
        starts_on=today,
        working_days=round.notice_working_days,
        department=round.sponsors,
        contact_name=round.contact_name,
        contact_phone=round.contact_phone,
        address=round.address,
        postcode="",
        supervision_phone=round.supervision_phone,
        objection_ways=_(
            "公示期内有异议的，请以书面形式向受理部门提出并提供依据：单位须加盖公章；个人须署真实姓名并留"
            "联系方式；备案社区社会组织由负责人签字并加盖社区公章。匿名或逾期的异议不予受理。"
        ),
        issuer=round.sponsors,
        last_day=counted if needs_eye else None,
        counting=counting,
    )


def _terms_again(earlier: PublicNotice, round: Round, today: date, counting: str) -> NoticeTerms:
    """What the withdrawn notice said, to be put right; its days begin anew."""
    words = earlier.snapshot
    mark = mark_of_a_correction()
    title = words["title"].removesuffix(mark)
    counted = last_day_of(today, round.notice_working_days, counting)
    needs_eye = counting == AwardTerms.Counting.WORKING and unknown_years(today, counted)
    kept = {name: words[name] for name in WRITTEN} | {"title": f"{title[:150]}{mark}"}
    return NoticeTerms(
        **kept,
        starts_on=today,
        working_days=round.notice_working_days,
        last_day=counted if needs_eye else None,
        counting=counting,
    )


def is_second(round: Round) -> bool:
    """Another notice of the round stands: this is a supplement (补充公示)."""
    return round.notices.exclude(state=PublicNotice.State.WITHDRAWN).exists()


def words_of(round: Round, terms: NoticeTerms, code: str) -> dict[str, Any]:
    """Everything the notice will say, in plain words and whole numbers: what is frozen."""
    last_day = terms.runs_until()
    everybody = _decisions_of(round)
    # Of the second notice those only who moved up since the first.
    decisions = [one for one in everybody if one.state == Decision.State.RESOLVED]
    own = award_terms_of(round)
    shown = Shown(
        with_score=round.publishes_scores,
        with_reason=own is not None and own.publishes_reasons,
        walk=kept_walk_of(round) if own and own.publishes_counterfactuals else None,
        money=money_of(round, _of(decisions, LISTED[0])),
    )
    projects = [
        _project(number, decision, shown)
        for number, decision in enumerate(_of(decisions, LISTED[0]), start=1)
    ]
    words = {
        "code": code,
        "title": terms.title,
        "basis": terms.basis,
        "round": {"code": round.code, "name": round.name, "level": round.level},
        "starts_on": terms.starts_on.isoformat(),
        "last_day": last_day.isoformat(),
        "working_days": terms.working_days,
        "counting": terms.counting,
        "closes_at": closing_instant_of(last_day).isoformat(),
        "department": terms.department,
        "contact_name": terms.contact_name,
        "contact_phone": terms.contact_phone,
        "address": terms.address,
        "postcode": terms.postcode,
        "supervision_phone": terms.supervision_phone,
        "objection_ways": terms.objection_ways,
        "issuer": terms.issuer,
        "how_decided": [
            *(
                how_moved_up(round, decisions)
                if is_second(round)
                else how_decided(round, decisions)
            ),
            *_whose_money(projects),
        ],
        "projects": projects,
        "reserves": [
            _project(number, decision, shown)
            for number, decision in enumerate(_of(decisions, LISTED[1]), start=1)
        ],
        # Who was declined is told alone, save where the round says that reasons are published.
        "declined": [
            _project(number, decision, shown)
            for number, decision in enumerate(_of(decisions, Decision.Outcome.DECLINE), start=1)
        ]
        if shown.with_reason or shown.walk is not None
        else [],
        "rules": terms_in_words(round, own),
        "experts": [member.reviewer.display_name for member in ranking_of(round).members]
        if own is not None and own.names_experts
        else [],
        "total_fen": sum(decision.amount_fen for decision in decisions),
        "sources": together(projects),
        **_heads(round),
    }
    earlier = to_be_replaced(round)
    return words | {"replaces": what_it_replaces(earlier, words)} if earlier else words


def _whose_money(projects: list[dict[str, Any]]) -> list[str]:
    """Which source bears how much of the list, where there are several."""
    parts = together(projects)
    return [_("其中%(parts)s。") % {"parts": parts_in_words(parts)}] if parts else []


def _heads(round: Round) -> dict[str, Any]:
    """What the list, its columns and its amounts are called, where it is no grant."""
    if round.purpose == Round.Purpose.GRANT:
        return {}
    words = award_words(round)
    return {
        "listed": str(words.listed),
        "amount": str(words.amount),
        "heads": [str(one) for one in words.heads],
    }


def _decisions_of(round: Round) -> list[Decision]:
    return list(
        Decision.objects.filter(proposal__round=round)
        .select_related("proposal__applicant", "proposal__host", "proposal__track", "resolution")
        .prefetch_related("proposal__communities")
        .order_by("rank", "proposal__code")
    )


def _of(decisions: Iterable[Decision], outcome: str) -> list[Decision]:
    return [decision for decision in decisions if decision.outcome == outcome]


@dataclass(frozen=True)
class Shown:
    """What the round says the public reads beside the list."""

    with_score: bool
    with_reason: bool
    walk: AwardWalk | None
    money: Mapping[int, Parts]


def _project(number: int, decision: Decision, shown: Shown) -> dict[str, Any]:
    proposal = decision.proposal
    return {
        "number": number,
        "code": proposal.code,
        "title": proposal.title,
        "grantee": proposal.applicant_name,
        "host": _host_name(proposal.host),
        "communities": [place.short_name for place in _in_order(proposal)],
        "track": proposal.track.name if proposal.track else "",
        "amount_fen": decision.amount_fen,
        "prize": prize_name(prizes_of(proposal.round), decision.amount_fen),
        "score": hundredths_shown(decision.score_hundredths) if shown.with_score else "",
        "reason": decision.reason if shown.with_reason else "",
        "almost": almost_told(shown.walk, decision),
        # Whose money it is, where the round has several sources.
        "sources": shown.money.get(proposal.pk, []),
    }


def _host_name(host: Organisation | None) -> str:
    return host.name if host else ""


def _in_order(proposal: Proposal) -> list[Any]:
    return sorted(proposal.communities.all(), key=lambda place: place.code)


def resolution_of(round: Round) -> Resolution | None:
    return round.resolutions.order_by("-id").first()
