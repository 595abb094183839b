"""Put a wrong record right by posting its reverse: nothing that was written is rewritten.

People get here through a correction that one proposes and another approves (`adjustments`).
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as stored
from django.utils.translation import override

from accounts.models import User
from accounts.reasons import required
from accounts.services.messages import tell
from accounts.templatetags.kit import hours
from timebank.lifecycles.records import RECORD
from timebank.models.ledger import Transfer
from timebank.models.records import ServiceRecord
from timebank.services.certificates import revoke_for
from timebank.services.ledger import reverse_transfer
from timebank.services.screening.blocks import unblock_hours


@transaction.atomic
def reverse_record(record: ServiceRecord, *, reason: str, acting_user: User) -> ServiceRecord:
    """Take back what a confirmed record brought (冲正); the volunteer is told why.

    Hours that are already spent are taken all the same and stand as a visible debt. The record
    stays, its time is free again; certificates that rest on it are revoked.
    Refused: `ReasonMissing`, `NotAllowed` for anyone but an officer over the place who neither
    served nor confirmed it, `OutOfTurn`.
    """
    reason = required(reason)
    ServiceRecord.objects.select_for_update().only("pk").get(pk=record.pk)
    record = ServiceRecord.objects.select_related("volunteer", "region", "service_type").get(
        pk=record.pk
    )
    RECORD.move(record, "reverse", reason=reason, acting_user=acting_user)
    unblock_hours(record, reason=stored("冲正"), acting_user=acting_user)
    if record.credit_id is not None:  # history that is not redeemable brought nothing
        reverse_transfer(
            Transfer.objects.get(book_id=record.bank.book_id, pk=record.credit_id),
            reason=reason,
            key=f"reverse:{record.ledger_source}",
            allow_debt=True,
            acting_user=acting_user,
        )
    revoke_for(record, reason=reason, acting_user=acting_user)
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_reversed",
            title=_("一条服务记录已冲正：%(minutes)s") % {"minutes": hours(record.minutes)},
            body=_("%(service)s：%(reason)s")
            % {"service": record.service_type.name, "reason": reason},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:reversed",
        )
    return record
