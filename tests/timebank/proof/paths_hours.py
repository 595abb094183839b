"""Paths that move hours by themselves: service, records, gifts, corrections, closing."""

from uuid import uuid4

from tests.factories.timebank import ASKED, make_record
from tests.factories.timebank_orders import (
    give_hours,
)
from tests.factories.ventures_awards import make_attachment
from tests.timebank.proof.scenes import Ground, Scene
from timebank.models.ledger import AccountKind
from timebank.services.adjustments import approve_correction, propose_adjustment
from timebank.services.banks import account_of, pool_of
from timebank.services.corrections import reverse_record
from timebank.services.ledger import (
    close_account,
)
from timebank.services.limits import set_limit_policy, set_limits
from timebank.services.pools import give_to_pool
from timebank.services.record_decisions import confirm_record
from timebank.services.rewards import reward_service


class PathsOfHours(Ground):
    """One scene a method."""

    def reward(self) -> Scene:
        volunteer, source = self.volunteer(), f"proof:{uuid4()}"
        return self.scene(
            lambda: reward_service(
                volunteer,
                minutes=60,
                source=source,
                reason="为白奶奶理发",
                bank=self.bank,
                acting_user=self.cast.chen,
            ),
            account_of(volunteer, self.bank),
        )

    def overflowed_reward(self) -> Scene:
        """Onto an account with room for 20 of 60: the rest goes to the pool."""
        volunteer, source = self.volunteer(), f"proof:{uuid4()}"
        set_limit_policy(
            self.bank.book, kind=AccountKind.PERSON, floor=0, ceiling=None, when_full="pool",
            version="proof", reason="", acting_user=self.cast.fan,
        )  # fmt: skip
        account = account_of(volunteer, self.bank)
        set_limits(account, floor=0, ceiling=20, reason="", acting_user=self.cast.fan)
        return self.scene(
            lambda: reward_service(
                volunteer,
                minutes=60,
                source=source,
                reason="为白奶奶理发",
                bank=self.bank,
                pool=pool_of(self.station),
                acting_user=self.cast.chen,
            ),
            account,
            pool_of(self.station),
        )

    def confirmed_record(self) -> Scene:
        volunteer = self.volunteer()
        record = make_record(volunteer, self.station)
        return self.scene(
            lambda: confirm_record(record, word=ASKED, acting_user=self.cast.chen),
            account_of(volunteer, self.bank),
            thing=record,
        )

    def reversed_record(self) -> Scene:
        volunteer = self.volunteer()
        record = make_record(volunteer, self.station)
        record = confirm_record(record, word=ASKED, acting_user=self.cast.chen)
        return self.scene(
            lambda: reverse_record(record, reason="记错了", acting_user=self.cast.fan),
            account_of(volunteer, self.bank),
            thing=record,
        )

    def gift_to_pool(self) -> Scene:
        giver, key = self.volunteer(), uuid4()
        give_hours(giver, 90, station=self.station)
        return self.scene(
            lambda: give_to_pool(self.station, minutes=60, request_key=key, acting_user=giver),
            account_of(giver, self.bank),
            pool_of(self.station),
        )

    def adjustment_by_two(self) -> Scene:
        giver, receiver = self.volunteer(), self.volunteer()
        give_hours(giver, 90, station=self.station)
        asked = propose_adjustment(
            self.bank.book,
            from_account=account_of(giver, self.bank),
            to_account=account_of(receiver, self.bank),
            amount=40,
            reason="记在了别人名下",
            evidence=make_attachment(self.cast.fan),
            request_key=uuid4(),
            acting_user=self.cast.fan,
        )
        return self.scene(
            lambda: approve_correction(asked, acting_user=self.second),
            account_of(giver, self.bank),
            account_of(receiver, self.bank),
            thing=asked,
        )

    def closed_account(self) -> Scene:
        leaver, stays = self.volunteer(), self.volunteer()
        give_hours(leaver, 70, station=self.station)
        account, other = account_of(leaver, self.bank), account_of(stays, self.bank)
        account.refresh_from_db()
        return self.scene(
            lambda: close_account(
                account, to_account=other, reason="搬走了", acting_user=self.cast.fan
            ),
            account,
            other,
        )
