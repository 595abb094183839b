"""The lifecycle of an organisation's verification, as a table that reads like the diagram."""

from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.lifecycle import Lifecycle
from accounts.models.organisations import Organisation

S = Organisation.State

ORGANISATION = Lifecycle(
    S,
    # verb       label          from                       to           who
    ("verify", _("核验通过"), [S.SUBMITTED], S.VERIFIED, rules.may_verify),
    ("return_", _("退回补正"), [S.SUBMITTED], S.RETURNED, rules.may_verify),
    ("submit", _("重新提交"), [S.RETURNED], S.SUBMITTED, rules.is_manager_of),
    ("reopen", _("重新核验"), [S.VERIFIED], S.SUBMITTED, rules.may_verify),
)
