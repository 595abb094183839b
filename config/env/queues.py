"""The queue between processes and the cache they share."""

import re
from typing import Any
from urllib.parse import urlsplit

from config.embedded.broker import Broker
from config.embedded.errors import CannotStart
from config.env.identity import data_folder, mode, uses_embedded_broker
from config.env.reading import required, text


def broker_url() -> str:
    if uses_embedded_broker():
        if mode() == "production":
            required("BROKER_URL", zh="redis://… 或 amqp://…", en="redis://… or amqp://…")
        return Broker(data_folder()).url()
    url = text("BROKER_URL")
    if not re.match(r"(rediss?|redis\+socket|amqps?|sentinel|confluentkafka|sqs)://", url):
        raise CannotStart(
            zh="BROKER_URL 须以 redis://、rediss:// 或 amqp:// 开头。",
            en="BROKER_URL must begin with redis://, rediss:// or amqp://.",
        )
    return url


def caches() -> dict[str, dict[str, Any]]:
    """Sessions, rate limits and figures: one cache all processes share."""
    location = text("CACHE_URL")
    if not location and uses_embedded_broker():
        location = Broker(data_folder()).cache_url()
    elif not location and re.match(r"rediss?://", broker_url()):
        location = urlsplit(broker_url())._replace(path="/1").geturl()
    elif not re.match(r"(rediss?|unix)://", location):
        raise CannotStart(
            zh="CACHE_URL 须以 redis:// 或 rediss:// 开头；BROKER_URL 不是 Redis 时必须设置它。",
            en="CACHE_URL must begin with redis:// or rediss://; it is required when BROKER_URL "
            "is not Redis.",
        )
    return {
        "default": {
            "BACKEND": "config.cache.KeptRedisCache",
            "LOCATION": location,
            "KEY_PREFIX": "qicai",
        }
    }
