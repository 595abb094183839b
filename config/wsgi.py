"""The WSGI entry point, served by granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Services name their tasks and do not import them: the web process knows the names from here, as
# the worker does from its own start. Without this what a page asks for waits for its sweeper.
from config.celery import app as celery_app  # noqa: E402 - once the apps are ready

celery_app.loader.import_default_modules()
