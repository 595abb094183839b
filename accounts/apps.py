"""The accounts app's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("人员与组织")

    def ready(self) -> None:
        import accounts.receivers  # connects the library's signals
        import accounts.sms  # registers its check
        import accounts.tasks  # noqa: F401 — lets services call them by name
        from accounts.forms.sentences import speak_plainly

        speak_plainly()
