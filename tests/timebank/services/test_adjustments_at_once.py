"""Two people decide the same thing at the same moment, on two connections: it is posted once."""

import pytest

from config.demo.cast import Cast
from tests.at_once import said_at_once
from tests.factories.timebank import make_bank
from tests.factories.timebank_corrections import make_adjustment, make_opening
from timebank.models import Transfer, TransferKind
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of
from timebank.services.adjustments import approve_correction, refuse_correction
from timebank.services.banks import account_of
from timebank.services.openings import approve_openings

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_approved_twice_at_once_is_posted_once(cast: Cast) -> None:
    bank = make_bank()
    account = account_of(cast.anan, bank)
    correction = make_adjustment(bank, account, cast.fan)
    opposed = make_adjustment(bank, account, cast.fan)
    opening = make_opening(bank, cast, cast.zhu, cast.baijia)

    said = said_at_once(
        lambda: approve_correction(correction, acting_user=cast.guo),
        lambda: approve_correction(correction, acting_user=cast.guo),
        lambda: approve_openings(opening, acting_user=cast.guo),
        lambda: approve_openings(opening, acting_user=cast.guo),
    )
    against = said_at_once(
        lambda: approve_correction(opposed, acting_user=cast.guo),
        lambda: refuse_correction(opposed, reason="没有原始记录", acting_user=cast.guo),
    )

    assert said == ["done", "done", "out_of_turn", "out_of_turn"]
    assert against == ["done", "out_of_turn"]
    opposed.refresh_from_db()
    assert balance_of(account).posted == (60 if opposed.state == "approved" else 30)
    assert Transfer.objects.filter(kind=TransferKind.OPENING).count() == 2
    assert differences_in(bank.book) == []
