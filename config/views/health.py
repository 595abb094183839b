"""Is it up, is it ready: two answers for the machines that watch over us.

`/healthz` says that this process answers. `/readyz` asks everything a page needs — database,
migrations, locale, broker — and names what fails with 503. Neither tells a stranger more than that.
"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from kombu.exceptions import OperationalError

from config.celery import app as celery_app
from timebank.selectors.ledger_code import file_hash, installed_hash

LOCALE_OF_THIS_DATABASE = """
    SELECT datlocprovider, datctype FROM pg_database WHERE datname = current_database()
"""


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    parts = {name: _holds(question) for name, question in QUESTIONS.items()}
    failing = [name for name, holds in parts.items() if not holds]
    return JsonResponse(
        {"ok": not failing, "parts": parts, "failing": failing}, status=503 if failing else 200
    )


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


_migrated = False


def migrations_are_applied() -> bool:
    """Asked of the database until the answer is yes; this process's code does not change."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def locale_knows_chinese(database: BaseDatabaseWrapper | None = None) -> bool:
    """Under locale C or the builtin provider, trigrams of 中文 are empty: search finds nothing."""
    with (database or connection).cursor() as cursor:
        cursor.execute(LOCALE_OF_THIS_DATABASE)
        provider, ctype = cursor.fetchone()
    return bool(provider == "i" or (provider == "c" and ctype not in {"C", "POSIX"}))


def broker_answers() -> bool:
    with celery_app.connection_for_write() as line:
        line.ensure_connection(max_retries=1, timeout=2, interval_start=0)
    return True


def ledger_is_of_this_version() -> bool:
    """The functions in the database are those of this version's `ledger.sql`."""
    return installed_hash() == file_hash()


QUESTIONS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "ledger": ledger_is_of_this_version,
    "locale": locale_knows_chinese,
    "broker": broker_answers,
}


def _holds(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (DatabaseError, OSError, OperationalError):
        return False
