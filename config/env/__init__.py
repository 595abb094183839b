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

One file a subject: `reading` (one name), `identity`, `databases`, `queues`, `files`, `letters`,
`logs`.
"""

from config.env.databases import databases, owner_is_separate, parts_of_url, url_of
from config.env.files import storages
from config.env.identity import (
    PROJECT,
    allowed_hosts,
    data_dir,
    data_folder,
    debug,
    mode,
    public_address,
    secret_key,
    ssl_redirect,
    trusted_origins,
    uses_embedded_broker,
    uses_embedded_database,
)
from config.env.letters import from_email, mailers, sms_adapter, sms_aliyun
from config.env.logs import logging
from config.env.queues import broker_url, caches

__all__ = [
    "PROJECT",
    "allowed_hosts",
    "broker_url",
    "caches",
    "data_dir",
    "data_folder",
    "databases",
    "debug",
    "from_email",
    "logging",
    "mailers",
    "mode",
    "owner_is_separate",
    "parts_of_url",
    "public_address",
    "secret_key",
    "sms_adapter",
    "sms_aliyun",
    "ssl_redirect",
    "storages",
    "trusted_origins",
    "url_of",
    "uses_embedded_broker",
    "uses_embedded_database",
]
