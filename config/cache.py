"""Django's cache over Valkey, with its client kept.

Django makes a new client object for each get and set, which costs as much as the answer itself;
every request begins by reading its session. The connections below it are pooled either way.
"""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class KeptClient(RedisCacheClient):
    """One client object per pool of connections; each thread has its own cache object."""

    def __init__(self, *servers: Any, **options: Any) -> None:
        super().__init__(*servers, **options)
        self._kept: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        maker: Any = self  # the library's own names below are in no type stub
        pool = maker._get_connection_pool(write)
        if id(pool) not in self._kept:
            self._kept[id(pool)] = maker._client(connection_pool=pool)
        return self._kept[id(pool)]


class KeptRedisCache(RedisCache):
    """What `CACHES` names."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
