"""An order's story, a person's orders, a station's desk.

What is free to be taken stands in `board`, who could take it in `matching`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Change, Role, Station, User
from accounts.rules import stations_of
from timebank.lifecycles.orders import ORDER
from timebank.models import ServiceOrder
from timebank.rules import orders as rules

type Words = str | Promise

State = ServiceOrder.State


@dataclass(frozen=True, slots=True)
class Step:
    """One station on an order's way, as the steps component shows it."""

    label: Words
    state: Literal["done", "current", "todo", "stopped"]
    text: Words = ""
    who: Words = ""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What a state means, what comes next, and who acts."""

    what: Words
    next: Words
    who: Words
    tone: str


EXPLAINED: dict[str, Explained] = {
    State.PLACED: Explained(
        _("订单已收到，时间已经预留，还没有用掉。"),
        _("附近的志愿者可以接单；没有人接时，站点会打电话找人。"),
        _("志愿者或站点"),
        "waiting",
    ),
    State.ACCEPTED: Explained(
        _("志愿者已经接单，会按约定的时间来。"),
        _("见面时，服务对象把四位服务码告诉志愿者；服务结束后，志愿者填写实际时间。"),
        _("志愿者"),
        "active",
    ),
    State.DELIVERED: Explained(
        _("志愿者说服务已经完成，等待确认。"),
        _("点单人或站点确认并评价后，时间记到志愿者名下；没有发生的，可以提出异议。"),
        _("点单人或站点"),
        "waiting",
    ),
    State.SETTLED: Explained(
        _("服务已确认，时间已经结算，服务记录已经留存。"),
        _("没有别的事要办了。"),
        "",
        "done",
    ),
    State.CANCELLED: Explained(
        _("订单已取消，预留的时间全部退回。"), _("需要时可以重新点单。"), "", "neutral"
    ),
    State.DECLINED: Explained(
        _("这次没能安排上志愿者，预留的时间全部退回。"),
        _("可以换个时间再点，或打电话请站点帮忙。"),
        "",
        "neutral",
    ),
    State.DISPUTED: Explained(
        _("对服务有异议，时间仍在预留，谁也没有得到。"),
        _("与这一单无关的人联系双方核实，写明理由后决定：服务成立，或退回时间。"),
        _("站点；站点代为点单或提出异议的，由镇（街道）社工站或经办人"),
        "danger",
    ),
}

VERBS: dict[str, Words] = {
    "place": _("点单，预留时间"),
    "match_code": _("核对了服务码"),
    "show_card": _("扫了服务卡"),
    "miss_code": _("服务码输入有误"),
    "rate": _("评价"),
} | {arrow.verb: arrow.label for arrow in ORDER}

TONES = {
    "dispute": "danger",
    "refer": "danger",
    "confirm": "done",
    "lapse_unconfirmed": "done",
    "uphold": "done",
    "cancel": "waiting",
    "lapse_unanswered": "waiting",
    "lapse_undelivered": "waiting",
}

WAY = (
    (_("点单"), ("place",), State.PLACED),
    (_("接单"), ("accept", "assign"), State.ACCEPTED),
    (_("服务"), ("deliver",), State.DELIVERED),
    (_("确认评价"), ("confirm", "uphold", "lapse_unconfirmed"), State.SETTLED),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One change of an order, in plain words, as the timeline component shows it."""

    what: Words
    who: str
    when: datetime
    why: str
    tone: str = ""
    url: str = ""


def order_of_request(user: User, request_key: str) -> ServiceOrder | None:
    """The order this person's request has placed already, if it has."""
    try:
        key = UUID(request_key)
    except ValueError:
        return None
    return ServiceOrder.objects.filter(request_key=key, requested_by=user).first()


def orders_of(user: User) -> QuerySet[ServiceOrder]:
    """What the person asked for or receives, newest first."""
    return ServiceOrder.objects.of_requester(user).with_names()


def running_orders_of(user: User) -> QuerySet[ServiceOrder]:
    """Those of them that are neither settled nor given back."""
    return ServiceOrder.objects.of_requester(user).under_way().with_names()


def served_by(user: User) -> QuerySet[ServiceOrder]:
    """What the person has taken on, the next first."""
    return (
        ServiceOrder.objects.filter(volunteer=user)
        .with_names()
        .order_by("wanted_on", "wanted_from", "pk")
    )


DESK_TABS: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("placed", _("等待接单"), (State.PLACED,)),
    ("disputed", _("待裁定"), (State.DISPUTED,)),
    ("delivered", _("待确认"), (State.DELIVERED,)),
    ("accepted", _("已接单"), (State.ACCEPTED,)),
    ("ended", _("已了结"), (State.SETTLED, State.CANCELLED, State.DECLINED)),
)


def desk_orders(user: User, tab: str) -> QuerySet[ServiceOrder]:
    """The orders of the person's stations under one tab; what waits longest first."""
    states = next((states for key, _label, states in DESK_TABS if key == tab), (State.PLACED,))
    orders = ServiceOrder.objects.filter(
        station__in=stations_of(user), state__in=states
    ).with_names()
    if tab == "ended":
        return orders.order_by("-ended_at")
    return orders.order_by("wanted_on", "wanted_from", "pk")


def desk_counts(user: User) -> dict[str, int]:
    """How many orders stand under each tab of the desk."""
    return ServiceOrder.objects.filter(station__in=stations_of(user)).aggregate(
        **{key: Count("pk", filter=Q(state__in=states)) for key, _label, states in DESK_TABS}
    )


def changes_of(order: ServiceOrder) -> list[Change]:
    """The order's trail, oldest first."""
    return list(
        Change.objects.filter(
            content_type=ContentType.objects.get_for_model(ServiceOrder), object_id=order.pk
        ).select_related("acting_user")
    )


def coordinators_of(station: Station) -> list[User]:
    """Who runs a station now."""
    return list(
        User.objects.filter(
            is_active=True,
            roles__kind=Role.Kind.COORDINATOR,
            roles__station=station,
            roles__ended_at=None,
        ).distinct()
    )


def steps_of(order: ServiceOrder, changes: list[Change]) -> list[Step]:
    """Where the order is on its way, what is done, and where it stopped."""
    reached = {State.PLACED: 0, State.ACCEPTED: 1, State.DELIVERED: 2, State.DISPUTED: 2}
    is_stopped = order.state in (State.CANCELLED, State.DECLINED)
    at = 3 if order.state == State.SETTLED else reached.get(State(order.state), -1)
    steps: list[Step] = []
    for number, (label, verbs, _state) in enumerate(WAY):
        change = next((change for change in reversed(changes) if change.verb in verbs), None)
        if is_stopped:
            if change is None:
                continue
            steps.append(Step(label, "done", when=change.at))
        elif number <= at:
            steps.append(Step(label, "done", when=change.at if change else None))
        elif number == 3 and order.state == State.DISPUTED:
            steps.append(Step(_("核实后裁定"), "current"))
        else:
            steps.append(Step(label, "current" if number == at + 1 else "todo"))
    if is_stopped:
        steps.append(Step(order.get_state_display(), "stopped", when=order.ended_at))
    return steps


def last_word_of(story: list[Told]) -> Told | None:
    """What was last said with a reason, if nothing has happened since: it explains the state."""
    return story[-1] if story and story[-1].why else None


def story_of(order: ServiceOrder, changes: list[Change], user: User) -> list[Told]:
    """Everything that happened to an order; who did it is named to those who deal with it."""
    knows = rules.may_know_whereabouts(user, order)
    return [
        Told(
            what=VERBS.get(change.verb, change.verb),
            who=change.acting_user.display_name if knows else "",
            when=change.at,
            why=change.reason if knows else "",
            tone=TONES.get(change.verb, ""),
        )
        for change in changes
    ]
