"""Paths that move hours from one bank to another."""

from uuid import uuid4

from django.db import connection, transaction

from tests.factories.timebank_ledger import make_account
from tests.factories.timebank_orders import (
    give_hours,
)
from tests.timebank.proof.scenes import Ground, Scene
from timebank.services.banks import account_of
from timebank.services.clearing import send_hours, settle_crossing, settle_waiting
from timebank.services.ledger import (
    freeze_account,
)


class PathsBetweenBanks(Ground):
    """One scene a method."""

    def sent_to_neighbour(self) -> Scene:
        giver, key = self.volunteer(), uuid4()
        give_hours(giver, 90, station=self.station)
        receiver = make_account(self.neighbour.book, "桐乡阿姨")
        account = account_of(giver, self.bank)

        def send() -> None:
            send_hours(
                account,
                to_account=receiver,
                minutes=60,
                reason="给阿姨",
                request_key=key,
                acting_user=giver,
            )
            settle_waiting()  # as the sweeper does

        return self.scene(send, account, receiver)

    def settled_at_neighbour(self) -> Scene:
        return self._crossing(refused=False)

    def returned_by_neighbour(self) -> Scene:
        return self._crossing(refused=True)

    def _crossing(self, *, refused: bool) -> Scene:
        giver = self.volunteer()
        give_hours(giver, 90, station=self.station)
        receiver = make_account(self.neighbour.book, "桐乡阿姨")
        account = account_of(giver, self.bank)
        with transaction.atomic():
            crossing = send_hours(
                account,
                to_account=receiver,
                minutes=60,
                reason="给阿姨",
                request_key=uuid4(),
                acting_user=giver,
            )
            connection.run_on_commit.clear()  # the settler's message is lost
        if refused:
            freeze_account(receiver, reason="核查", acting_user=self.cast.fan)
        return self.scene(lambda: settle_crossing(crossing.pk), account, receiver, thing=crossing)
