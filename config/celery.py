"""The queue's application: slow and later work of all apps. Its settings stand in settings.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("qicai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
