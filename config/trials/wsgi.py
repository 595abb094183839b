"""The product with the trials' addresses, served by granian during a trial."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "config.trials.settings"

application = get_wsgi_application()
