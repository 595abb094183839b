"""The lifecycle diagram of those who apply together, as a table that reads like the diagram."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from ventures.models import Partner, Transfer
from ventures.rules import proposals as rules

S = Partner.State
T = Transfer.State

PARTNER = Lifecycle(
    S,
    # verb       label                 from                 to         who
    ("agree", _("同意联合申报"), [S.ASKED], S.AGREED, rules.is_partner_member),
    ("refuse", _("不参加"), [S.ASKED, S.AGREED], S.REFUSED, rules.is_partner_member),
    ("remove", _("移除"), [S.ASKED, S.AGREED], S.LEFT, rules.asks_partner),
)

TRANSFER = Lifecycle(
    T,
    ("take", _("同意转入"), [T.OFFERED], T.TAKEN, rules.answers_transfer),
    ("refuse", _("不转入"), [T.OFFERED], T.REFUSED, rules.answers_transfer),
)
