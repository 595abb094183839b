"""The environment is read loudly: what is missing or wrong stops the start with a sentence."""

import pytest

from config import env
from config.embedded.errors import CannotStart

NAMES = [
    *("QICAI_MODE", "SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "CACHE_URL"),
    *("EMAIL_URL", "SMS_ADAPTER", "PUBLIC_ADDRESS", "ALLOWED_HOSTS", "STORAGE", "DEBUG"),
    *("SSL_REDIRECT", "SECRET_KEY_FILE"),
]
OWNER_URL = "postgresql://migrator:p%40ss%2Fword@db.example:5433/qicai"
WEB_URL = "postgresql://visitor:web@db.example:5433/qicai"


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch, tmp_path):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QICAI_DATA", str(tmp_path / "data"))


@pytest.fixture
def production(monkeypatch):
    monkeypatch.setenv("QICAI_MODE", "production")
    monkeypatch.setenv("PUBLIC_ADDRESS", "https://qicai.example.cn")


def test_nothing_said_is_a_demo_on_embedded_servers(tmp_path):
    databases = env.databases()

    assert env.mode() == "demo"
    assert databases["default"]["USER"] == "qicai_web"
    assert databases["owner"]["USER"] == "qicai_owner"
    assert databases["default"]["TEST"] == {"MIRROR": "owner"}
    assert databases["default"]["HOST"] == str(env.data_folder().sockets)
    assert env.broker_url().startswith("redis+socket:///")
    assert env.allowed_hosts() == ["127.0.0.1", "localhost", "[::1]"]


def test_real_database_asks_for_a_mode(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", OWNER_URL)

    with pytest.raises(CannotStart, match="QICAI_MODE"):
        env.mode()


def test_unknown_mode_is_refused(monkeypatch):
    monkeypatch.setenv("QICAI_MODE", "prod")

    with pytest.raises(CannotStart, match="prod"):
        env.mode()


def test_single_url_is_the_owners_and_web_password_is_derived(monkeypatch):
    monkeypatch.setenv("QICAI_MODE", "demo")
    monkeypatch.setenv("DATABASE_URL", OWNER_URL)

    databases = env.databases()

    assert databases["owner"]["USER"] == "migrator"
    assert databases["owner"]["PASSWORD"] == "p@ss/word"
    assert databases["owner"]["PORT"] == 5433
    assert databases["default"]["USER"] == "qicai_web"
    assert len(databases["default"]["PASSWORD"]) == 64
    assert databases["default"]["HOST"] == "db.example"
    assert env.databases()["default"]["PASSWORD"] == databases["default"]["PASSWORD"]
    assert not env.owner_is_separate()


def test_two_urls_are_web_and_owner(monkeypatch):
    monkeypatch.setenv("QICAI_MODE", "demo")
    monkeypatch.setenv("DATABASE_URL", WEB_URL)
    monkeypatch.setenv("DATABASE_OWNER_URL", OWNER_URL)

    databases = env.databases()

    assert databases["default"]["USER"] == "visitor"
    assert databases["owner"]["USER"] == "migrator"
    assert env.owner_is_separate()


def test_host_that_shall_not_know_the_owner_has_one_alias(monkeypatch):
    monkeypatch.setenv("QICAI_MODE", "demo")
    monkeypatch.setenv("DATABASE_URL", WEB_URL)
    monkeypatch.setenv("DATABASE_OWNER_URL", "none")

    assert list(env.databases()) == ["default"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:p%40ss@db.example:5433/qicai",
        "postgresql://user@[2001:db8::1]/qicai",
        "postgresql://user:pw@/qicai?host=%2Fvar%2Frun%2Fpostgresql&port=5433",
    ],
)
def test_url_survives_the_round_trip(url):
    assert env.url_of(env.parts_of_url(url)) == url


@pytest.mark.parametrize(
    "url",
    [
        "qicai",
        "mysql://u@h/d",
        "postgresql://h:port/d",
        "postgresql://user@host/",
        "postgres//x",
    ],
)
def test_broken_database_url_is_named(monkeypatch, url):
    monkeypatch.setenv("QICAI_MODE", "demo")
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(CannotStart, match="DATABASE_URL"):
        env.databases()


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("SECRET_KEY", env.secret_key),
        ("DATABASE_URL", env.databases),
        ("BROKER_URL", env.broker_url),
        ("EMAIL_URL", env.mailers),
        ("SMS_ADAPTER", env.sms_adapter),
    ],
)
def test_production_names_what_is_missing(production, name, question):
    with pytest.raises(CannotStart, match=name):
        question()


def test_production_refuses_debug(production, monkeypatch):
    monkeypatch.setenv("DEBUG", "yes")

    with pytest.raises(CannotStart, match="DEBUG"):
        env.debug()


@pytest.mark.parametrize(
    ("name", "value", "question"),
    [
        ("PUBLIC_ADDRESS", "qicai.example.cn", env.public_address),
        ("PUBLIC_ADDRESS", "https://qicai.example.cn/path", env.public_address),
        ("BROKER_URL", "http://broker", env.broker_url),
        ("EMAIL_URL", "mail.example.cn", env.mailers),
        ("STORAGE", "s3://bucket", lambda: env.storages(media_root=env.data_dir())),
        ("SSL_REDIRECT", "perhaps", env.ssl_redirect),
        ("SECRET_KEY_FILE", "/nowhere/at/all", env.secret_key),
    ],
)
def test_wrong_value_is_named(production, monkeypatch, name, value, question):
    monkeypatch.setenv(name, value)

    with pytest.raises(CannotStart, match=name):
        question()


def test_cache_follows_the_broker(production, monkeypatch):
    monkeypatch.setenv("BROKER_URL", "redis://:pw@cache.example:6379/0")

    assert env.caches()["default"]["LOCATION"] == "redis://:pw@cache.example:6379/1"


def test_broker_without_cache_asks_for_one(production, monkeypatch):
    monkeypatch.setenv("BROKER_URL", "amqp://rabbit.example//")

    with pytest.raises(CannotStart, match="CACHE_URL"):
        env.caches()


def test_secret_comes_from_a_file_and_keeps_its_dollar(production, monkeypatch, tmp_path):
    (tmp_path / "key").write_text("$ecret\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))

    assert env.secret_key() == "$ecret"


def test_demo_keeps_its_key():
    first = env.secret_key()

    assert env.secret_key() == first
    assert len(first) >= 50
    assert (env.data_dir() / "secret_key").stat().st_mode & 0o777 == 0o600


def test_mail_leaves_over_tls(production, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://us%40er:pw@mail.example:587")

    options = env.mailers()["default"]["OPTIONS"]

    assert options["host"] == "mail.example"
    assert options["username"] == "us@er"
    assert options["use_tls"]
