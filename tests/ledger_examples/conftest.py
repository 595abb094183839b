"""What a story needs: a book, people by name, and tables as docs/ledger.md prints them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from accounts.templatetags.kit import hours, signed_hours, yuan
from tests.factories.timebank_ledger import make_book, make_issuance, make_user
from timebank.models.ledger import (
    AccountKind,
    Book,
    Hold,
    LedgerAccount,
    Transfer,
    TransferKind,
    Unit,
)
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of, statement_of
from timebank.services.holds import place_hold
from timebank.services.ledger import open_account, post_transfer

DOCS = Path(settings.BASE_DIR) / "docs" / "ledger.md"


@dataclass
class Story:
    """One book, the accounts of those who appear in it, and short verbs for what they do."""

    acting_user: User
    book: Book
    accounts: dict[str, LedgerAccount] = field(default_factory=dict)
    numbers: count = field(default_factory=lambda: count(1))

    def account(self, label: str, kind: AccountKind = AccountKind.PERSON) -> LedgerAccount:
        if label not in self.accounts:
            self.accounts[label] = (
                make_issuance(self.book)
                if kind == AccountKind.ISSUANCE
                else open_account(self.book, kind=kind, owner_key=label, label=label)
            )
        return self.accounts[label]

    def earn(self, who: str, minutes: int, what: str) -> Transfer:
        self.account("发放账户", AccountKind.ISSUANCE)
        return self.move("发放账户", who, minutes, TransferKind.REWARD, what)

    def move(
        self, giver: str, taker: str, amount: int, kind: str, what: str, key: str = ""
    ) -> Transfer:
        number = next(self.numbers)
        return post_transfer(
            book=self.book,
            from_account=self.account(giver),
            to_account=self.account(taker),
            amount=amount,
            kind=kind,
            reason=what,
            source="story:1",
            key=key or f"story:{number}",
            acting_user=self.acting_user,
        )

    def set_aside(
        self,
        who: str,
        amount: int,
        for_whom: str,
        what: str,
        *,
        kind: str = TransferKind.USE,
        expires_at: datetime | None = None,
    ) -> Hold:
        number = next(self.numbers)
        return place_hold(
            self.account(who),
            amount=amount,
            to_account=self.account(for_whom),
            source="story:1",
            key=f"story:{number}",
            reason=what,
            kind=kind,
            expires_at=expires_at,
            acting_user=self.acting_user,
        )

    def statement(self, who: str) -> str:
        """The account's lines, oldest first."""
        lines = reversed(statement_of(self.account(who)).lines)
        return table(
            "事由 | 说明 | 变动 | 结余",
            [
                (
                    f"{line.kind_label}（已冲正）" if line.is_reversed else line.kind_label,
                    line.reason,
                    signed_hours(line.amount),
                    "" if line.balance_after is None else hours(line.balance_after),
                )
                for line in lines
            ],
        )

    def balances(self, *names: str) -> str:
        """What each has, has set aside and can use; and that it all comes to nothing."""
        in_words = yuan if self.book.unit == Unit.FEN else hours
        figures = [(name, balance_of(self.account(name))) for name in names or self.accounts]
        return table(
            "户名 | 结余 | 预留 | 可用",
            [
                (name, in_words(now.posted), in_words(now.held), in_words(now.available))
                for name, now in figures
            ],
        )


def table(head: str, rows: list[tuple[str, ...]]) -> str:
    width = head.count("|") + 1
    lines = [f"| {head} |", "|" + "---|" * width, *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


@pytest.fixture
def story(db: None):
    """A story in minutes. Whatever happens in it, the book bears recounting."""
    chen = make_user("陈站长")
    story = Story(chen, make_book(chen))
    yield story
    assert differences_in(story.book) == []


@pytest.fixture
def story_of_money(db: None):
    """A story in fen."""
    fan = make_user("范科长")
    story = Story(fan, make_book(fan, unit=Unit.FEN))
    yield story
    assert differences_in(story.book) == []


@pytest.fixture
def printed(request: pytest.FixtureRequest) -> list[str]:
    """The tables that docs/ledger.md prints under the story's own heading, in order."""
    heading = request.function.__doc__.split(".")[0].replace("\n", " ")
    heading = re.sub(r"\s+", " ", heading)
    sections = re.split(r"^##+ (?:\d+\. )?", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = next((text for text in sections if text.startswith(heading)), "")
    assert section, f"docs/ledger.md tells no story called {heading!r}"
    return re.findall(r"(?:^\|.*\|\n?)+", section, flags=re.MULTILINE)


@pytest.fixture
def told(printed: list[str]):
    """Say the tables a story came to; they must be the printed ones."""

    def told(*tables: str) -> None:
        assert [text.strip() for text in printed] == list(tables)

    return told
