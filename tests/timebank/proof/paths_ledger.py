"""Paths that move fen, and the ledger's own verbs, each in a transaction of its own."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

from accounts.clock import database_now
from tests.factories.ventures_awards import make_attachment
from tests.timebank.proof.scenes import FUND, Ground, Scene
from timebank import doors
from timebank.models.ledger import AccountKind, LedgerAccount, Leg
from timebank.services.adjustments import approve_correction, propose_adjustment
from timebank.services.holds import expire_holds, place_hold, release_hold, settle_hold
from timebank.services.ledger import (
    Posting,
    post_batch,
    reverse_transfer,
)
from timebank.services.points import PointsFor, approve_points, propose_points
from timebank.services.postings import post_each


class PathsOfLedger(Ground):
    """One scene a method."""

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

    def shared_fund(self) -> tuple[str, list[LedgerAccount]]:
        """A fund of two sources that do not part evenly, and its accounts."""
        owner_key = f"proof:{uuid4()}"
        parts = (
            doors.FundPart("1", "福彩公益金", 60_000_01),
            doors.FundPart("2", "企业", 40_000_00),
        )
        doors.open_fund(owner_key, "两个来源", 100_000_01, self.cast.fan, parts=parts)
        accounts = LedgerAccount.objects.filter(book__owner_key=owner_key).order_by("pk")
        return owner_key, list(accounts)

    def award_of_two_sources(self) -> Scene:
        owner_key, accounts = self.shared_fund()
        return self.scene(partial(self.award, doors.commit_fund, owner_key, "award"), *accounts)

    def withdrawn_award_of_two_sources(self) -> Scene:
        owner_key, accounts = self.shared_fund()
        self.award(doors.commit_fund, owner_key, "award")
        return self.scene(
            partial(self.award, doors.release_commitment, owner_key, "back"), *accounts
        )

    def award(self, door: Callable[..., int], owner_key: str, key: str) -> int:
        return door(
            owner_key,
            amount_fen=30_000_00,
            source="proof:award",
            key=key,
            reason="",
            acting_user=self.cast.fan,
        )

    def points_row_by_row(self) -> Scene:
        grant = propose_points(
            self.bank,
            [PointsFor(self.volunteer(), 20), PointsFor(self.volunteer(), 5)],
            reason="重阳节帮忙",
            request_key=uuid4(),
            acting_user=self.cast.fan,
        )
        return self.scene(
            lambda: approve_points(grant, acting_user=self.second),
            thing=grant,
            count=lambda: grant.rows.exclude(transfer_id=None).count(),
        )

    def adjusted_fund(self) -> Scene:
        fund = LedgerAccount.objects.get(owner_key=FUND, kind=AccountKind.FUND)
        source = LedgerAccount.objects.get(owner_key=FUND, kind=AccountKind.SOURCE)
        asked = propose_adjustment(
            fund.book,
            from_account=source,
            to_account=fund,
            amount=500_00,
            reason="少记一笔利息",
            evidence=make_attachment(self.cast.jin),
            request_key=uuid4(),
            acting_user=self.cast.jin,
        )
        return self.scene(
            lambda: approve_correction(asked, acting_user=self.second), fund, source, thing=asked
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

    def batch_row_by_row(self) -> Scene:
        """The second row is refused; the others stand."""
        account, other = self.two_accounts()
        rows = [
            Posting(
                legs=Leg.pair(from_account=account, to_account=other, amount=amount),
                kind="gift",
                reason="",
                source="proof:batch",
                key=f"e:{uuid4()}",
            )
            for amount in (60, 50, 40)
        ]
        return self.scene(
            lambda: post_each(self.bank.book, rows, acting_user=self.system), account, other
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
