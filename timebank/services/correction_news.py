"""Tell the people of a correction: whose account it moved, and who proposed it."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.messages import tell
from timebank.models.adjustments import Adjustment
from timebank.models.ledger import AccountKind, Transfer
from timebank.selectors.corrections import accounts_touched_by


def tell_holders(correction: Adjustment, posted: Transfer) -> None:
    """Everybody whose own account it moved, once, with the reason and where to ask."""
    for account in accounts_touched_by(correction):
        whose, _colon, number = account.owner_key.partition(":")
        if account.kind != AccountKind.PERSON or whose != "user" or not number.isdigit():
            continue
        holder = User.objects.filter(pk=int(number)).first()
        if holder is None:
            continue
        with override(holder.language):
            tell(
                holder,
                kind="account_corrected",
                title=_("您的时间账户有一笔更正：%(kind)s")
                % {"kind": correction.get_kind_display()},
                body=_("理由：%(reason)s 如有疑问，请联系服务站点。")
                % {"reason": correction.reason},
                link=correction.get_absolute_url(),
                key=f"correction:{correction.pk}:{posted.pk}:{account.pk}",
            )


def tell_proposer(correction: Adjustment) -> None:
    proposer = correction.proposed_by
    with override(proposer.language):
        tell(
            proposer,
            kind="correction_decided",
            title=_("更正单第 %(number)d 号：%(state)s")
            % {"number": correction.pk, "state": correction.said_state},
            body=correction.decision_reason,
            link=correction.get_absolute_url(),
            key=f"correction:{correction.pk}:decided",
        )
