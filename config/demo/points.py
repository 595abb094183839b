"""Points in the demo: a grant that was posted, one row of it refused; one that waits."""

from uuid import UUID

from config.demo.cast import Cast
from config.demo.timebank import Settled
from timebank.models.ledger import AccountKind
from timebank.selectors.banks import person_key
from timebank.services.ledger import freeze_account, open_account
from timebank.services.points import PointsFor, approve_points, points_book_of, propose_points

SEED = 20261123


def load_points(cast: Cast, settled: Settled) -> None:
    """陈站长 thanks helpers twice: 范科长 has reviewed the first, the second waits."""
    bank = settled.bank
    people = [cast.anan, cast.zhu, cast.baijia, cast.fang]
    book = points_book_of(bank, acting_user=cast.fan)
    held_still = open_account(
        book,
        kind=AccountKind.PERSON,
        owner_key=person_key(cast.fang),
        label=cast.fang.display_name,
    )
    freeze_account(held_still, reason="手机号疑似被他人使用，核实期间先冻结", acting_user=cast.fan)
    for number, (given, reason) in enumerate(
        (
            (dict(zip(people, (20, 20, 15, 10), strict=True)), "重阳节敬老活动全程帮忙"),
            ({cast.anan: 10, cast.zhu: 10}, "带新志愿者熟悉社区"),
        ),
        start=1,
    ):
        grant = propose_points(
            bank,
            [PointsFor(person, points) for person, points in given.items()],
            reason=reason,
            request_key=UUID(int=SEED * 10 + number),
            acting_user=cast.chen,
        )
        if number == 1:
            approve_points(grant, reason="已核对签到表", acting_user=cast.fan)
