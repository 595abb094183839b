"""A station writes down what a volunteer did who does not do it on their own phone.

Who writes it down does not confirm it: the recipient does (`services.recipient_words`), another
coordinator, or the town's weekly batch.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Attachment, User
from accounts.services.messages import tell
from accounts.templatetags.kit import hours, short_day
from timebank.models import ServiceRecord
from timebank.services.records import Service, submit_record


@transaction.atomic
def enter_record(
    volunteer: User,
    service: Service,
    *,
    photos: Iterable[Attachment] = (),
    acting_user: User,
) -> ServiceRecord:
    """Hand a record in for a volunteer, who is told and can contest it.

    Refused: everything of `submit_record`.
    """
    record = submit_record(volunteer, service, photos=photos, acting_user=acting_user)
    if volunteer.pk != acting_user.pk:
        with override(volunteer.language):
            tell(
                volunteer,
                kind="record_entered",
                title=_("站点替您登记了一条服务"),
                body=_("%(day)s，%(service)s，%(minutes)s，由%(who)s登记。不对请告诉站点。")
                % {
                    "day": short_day(record.started_at),
                    "service": record.service_type.name,
                    "minutes": hours(record.minutes),
                    "who": acting_user.display_name,
                },
                link=record.get_absolute_url(),
                key=f"record:{record.pk}:entered",
            )
    return record
