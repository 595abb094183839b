"""The project package: settings, the map of the site, shared look, commands. Nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
