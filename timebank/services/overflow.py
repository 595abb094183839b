"""Tell whose account is full what became of their hours. The sharing out is the ledger's."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.messages import tell
from accounts.templatetags.kit import hours
from timebank.models.ledger import Transfer
from timebank.selectors.overflow import Overflow, overflow_of


def tell_of_overflow(volunteer: User, transfer: Transfer) -> Overflow | None:
    """Say how much of a credit went to a pool, and what one can do; nothing where nothing did."""
    overflow = overflow_of(transfer)
    if overflow is None:
        return None
    with override(volunteer.language):
        tell(
            volunteer,
            kind="hours_overflowed",
            title=_("您的账户已到上限：%(minutes)s 转入%(pool)s")
            % {"minutes": hours(overflow.amount), "pool": overflow.pool},
            body=_(
                "服务时长照常记在服务记录和证明里。转入的时间由站点用在需要帮助的老人身上，谢谢您。"
                "想让以后的时间记到自己账户，请先使用或捐赠一些。"
            ),
            link=reverse("timebank:statement"),
            key=f"overflow:{transfer.pk}",
        )
    return overflow
