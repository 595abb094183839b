"""Refusals of who may apply."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotEligible(Refusal):
    """A hard condition of the round is not met. Facts: reasons (what, why and what to do)."""

    code = "not_eligible"
    sentence = _("还不能提交：%(reasons)s")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "reasons": _("；").join(str(reason) for reason in self.facts["reasons"])
        }
