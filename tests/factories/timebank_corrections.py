"""Corrections and opening balances: the dullest valid proposal of each."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Attachment, User
from accounts.services.attachments import store_pdf
from config.demo.cast import Cast
from timebank.models import (
    Adjustment,
    Book,
    LedgerAccount,
    OpeningImport,
    PointGrant,
    TimeBank,
    Transfer,
)
from timebank.services.adjustments import propose_adjustment, propose_reversal
from timebank.services.banks import account_of, issuance_of
from timebank.services.opening_tables import try_openings
from timebank.services.openings import propose_openings
from timebank.services.points import PointsFor, propose_points

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HEADS = ["姓名", "手机号", "分钟", "原编号", "备注"]


def make_evidence(by: User) -> Attachment:
    return store_pdf(SimpleUploadedFile("情况说明.pdf", PDF, "application/pdf"), acting_user=by)


def make_adjustment(
    of: TimeBank | Book, account: LedgerAccount, by: User, *, amount: int = 30, **facts: Any
) -> Adjustment:
    """Minutes that were forgotten, from issuance to the account; of a book, from where it says."""
    book = of if isinstance(of, Book) else of.book
    details = {
        "from_account": None if isinstance(of, Book) else issuance_of(of),
        "to_account": account,
        "amount": amount,
        "reason": "漏记 30 分钟",
        "request_key": uuid4(),
        "evidence": None,
    } | facts
    details["evidence"] = details["evidence"] or make_evidence(by)
    return propose_adjustment(book, acting_user=by, **details)


def make_reversal(transfer: Transfer, by: User, **facts: Any) -> Adjustment:
    details = {"reason": "重复登记", "request_key": uuid4(), "evidence": make_evidence(by)} | facts
    return propose_reversal(transfer, acting_user=by, **details)


def opening_table(*rows: tuple[str, str, str]) -> list[list[str]]:
    """Heads, then (name, phone, minutes) with a reference of its own."""
    return [HEADS, *([*row, f"JF{place:03d}", ""] for place, row in enumerate(rows, start=1))]


def plain_phone(user: User) -> str:
    return (user.phone or "").removeprefix("+86")


def make_opening(bank: TimeBank, cast: Cast, *people: User, minutes: int = 90) -> OpeningImport:
    """A batch of these people, waiting for its second person."""
    table = opening_table(*((one.display_name, plain_phone(one), str(minutes)) for one in people))
    trial = try_openings(bank, table, origin="原台账")
    assert trial.is_clean, [row.errors for row in trial.faulty]
    number = uuid4()
    return propose_openings(
        bank,
        trial,
        origin="原台账",
        as_of=bank.opened_at.date(),
        reason="站点核对过",
        file_name="原台账.csv",
        digest=number.hex * 2,
        request_key=number,
        acting_user=cast.fan,
    )


def make_point_grant(bank: TimeBank, by: User, *rows: tuple[User, int], **facts: Any) -> PointGrant:
    """Points for people, waiting for a second person."""
    details = {"reason": "重阳节活动全程帮忙", "request_key": uuid4()} | facts
    asked = [PointsFor(person, points) for person, points in rows]
    return propose_points(bank, asked, acting_user=by, **details)


def own_account(user: User, bank: TimeBank) -> LedgerAccount:
    return account_of(user, bank)
