"""Refusals around training and awards on a volunteer's record."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.templatetags.kit import day


class EnteredBefore(Refusal):
    """The same training or award stands on the record already. Facts: name, title."""

    code = "entered_before"
    sentence = _("%(name)s的“%(title)s”已经登记过，不用再登。")


class NotYetHeld(Refusal):
    """It lies in the future. Facts: held_on."""

    code = "not_yet_held"
    sentence = _("%(held_on)s 还没有到，培训或授奖之后才能登记。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"held_on": day(self.facts["held_on"])}
