"""Recount every book at night, and say so at once when something does not bear out.

The counting is `selectors.audit`; by hand it is `manage.py verify_ledger`. Nothing is put right
here: what differs is looked into by people.
"""

import logging

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Role, User
from accounts.services.messages import tell
from timebank.models.ledger import Book
from timebank.selectors.audit import differences_in, differences_in_code

SHOWN = 5
READERS = (Role.Kind.ADMINISTRATOR, Role.Kind.AUDITOR)

log = logging.getLogger(__name__)


def recount_books() -> int:
    """Recount every book and the ledger's own code; how many differences there are.

    Administrators and auditors are told of the first ones, once a day.
    """
    found = {book.name: differences_in(book) for book in Book.objects.order_by("pk")}
    found[""] = differences_in_code()
    lines = [
        f"{name} {one.rule}: {one.subject}: {one.expected} / {one.found}".strip()
        for name, differences in found.items()
        for one in differences
    ]
    if lines:
        log.error("the recount found %s differences, first: %s", len(lines), lines[0])
        _tell(lines)
    return len(lines)


def _tell(lines: list[str]) -> None:
    day = localdate()
    readers = User.objects.filter(
        is_active=True, roles__in=Role.objects.active().filter(kind__in=READERS)
    ).distinct()
    for reader in readers:
        with override(reader.language):
            tell(
                reader,
                kind="ledger_differences",
                title=_("账簿核对发现 %(count)d 处不一致") % {"count": len(lines)},
                body="\n".join([_("请尽快核查，查明前不要改动数据库。"), *lines[:SHOWN]]),
                key=f"ledger_differences:{day}:{reader.pk}",
            )
