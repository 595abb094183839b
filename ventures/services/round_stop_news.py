"""Tell of a round that is to be ended, and that was ended: who must agree, who asked, everybody."""

from datetime import datetime

from celery import current_app
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import Message, Role, User
from accounts.services.messages import tell
from accounts.services.system_user import the_product
from ventures.models import Need, RoundStop
from ventures.services.need_news import tell_concerned
from ventures.services.round_news import SETTLED, SWEPT, people_of_round

TELL_TASK = "ventures.tasks.tell_stopped_later"


def tell_stop_asked(stop: RoundStop, deciders: list[User]) -> None:
    round = stop.round
    with override(OFFICIAL_LANGUAGE):
        for user in deciders:
            tell(
                user,
                kind="round_stop_asked",
                title=lambda: (_("提请终止征集，等您审核：%(name)s") % {"name": round.name})[:120],
                body=lambda: (
                    _("%(who)s 提请终止：%(cause)s。%(reason)s")
                    % {
                        "who": stop.asked_by.display_name,
                        "cause": stop.get_cause_display(),
                        "reason": stop.reason,
                    }
                ),
                link=f"{round.get_absolute_url()}stop/",
                key=f"round_stop:{stop.pk}:asked:{user.pk}",
            )


def tell_stop_answered(stop: RoundStop) -> None:
    """Whoever asked for it learns that the round goes on, and why."""
    with override(OFFICIAL_LANGUAGE):
        tell(
            stop.asked_by,
            kind="round_stop_refused",
            title=lambda: (_("没有同意终止：%(name)s") % {"name": stop.round.name})[:120],
            body=lambda: _("征集照常进行。理由：%(reason)s") % {"reason": stop.answer},
            link=f"{stop.round.get_absolute_url()}desk/",
            key=f"round_stop:{stop.pk}:refused",
        )


def tell_need_back(need: Need, stop: RoundStop) -> None:
    tell_concerned(
        need,
        acting_user=the_product(),
        words=_("列入的征集“%(name)s”已终止（%(why)s），这条需求重新等待答复。")
        % {"name": stop.round.name, "why": stop.get_cause_display()},
    )


def announce_stop(stop: RoundStop) -> None:
    """Have everybody told once it stands: they may be thousands."""
    # By the task's name: services stand below tasks. What the queue loses is found by the sweep.
    transaction.on_commit(lambda: current_app.tasks[TELL_TASK].delay(stop.pk), robust=True)


def tell_stopped(stop: RoundStop) -> int:
    """Tell who writes, filed, asked, reviews or operates in it, and who wished its end; how many.
    Again is harmless."""
    round = stop.round
    with override(OFFICIAL_LANGUAGE):
        title = _("征集已终止：%(name)s") % {"name": round.name}
        body = _(
            "%(cause)s。%(reason)s %(next)s"
            "填写和提交过的内容都保存着，重新征集时可以转过去，不用重填。"
            "有疑问请联系 %(who)s，电话 %(phone)s。"
        ) % {
            "cause": stop.get_cause_display(),
            "reason": stop.reason,
            "next": stop.next_words,
            "who": round.contact_name,
            "phone": round.contact_phone,
        }
    people = _people_of(stop)
    for user in people:
        tell(
            user,
            kind="round_stopped",
            title=title[:120],
            body=body,
            link=round.get_absolute_url(),
            key=f"{_key(stop)}:{user.pk}",
        )
    return len(people)


def tell_lost_stops(now: datetime) -> int:
    """Tell of rounds ended in the last hours whose people were not all told; how many rounds."""
    recent = RoundStop.objects.filter(
        state=RoundStop.State.AGREED,
        decided_at__gt=now - SWEPT,
        decided_at__lt=now - SETTLED,
    ).select_related("round__operator")
    lost = [
        stop
        for stop in recent
        if Message.objects.filter(key__startswith=f"{_key(stop)}:").count() < len(_people_of(stop))
    ]
    for stop in lost:
        tell_stopped(stop)
    return len(lost)


def _key(stop: RoundStop) -> str:
    return f"round_stop:{stop.pk}:agreed"


def _people_of(stop: RoundStop) -> QuerySet[User]:
    round = stop.round
    operators = Q(
        roles__organisation=round.operator_id,
        roles__kind=Role.Kind.OPERATOR,
        roles__ended_at__isnull=True,
    )
    people = User.objects.filter(
        Q(pk__in=people_of_round(round).values("pk"))
        | Q(pk=stop.asked_by_id)
        | (operators if round.operator_id else Q(pk__in=[])),
        is_active=True,
    )
    assert stop.decided_by_id is not None, "round_stop_decided_by_somebody"
    return people.exclude(pk=stop.decided_by_id).distinct()
