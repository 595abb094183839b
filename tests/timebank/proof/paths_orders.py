"""Paths that move hours by an order: set aside, settled, given back, from a pool."""

from uuid import uuid4

from tests.factories.timebank_orders import (
    an_hour_ago,
    fill_pool,
    give_hours,
    make_order,
    make_wish,
    tomorrow,
)
from tests.timebank.proof.scenes import Ground, Scene
from timebank.models import ServiceOrder
from timebank.services.banks import account_of, pool_of
from timebank.services.order_endings import cancel_order, confirm_order
from timebank.services.orders import accept_order, deliver_order, place_order


class PathsOfOrders(Ground):
    """One scene a method."""

    def placed_order(self) -> Scene:
        giver, key = self.cast.fang, uuid4()
        give_hours(giver, 30, station=self.station)
        wish = make_wish(on=tomorrow())

        def place() -> ServiceOrder:
            return place_order(
                self.listing,
                recipient=giver.person,
                wish=wish,
                minutes=30,
                drawn_from=ServiceOrder.DrawnFrom.OWN,
                request_key=key,
                acting_user=giver,
            )

        return self.scene(
            place,
            account_of(giver, self.bank),
            count=lambda: ServiceOrder.objects.filter(request_key=key).count(),
        )

    def settled_order(self) -> Scene:
        volunteer = self.volunteer()
        order = make_order(self.cast, listing=self.listing)
        order = accept_order(order, acting_user=volunteer)
        order = deliver_order(
            order, served_from=an_hour_ago(), served_to=an_hour_ago(20), acting_user=volunteer
        )
        return self.scene(
            lambda: confirm_order(order, stars=5, acting_user=self.cast.fang),
            account_of(self.cast.fang, self.bank),
            account_of(volunteer, self.bank),
            thing=order,
        )

    def released_order(self) -> Scene:
        order = make_order(self.cast, listing=self.listing)
        return self.scene(
            lambda: cancel_order(order, acting_user=self.cast.fang),
            account_of(self.cast.fang, self.bank),
            thing=order,
        )

    def pool_order(self) -> Scene:
        fill_pool(self.station, 30)
        key = uuid4()
        wish = make_wish()

        def place() -> ServiceOrder:
            return place_order(
                self.listing,
                recipient=self.cast.persons["bai"],
                wish=wish,
                minutes=30,
                drawn_from=ServiceOrder.DrawnFrom.POOL,
                request_key=key,
                acting_user=self.cast.chen,
            )

        return self.scene(place, pool_of(self.station))
