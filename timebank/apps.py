"""The time bank's place in Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from timebank.services.certainty import listen_to_new


class TimebankConfig(AppConfig):
    name = "timebank"
    verbose_name = _("时间银行")

    def ready(self) -> None:
        """Hear from the beginning when a commit did not reach its standby."""
        connection_created.connect(listen_to_new, dispatch_uid="timebank.certainty")
