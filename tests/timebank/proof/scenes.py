"""What the scenes of every path are made of: a bank with its people, a neighbour bank, a fund.

A scene is made new each time, acts by one call that may be repeated as a person or a sweeper would
repeat it, and tells what has changed since it was made: nothing but figures and states, so that two
plays can be compared.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Role, Station, User
from accounts.services.roles import grant_role
from config.demo.cast import Cast, system_user
from tests.factories.timebank import make_bank
from tests.factories.timebank_activities import make_volunteer
from tests.factories.timebank_clearing import make_agreement, make_neighbour
from tests.factories.timebank_ledger import give, make_account
from tests.factories.timebank_orders import (
    make_listing,
)
from timebank import doors
from timebank.models import Book, Listing, TimeBank
from timebank.models.ledger import Entry, HoldResolution, LedgerAccount
from timebank.services.banks import account_of
from timebank.services.holds import place_hold
from timebank.services.ledger import (
    post_transfer,
)

FUND = "proof:round"


@dataclass(frozen=True)
class Scene:
    """One call, safe to repeat, and what to look at afterwards."""

    act: Callable[[], object]
    look: Callable[[], object]


class Ground:
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
