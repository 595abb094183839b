"""Tell the people of a service order what happened, each what it means for them.

Four audiences: who asked, who serves, the station's coordinators, and who decides a dispute.
Whoever acted is not told what they did themselves, nobody is told twice. One table says which verb
tells whom what.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Change, User
from accounts.services.messages import tell
from accounts.templatetags.kit import hours, moment, short_day
from timebank.models import ServiceOrder
from timebank.selectors.disputes import deciders_of
from timebank.selectors.orders import coordinators_of

type Words = str | Promise


class Audience(Enum):
    ASKING = "asking"
    SERVING = "serving"
    FORMER = "former"
    STATION = "station"
    DECIDING = "deciding"


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
            _(
                "%(day)s %(from)s–%(to)s。不能来请尽早退回，站点另行安排。"
                "服务后请在 %(until)s 前填写完成，逾期自动取消。"
            ),
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
    "reopen": (
        News(
            Audience.FORMER, _("一单改由别人服务：%(title)s"), _("要求的资质已撤销：%(reason)s。")
        ),
        News(
            Audience.ASKING,
            _("正在另找志愿者：%(title)s"),
            _("订单仍然有效，您的时间仍为这一单预留。"),
        ),
        News(
            Audience.STATION,
            _("志愿者的资质已撤销，请另行派单：%(title)s"),
            _("%(day)s %(from)s–%(to)s。原因：%(reason)s。"),
        ),
    ),
    "deliver": (
        News(
            Audience.ASKING,
            _("请确认服务：%(title)s"),
            _(
                "%(volunteer)s说服务已经完成。请在 %(until)s 前确认并评价；"
                "如果没有发生，请提出异议。到时没有异议，就自动确认。"
            ),
        ),
        News(
            Audience.STATION,
            _("待确认：%(title)s"),
            _("%(volunteer)s说服务已经完成。请在 %(until)s 前回访；到时没有异议，就自动确认。"),
        ),
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
            _("异议内容：%(reason)s。会有与这一单无关的人联系双方，核实后决定。"),
        ),
        News(
            Audience.DECIDING,
            _("有一单需要您裁定：%(title)s"),
            _("%(station)s。异议内容：%(reason)s。请联系双方核实，写明理由后决定。"),
        ),
        News(
            Audience.STATION,
            _("有一单有异议：%(title)s"),
            _("异议内容：%(reason)s。站点是当事一方的，由镇（街道）社工站裁定。"),
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


NEWS |= {
    "lapse_unanswered": (
        News(
            Audience.ASKING,
            _("没能安排上：%(title)s"),
            _("到约定时间还没有人接单，预留的时间已全部退回。可以换个时间再点，或打电话给站点。"),
        ),
        News(
            Audience.STATION,
            _("没有人接，已自动退回：%(title)s"),
            _("%(day)s %(from)s–%(to)s，点单人已收到通知。请打电话问问是否另约时间。"),
        ),
    ),
    "lapse_undelivered": (
        News(
            Audience.ASKING,
            _("订单已自动取消：%(title)s"),
            _("%(day)s 的服务一直没有填写完成，预留的时间已全部退回。服务其实做过的，请告诉站点。"),
        ),
        News(
            Audience.SERVING,
            _("逾期没有填写完成，订单已自动取消：%(title)s"),
            _("%(day)s %(from)s–%(to)s。服务其实做过的，请自己记一笔，由站点核实后确认。"),
        ),
        News(
            Audience.STATION,
            _("逾期没有填写完成，已自动取消：%(title)s"),
            _("%(volunteer)s，%(day)s %(from)s–%(to)s。请问一问双方。"),
        ),
    ),
    "lapse_unconfirmed": (
        News(
            Audience.SERVING,
            _("%(minutes)s已记入您的时间"),
            _("%(title)s到期没有异议，已自动确认，谢谢您的服务。"),
        ),
        News(
            Audience.ASKING,
            _("到期没有异议，已自动确认：%(title)s"),
            _("结算 %(minutes)s，没有用完的预留已经退回。还可以评价；有问题请打电话给站点。"),
        ),
        News(
            Audience.STATION,
            _("到期没有异议，已自动确认：%(title)s"),
            _("%(volunteer)s，结算 %(minutes)s。"),
        ),
    ),
    "refer": (
        News(
            Audience.SERVING,
            _("到期不能自动确认：%(title)s"),
            _("原因：%(reason)s会有与这一单无关的人核实后决定。"),
        ),
        News(
            Audience.ASKING,
            _("到期不能自动确认：%(title)s"),
            _("原因：%(reason)s会有与这一单无关的人核实后决定。"),
        ),
        News(
            Audience.DECIDING,
            _("有一单需要您裁定：%(title)s"),
            _("%(station)s。到期不能自动确认：%(reason)s请联系双方核实。"),
        ),
    ),
}


def tell_of_order(
    order: ServiceOrder,
    change: Change,
    *,
    former_volunteer: User | None = None,
    overflowed: int = 0,
) -> None:
    """Leave the messages of one change, one to each person; mail follows after the commit.

    Of the minutes, `overflowed` did not become the volunteer's; that is told on its own.
    """
    told = {change.acting_user_id}
    for news in NEWS[change.verb]:
        for user in _people(news.audience, order, former_volunteer):
            if user.pk in told:
                continue
            told.add(user.pk)
            with translation.override(user.language):
                is_serving = news.audience is Audience.SERVING
                facts = _facts_of(order, change, less=overflowed if is_serving else 0)
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
    if audience is Audience.DECIDING:
        yield from deciders_of(order)
    elif audience is Audience.STATION:
        yield from coordinators_of(order.station)
    elif audience is Audience.SERVING and order.volunteer is not None:
        yield order.volunteer
    elif audience is Audience.FORMER and former_volunteer is not None:
        yield former_volunteer
    elif audience is Audience.ASKING:
        yield order.requested_by
        if order.recipient.user is not None and order.recipient.user != order.requested_by:
            yield order.recipient.user


def _facts_of(order: ServiceOrder, change: Change, *, less: int) -> dict[str, str]:
    moved = order.moved_minutes
    minutes = moved if moved is not None else order.set_aside_minutes
    return {
        "title": order.listing.title,
        "day": short_day(order.wanted_on),
        "from": order.wanted_from.strftime("%H:%M"),
        "to": order.wanted_to.strftime("%H:%M"),
        "volunteer": order.volunteer.display_name if order.volunteer else "",
        "minutes": hours(minutes - less),
        "reason": change.reason,
        "station": order.station.name,
        "until": moment(order.lapses_at) if order.lapses_at else "",
    }
