"""Every state of an order and of a menu item × every verb × the people who might try."""

import pytest

from accounts.errors import NotAllowed, OutOfTurn
from accounts.lifecycle import Arrow, Lifecycle
from accounts.models import Change
from config.demo.cast import Cast
from tests.factories.timebank_orders import make_listing, make_order_in
from timebank.lifecycles.orders import LISTING, ORDER
from timebank.models import Listing, ServiceOrder
from timebank.selectors.orders import DESK_TABS, EXPLAINED, VERBS
from timebank.services.order_news import NEWS
from timebank.views.order_endings import ACTS

pytestmark = pytest.mark.django_db

State = ServiceOrder.State

# Who may follow which verb where it starts: everyone not named may not.
# 方爷爷 asked, 安安 serves, 陈站长 runs the station, 范科长 is the officer over the city,
# 戴社工 is a social worker of the town.
ALLOWED = {
    "accept": {"anan", "zhu", "baijia"},
    "assign": {"chen"},
    "give_back": {"anan"},
    "reassign": {"chen"},
    "deliver": {"anan"},
    "confirm": {"fang", "chen"},
    "dispute": {"fang", "chen"},
    "uphold": {"chen", "dai", "fan"},
    "overturn": {"chen", "dai", "fan"},
    "cancel": {"fang", "chen"},
    "decline": {"chen"},
    "reopen": {"system"},
    "lapse_unanswered": {"system"},
    "lapse_undelivered": {"system"},
    "lapse_unconfirmed": {"system"},
    "refer": {"system"},
}
PEOPLE = (
    "anan", "zhu", "baijia", "fang", "chen", "cheng", "xia", "fan", "xu", "shu", "guan", "en",
    "ding", "jin", "dai", "system",
)  # fmt: skip


def arrow_of(lifecycle: Lifecycle, verb: str) -> Arrow:
    (arrow,) = [arrow for arrow in lifecycle if arrow.verb == verb]
    return arrow


@pytest.mark.parametrize("state", State.values)
def test_verbs_leave_only_where_their_arrows_start(cast: Cast, state: str) -> None:
    order = make_order_in(state, cast)
    changes = Change.objects.count()

    for verb in ORDER.verbs():
        who = getattr(cast, sorted(ALLOWED[verb])[0])
        if arrow_of(ORDER, verb).starts_at(state):
            assert ORDER.allows(verb, who, order), verb
        else:
            with pytest.raises(OutOfTurn):
                ORDER.move(order, verb, acting_user=who)

    order.refresh_from_db()
    assert order.state == state
    assert Change.objects.count() == changes


@pytest.mark.parametrize("verb", ORDER.verbs())
def test_only_these_people_may(cast: Cast, verb: str) -> None:
    order = make_order_in(min(arrow_of(ORDER, verb).sources), cast)

    allowed = {who for who in PEOPLE if ORDER.allows(verb, getattr(cast, who), order)}

    assert allowed == ALLOWED[verb]
    for who in set(PEOPLE) - allowed:
        with pytest.raises(NotAllowed):
            ORDER.move(order, verb, acting_user=getattr(cast, who))


def test_every_state_has_a_way_out_or_is_an_end() -> None:
    starts = {state for arrow in ORDER for state in arrow.sources}

    assert starts | set(ServiceOrder.ENDED) == set(State.values)
    assert starts & set(ServiceOrder.ENDED) == set()


def test_every_state_and_verb_is_put_into_words() -> None:
    assert set(EXPLAINED) == set(State.values)
    assert set(ORDER.verbs()) <= set(VERBS)
    assert set(NEWS) == {"place", *ORDER.verbs()}
    assert set(ACTS) <= set(ORDER.verbs())
    assert {state for _key, _label, states in DESK_TABS for state in states} == set(State.values)


@pytest.mark.parametrize("state", Listing.State.values)
def test_menu_items_move_only_along_their_arrows(cast: Cast, state: str) -> None:
    listing = make_listing(cast.stations["nanguanxiang"], state=state)

    for verb in LISTING.verbs():
        starts = arrow_of(LISTING, verb).starts_at(state)
        assert LISTING.allows(verb, cast.chen, listing) is starts
        for who in ("anan", "cheng", "fan"):
            assert not LISTING.allows(verb, getattr(cast, who), listing)
        if not starts:
            with pytest.raises(OutOfTurn):
                LISTING.move(listing, verb, acting_user=cast.chen)
