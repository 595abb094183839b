"""Refusals about what is known of organisations, and about bars."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class AlreadyStruck(Refusal):
    """Somebody put it right already."""

    code = "fact_already_struck"
    sentence = _("这一条已经更正过了，请看页面上的更正原因。")


class AlreadyLifted(Refusal):
    """The bar has ended by decision."""

    code = "application_bar_already_lifted"
    sentence = _("这项限制已经解除了，不用再办。")
