"""Read the environment (django-environ), loudly: a wrong value stops the start.

Only `config/settings.py` and the commands that start servers call this; everything else asks the
settings. Any name may also come from a file: `SECRET_KEY_FILE=/run/secrets/key`.

    QICAI_MODE          demo | production. Unset: demo, as long as DATABASE_URL is unset too, or the
                        command is `demo` or the tests; a real database asks for a decision.
    QICAI_DATA          the data folder; `.data` beside manage.py
    SECRET_KEY          demo: made once and kept in the data folder
    DATABASE_URL        the web role's URL, beside DATABASE_OWNER_URL; alone it is the owner's and
                        the web role's is derived from it; unset: the embedded server
    DATABASE_OWNER_URL  the role that migrates; `none` on hosts that shall not know it
    BROKER_URL          unset: the embedded broker (demo only)
    CACHE_URL           unset: the broker's Valkey, second database
    EMAIL_URL           smtp://… ; demo: the visible outbox
    DEFAULT_FROM_EMAIL  who our mails come from
    SMS_ADAPTER         aliyun, or the dotted path of a class; demo: the visible outbox
    ALIYUN_SMS_KEY_ID, ALIYUN_SMS_KEY_SECRET, ALIYUN_SMS_SIGN_NAME
                        an access key of 阿里云短信 and the approved signature (短信签名)
    ALIYUN_SMS_TEMPLATES
                        approved templates: code=SMS_…,unknown=…,known=…,message=…,invitation=…
    PUBLIC_ADDRESS      https://… as people type it
    ALLOWED_HOSTS       comma-separated; the public address's host
    STORAGE             local, a folder as file:///…, or an S3 bucket as
                        s3://key:secret@host/bucket?region=…&folder=…&style=path|virtual&tls=no
    SSL_REDIRECT        production: send http to https (yes)
    DEBUG               no; refused in production
"""

import hashlib
import hmac
import os
import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import environ
import structlog

from config.embedded.broker import Broker
from config.embedded.errors import CannotStart
from config.embedded.folder import DataFolder
from config.embedded.postgres import OWNER, WEB, Cluster

Mode = Literal["demo", "production"]

PROJECT = Path(__file__).resolve().parent.parent
NO_OWNER = "none"
S3 = "storages.backends.s3.S3Storage"
SMTP_MAIL = "django.core.mail.backends.smtp.EmailBackend"
DEMO_MAIL = "accounts.outbox.OutboxEmailBackend"
DEMO_SMS = "accounts.outbox.OutboxSmsAdapter"
ALIYUN_SMS = "accounts.sms_aliyun.AliyunSms"


def _text(name: str) -> str:
    """The value of a name, stripped; empty when unset. A `$` in it is a `$`."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as trouble:
            raise CannotStart(
                zh=f"{name}_FILE 指向的文件 {file} 无法读取。",
                en=f"The file {file} named by {name}_FILE cannot be read.",
            ) from trouble
    return os.environ.get(name, "").strip()


def _required(name: str, *, zh: str, en: str) -> str:
    value = _text(name)
    if not value:
        raise CannotStart(
            zh=f"生产环境须设置环境变量 {name}：{zh}。",
            en=f"Production needs the environment variable {name}: {en}.",
        )
    return value


def _yes_or_no(name: str, *, unset: bool) -> bool:
    value = _text(name).lower()
    if not value:
        return unset
    if value in environ.Env.BOOLEAN_TRUE_STRINGS:
        return True
    if value in {"0", "false", "no", "off", "n", "f"}:
        return False
    raise CannotStart(
        zh=f"环境变量 {name} 须为 yes 或 no，现在是“{value}”。",
        en=f"{name} must be yes or no, not “{value}”.",
    )


# Identity -------------------------------------------------------------------------------


def mode() -> Mode:
    """Demo or production. In doubt it asks: a real database is never guessed to be a demo."""
    match _text("QICAI_MODE"):
        case "demo":
            return "demo"
        case "production":
            return "production"
        case "":
            if uses_embedded_database():
                return "demo"
            raise CannotStart(
                zh="已设置 DATABASE_URL 而没有设置 QICAI_MODE：请写明 demo 或 production。",
                en="DATABASE_URL is set but QICAI_MODE is not: say demo or production.",
            )
        case other:
            raise CannotStart(
                zh=f"QICAI_MODE 须为 demo 或 production，现在是“{other}”。",
                en=f"QICAI_MODE must be demo or production, not “{other}”.",
            )


def debug() -> bool:
    wanted = _yes_or_no("DEBUG", unset=False)
    if wanted and mode() == "production":
        raise CannotStart(zh="生产环境不得打开 DEBUG。", en="DEBUG must not be on in production.")
    return wanted


def data_folder() -> DataFolder:
    """The data folder with everything we know to be in it."""
    return DataFolder(Path(_text("QICAI_DATA") or PROJECT / ".data").expanduser().resolve())


def data_dir() -> Path:
    return data_folder().path


def secret_key() -> str:
    if mode() == "production":
        return _required("SECRET_KEY", zh="至少 50 个随机字符", en="at least 50 random characters")
    return _text("SECRET_KEY") or data_folder().secret("secret_key")


def public_address() -> str:
    """Scheme and host as people type it, without a slash at the end."""
    address = _text("PUBLIC_ADDRESS")
    if not address and mode() == "demo":
        return "http://127.0.0.1:8000"
    address = _required(
        "PUBLIC_ADDRESS", zh="例如 https://qicai.example.cn", en="https://…"
    ).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise CannotStart(
            zh=f"PUBLIC_ADDRESS 须形如 https://qicai.example.cn，现在是“{address}”。",
            en=f"PUBLIC_ADDRESS must look like https://qicai.example.cn, not “{address}”.",
        )
    return address


def allowed_hosts() -> list[str]:
    listed = [host.strip() for host in _text("ALLOWED_HOSTS").split(",") if host.strip()]
    if listed:
        return listed
    if mode() == "demo":
        return ["127.0.0.1", "localhost", "[::1]"]
    host = urlsplit(public_address()).hostname
    assert host is not None, "public_address() refuses an address without a host"
    return [host, "127.0.0.1"]  # the second for health checks on the machine itself


def trusted_origins() -> list[str]:
    return [public_address()] if mode() == "production" else []


def ssl_redirect() -> bool:
    return _yes_or_no("SSL_REDIRECT", unset=True)


# Database -------------------------------------------------------------------------------


def uses_embedded_database() -> bool:
    return not _text("DATABASE_URL")


def uses_embedded_broker() -> bool:
    return not _text("BROKER_URL")


def databases() -> dict[str, dict[str, Any]]:
    """The two aliases: `default` serves people as the web role, `owner` migrates.

    No connection pool: each thread keeps its own connection and checks it before a request.
    """
    if uses_embedded_database():
        if mode() == "production":
            _required("DATABASE_URL", zh="postgresql://…", en="postgresql://…")
        cluster = Cluster(data_folder())
        web, owner = _parts_of_url(cluster.url(WEB)), _parts_of_url(cluster.url(OWNER))
    elif _text("DATABASE_OWNER_URL") == NO_OWNER:
        return {"default": _web_alias(_database("DATABASE_URL"), mirror=False)}
    elif _text("DATABASE_OWNER_URL"):
        web, owner = _database("DATABASE_URL"), _database("DATABASE_OWNER_URL")
    else:
        owner = _database("DATABASE_URL")
        web = owner | {"USER": WEB, "PASSWORD": _derived_password(owner["PASSWORD"])}
    return {"default": _web_alias(web, mirror=True), "owner": _owner_alias(owner)}


def owner_is_separate() -> bool:
    """Were two URLs given, so that what serves people need not know the owner's password?"""
    return bool(_text("DATABASE_OWNER_URL"))


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
        return _parts_of_url(_text(name))
    except ValueError as trouble:
        raise CannotStart(
            zh=f"{name} 不是可用的 PostgreSQL 地址：须形如 "
            "postgresql://用户:密码@主机:5432/数据库。",
            en=f"{name} is not a PostgreSQL address; it must look like "
            "postgresql://user:password@host:5432/database.",
        ) from trouble


def _parts_of_url(url: str) -> dict[str, Any]:
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


# Queue and cache ------------------------------------------------------------------------


def broker_url() -> str:
    if uses_embedded_broker():
        if mode() == "production":
            _required("BROKER_URL", zh="redis://… 或 amqp://…", en="redis://… or amqp://…")
        return Broker(data_folder()).url()
    url = _text("BROKER_URL")
    if not re.match(r"(rediss?|redis\+socket|amqps?|sentinel|confluentkafka|sqs)://", url):
        raise CannotStart(
            zh="BROKER_URL 须以 redis://、rediss:// 或 amqp:// 开头。",
            en="BROKER_URL must begin with redis://, rediss:// or amqp://.",
        )
    return url


def caches() -> dict[str, dict[str, Any]]:
    """Sessions, rate limits and figures: one cache all processes share."""
    location = _text("CACHE_URL")
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
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": location,
            "KEY_PREFIX": "qicai",
        }
    }


# Files, mail, short messages --------------------------------------------------------------


def storages(*, media_root: Path) -> dict[str, dict[str, Any]]:
    """Where files lie. Static files carry a fingerprint in their names in production only."""
    static = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
        if mode() == "demo"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    )
    place = _text("STORAGE") or "local"
    if place.startswith("s3://"):
        handed_in = {"BACKEND": S3, "OPTIONS": _bucket(place)}
    elif place == "local" or place.startswith("file:///"):
        folder = media_root if place == "local" else Path(unquote(urlsplit(place).path))
        handed_in = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        }
    else:
        raise CannotStart(
            zh=f"STORAGE 须为 local、file:///文件夹 或 s3://…，现在以“{place[:12]}”开头。",
            en=f"STORAGE is local, file:///folder or s3://…; it begins with “{place[:12]}”.",
        )
    return {"default": handed_in, "staticfiles": {"BACKEND": static}}


def _bucket(place: str) -> dict[str, Any]:
    """A private bucket of any S3-compatible store. Objects are handed out by our views alone."""
    parts = urlsplit(place)
    asked = dict(parse_qsl(parts.query))
    bucket = parts.path.strip("/")
    if not (parts.username and parts.password and parts.hostname and bucket) or "/" in bucket:
        raise CannotStart(  # the value itself holds a secret and is not repeated
            zh="STORAGE 须形如 s3://访问密钥:私有密钥@主机/存储桶?region=地域。",
            en="STORAGE must look like s3://key:secret@host/bucket?region=….",
        )
    unknown = asked.keys() - {"region", "folder", "style", "tls"}
    if unknown or asked.get("style", "path") not in {"path", "virtual"}:
        raise CannotStart(
            zh="STORAGE 的参数只有 region、folder、style（path 或 virtual）和 tls。",
            en="STORAGE takes region, folder, style (path or virtual) and tls, nothing else.",
        )
    scheme = "http" if asked.get("tls") == "no" else "https"
    host = parts.hostname + (f":{parts.port}" if parts.port else "")
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{host}",
        "region_name": asked.get("region") or None,
        "location": asked.get("folder", ""),
        "addressing_style": asked.get("style", "auto"),
        "signature_version": "s3v4",
        "file_overwrite": False,
        "default_acl": None,  # the bucket's own, which is private; many stores know no other
        "querystring_auth": True,
        "max_memory_size": 2 * 1024 * 1024,
    }


def mailers() -> dict[str, dict[str, Any]]:
    """How mail leaves: over SMTP, or into the demo's visible outbox."""
    url = _text("EMAIL_URL")
    if not url:
        if mode() == "demo":
            return {"default": {"BACKEND": DEMO_MAIL}}
        url = _required(
            "EMAIL_URL", zh="smtp+tls://用户:密码@主机:587", en="smtp+tls://user:pw@host:587"
        )
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname:
        raise CannotStart(
            zh="EMAIL_URL 须形如 smtp+tls://用户:密码@主机:587（或 smtp://、smtp+ssl://）。",
            en="EMAIL_URL must look like smtp+tls://user:password@host:587 "
            "(or smtp://, smtp+ssl://).",
        )
    options = {
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtp+ssl",
        "timeout": 20,
    }
    return {"default": {"BACKEND": SMTP_MAIL, "OPTIONS": options}}


def from_email() -> str:
    host = urlsplit(public_address()).hostname or "localhost"
    return _text("DEFAULT_FROM_EMAIL") or f"no-reply@{host}"


def sms_adapter() -> str:
    """The class that sends short messages, as a dotted path."""
    if mode() == "demo":
        wanted = _text("SMS_ADAPTER") or DEMO_SMS
    else:
        wanted = _required(
            "SMS_ADAPTER",
            zh="aliyun，或短信适配器类的路径",
            en="aliyun, or the dotted path of the adapter's class",
        )
    return ALIYUN_SMS if wanted == "aliyun" else wanted


def sms_aliyun() -> dict[str, Any]:
    """What 阿里云短信 needs; the system check says what is missing when it is the adapter."""
    templates = {}
    for pair in filter(None, (part.strip() for part in _text("ALIYUN_SMS_TEMPLATES").split(","))):
        name, sign, template = pair.partition("=")
        if not sign or not name.strip() or not template.strip():
            raise CannotStart(
                zh=f"ALIYUN_SMS_TEMPLATES 须形如 code=SMS_1,message=SMS_2，现在有“{pair}”。",
                en=f"ALIYUN_SMS_TEMPLATES must look like code=SMS_1,message=SMS_2, not “{pair}”.",
            )
        templates[name.strip()] = template.strip()
    return {
        "key_id": _text("ALIYUN_SMS_KEY_ID"),
        "key_secret": _text("ALIYUN_SMS_KEY_SECRET"),
        "sign_name": _text("ALIYUN_SMS_SIGN_NAME"),
        "templates": templates,
        "endpoint": _text("ALIYUN_SMS_ENDPOINT") or "https://dysmsapi.aliyuncs.com",
    }


# Logs -----------------------------------------------------------------------------------


def logging() -> dict[str, Any]:
    """Lines for people in demo, JSON in production, on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    rendered: list[Any] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if mode() == "demo"
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *rendered,
                ],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            name: {"handlers": ["console"], "level": "INFO", "propagate": False}
            for name in (
                "accounts",
                "timebank",
                "ventures",
                "config",
                "django_structlog",
            )
        },
    }
