"""The product's settings with the trials' addresses added: what granian serves during a trial."""

from config.settings import *  # noqa: F403 - all of them, as they are

ROOT_URLCONF = "config.trials.urls"
