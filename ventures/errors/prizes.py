"""Refusals about prizes of several sizes."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotAPrize(Refusal):
    """The sum is none of the round's prizes. Facts: code, prizes."""

    code = "not_a_prize"
    sentence = _("%(number)s 的奖金要是征集公告写明的奖项之一：%(prizes)s。")


class TooManyOfAPrize(Refusal):
    """More of one prize than the call says. Facts: name, places, given."""

    code = "too_many_of_a_prize"
    sentence = _("%(name)s只设 %(places)d 名，名单里有 %(given)d 个，请调整。")
