"""The scene's books: 安安's account and one of its transfers, the pool, a correction and a batch.

What stands in the way of nothing else: accounts are those the other parts have opened.
"""

from collections.abc import Iterator
from typing import Any

from config.demo.cast import Cast
from tests.factories.timebank_corrections import make_adjustment, make_opening, make_point_grant
from timebank.models import BookExport, ServiceRecord, TimeBank, Transfer
from timebank.services.banks import account_of, issuance_of, pool_of
from timebank.services.funds import open_fund


def books_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    bank = TimeBank.objects.select_related("book", "region").get(region__code="330481000000")
    home = cast.stations["nanguanxiang"]
    anan = account_of(cast.anan, bank)
    fund = open_fund("ventures.round:0", label="创投资金", amount_fen=100, acting_user=cast.fan)
    yield "account-anan", {"pk": anan.pk}
    yield "account-pool", {"pk": pool_of(home).pk}
    yield "account-issuance", {"pk": issuance_of(bank).pk}
    for format in ("csv", "nonsense"):
        yield f"account-as-{format}", {"pk": anan.pk, "format": format}
        yield f"positions-{format}", {"format": format}
    for verb in ("freeze", "nonsense"):
        yield f"account-anan-{verb}", {"pk": anan.pk, "verb": verb}
    yield "book", {"pk": bank.book_id}
    yield "book-fund", {"pk": fund.pk}
    source, free, taken = (fund.accounts.get(kind=k) for k in ("source", "fund", "commitment"))
    yield "account-fund", {"pk": free.pk}
    yield "account-fund-taken", {"pk": taken.pk}
    yield "account-fund-freeze", {"pk": free.pk, "verb": "freeze"}
    yield "transfer-fund", {"pk": Transfer.objects.get(book_id=fund.pk).pk}
    of_fund = make_adjustment(fund, free, cast.fan, from_account=source)
    yield "correction-fund", {"pk": of_fund.pk}
    yield "correction-fund-approve", {"pk": of_fund.pk, "verb": "approve"}
    yield "book-trial", {"pk": bank.book_id, "what": "trial", "format": "csv"}
    yield "book-fund-movements", {"pk": fund.pk, "what": "movements", "format": "csv"}
    record = ServiceRecord.objects.filter(volunteer=cast.anan, credit__isnull=False).earliest("pk")
    yield "transfer", {"pk": record.credit_id}
    correction = make_adjustment(bank, anan, cast.fan)
    yield "correction-proposed", {"pk": correction.pk}
    opening = make_opening(bank, cast, cast.zhu)
    yield "opening-proposed", {"pk": opening.pk}
    for verb in ("approve", "refuse", "withdraw", "nonsense"):
        yield f"correction-{verb}", {"pk": correction.pk, "verb": verb}
        yield f"opening-{verb}", {"pk": opening.pk, "verb": verb}
    grant = make_point_grant(bank, cast.chen, (cast.zhu, 20))
    yield "point-grant", {"pk": grant.pk}
    for verb in ("approve", "again", "refuse", "withdraw", "nonsense"):
        yield f"point-grant-{verb}", {"pk": grant.pk, "verb": verb}
    yield "bank", {"pk": bank.pk}
    export = BookExport.objects.create(
        book_id=bank.book_id, account=anan, format="csv", language="zh-hans", asked_by=cast.anan
    )
    yield "export-anan", {"pk": export.pk}
