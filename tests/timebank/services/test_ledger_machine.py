"""The ledger against a small ledger in memory: whatever is asked, in whatever order, both agree.

Hypothesis asks for posts, batches of both kinds, holds, settlements, releases, expiries,
reversals, freezes, suspensions, closings, crossings into another book, seals and replays at
random, each example in books of its own; after each step the figures of every account are
compared, and the books are recounted from their entries. One account stands in stripes. At the end
of each example the stand-alone verifier reads an export and must find nothing.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from hypothesis import core, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.clock import database_now
from accounts.errors import Refusal
from tests.factories.timebank_ledger import make_account, make_book, make_issuance, make_user
from tests.timebank.services.ledger_memory import Kept, Posted, Remembered, Request
from timebank.errors.ledger import (
    AccountClosed,
    AccountNotEmpty,
    AlreadyReversed,
    AlreadySettled,
    KeyUsedForOther,
    MoreThanHeld,
    ReversalIsFinal,
)
from timebank.models.ledger import (
    AccountKind,
    AccountState,
    Hold,
    LedgerAccount,
    Leg,
    Transfer,
    TransferKind,
)
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of
from timebank.services.holds import expire_holds, place_hold, release_hold, settle_hold
from timebank.services.ledger import (
    Posting,
    close_account,
    freeze_account,
    open_account,
    post_batch,
    post_transfer,
    reverse_transfer,
    suspend_account,
    unfreeze_account,
)
from timebank.services.postings import post_each
from timebank.services.sealed_export import rows_of_book
from timebank.services.sealing import seal_book
from timebank.standalone import verify_book

SHARDS = 4
LIMITS = [(0, None), (0, 100), (-50, 150), (None, None), (0, None)]
ISSUANCE = len(LIMITS)
STRIPED = ISSUANCE + 1
HELD_STILL = {
    AccountState.OPEN: unfreeze_account,
    AccountState.FROZEN: freeze_account,
    AccountState.SUSPENDED: suspend_account,
}
# One statement each: at full length they are asked 50,000 times.
FIGURES = """
    SELECT a.id, a.posted, a.held, a.debt, a.seq, a.state, coalesce(sum(e.amount), 0)::bigint
      FROM ledger.account AS a
      LEFT JOIN ledger.account AS part ON part.book_id = a.book_id AND part.stripe_of = a.id
      LEFT JOIN ledger.entry AS e
           ON e.book_id = a.book_id AND e.account_id = coalesce(part.id, a.id)
     WHERE a.book_id = ANY (%s)
     GROUP BY a.id, a.book_id
"""
RECOUNT = """
    SELECT book, found.* FROM unnest(%s::bigint[]) AS book
     CROSS JOIN LATERAL (SELECT * FROM ledger.differences(book)
                          UNION ALL SELECT * FROM ledger.seal_differences(book)) AS found
"""
amounts = st.integers(1, 120)
places = st.integers(0, STRIPED)
counted = st.integers(0, ISSUANCE - 1)


class LedgerMachine(RuleBasedStateMachine):
    numbers = count(1)

    @initialize()
    def open(self) -> None:
        self.user = make_user()
        self.book = make_book(self.user)
        self.accounts: list[LedgerAccount] = [
            make_account(self.book, f"第{n}户", kind=AccountKind.PERSON, floor=floor, ceiling=top)
            for n, (floor, top) in enumerate(LIMITS)
        ] + [
            make_issuance(self.book),
            open_account(
                self.book, kind=AccountKind.POOL, owner_key="striped", label="大家的库",
                floor=None, stripes=4,
            ),
        ]  # fmt: skip
        self.memory = [Remembered(floor, ceiling) for floor, ceiling in LIMITS]
        self.memory += [Remembered(None, None, is_counted=False) for _ in range(2)]
        self.abroad = make_book(self.user)
        self.receiver = make_account(self.abroad, "桐乡阿姨")
        self.clearing = [
            make_account(book, "清算账户", kind=AccountKind.CLEARING, floor=None)
            for book in (self.book, self.abroad)
        ]
        self.under_way: list[tuple[str, int]] = []
        self.arrived = 0
        self.posted: list[Posted] = []
        self.kept: list[Kept] = []
        self.requests: list[Request] = []

    # What is asked

    @rule(payer=places, payee=places, amount=amounts)
    def post(self, payer: int, payee: int, amount: int) -> None:
        if payer == payee:
            return
        self.post_legs({payer: -amount, payee: amount})

    @rule(payers=st.lists(counted, min_size=2, max_size=3, unique=True), amount=amounts)
    def collect(self, payers: list[int], amount: int) -> None:
        legs = {payer: -amount for payer in payers}
        self.post_legs(legs | {ISSUANCE: amount * len(payers)})

    @rule(
        rows=st.lists(st.tuples(places, places, amounts), min_size=1, max_size=5),
        doubles=st.booleans(),
    )
    def batch(self, rows: list[tuple[int, int, int]], doubles: bool) -> None:
        rows = [(payer, payee, amount) for payer, payee, amount in rows if payer != payee]
        postings = [
            self.posting(f"b:{next(self.numbers)}", {payer: -amount, payee: amount})
            for payer, payee, amount in rows
        ]
        asked = postings + postings[:1] if doubles else postings
        expected, tried = None, [Remembered(**vars(account)) for account in self.memory]
        for row in rows:
            expected = self.first_refusal(self.legs_of(row), tried)
            if expected:
                break
            for place, amount in self.legs_of(row).items():
                tried[place].move(amount)

        ids = self.expect(expected, lambda: post_batch(self.book, asked, acting_user=self.user))

        if expected is None and ids:
            self.memory = tried
            assert ids[: len(rows)] == sorted(set(ids))
            assert ids[len(rows) :] == (ids[:1] if doubles else [])
            kept = Transfer.objects.in_bulk(ids)
            self.posted += [
                Posted(kept[pk], self.legs_of(row)) for pk, row in zip(ids, rows, strict=False)
            ]

    @rule(rows=st.lists(st.tuples(places, places, amounts), min_size=1, max_size=5))
    def each(self, rows: list[tuple[int, int, int]]) -> None:
        """Row by row: as single postings one after the other, those that are refused left out."""
        rows = [(payer, payee, amount) for payer, payee, amount in rows if payer != payee]
        postings = [self.posting(f"e:{next(self.numbers)}", self.legs_of(row)) for row in rows]
        expected = []
        for row in rows:
            expected.append(self.first_refusal(self.legs_of(row), self.memory))
            if expected[-1] is None:
                for place, amount in self.legs_of(row).items():
                    self.memory[place].move(amount)

        answers = post_each(self.book, postings, acting_user=self.user)

        assert [one.refusal and type(one.refusal) for one in answers] == expected
        done = [(one, row) for one, row in zip(answers, rows, strict=True) if one.is_new]
        kept = Transfer.objects.in_bulk([one.transfer_id for one, _row in done])
        self.posted += [Posted(kept[one.transfer_id], self.legs_of(row)) for one, row in done]
        if done and len(done) == len(rows):
            known = [(one.transfer_id, False) for one in answers]
            again = post_each(self.book, postings[::-1], acting_user=self.user)[::-1]
            assert [(one.transfer_id, one.is_new) for one in again] == known

    @rule(payer=counted, payee=places, amount=amounts, is_due=st.booleans())
    def hold(self, payer: int, payee: int, amount: int, is_due: bool) -> None:
        if payer == payee:
            return
        key = f"h:{next(self.numbers)}"
        expires_at = database_now() + timedelta(days=-1 if is_due else 1)
        expected = self.memory[payee].refusal_of(0) or self.memory[payer].refusal_of(-amount)

        def place(amount: int = amount) -> Hold:
            return place_hold(
                self.accounts[payer],
                amount=amount,
                to_account=self.accounts[payee],
                source="test:hold",
                key=key,
                reason="",
                expires_at=expires_at,
                acting_user=self.user,
            )

        hold = self.expect(expected, place)

        if expected is None:
            self.memory[payer].held += amount
            self.kept.append(Kept(hold, payer, payee, amount, is_due))
            self.requests.append(Request(place, lambda: place(amount + 1), hold))

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0), share=st.integers(1, 130))
    def settle(self, which: int, share: int) -> None:
        kept = self.kept[which % len(self.kept)]
        amount = max(1, kept.amount * share // 100)
        key = f"s:{next(self.numbers)}"
        expected: type[Refusal] | None = None
        if amount > kept.amount:
            expected = MoreThanHeld
        elif not kept.is_open:
            expected = AlreadySettled
        else:
            expected = self.memory[kept.payee].refusal_of(amount, finishing=True)

        def settle(amount: int = amount) -> Transfer:
            return settle_hold(kept.hold, amount=amount, key=key, acting_user=self.user)

        transfer = self.expect(expected, settle)

        if expected is None:
            kept.is_open = False
            self.memory[kept.payer].move(-amount, unheld=kept.amount)
            self.memory[kept.payee].move(amount)
            self.posted.append(Posted(transfer, {kept.payer: -amount, kept.payee: amount}))
            if amount > 1:
                self.requests.append(Request(settle, lambda: settle(amount - 1), transfer))

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0))
    def release(self, which: int) -> None:
        kept = self.kept[which % len(self.kept)]
        key = f"x:{next(self.numbers)}"

        def release(reason: str = "") -> Hold:
            return release_hold(kept.hold, key=key, reason=reason, acting_user=self.user)

        self.expect(None if kept.is_open else AlreadySettled, release)

        if kept.is_open:
            kept.is_open = False
            self.memory[kept.payer].move(0, unheld=kept.amount)
            self.requests.append(Request(release, lambda: release("不来了"), kept.hold))

    @rule()
    def expire(self) -> None:
        due = [kept for kept in self.kept if kept.is_open and kept.is_due]

        expired = expire_holds(before=database_now() + timedelta(days=7))

        assert expired >= len(due), "this book's and, where an example broke off, another's"
        for kept in due:
            kept.is_open = False
            self.memory[kept.payer].move(0, unheld=kept.amount)
        open_holds = Hold.objects.filter(book_id=self.book.pk, end=None)
        assert set(open_holds) == {kept.hold for kept in self.kept if kept.is_open}

    @precondition(lambda self: self.posted)
    @rule(which=st.integers(0), may_owe=st.booleans())
    def reverse(self, which: int, may_owe: bool) -> None:
        posted = self.posted[which % len(self.posted)]
        key = f"r:{next(self.numbers)}"
        opposite = {place: -amount for place, amount in posted.legs.items()}
        expected: type[Refusal] | None
        if posted.is_reversal:
            expected = ReversalIsFinal
        elif posted.is_reversed:
            expected = AlreadyReversed
        else:
            expected = self.first_refusal(opposite, self.memory, finishing=True, may_owe=may_owe)

        def reverse(reason: str = "") -> Transfer:
            return reverse_transfer(
                posted.transfer, reason=reason, key=key, acting_user=self.user, allow_debt=may_owe
            )

        transfer = self.expect(expected, reverse)

        if expected is None:
            posted.is_reversed = True
            for place, amount in opposite.items():
                self.memory[place].move(amount, may_owe=may_owe)
            self.posted.append(Posted(transfer, opposite, is_reversal=True))
            self.requests.append(Request(reverse, lambda: reverse("别的理由"), transfer))

    @rule(place=places, state=st.sampled_from(list(HELD_STILL)))
    def hold_still_or_let_go(self, place: int, state: AccountState) -> None:
        is_closed = self.memory[place].state == AccountState.CLOSED
        expected = AccountClosed if is_closed and state != AccountState.OPEN else None

        self.expect(
            expected,
            lambda: HELD_STILL[state](self.accounts[place], reason="核查", acting_user=self.user),
        )

        if expected is None:
            self.memory[place].state = state

    @rule(place=counted, to=st.none() | places)
    def close(self, place: int, to: int | None) -> None:
        account, source = self.memory[place], f"test:closing:{next(self.numbers)}"
        was_closed = account.state == AccountState.CLOSED
        expected: type[Refusal] | None = None
        legs = {}
        if not was_closed:
            if account.posted and not account.held and to not in (None, place):
                legs = {place: -account.posted, to: account.posted}
                expected = self.first_refusal(legs, self.memory, finishing=True, may_owe=True)
            is_left = bool(account.posted) and not legs
            if expected is None and (is_left or self.has_open_holds(place)):
                expected = AccountNotEmpty

        def close() -> LedgerAccount:
            return close_account(
                self.accounts[place],
                to_account=None if to is None else self.accounts[to],
                reason="搬走了",
                source=source,
                key=source,
                acting_user=self.user,
            )

        self.expect(expected, close)

        if expected is None:
            account.state = AccountState.CLOSED
            for moved, amount in legs.items():
                self.memory[moved].move(amount, may_owe=True)
            if legs:
                posted = Transfer.objects.get(book_id=self.book.pk, source=source)
                self.posted.append(Posted(posted, legs))

    @rule(payer=counted, amount=amounts)
    def send_abroad(self, payer: int, amount: int) -> None:
        key = f"c:{next(self.numbers)}"
        expected = self.memory[payer].refusal_of(-amount)

        def send() -> Transfer:
            return self.cross(self.accounts[payer], self.clearing[0], amount, f"{key}:out")

        transfer = self.expect(expected, send)

        if expected is None:
            self.memory[payer].move(-amount)
            self.under_way.append((key, amount))
            self.requests.append(Request(send, lambda: self.cross(
                self.accounts[payer], self.clearing[0], amount + 1, f"{key}:out"), transfer,
            ))  # fmt: skip

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0), is_killed=st.booleans())
    def settle_abroad(self, which: int, is_killed: bool) -> None:
        key, amount = self.under_way[which % len(self.under_way)]
        self.cross(self.clearing[1], self.receiver, amount, f"{key}:in")
        if is_killed:  # the settler died before it could tick it off: another begins again
            self.cross(self.clearing[1], self.receiver, amount, f"{key}:in")
        self.under_way.remove((key, amount))
        self.arrived += amount

    @rule(size=st.integers(1, 4))
    def seal(self, size: int) -> None:
        seal_book(self.book, block_size=size)

    @precondition(lambda self: self.requests)
    @rule(which=st.integers(0))
    def ask_again(self, which: int) -> None:
        request = self.requests[which % len(self.requests)]
        assert request.again() == request.answer

    @precondition(lambda self: self.requests)
    @rule(which=st.integers(0))
    def ask_otherwise(self, which: int) -> None:
        self.expect(KeyUsedForOther, self.requests[which % len(self.requests)].otherwise)

    # What must be true after each

    @invariant()
    def figures_agree(self) -> None:
        """Each account as remembered; what crossed is in the one clearing account or the other."""
        if not hasattr(self, "book"):
            return
        moved = {one.pk: known.in_stripes for one, known in self.remembered()}
        expected = {
            one.pk: (
                (known.posted, known.held, known.debt, known.seq, known.state, known.posted)
                if known.is_counted
                else (0, 0, 0, 0, known.state, moved[one.pk])
            )
            for one, known in self.remembered()
        }
        found = {pk: figures for pk, *figures in self.asked(FIGURES, self.book.pk, self.abroad.pk)}
        sent = self.arrived + sum(amount for _, amount in self.under_way)

        assert {pk: tuple(found[pk]) for pk in expected} == expected
        here, there, aunt = (found[one.pk][0] for one in (*self.clearing, self.receiver))
        assert (here, there, aunt) == (sent, -self.arrived, self.arrived)

    @invariant()
    def recount_agrees(self) -> None:
        if hasattr(self, "book"):
            assert self.asked(RECOUNT, self.book.pk, self.abroad.pk) == []

    def teardown(self) -> None:
        """At the end as the product asks: balances, the whole recount, the stand-alone verifier."""
        if hasattr(self, "book"):
            for account, known in self.remembered():
                posted = known.posted if known.is_counted else known.in_stripes
                assert balance_of(account).posted == posted
            assert differences_in(self.book) == differences_in(self.abroad) == []
            export = verify_book.read(json.dumps(row) for row in rows_of_book(self.book))
            verify_book.check_accounts(export)
            assert export.differences == []

    # How it is asked

    def post_legs(self, legs: dict[int, int]) -> None:
        key = f"p:{next(self.numbers)}"
        expected = self.first_refusal(legs, self.memory)

        def post(reason: str = "") -> Transfer:
            return post_transfer(
                book=self.book,
                legs=self.legs(legs),
                kind=TransferKind.GIFT,
                reason=reason,
                source="test:post",
                key=key,
                acting_user=self.user,
            )

        transfer = self.expect(expected, post)

        if expected is None:
            for place, amount in legs.items():
                self.memory[place].move(amount)
            self.posted.append(Posted(transfer, legs))
            self.requests.append(Request(post, lambda: post("别的说明"), transfer))

    def cross(self, payer: LedgerAccount, payee: LedgerAccount, amount: int, key: str) -> Transfer:
        return post_transfer(
            book=payer.book,
            from_account=payer,
            to_account=payee,
            amount=amount,
            kind=TransferKind.OUTWARD,
            reason="",
            source="test:crossing",
            key=key,
            acting_user=self.user,
        )

    def remembered(self) -> list[tuple[LedgerAccount, Remembered]]:
        return list(zip(self.accounts, self.memory, strict=True))

    @staticmethod
    def asked(statement: str, *books: int) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(books)])
            return cursor.fetchall()

    def has_open_holds(self, place: int) -> bool:
        return any(kept.is_open and place in (kept.payer, kept.payee) for kept in self.kept)

    def posting(self, key: str, legs: dict[int, int]) -> Posting:
        return Posting(
            legs=self.legs(legs), kind=TransferKind.GIFT, reason="", source="test:batch", key=key
        )

    def legs(self, legs: dict[int, int]) -> list[Leg]:
        return [Leg(self.accounts[place], amount) for place, amount in legs.items()]

    @staticmethod
    def legs_of(row: tuple[int, int, int]) -> dict[int, int]:
        payer, payee, amount = row
        return {payer: -amount, payee: amount}

    @staticmethod
    def first_refusal(
        legs: dict[int, int],
        memory: list[Remembered],
        *,
        finishing: bool = False,
        may_owe: bool = False,
    ) -> type[Refusal] | None:
        """The refusal of the first leg in the order of the accounts' ids, as the ledger looks."""
        refusals = (
            memory[place].refusal_of(legs[place], finishing=finishing, may_owe=may_owe)
            for place in sorted(legs)
        )
        return next((refusal for refusal in refusals if refusal), None)

    @staticmethod
    def expect[T](expected: type[Refusal] | None, act: Callable[[], T]) -> T | None:
        if expected is None:
            return act()
        with pytest.raises(expected):
            act()
        return None


def run(*, examples: int, steps: int, shard: int = 0) -> None:
    """Each shard begins from a seed of its own, made from the run's: repeated with the run's."""
    figures = settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    machine = type(f"LedgerMachine{shard}", (LedgerMachine,), {})
    run_state_machine_as_test(seed(f"{core.global_force_seed}:{shard}")(machine), settings=figures)


@pytest.mark.django_db(transaction=True)
def test_ledger_agrees_with_the_small_one():
    run(examples=15, steps=20)


@pytest.mark.long
@pytest.mark.parametrize("shard", range(1, SHARDS + 1))
@pytest.mark.django_db(transaction=True)
def test_ledger_agrees_with_the_small_one_at_length(shard):
    """1,000 × 50, in parts of which each core of the machine takes some."""
    run(examples=1000 // SHARDS, steps=50, shard=shard)
