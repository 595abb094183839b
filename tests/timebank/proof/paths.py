"""Every path that moves minutes or fen, as a scene that can be played again and again.

A scene is made new each time, acts by one call that may be repeated as a person or a sweeper would
repeat it, and tells what has changed since it was made: nothing but figures and states, so that two
plays can be compared.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction

from accounts.clock import database_now
from accounts.models import Role, Station, User
from accounts.services.roles import grant_role
from config.demo.cast import Cast, system_user
from tests.factories.timebank import make_bank, make_record
from tests.factories.timebank_activities import make_volunteer
from tests.factories.timebank_clearing import make_agreement, make_neighbour
from tests.factories.timebank_ledger import give, make_account
from tests.factories.timebank_orders import (
    an_hour_ago,
    fill_pool,
    give_hours,
    make_listing,
    make_order,
    make_wish,
    tomorrow,
)
from tests.factories.ventures_awards import make_attachment
from timebank import doors
from timebank.models import Book, Listing, ServiceOrder, TimeBank
from timebank.models.ledger import AccountKind, Entry, HoldResolution, LedgerAccount, Leg
from timebank.services.adjustments import approve_correction, propose_adjustment
from timebank.services.banks import account_of, pool_of
from timebank.services.clearing import send_hours, settle_crossing, settle_waiting
from timebank.services.corrections import reverse_record
from timebank.services.holds import expire_holds, place_hold, release_hold, settle_hold
from timebank.services.ledger import (
    Posting,
    close_account,
    freeze_account,
    post_batch,
    post_transfer,
    reverse_transfer,
)
from timebank.services.limits import set_limit_policy, set_limits
from timebank.services.order_endings import cancel_order, confirm_order
from timebank.services.orders import accept_order, deliver_order, place_order
from timebank.services.pools import give_to_pool
from timebank.services.record_decisions import confirm_record
from timebank.services.rewards import reward_service

FUND = "proof:round"


@dataclass(frozen=True)
class Scene:
    """One call, safe to repeat, and what to look at afterwards."""

    act: Callable[[], object]
    look: Callable[[], object]


class Stage:
    """Haining's bank with its people, a neighbour bank, a fund: made once for all scenes."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.station: Station = cast.stations["nanguanxiang"]
        self.bank: TimeBank = make_bank()
        self.neighbour = make_neighbour()
        make_agreement(self.bank, self.neighbour, limit_minutes=10_000_000)
        self.listing: Listing = make_listing(self.station)
        self.system = system_user()
        doors.open_fund(FUND, "社区项目", 1_000_000_00, cast.fan)
        self.second = make_volunteer(self.station.region, name="第二位经办人")
        grant_role(self.second, Role.Kind.OFFICER, region=self.bank.region, acting_user=self.system)

    def books(self) -> list[Book]:
        return list(Book.objects.order_by("pk"))

    # What moves hours ------------------------------------------------------------------

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
            lambda: confirm_record(record, acting_user=self.cast.chen),
            account_of(volunteer, self.bank),
            thing=record,
        )

    def reversed_record(self) -> Scene:
        volunteer = self.volunteer()
        record = make_record(volunteer, self.station)
        record = confirm_record(record, acting_user=self.cast.chen)
        return self.scene(
            lambda: reverse_record(record, reason="记错了", acting_user=self.cast.fan),
            account_of(volunteer, self.bank),
            thing=record,
        )

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

    def expired_hold(self) -> Scene:
        account, other = self.two_accounts()
        now = database_now()
        place_hold(
            account,
            amount=60,
            to_account=other,
            source="proof:hold",
            key=f"h:{uuid4()}",
            reason="",
            expires_at=now - timedelta(minutes=1),
            acting_user=self.system,
        )
        return self.scene(lambda: expire_holds(before=database_now()), account)

    # What moves fen ---------------------------------------------------------------------

    def committed_award(self) -> Scene:
        key = f"award:{uuid4()}"
        fund = LedgerAccount.objects.get(owner_key=FUND, kind=AccountKind.FUND)
        committed = LedgerAccount.objects.get(owner_key=FUND, kind=AccountKind.COMMITMENT)
        return self.scene(
            lambda: doors.commit_fund(
                FUND,
                amount_fen=30_000_00,
                source=key,
                key=key,
                reason="立项资助",
                acting_user=self.cast.fan,
            ),
            fund,
            committed,
        )

    # The ledger's own verbs, each in a transaction of its own -----------------------------

    def bare_transfer(self) -> Scene:
        account, other = self.two_accounts()
        key = f"p:{uuid4()}"
        return self.scene(lambda: self.gift(account, other, key), account, other)

    def bare_batch(self) -> Scene:
        account, other = self.two_accounts()
        rows = [
            Posting(
                legs=Leg.pair(from_account=account, to_account=other, amount=amount),
                kind="gift",
                reason="",
                source="proof:batch",
                key=f"b:{uuid4()}",
            )
            for amount in (10, 20, 30)
        ]
        return self.scene(
            lambda: post_batch(self.bank.book, rows, acting_user=self.system), account, other
        )

    def bare_reversal(self) -> Scene:
        account, other = self.two_accounts()
        posted, key = self.gift(account, other, f"p:{uuid4()}"), f"r:{uuid4()}"
        return self.scene(
            lambda: reverse_transfer(posted, reason="错了", key=key, acting_user=self.system),
            account,
            other,
        )

    def bare_hold(self) -> Scene:
        account, other = self.two_accounts()
        key = f"h:{uuid4()}"
        return self.scene(lambda: self.hold(account, other, key), account, other)

    def bare_settlement(self) -> Scene:
        account, other = self.two_accounts()
        hold, key = self.hold(account, other, f"h:{uuid4()}"), f"s:{uuid4()}"
        return self.scene(
            lambda: settle_hold(hold, amount=25, key=key, acting_user=self.system), account, other
        )

    def bare_release(self) -> Scene:
        account, other = self.two_accounts()
        hold, key = self.hold(account, other, f"h:{uuid4()}"), f"x:{uuid4()}"
        return self.scene(
            lambda: release_hold(hold, key=key, reason="", acting_user=self.system), account, other
        )

    # What scenes are made of ---------------------------------------------------------------

    def scene(
        self,
        act: Callable[[], object],
        *accounts: LedgerAccount,
        thing: object = None,
        count: Callable[[], int] = lambda: 0,
    ) -> Scene:
        """Look at what each account gained, how it stands, and the state of the thing moved."""
        before = self._figures(accounts)

        def look() -> object:
            after = self._figures(accounts)
            changes = [
                tuple(now - then for now, then in zip(*pair, strict=True))
                for pair in zip(after, before, strict=True)
            ]
            if thing is not None:
                thing.refresh_from_db()  # type: ignore[attr-defined]
            return changes, getattr(thing, "state", None), count()

        return Scene(act, look)

    @staticmethod
    def _figures(accounts: tuple[LedgerAccount, ...]) -> list[tuple[int, ...]]:
        ids = [account.pk for account in accounts]
        now = LedgerAccount.objects.in_bulk(ids)
        return [
            (
                now[pk].posted,
                now[pk].held,
                now[pk].debt,
                Entry.objects.filter(account_id=pk).count(),
                HoldResolution.objects.filter(hold__account_id=pk).count(),
            )
            for pk in ids
        ]

    def volunteer(self) -> User:
        volunteer = make_volunteer(self.station.region)
        account_of(volunteer, self.bank)
        return volunteer

    def two_accounts(self) -> tuple[LedgerAccount, LedgerAccount]:
        account = make_account(self.bank.book, "甲")
        give(account, 100, acting_user=self.system)
        return account, make_account(self.bank.book, "乙")

    def gift(self, account: LedgerAccount, other: LedgerAccount, key: str):
        return post_transfer(
            book=self.bank.book,
            from_account=account,
            to_account=other,
            amount=60,
            kind="gift",
            reason="",
            source="proof:gift",
            key=key,
            acting_user=self.system,
        )

    def hold(self, account: LedgerAccount, other: LedgerAccount, key: str):
        return place_hold(
            account,
            amount=60,
            to_account=other,
            source="proof:hold",
            key=key,
            reason="",
            acting_user=self.system,
        )
