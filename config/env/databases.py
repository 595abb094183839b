"""The two ways into PostgreSQL, as Django and as libpq programs name them."""

import hashlib
import hmac
import re
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import environ

from config.embedded.errors import CannotStart
from config.embedded.postgres import OWNER, WEB, Cluster
from config.env.identity import data_folder, mode, secret_key, uses_embedded_database
from config.env.reading import required, text

NO_OWNER = "none"


def databases() -> dict[str, dict[str, Any]]:
    """The two aliases: `default` serves people as the web role, `owner` migrates.

    No connection pool: each thread keeps its own connection and checks it before a request.
    """
    if uses_embedded_database():
        if mode() == "production":
            required("DATABASE_URL", zh="postgresql://…", en="postgresql://…")
        cluster = Cluster(data_folder())
        web, owner = parts_of_url(cluster.url(WEB)), parts_of_url(cluster.url(OWNER))
    elif text("DATABASE_OWNER_URL") == NO_OWNER:
        return {"default": _web_alias(_database("DATABASE_URL"), mirror=False)}
    elif text("DATABASE_OWNER_URL"):
        web, owner = _database("DATABASE_URL"), _database("DATABASE_OWNER_URL")
    else:
        owner = _database("DATABASE_URL")
        web = owner | {"USER": WEB, "PASSWORD": _derived_password(owner["PASSWORD"])}
    return {"default": _web_alias(web, mirror=True), "owner": _owner_alias(owner)}


def owner_is_separate() -> bool:
    """Were two URLs given, so that what serves people need not know the owner's password?"""
    return bool(text("DATABASE_OWNER_URL"))


def url_of(database: dict[str, Any]) -> str:
    """One alias of `databases()` as a URL every libpq program understands."""
    user = quote(database["USER"], safe="")
    secret = quote(database["PASSWORD"], safe="")
    login = f"{user}:{secret}@" if secret else f"{user}@" if user else ""
    host, port = database["HOST"], str(database["PORT"] or "")
    if host.startswith("/"):
        where = urlencode({"host": host} | ({"port": port} if port else {}))
        return f"postgresql://{login}/{database['NAME']}?{where}"
    host = f"[{host}]" if ":" in host else host
    return f"postgresql://{login}{host}{':' + port if port else ''}/{database['NAME']}"


def _web_alias(database: dict[str, Any], *, mirror: bool) -> dict[str, Any]:
    options = {"server_side_binding": True, "prepare_threshold": 0}
    return _alias(database, options) | ({"TEST": {"MIRROR": "owner"}} if mirror else {})


def _owner_alias(database: dict[str, Any]) -> dict[str, Any]:
    return _alias(database, {})


def _alias(database: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    return database | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": database["OPTIONS"] | options,
    }


def _derived_password(owner_password: str) -> str:
    key = owner_password or secret_key()
    return hmac.new(key.encode(), WEB.encode(), hashlib.sha256).hexdigest()


def _database(name: str) -> dict[str, Any]:
    try:
        return parts_of_url(text(name))
    except ValueError as trouble:
        raise CannotStart(
            zh=f"{name} 不是可用的 PostgreSQL 地址：须形如 "
            "postgresql://用户:密码@主机:5432/数据库。",
            en=f"{name} is not a PostgreSQL address; it must look like "
            "postgresql://user:password@host:5432/database.",
        ) from trouble


def parts_of_url(url: str) -> dict[str, Any]:
    """The parts of a URL; ValueError when it is none of PostgreSQL's or names no database."""
    if not re.match(r"postgres(ql)?://", url):
        raise ValueError("not a PostgreSQL URL")
    urlsplit(url).port  # noqa: B018 — raises on a port that is no number
    config = environ.Env.db_url_config(url)
    options = dict(config.get("OPTIONS") or {})
    if not config.get("NAME"):
        raise ValueError("no database named")
    return {
        "NAME": config["NAME"],
        "USER": config["USER"],
        "PASSWORD": unquote(urlsplit(url).password or ""),
        "HOST": config["HOST"] or options.pop("host", ""),
        "PORT": config["PORT"] or options.pop("port", ""),
        "OPTIONS": {name: value for name, value in options.items() if name not in {"host", "port"}},
    }
