"""The project package as an app: commands, views, templates; no models."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "config"
    verbose_name = _("七彩")

    def ready(self) -> None:
        from config import checks  # noqa: F401 — checks register themselves
        from config.celery import app

        # A web process queues tasks by their names, so it must know them as a worker does.
        app.autodiscover_tasks(force=True)
