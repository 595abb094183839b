"""Up and ready: 200 when everything answers, 503 naming what does not."""

import psycopg
import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from config import env
from config.embedded.broker import Broker
from config.views import health


def test_healthz_answers_anyone(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True}


@pytest.mark.django_db
def test_readyz_is_ready(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["parts"] == {
        "database": True,
        "migrations": True,
        "ledger": True,
        "locale": True,
        "broker": True,
    }


@pytest.mark.django_db
@pytest.mark.skipif(not env.uses_embedded_broker(), reason="the broker is not ours to stop")
def test_readyz_names_a_silent_broker(client):
    broker = Broker(env.data_folder())
    broker.stop()

    try:
        answer = client.get("/readyz")
    finally:
        broker.start()

    assert answer.status_code == 503
    assert answer.json()["failing"] == ["broker"]


@pytest.mark.django_db
def test_readyz_names_missing_migrations(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    recorder = MigrationRecorder(connection)
    last = recorder.migration_qs.filter(app="accounts").order_by("-name").first()
    recorder.record_unapplied("accounts", last.name)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["failing"] == ["migrations"]


def test_readyz_names_a_silent_database(client, django_db_blocker, monkeypatch):
    monkeypatch.setattr(health, "_migrated", True)
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")

    with django_db_blocker.unblock():
        connection.close()
        answer = client.get("/readyz")
        connection.close()

    assert answer.status_code == 503
    assert answer.json()["failing"] == ["database", "ledger", "locale"]


LOCALES = ["LOCALE 'C'", "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"]


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("locale", LOCALES)
def test_locale_without_chinese_is_refused(locale):
    """Such a database cannot search 海宁: its trigrams are empty."""
    maintenance = env.url_of({**connections["owner"].settings_dict, "NAME": "postgres"})
    other = connections["owner"].copy()
    other.settings_dict = {**other.settings_dict, "NAME": "qicai_wrong_locale"}
    with psycopg.connect(maintenance, autocommit=True) as owner:
        owner.execute("DROP DATABASE IF EXISTS qicai_wrong_locale")
        owner.execute(f"CREATE DATABASE qicai_wrong_locale TEMPLATE template0 {locale}")
        try:
            assert not health.locale_knows_chinese(other)
        finally:
            other.close()
            owner.execute("DROP DATABASE qicai_wrong_locale")
    assert health.locale_knows_chinese()
