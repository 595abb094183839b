"""Tell the people a round concerns: dates that moved, more time, a sealed proposal opened, answers.

What concerns one proposal only is told by the services of proposals.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from celery import current_app
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import Change, Message, User
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.models import CallAnswer, Extension, PanelMember, Peek, Proposal, Round
from ventures.rules.schedule import Move
from ventures.selectors.timetable import label_of_date

# What the office writes by itself is an official text: Chinese, whatever language people read.
ACTS_FOR = ("member", "manager")
TELL_TASK = "ventures.tasks.tell_dates_moved_later"
MOVING_VERBS = ("set_timetable", "extend")
# What a sweep looks back over, and how long a task is given before it counts as lost.
SWEPT, SETTLED = timedelta(hours=3), timedelta(minutes=10)


def announce_dates_moved(round: Round, change: Change) -> None:
    """Have everybody concerned told once the move stands: they may be thousands, and whoever moves
    a date does not wait for them. A round that is not published yet concerns nobody."""
    if round.published_at is None or not change.facts.get("moved"):
        return
    # By the task's name: services stand below tasks. What the queue loses is found by the sweep.
    transaction.on_commit(lambda: current_app.tasks[TELL_TASK].delay(change.pk), robust=True)


def tell_dates_moved(change: Change) -> int:
    """Tell everyone who writes or filed a proposal, asked a question or reviews in the round, and
    who watches it; how many. Again is harmless: one message of a move to each."""
    round = change.subject
    assert isinstance(round, Round), "dates are moved of rounds"
    moves = [
        Move(key, datetime.fromisoformat(before), datetime.fromisoformat(after))
        for key, (before, after) in change.facts["moved"].items()
    ]
    people = people_of_round(round).exclude(pk=change.acting_user_id)
    _tell_of_moves(round, moves, change, people)
    return len(people)


def tell_lost_moves(now: datetime) -> int:
    """Tell of moves of the last hours whose people were not all told; how many moves."""
    recent = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(Round),
        verb__in=MOVING_VERBS,
        at__gt=now - SWEPT,
        at__lt=now - SETTLED,
    )
    lost = [change for change in recent if _is_lost(change)]
    for change in lost:
        tell_dates_moved(change)
    return len(lost)


def _is_lost(change: Change) -> bool:
    round = change.subject
    if not isinstance(round, Round) or not change.facts.get("moved"):
        return False
    if round.published_at is None or change.at < round.published_at:
        return False
    told = Message.objects.filter(key__startswith=f"{_moved_key(change)}:").count()
    return told < people_of_round(round).exclude(pk=change.acting_user_id).count()


def _moved_key(change: Change) -> str:
    return f"round:{change.object_id}:moved:{change.pk}"


def _tell_of_moves(
    round: Round, moves: Sequence[Move], change: Change, people: QuerySet[User]
) -> None:
    with override(OFFICIAL_LANGUAGE):
        tracks = list(round.tracks.all())
        lines = "；".join(
            _("%(what)s由 %(before)s 改到 %(after)s")
            % {
                "what": label_of_date(move.key, tracks, two_steps=round.has_concepts),
                "before": moment(move.before),
                "after": moment(move.after),
            }
            for move in sorted(moves, key=lambda one: one.after)
        )
        body = _("%(lines)s。原因：%(reason)s。有疑问请联系 %(who)s，电话 %(phone)s。") % {
            "lines": lines,
            "reason": change.reason,
            "who": round.contact_name,
            "phone": round.contact_phone,
        }
        title = _("日程有变：%(name)s") % {"name": round.name}
        _tell_each(
            people,
            kind="round_dates_moved",
            title=title,
            body=body,
            link=round.get_absolute_url(),
            key=_moved_key(change),
        )


def people_of_round(round: Round) -> QuerySet[User]:
    """Applicants with a proposal that is not withdrawn, who asked, who reviews."""
    live = round.proposals.exclude(state=Proposal.State.WITHDRAWN)
    acting = Q(
        roles__organisation__in=live.filter(applicant__isnull=False).values("applicant"),
        roles__kind__in=ACTS_FOR,
        roles__ended_at__isnull=True,
    )
    return User.objects.filter(
        acting
        | Q(pk__in=live.filter(initiator__isnull=False).values("initiator"))
        | Q(pk__in=round.call_questions.values("asked_by"))
        | Q(pk__in=PanelMember.objects.filter(panel__round=round).values("reviewer")),
        is_active=True,
    ).distinct()


def people_acting_for(organisation_id: int | None, initiator_id: int | None) -> QuerySet[User]:
    """Everyone who may act for an applicant: the people of an organisation, or one person."""
    if initiator_id is not None:
        return User.objects.filter(pk=initiator_id, is_active=True)
    return User.objects.filter(
        is_active=True,
        roles__organisation=organisation_id,
        roles__kind__in=ACTS_FOR,
        roles__ended_at__isnull=True,
    ).distinct()


def tell_extension_given(extension: Extension) -> None:
    round = extension.round
    with override(OFFICIAL_LANGUAGE):
        _tell_each(
            people_acting_for(extension.organisation_id, extension.initiator_id),
            kind="extension_given",
            title=_("给了您延期：%(name)s") % {"name": round.name},
            body=_(
                "“%(who)s”可以在 %(until)s 前提交一次，只能用一次。理由：%(reason)s。"
                "请打开征集公告开始或继续填写；有疑问请联系 %(contact)s，电话 %(phone)s。"
            )
            % {
                "who": extension.who,
                "until": moment(extension.until),
                "reason": extension.reason,
                "contact": round.contact_name,
                "phone": round.contact_phone,
            },
            link=round.get_absolute_url(),
            key=f"extension:{extension.pk}:given",
        )


def tell_extension_taken_back(extension: Extension, *, reason: str) -> None:
    round = extension.round
    with override(OFFICIAL_LANGUAGE):
        _tell_each(
            people_acting_for(extension.organisation_id, extension.initiator_id),
            kind="extension_taken_back",
            title=_("延期已收回：%(name)s") % {"name": round.name},
            body=_(
                "给“%(who)s”的延期没有使用，现已收回。原因：%(reason)s。"
                "请联系 %(contact)s，电话 %(phone)s。"
            )
            % {
                "who": extension.who,
                "reason": reason,
                "contact": round.contact_name,
                "phone": round.contact_phone,
            },
            link=round.get_absolute_url(),
            key=f"extension:{extension.pk}:taken_back",
        )


def tell_peeked(peek: Peek) -> None:
    """The applicant learns at once that somebody looked, who and why."""
    proposal = peek.proposal
    with override(OFFICIAL_LANGUAGE):
        _tell_each(
            people_acting_for(proposal.applicant_id, proposal.initiator_id),
            kind="proposal_peeked",
            title=_("您的申报书在启封前被查看：%(code)s") % {"code": proposal.code},
            body=_(
                "%(who)s于 %(at)s 查看了您封存的申报书 %(code)s。理由：%(reason)s。"
                "这次查看已留痕，审计可查；有异议请拨打监督电话 %(phone)s。"
            )
            % {
                "who": peek.peeked_by.display_name,
                "at": moment(peek.peeked_at),
                "code": proposal.code,
                "reason": peek.reason,
                "phone": proposal.round.supervision_phone,
            },
            link=proposal.get_absolute_url(),
            key=f"peek:{peek.pk}",
        )


def tell_answered(answer: CallAnswer) -> None:
    """Whoever asked; the public reads the answer on the call's page."""
    question = answer.question
    with override(OFFICIAL_LANGUAGE):
        _tell_each(
            [question.asked_by],
            kind="question_answered",
            title=_("您的提问已答复：%(name)s") % {"name": question.round.name},
            body=_("您问：%(asked)s 答复：%(answer)s")
            % {"asked": question.text, "answer": answer.text},
            link=reverse("ventures:call-questions", args=[question.round.code]),
            key=f"answer:{answer.pk}",
        )


def _tell_each(
    people: Iterable[User], *, kind: str, title: str, body: str, link: str, key: str
) -> None:
    for user in people:
        tell(user, kind=kind, title=title[:120], body=body, link=link, key=f"{key}:{user.pk}")
