"""The lifecycle diagram of training and awards on a volunteer's record, as a table."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.dossier import DossierEntry
from timebank.rules import dossier as rules

Entry = DossierEntry.State

# An entry comes to life as ENTERED (`services.dossier.enter`).
DOSSIER = Lifecycle(
    Entry,
    # verb       label            from              to                who
    ("confirm",  _("核对无误"),   [Entry.ENTERED],  Entry.CONFIRMED,  rules.may_check_entry),
    ("refuse",   _("不采用"),     [Entry.ENTERED],  Entry.REFUSED,    rules.may_check_entry),
    ("withdraw", _("撤回"),       [Entry.ENTERED],  Entry.WITHDRAWN,  rules.entered_it),
)  # fmt: skip
