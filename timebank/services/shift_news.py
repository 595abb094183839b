"""Tell people what happened to their seats: one table says which verb tells whom what.

What cannot wait for somebody to look (a call-off, another time, an offer that runs out) also goes
out as a short message.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Change, User
from accounts.models.messages import Delivery
from accounts.services.messages import tell
from accounts.templatetags.kit import moment, period
from timebank.models import Activity, Shift, Signup, Swap

type Words = str | Promise

MAIL = (Delivery.Channel.MAIL,)
AT_ONCE = (Delivery.Channel.MAIL, Delivery.Channel.SMS)


@dataclass(frozen=True, slots=True)
class News:
    """What the person concerned reads."""

    title: Words
    body: Words
    channels: tuple[str, ...] = MAIL


@dataclass(frozen=True, slots=True)
class Altered:
    """One thing of an activity that is different now, in words for those who are signed up."""

    label: Words
    now: Words


OF_SIGNUP: dict[str, News] = {
    "seated": News(
        _("已报名：%(title)s"),
        _("%(when)s，%(place)s。来不了请在 %(until)s 之前取消，把名额让给候补的人。"),
    ),
    "waiting": News(
        _("已排候补：%(title)s"),
        _("%(when)s 的名额满了。有人取消，会按先后顺序通知您确认。"),
    ),
    "offer": News(
        _("有名额了，请确认：%(title)s"),
        _("%(when)s，%(place)s。名额为您保留到 %(offer)s，过时给下一位。"),
        AT_ONCE,
    ),
    "accept": News(_("名额已确认：%(title)s"), _("%(when)s，%(place)s。")),
    "lapse": News(
        _("名额已给下一位：%(title)s"),
        _("没有在约定时间内确认。想参加可以重新排候补。"),
    ),
    "cancel": News(_("已取消报名：%(title)s"), _("%(when)s 的报名已经取消，不算未到。")),
    "excuse": News(
        _("已准假：%(title)s"), _("%(when)s 不用来了，不算未到。原因：%(reason)s"), AT_ONCE
    ),
    "release": News(
        _("不用来了：%(title)s"),
        _("%(when)s 的名额已经退回，不算未到。原因：%(reason)s"),
        AT_ONCE,
    ),
    "hand_over": News(_("换班成功：%(title)s"), _("%(when)s 已由别人接替，您不用来了。")),
}

OF_SHIFT: dict[str, News] = {
    "cancel": News(
        _("活动取消，不用来了：%(title)s"),
        _("原定 %(when)s，%(place)s。原因：%(reason)s。不算未到，这段时间已经空出来。"),
        AT_ONCE,
    ),
    "postpone": News(
        _("活动改期：%(title)s"),
        _("改到 %(when)s，%(place)s。原因：%(reason)s。名额保留；来不了请在开始前取消，不算未到。"),
        AT_ONCE,
    ),
    "edit": News(
        _("地点改了：%(title)s"),
        _("%(when)s，改在%(place)s。来不了请取消，或者告诉活动负责人，不算未到。"),
        AT_ONCE,
    ),
    "clash": News(
        _("活动改期，与您别的安排重叠：%(title)s"),
        _("改到 %(when)s，%(place)s。您那时已有安排，名额已经退回，不算未到。"),
        AT_ONCE,
    ),
}

OF_ACTIVITY = News(
    _("活动有变动：%(title)s"),
    _("%(changed)s。您已经报名；不方便来了，请取消或者告诉活动负责人，不算未到。"),
    AT_ONCE,
)

OF_SWAP: dict[str, News] = {
    "propose": News(
        _("%(who)s想和您换班：%(title)s"),
        _("%(when)s，%(place)s。请打开“我的场次”答复。"),
        AT_ONCE,
    ),
    "agree": News(_("%(who)s同意换班：%(title)s"), _("%(when)s，%(place)s。")),
    "decline": News(_("%(who)s没有同意换班：%(title)s"), _("%(when)s 的名额仍是您的。")),
    "withdraw": News(_("%(who)s撤回了换班：%(title)s"), _("不用答复了。")),
}


def tell_of_signup(signup: Signup, change: Change) -> None:
    """Tell the volunteer; what one did oneself is told too where it is a promise to keep."""
    verb = str(signup.state) if change.verb == "sign_up" else change.verb
    news = OF_SIGNUP.get(verb)
    own_step_back = verb == "cancel" and change.acting_user_id == signup.volunteer_id
    if news is None or own_step_back or signup.came == Signup.Came.WALK_IN:
        return
    facts = {"offer": signup.offer_ends_at, "reason": change.reason}
    key = f"signup:{signup.pk}:{change.pk}"
    _tell(signup.volunteer, f"signup_{verb}", news, signup.shift, key, facts)


def tell_of_shift(
    shift: Shift, verb: str, people: Iterable[User], *, reason: str, change: Change
) -> int:
    """Tell everyone who was on the list; how many that were."""
    told = 0
    for person in people:
        key = f"shift:{shift.pk}:{change.pk}:{verb}:{person.pk}"
        _tell(person, f"shift_{verb}", OF_SHIFT[verb], shift, key, {"reason": reason})
        told += 1
    return told


def tell_of_activity(
    activity: Activity, people: Iterable[User], altered: Sequence[Altered], *, change: Change
) -> int:
    """Tell everyone on a list of what is to come what is different now, once each; how many."""
    told = set()
    for person in people:
        if person.pk in told:
            continue
        told.add(person.pk)
        with translation.override(person.language):
            changed = "；".join(f"{one.label}：{one.now}" for one in altered)  # not shown: marks
            words = {"title": activity.title, "changed": changed}
            tell(
                person,
                kind="activity_edit",
                title=str(OF_ACTIVITY.title) % words,
                body=str(OF_ACTIVITY.body) % words,
                link=activity.get_absolute_url(),
                key=f"activity:{activity.pk}:{change.pk}:{person.pk}",
                channels=OF_ACTIVITY.channels,
            )
    return len(told)


def tell_of_swap(swap: Swap, change: Change, *, to: User) -> None:
    news = OF_SWAP[change.verb]
    key = f"swap:{swap.pk}:{change.pk}:{to.pk}"
    facts = {"who": change.acting_user.display_name}
    _tell(to, f"swap_{change.verb}", news, swap.given.shift, key, facts)


def _tell(
    person: User, kind: str, news: News, shift: Shift, key: str, facts: Mapping[str, object]
) -> None:
    activity = shift.activity
    with translation.override(person.language):
        offer = facts.get("offer")
        words = dict(facts) | {
            "title": activity.title,
            "when": period(shift.starts_at, shift.ends_at),
            "place": shift.place,
            "until": moment(shift.cancel_until),
            "offer": moment(offer) if offer else "",  # type: ignore[arg-type]
        }
        tell(
            person,
            kind=kind,
            title=str(news.title) % words,
            body=str(news.body) % words,
            link=shift.get_absolute_url(),
            key=key,
            channels=news.channels,
        )
