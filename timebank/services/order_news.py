"""Tell the people of a service order what happened, each what it means for them.

Three audiences: who asked, who serves, and the station's coordinators. Whoever acted is not told
what they did themselves. One table says which verb tells whom what.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Change, User
from accounts.services.messages import tell
from accounts.templatetags.kit import hours, short_day
from timebank.models import ServiceOrder
from timebank.selectors.orders import coordinators_of

type Words = str | Promise


class Audience(Enum):
    ASKING = "asking"
    SERVING = "serving"
    FORMER = "former"
    STATION = "station"


@dataclass(frozen=True, slots=True)
class News:
    """What one audience reads about one verb."""

    audience: Audience
    title: Words
    body: Words


NEWS: dict[str, tuple[News, ...]] = {
    "place": (
        News(
            Audience.STATION,
            _("新订单：%(title)s"),
            _("%(day)s %(from)s–%(to)s，等待志愿者接单。可以在订单台派单。"),
        ),
    ),
    "accept": (
        News(
            Audience.ASKING,
            _("有志愿者接单了：%(title)s"),
            _("%(volunteer)s将在 %(day)s %(from)s–%(to)s 前来服务。见面时请把服务码告诉志愿者。"),
        ),
        News(
            Audience.STATION,
            _("已接单：%(title)s"),
            _("%(volunteer)s接下了 %(day)s %(from)s–%(to)s 的订单。"),
        ),
    ),
    "assign": (
        News(
            Audience.SERVING,
            _("站点派给您一单：%(title)s"),
            _("%(day)s %(from)s–%(to)s。不能来请尽早退回，站点另行安排。"),
        ),
        News(
            Audience.ASKING,
            _("已安排志愿者：%(title)s"),
            _("%(volunteer)s将在 %(day)s %(from)s–%(to)s 前来服务。见面时请把服务码告诉志愿者。"),
        ),
    ),
    "give_back": (
        News(
            Audience.ASKING,
            _("志愿者来不了，正在另找人：%(title)s"),
            _("原因：%(reason)s。订单仍然有效，您的时间仍为这一单预留。"),
        ),
        News(Audience.STATION, _("志愿者退单：%(title)s"), _("原因：%(reason)s。请另行派单。")),
    ),
    "reassign": (
        News(Audience.FORMER, _("站点收回了一单：%(title)s"), _("原因：%(reason)s。")),
        News(
            Audience.ASKING,
            _("正在另找志愿者：%(title)s"),
            _("原因：%(reason)s。订单仍然有效。"),
        ),
    ),
    "deliver": (
        News(
            Audience.ASKING,
            _("请确认服务：%(title)s"),
            _("%(volunteer)s说服务已经完成。请确认并评价；如果没有发生，请提出异议。"),
        ),
        News(Audience.STATION, _("待确认：%(title)s"), _("%(volunteer)s说服务已经完成。")),
    ),
    "confirm": (
        News(
            Audience.SERVING,
            _("%(minutes)s已记入您的时间"),
            _("%(title)s已由对方确认，谢谢您的服务。"),
        ),
        News(
            Audience.ASKING,
            _("服务已完成：%(title)s"),
            _("结算 %(minutes)s，没有用完的预留已经退回。"),
        ),
    ),
    "dispute": (
        News(
            Audience.SERVING,
            _("对方对服务有异议：%(title)s"),
            _("异议内容：%(reason)s。站点会联系双方核实后决定。"),
        ),
        News(
            Audience.STATION,
            _("有一单需要裁定：%(title)s"),
            _("异议内容：%(reason)s。请联系双方核实。"),
        ),
    ),
    "uphold": (
        News(
            Audience.SERVING,
            _("裁定服务成立：%(minutes)s已记入您的时间"),
            _("%(title)s。理由：%(reason)s。"),
        ),
        News(
            Audience.ASKING,
            _("裁定服务成立：%(title)s"),
            _("结算 %(minutes)s。理由：%(reason)s。"),
        ),
    ),
    "overturn": (
        News(
            Audience.SERVING,
            _("裁定服务不成立：%(title)s"),
            _("理由：%(reason)s。"),
        ),
        News(
            Audience.ASKING,
            _("裁定退回时间：%(title)s"),
            _("预留的时间已全部退回。理由：%(reason)s。"),
        ),
    ),
    "cancel": (
        News(
            Audience.SERVING,
            _("订单已取消，不用来了：%(title)s"),
            _("原定 %(day)s %(from)s–%(to)s。%(reason)s"),
        ),
        News(
            Audience.ASKING,
            _("订单已取消：%(title)s"),
            _("预留的时间已全部退回。%(reason)s"),
        ),
        News(Audience.STATION, _("订单已取消：%(title)s"), _("原定 %(day)s %(from)s–%(to)s。")),
    ),
    "decline": (
        News(
            Audience.ASKING,
            _("没能安排上：%(title)s"),
            _("预留的时间已全部退回。原因：%(reason)s。可以换个时间再点，或打电话给站点。"),
        ),
    ),
}


def tell_of_order(
    order: ServiceOrder, change: Change, *, former_volunteer: User | None = None
) -> None:
    """Leave the messages of one change; mail follows after the commit."""
    for news in NEWS[change.verb]:
        for user in _people(news.audience, order, former_volunteer):
            if user.pk == change.acting_user_id:
                continue
            with translation.override(user.language):
                facts = _facts_of(order, change)
                tell(
                    user,
                    kind=f"order_{change.verb}",
                    title=str(news.title) % facts,
                    body=str(news.body) % facts,
                    link=order.get_absolute_url(),
                    key=f"order:{order.pk}:{change.pk}:{news.audience.value}:{user.pk}",
                )


def _people(
    audience: Audience, order: ServiceOrder, former_volunteer: User | None
) -> Iterator[User]:
    if audience is Audience.STATION:
        yield from coordinators_of(order.station)
    elif audience is Audience.SERVING and order.volunteer is not None:
        yield order.volunteer
    elif audience is Audience.FORMER and former_volunteer is not None:
        yield former_volunteer
    elif audience is Audience.ASKING:
        yield order.requested_by
        if order.recipient.user is not None and order.recipient.user != order.requested_by:
            yield order.recipient.user


def _facts_of(order: ServiceOrder, change: Change) -> dict[str, str]:
    minutes = order.settled_minutes if order.settled_minutes is not None else order.minutes
    return {
        "title": order.listing.title,
        "day": short_day(order.wanted_on),
        "from": order.wanted_from.strftime("%H:%M"),
        "to": order.wanted_to.strftime("%H:%M"),
        "volunteer": order.volunteer.display_name if order.volunteer else "",
        "minutes": hours(minutes),
        "reason": change.reason,
    }
