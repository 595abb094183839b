"""评审材料包: all a reviewer's proposals with a blank score sheet each, as one PDF, made by a task.

What was asked for is a row that says how far it has come. A worker that dies leaves the row, and a
sweeper takes it up; while one works on it no second one does. Only what she may see goes in, named
as the phase allows; what she may no longer see makes the whole pack unreadable for her.
"""

from datetime import timedelta

from celery import current_app
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.advisory_locks import alone_with
from accounts.clock import database_now
from accounts.models import User
from accounts.services.messages import tell
from accounts.services.papers import Volume, typeset
from ventures.errors.reviews import PackEmpty, PackOutdated
from ventures.models import Assignment, ReviewPack
from ventures.rules.review_rights import rights_in
from ventures.selectors.blinding import read_by_reviewers, version_for_reviewers
from ventures.selectors.review_queues import QueueLine, evening_of
from ventures.selectors.reviews import assignments_opened
from ventures.selectors.score_papers import blank_sheet_paper, reading_paper

TASK = "ventures.tasks.make_pack_later"
LOST_AFTER = timedelta(minutes=10)
LOCKS = 7_701_003  # ours among the database's advisory locks
S = ReviewPack.State


@transaction.atomic
def ask_for_pack(*, acting_user: User) -> ReviewPack:
    """Leave word that she wants her pack; what is being made already is not made twice.

    Refused: with nothing to read, or nothing signed for (`PackEmpty`).
    """
    if not _lines_of(acting_user):
        raise PackEmpty()
    try:
        with transaction.atomic():
            pack = ReviewPack.objects.create(reviewer=acting_user)
    except IntegrityError:
        return ReviewPack.objects.exclude(state=S.READY).get(reviewer=acting_user)
    transaction.on_commit(lambda: current_app.tasks[TASK].delay(pack.pk), robust=True)
    return pack


def make_pack(number: int) -> ReviewPack:
    """Typeset proposal by proposal, counting as it goes, and tell her; once."""
    with alone_with(LOCKS, number) as is_alone:
        pack = ReviewPack.objects.select_related("reviewer").get(pk=number)
        if not is_alone or pack.state == S.READY:
            return pack
        lines = _lines_of(pack.reviewer)
        ReviewPack.objects.filter(pk=number).update(state=S.RUNNING, done=0, total=len(lines))
        with override(pack.reviewer.language):
            volume, contents = Volume(), []
            for done, line in enumerate(lines, start=1):
                is_in = _append(volume, line)
                if is_in:
                    contents.append([line.assignment.pk, line.shown.is_blind])
                ReviewPack.objects.filter(pk=number).update(done=done)
            return _ready(pack, volume, contents)


def make_lost_packs() -> int:
    """Make what was asked for a while ago and is not there; how many that were."""
    lost = ReviewPack.objects.filter(
        state__in=[S.WAITING, S.RUNNING], asked_at__lt=database_now() - LOST_AFTER
    ).values_list("pk", flat=True)
    return len([make_pack(number) for number in list(lost)])


def require_current(pack: ReviewPack, *, acting_user: User) -> None:
    """Everything in it is still hers to read, and named as it may be named now."""
    now = {line.assignment.pk: line.shown.is_blind for line in evening_of(acting_user).lines}
    for assignment, is_blind in pack.contents:
        if assignment not in now or (now[assignment] and not is_blind):
            raise PackOutdated()


def _lines_of(reviewer: User) -> list[QueueLine]:
    return evening_of(reviewer).open_lines


def _append(volume: Volume, line: QueueLine) -> bool:
    """One proposal and its sheet; not while its anonymous copy is not released."""
    own = Assignment.objects.visible_to(line.member.reviewer)
    assignment = assignments_opened().filter(pk__in=own).filter(pk=line.assignment.pk).first()
    if assignment is None:
        return False
    version = version_for_reviewers(assignment.proposal, line.review)
    text = read_by_reviewers(version, rights_in(assignment.proposal.round))
    if text is None:
        return False
    text_paper = reading_paper(assignment, line.shown, text, version)
    volume.add(
        typeset("ventures/papers/reading.typ", text_paper),
        typeset("ventures/papers/review.typ", blank_sheet_paper(assignment, line.shown)),
        title=f"{line.shown.code} {line.shown.title}",
    )
    return True


@transaction.atomic
def _ready(pack: ReviewPack, volume: Volume, contents: list[list[int]]) -> ReviewPack:
    pack = ReviewPack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if pack.state == S.READY:
        return pack
    file = volume.bound()
    pack.file.save("", ContentFile(file, name="pack"), save=False)
    pack.size_bytes = len(file)
    pack.state, pack.contents, pack.ended_at = S.READY, contents, database_now()
    pack.save()
    tell(
        pack.reviewer,
        kind="ventures.review_pack_ready",
        title=_("评审材料包可以下载了"),
        body=_("%(count)d 份申报书，每份后面附一张空白评分表，可以打印，也可以断网时看。")
        % {"count": len(contents)},
        link=reverse("ventures:review-queue"),
        key=f"ventures.review_pack:{pack.pk}:ready",
    )
    return pack
