"""Load the demo: everything in one transaction, so that it is there whole or not at all."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.progress import Progress

from accounts.models import User
from config.demo import (
    activities,
    books,
    checks,
    clearing,
    dossiers,
    everyday,
    history,
    needs,
    offices,
    orders,
    phases,
    plans,
    points,
    presence,
    recognition,
    reviewers,
    rounds,
)
from config.demo.cast import TO_SIGN_IN, Cast, bring_in_cast, bring_in_colleagues, phone_of
from config.demo.places import LivelyPlace, load_places, open_stations
from config.demo.timebank import Settled, fill_pools, load_time_bank
from config.demo.volunteers import VOLUNTEERS
from timebank.models import Listing


@dataclass(frozen=True)
class DemoPerson:
    """Someone to sign in as: the phone number as people type it, 11 digits."""

    name: str
    line: str
    phone: str


@dataclass
class Scene:
    """What the steps of the load hand to one another."""

    today: date
    volunteers: int
    cast: Cast
    places: list[LivelyPlace]
    settled: Settled | None = None
    menus: dict[int, list[Listing]] = field(default_factory=dict)


def demo_is_loaded() -> bool:
    """The rows themselves say so; no file does."""
    return User.objects.filter(is_demo=True).exists()


def load_demo(progress: Progress, *, volunteers: int = VOLUNTEERS) -> None:
    """Places, people, two years of service, orders, rounds: each step shows on the bar."""
    scene = Scene(today=timezone.localdate(), volunteers=volunteers, cast=Cast(), places=[])
    with transaction.atomic(), _rarely_swept():
        bar = progress.add_task("", total=len(STEPS))
        for words, step in STEPS:
            progress.update(bar, description=words())
            step(scene)
            progress.advance(bar)


@contextmanager
def _rarely_swept() -> Iterator[None]:
    """Python looks for circles of rubbish after every 2,000 new objects, and a load makes millions
    that need no looking for: a tenth of its time, for 70 MB more."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def people_to_sign_in() -> list[DemoPerson]:
    return [
        DemoPerson(character.name, character.line, phone_of(place).removeprefix("+86"))
        for place, character in enumerate(TO_SIGN_IN, start=1)
    ]


def _places(scene: Scene) -> None:
    load_places()


def _cast(scene: Scene) -> None:
    scene.cast = bring_in_cast()
    bring_in_colleagues(scene.cast)
    scene.places = open_stations(scene.cast.stations)


def _time_bank(scene: Scene) -> None:
    scene.settled = load_time_bank(
        scene.cast, scene.places, volunteers=scene.volunteers, today=scene.today
    )


def _pools(scene: Scene) -> None:
    assert scene.settled is not None, "pools are filled from accounts"
    everyday.own_hours(scene.cast, scene.settled, today=scene.today)
    fill_pools(scene.settled, acting_user=scene.cast.people["system"])


def _orders(scene: Scene) -> None:
    assert scene.settled is not None, "orders need stations"
    scene.menus = orders.open_menus(scene.settled)
    orders.past_orders(scene.settled, scene.menus, today=scene.today)
    orders.orders_under_way(scene.cast, scene.settled, scene.menus, today=scene.today)
    everyday.waiting_records(scene.cast, scene.settled, today=scene.today)


def _books(scene: Scene) -> None:
    assert scene.settled is not None, "books are put right once they are filled"
    books.load_books(scene.cast, scene.settled, today=scene.today)
    points.load_points(scene.cast, scene.settled)


def _activities(scene: Scene) -> None:
    assert scene.settled is not None, "activities need volunteers"
    activities.load_activities(scene.cast, scene.settled, today=scene.today)


def _second_bank(scene: Scene) -> None:
    assert scene.settled is not None, "two banks exchange hours, not one"
    clearing.load_second_bank(scene.cast, scene.settled.bank)


def _presence(scene: Scene) -> None:
    assert scene.settled is not None, "presence needs volunteers"
    presence.load_presence(scene.cast, scene.settled)


def _checks(scene: Scene) -> None:
    assert scene.settled is not None, "one looks into records that are there"
    checks.load_checks(scene.cast, scene.settled, today=scene.today)


def _recognition(scene: Scene) -> None:
    assert scene.settled is not None, "certificates rest on records"
    dossiers.load_dossiers(
        scene.cast, scene.settled.bank, scene.settled.volunteers, today=scene.today
    )
    recognition.load_recognition(
        scene.cast, scene.settled.bank, scene.settled.volunteers, today=scene.today
    )


def _rounds(scene: Scene) -> None:
    programme = history.open_programme(scene.cast)
    history.load_history(scene.cast, programme)
    rounds.load_rounds(scene.cast, programme, today=scene.today)
    reviewers.load_reviewers(scene.cast, programme, today=scene.today)
    phases.load_phases(scene.cast, today=scene.today)
    books.correct_a_fund(scene.cast)
    books.close_a_spent_fund(scene.cast)


def _needs(scene: Scene) -> None:
    assert scene.settled is not None, "needs are raised by residents"
    needs.load_needs(scene.cast, scene.settled.volunteers, today=scene.today)
    plans.answer_needs()


def _offices(scene: Scene) -> None:
    offices.load_offices(scene.cast, today=scene.today)


STEPS: list[tuple[Callable[[], str], Callable[[Scene], None]]] = [
    (lambda: _("地名与节假日"), _places),
    (lambda: _("人物、组织与站点"), _cast),
    (lambda: _("两年的志愿服务"), _time_bank),
    (lambda: _("爱心时间库"), _pools),
    (lambda: _("菜单与服务订单"), _orders),
    (lambda: _("账簿与更正"), _books),
    (lambda: _("活动与场次"), _activities),
    (lambda: _("签到与签到表"), _presence),
    (lambda: _("两地时间通兑"), _second_bank),
    (lambda: _("核查与抽查"), _checks),
    (lambda: _("证明与荣誉"), _recognition),
    (lambda: _("公益创投"), _rounds),
    (lambda: _("民生需求"), _needs),
    (lambda: _("邀请与岗位"), _offices),
]
