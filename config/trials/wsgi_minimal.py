"""The cheapest answer Django gives: the product without its middleware, one address, one transfer.

The middleware is taken off after the start, because a library insists on its own while starting.
"""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "config.trials.urls_minimal"

application = WSGIHandler()
