"""Put results on public notice, and bring the notice to its end.

A notice is published from the decisions in one act, frozen word for word, and only its state moves
on. Objections and re-checks come in between; an item under recheck is frozen, the others go on.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import Words, tell
from ventures.errors.decisions import NoticeNotAsSeen, NoticeStartsInPast, NoticeStillOpen
from ventures.errors.objections import (
    NothingToAnnounce,
    ObjectionsWaiting,
    WholeNoticeObjected,
)
from ventures.errors.promotions import NoticeStillRuns
from ventures.errors.reissues import NoticeWithdrawn, WholeNoticeUpheld
from ventures.lifecycles.decisions import DECISION, NOTICE
from ventures.lifecycles.proposals import PROPOSAL
from ventures.lifecycles.rounds import ROUND
from ventures.models import (
    Announcement,
    Decision,
    Dossier,
    Letter,
    LetterKind,
    Proposal,
    PublicNotice,
    Round,
)
from ventures.rules import decisions as rules
from ventures.rules.recusal import may_decide
from ventures.selectors.announcements import Ending, ending_of, final_words_of, has_more
from ventures.selectors.award_words import result_words
from ventures.selectors.letters import LetterWriter, kind_of
from ventures.selectors.notices import NoticeTerms, closing_instant_of, words_of
from ventures.selectors.reissues import to_be_replaced
from ventures.selectors.snapshots import digest_of
from ventures.services.award_wishes import require_no_correction
from ventures.services.dossiers import keep_dossier
from ventures.services.proposals import applicants_people
from ventures.services.reissues import carry_objections, require_answered
from ventures.services.revision_days import begin_revisions

# The verb by which a decision becomes the state of its proposal.
VERBS = {
    Decision.Outcome.AWARD: "award",
    Decision.Outcome.RESERVE: "reserve",
    Decision.Outcome.DECLINE: "decline",
}


@dataclass(frozen=True)
class NoticePreview:
    """What would be published now, word for word: the notice with its fingerprint, and the letter
    to each applicant, with its kind, in the order of `decisions`."""

    words: dict[str, Any]
    sha256: str
    decisions: list[Decision]
    letters: list[tuple[LetterKind, str]]

    @property
    def seen(self) -> str:
        """The fingerprint of all of it, which the form brings back."""
        return digest_of({"words": self.sha256, "letters": self.letters})

    def examples(self) -> list[tuple[LetterKind, int, str]]:
        """Of each kind how many letters go out, and the first of them."""
        numbers = Counter(kind for kind, _body in self.letters)
        first = dict(reversed(self.letters))
        return [(kind, numbers[kind], first[kind]) for kind in LetterKind if kind in numbers]


@override(OFFICIAL_LANGUAGE)
def preview_notice(round: Round, terms: NoticeTerms) -> NoticePreview:
    words = words_of(round, terms, _next_code(round))
    decisions = _decisions_of(round, Decision.State.RESOLVED)
    writer = LetterWriter(round, terms, replaces=to_be_replaced(round))
    letters = [(kind_of(one), writer.body_of(one)) for one in decisions]
    return NoticePreview(words, digest_of(words), decisions, letters)


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def publish_notice(
    round: Round, *, terms: NoticeTerms, acting_user: User, seen: str | None = None
) -> PublicNotice:
    """Show the public what was decided: all decisions at once, frozen with a fingerprint.

    Every applicant is sent her letter in the same act: result, score, reasons. Who moved up after
    an upheld objection is shown on a second notice, once the first has ended. Where one was
    withdrawn this one replaces it: days, letters and all, and takes over what was objected to in
    its items. Refused: before the meeting has decided, twice, while another runs, from a day in the
    past, while an objection to all of the withdrawn one has no answer or a correction of a sum no
    second person, and when it would say something else than the preview with the fingerprint
    `seen`, letters included.
    """
    # Notices before their round, as whoever concludes, withdraws or answers does.
    list(PublicNotice.objects.select_for_update().filter(round=round).order_by("pk"))
    round = (
        Round.objects.select_for_update(of=("self",))
        .select_related("region", "rubric")
        .get(pk=round.pk)
    )
    earlier = to_be_replaced(round)
    # One that was withdrawn is replaced also where everybody on it has given up since.
    to_show = earlier is not None or bool(_decisions_of(round, Decision.State.RESOLVED))
    if round.state == Round.State.NOTICED and to_show:
        if not may_decide(acting_user, round):
            raise NotAllowed()
        if round.notices.running().exists():
            raise NoticeStillRuns()
    else:
        ROUND.move(round, "notice", acting_user=acting_user)
    if terms.starts_on < timezone.localdate(database_now()):
        raise NoticeStartsInPast(starts_on=terms.starts_on)
    if earlier is not None:
        require_answered(earlier)
        require_no_correction(round)
    preview = preview_notice(round, terms)
    if seen is not None and seen != preview.seen:
        raise NoticeNotAsSeen()
    last_day = terms.runs_until()
    notice = PublicNotice.objects.create(
        round=round,
        code=preview.words["code"],
        title=terms.title,
        basis=terms.basis,
        starts_on=terms.starts_on,
        last_day=last_day,
        working_days=terms.working_days,
        closes_at=closing_instant_of(last_day),
        snapshot=preview.words,
        sha256=preview.sha256,
        replaces=earlier,
        published_by=acting_user,
    )
    for decision, (kind, body) in zip(preview.decisions, preview.letters, strict=True):
        DECISION.move(decision, "publish", acting_user=acting_user)
        letter = Letter.objects.create(
            notice=notice, proposal=decision.proposal, kind=kind, body=body
        )
        _tell_applicant(
            decision.proposal,
            title=gettext_noop("评审结果重新公示：%(title)s")
            if earlier
            else gettext_noop("评审结果公示中：%(title)s"),
            body=letter.body,
            key=f"ventures.notice:{notice.pk}",
        )
    record_change(
        notice,
        "publish",
        after=notice.state,
        acting_user=acting_user,
        facts={"sha256": notice.sha256, "last_day": last_day.isoformat()},
    )
    if earlier is not None:
        carry_objections(earlier, notice, acting_user=acting_user)
    return notice


def _next_code(round: Round) -> str:
    return f"{round.code}-gs{round.notices.count() + 1}"


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def conclude_notice(notice: PublicNotice, *, acting_user: User) -> Announcement:
    """The notice has run its days: what nobody objected to is final and announced (公告).

    Proposals take their result, and every applicant is told. What is under recheck, and whoever
    could still move up by it, waits; once the answer is written the same act announces it by a
    supplement (补充公告). Who moved up waits for a notice of her own, and the round with her.
    Refused: until the last day is over by the database's clock, while an objection to the whole
    notice waits or one to every award of it, after one to the whole was upheld or the notice was
    withdrawn, and where nothing new is to be announced.
    """
    notice = (
        PublicNotice.objects.select_for_update(of=("self",))
        .select_related("round")
        .get(pk=notice.pk)
    )
    if not rules.is_notice_officer(acting_user, notice):
        raise NotAllowed()
    if notice.state == PublicNotice.State.WITHDRAWN:
        raise NoticeWithdrawn()
    now = database_now()
    if notice.state == PublicNotice.State.OPEN and now <= notice.closes_at:
        raise NoticeStillOpen(closes_at=notice.closes_at)
    round = Round.objects.select_for_update().get(pk=notice.round_id)
    ending = ending_of(notice)
    _require_something(notice, ending)
    if notice.state == PublicNotice.State.OPEN:
        NOTICE.move(notice, "conclude", acting_user=acting_user, concluded_at=now)
    words = final_words_of(notice, ending, timezone.localdate(now))
    announcement = Announcement.objects.create(
        notice=notice,
        number=words["number"],
        snapshot=words,
        sha256=digest_of(words),
        published_by=acting_user,
    )
    record_change(
        notice,
        "announce",
        after=notice.state,
        facts={
            "number": announcement.number,
            "sha256": announcement.sha256,
            "frozen": [one.proposal.code for one in ending.frozen],
        },
        acting_user=acting_user,
    )
    _make_final(ending.settled, announcement, acting_user)
    begin_revisions(ending.settled, acting_user=acting_user)
    if announcement.number == 1:
        _tell_who_waits(ending, announcement)
    is_open = _decisions_of(round, Decision.State.RESOLVED, Decision.State.PUBLISHED)
    if not is_open and to_be_replaced(round) is None:
        ROUND.move(round, "conclude", acting_user=acting_user)
        keep_dossier(round, Dossier.Occasion.FINAL, acting_user=acting_user)
    return announcement


def _require_something(notice: PublicNotice, ending: Ending) -> None:
    """There is something to announce, and nothing that holds up all of it."""
    if ending.against_all:
        raise WholeNoticeObjected(waiting=ending.against_all)
    if ending.is_void:
        raise WholeNoticeUpheld()
    if not ending.may_go_on:
        raise ObjectionsWaiting(waiting=len(ending.frozen))
    if notice.state == PublicNotice.State.CONCLUDED and not has_more(notice, ending):
        raise NothingToAnnounce()


def _make_final(settled: Iterable[Decision], announcement: Announcement, acting_user: User) -> None:
    for decision in settled:
        DECISION.move(decision, "conclude", acting_user=acting_user)
        PROPOSAL.move(
            decision.proposal,
            VERBS[Decision.Outcome(decision.outcome)],
            reason=decision.reason,
            acting_user=acting_user,
        )
        _tell_applicant(
            decision.proposal,
            title=gettext_noop("结果已公告：%(title)s"),
            body=partial(_result_of, decision.proposal),
            key=f"ventures.announcement:{announcement.pk}",
        )


def _result_of(proposal: Proposal) -> str:
    """立项, or what this round calls it: 获奖, 授牌; and where the rest is read."""
    usual = Proposal.State(proposal.state).public_label
    outcome = str(result_words(proposal.round, proposal.state, usual))
    return _("结果：%(outcome)s。请在“我的申报”查看得分、意见和下一步。") % {"outcome": outcome}


def _tell_who_waits(ending: Ending, announcement: Announcement) -> None:
    """Why her result is not among those announced, and that it follows."""
    for decision in ending.frozen:
        _tell_applicant(
            decision.proposal,
            title=gettext_noop("复核结束后另行公告：%(title)s"),
            body=lambda: _(
                "本项目的异议正在复核，其他项目先公告了。复核有了结果，会补充公告并通知您。"
            ),
            key=f"ventures.announcement:{announcement.pk}",
        )
    for decision in ending.held:
        _tell_applicant(
            decision.proposal,
            title=gettext_noop("等复核结束后定：%(title)s"),
            body=lambda: _(
                "有项目还在复核，复核结果可能让后面的项目递补，所以本项目的结果暂不公告。"
                "复核结束后会补充公告并通知您。"
            ),
            key=f"ventures.announcement:{announcement.pk}",
        )


def _decisions_of(round: Round, *states: str) -> list[Decision]:
    return list(
        Decision.objects.filter(proposal__round=round, state__in=states)
        .select_related("proposal__round__region", "proposal__applicant")
        .order_by("pk")
    )


def _tell_applicant(proposal: Proposal, *, title: str, body: Words, key: str) -> None:
    """Everyone who may act for the applicant: an organisation's people, or who began it."""
    for user in applicants_people(proposal):
        tell(
            user,
            kind="ventures.result",
            title=lambda: _(title) % {"title": proposal.title},
            body=body,
            link=reverse("ventures:proposal-outcome", args=[proposal.code]),
            key=f"{key}:proposal:{proposal.pk}:user:{user.pk}",
        )
