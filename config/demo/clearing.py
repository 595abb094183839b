"""The demo's second bank: 桐乡's, invented, small, and open to hours from Haining and back.

It exists to show hours between two books: a few that arrived in either direction, and one that
came back because the receiver's account was closed meanwhile.
"""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Region
from accounts.services.regions import pinyin_of
from config.demo.cast import Cast
from timebank.models import AccountKind, LedgerAccount, TimeBank, TransferKind
from timebank.services.banks import issuance_of, open_bank
from timebank.services.clearing import agree_clearing, send_hours, settle_crossing
from timebank.services.ledger import close_account, open_account, post_transfer

TONGXIANG = "330483000000"
LIMIT_MINUTES = 6_000
PEOPLE = (("沈大姐（桐乡，虚构）", 480), ("徐叔（桐乡，虚构）", 300), ("老朱（桐乡，虚构）", 60))
# To or from which of PEOPLE, how much, what for.
OUTWARD = (
    (0, 90, "请桐乡的志愿者陪住院的姑姑说说话"),
    (1, 60, "请桐乡的志愿者给外婆理发"),
    (2, 30, "请桐乡的志愿者看望老同事"),
)
INWARD = ((0, 120, "给在海宁读书的侄女家帮忙"), (1, 45, "请海宁的志愿者修纱窗"))


def load_second_bank(cast: Cast, bank: TimeBank) -> None:
    """The bank, three people with hours of their own, and a few crossings."""
    system = cast.people["system"]
    other = open_bank("桐乡时间银行（虚构）", region=_county(bank.region), acting_user=system)
    agree_clearing(bank, other, limit_minutes=LIMIT_MINUTES, acting_user=system)
    theirs = [_earner(other, name, minutes, cast) for name, minutes in PEOPLE]
    ours = LedgerAccount.objects.filter(
        book_id=bank.book_id, kind=AccountKind.PERSON, posted__gte=600, held=0
    ).order_by("-posted", "pk")[: len(OUTWARD)]
    for number, ((place, minutes, reason), giver) in enumerate(zip(OUTWARD, ours, strict=False)):
        crossing = send_hours(
            giver,
            to_account=theirs[place],
            minutes=minutes,
            reason=reason,
            request_key=uuid5(NAMESPACE_URL, f"demo.out:{number}"),
            acting_user=system,
        )
        if place == len(theirs) - 1:
            close_account(
                theirs[place], to_account=theirs[0], reason="搬到外地，销户", acting_user=system
            )
        settle_crossing(crossing.pk)
    for number, ((place, minutes, reason), taker) in enumerate(zip(INWARD, ours, strict=False)):
        crossing = send_hours(
            theirs[place],
            to_account=taker,
            minutes=minutes,
            reason=reason,
            request_key=uuid5(NAMESPACE_URL, f"demo.in:{number}"),
            acting_user=system,
        )
        settle_crossing(crossing.pk)


def _county(neighbour: Region) -> Region:
    region, is_new = Region.objects.get_or_create(
        code=TONGXIANG,
        valid_to=None,
        defaults={
            "name": "桐乡市（示范）",
            "short_name": "桐乡（示范）",
            "pinyin": pinyin_of("桐乡"),
            "level": neighbour.level,
            "kind": neighbour.kind,
            "parent": neighbour.parent,
            "is_fictional": True,
            "valid_from": date(2023, 6, 30),
        },
    )
    if is_new:
        region.lineage = [*neighbour.lineage[:-1], region.pk]
        region.save(update_fields=["lineage"])
    return region


def _earner(bank: TimeBank, name: str, minutes: int, cast: Cast) -> LedgerAccount:
    account = open_account(bank.book, kind=AccountKind.PERSON, owner_key=name, label=name)
    post_transfer(
        book=bank.book,
        from_account=issuance_of(bank),
        to_account=account,
        amount=minutes,
        kind=TransferKind.REWARD,
        reason="邻里互助（示范）",
        source=f"demo.tongxiang:{name}",
        key=f"reward:demo.tongxiang:{name}",
        acting_user=cast.people["system"],
    )
    return account
