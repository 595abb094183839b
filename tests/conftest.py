"""Fixtures every app may use: the test cluster, the clean database, the cast, the clients.

Tests run on an embedded PostgreSQL cluster and broker of their own, in `QICAI_TEST_DATA`
(`.data/test`) with durability switched off, unless `DATABASE_URL` names a server. `default` logs
in as the web role and `owner` as the owner, on the same test database, so that tests feel the
grants. Ordinary tests roll back; transactional ones are wiped by the owner afterwards.

The whole suite runs in as many processes as there are cores, each with a cluster and broker of its
own in a folder below; a part of it (a path, `-k`) runs in one, without their overhead.

Celery's tasks run at once, in the test's own process: what the queue itself promises is tested
in tests/config with a real worker. Browser fixtures stand in tests/plugins/browser.py.

Compiled Python is kept in the same folder, or in `PYTHONPYCACHEPREFIX`, also where
PYTHONDONTWRITEBYTECODE is set: a test that starts a demo starts a dozen processes, and compiling is
half of what each costs.
"""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

# Before Django reads its settings, which pytest-django leaves to this file.
FOLDER = Path(
    os.environ.get("QICAI_TEST_DATA") or Path(__file__).resolve().parent.parent / ".data" / "test"
).resolve()
os.environ.setdefault("QICAI_MODE", "demo")
os.environ["QICAI_DATA"] = str(FOLDER / os.environ.get("PYTEST_XDIST_WORKER", ""))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.pycache_prefix = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(FOLDER / "compiled"))
sys.dont_write_bytecode = False

import django

django.setup()

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connections
from django.template import Context, RequestContext, Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from xdist.scheduler import WorkStealingScheduling

from config import env
from config.celery import app as celery_app
from config.embedded.locks import FileLock
from config.embedded.servers import running
from tests.plugins.wipe import OwnerWipe

RENDERED = Template._render  # before Django's test environment puts one of its own in its place
TAKES_MINUTES = ("tests/permissions/test_matrix.py", "tests/config/test_demo.py")
JOINED_AS_WRITTEN = "-c join_collapse_limit=1 -c from_collapse_limit=1"

pytest_plugins = [
    "tests.cast",
    "tests.plugins.asking",
    "tests.plugins.browser",
    "tests.plugins.seeds",
]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """What `-n auto` means: a process per core for all tests, none beside us for a part."""
    is_whole = (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    )
    if not is_whole or config.option.markexpr == "gallery" or "DATABASE_URL" in os.environ:
        return 0
    return min(len(os.sched_getaffinity(0)), 4)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """The long tests are few and stand in few files: whichever process is free takes the next."""
    return WorkStealingScheduling(config, log) if config.option.markexpr == "long" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A process that inherits the name of our settings would read them before this file does."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, or one process would go on with it after the others."""
    items.sort(key=lambda item: not item.nodeid.startswith(TAKES_MINUTES))


def pytest_collection_finish() -> None:
    """Some thousand tests and their modules stay to the end: looking through them for rubbish
    again and again takes a tenth of all the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """The test cluster and broker, for as long as the session lasts."""
    data = env.data_folder()
    data.make()
    lock = FileLock(data.run / "tests.lock")
    if not lock.take():
        pytest.exit(
            f"Another test run (pid {lock.holder().get('pid', '?')}) uses {data.path}: "
            "wait for it, or name another folder in QICAI_TEST_DATA.",
            returncode=1,
        )
    lock.sign()
    with running(
        data,
        database=env.uses_embedded_database(),
        broker=env.uses_embedded_broker(),
        durable=False,
        leave_nothing=True,
    ):
        yield
    lock.release()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, servers: None
) -> None:
    """Before test databases are made, their server must run."""


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Make the test database as the owner, even where tests name the web role's alias only."""
    from django.test.utils import setup_databases, teardown_databases

    verbosity = request.config.option.verbose
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=verbosity,
            interactive=False,
            aliases={"default", "owner"},
            serialized_aliases=set(),
            keepdb=django_db_keepdb and not django_db_createdb,
        )
        wipe = OwnerWipe.after_migrations()
    with pytest.MonkeyPatch.context() as patch:
        # Django's flush does nothing for a mirrored alias, and TRUNCATE dies of the triggers
        # that keep the ledger and the trail append-only.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: wipe())
        yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            end_other_sessions()
            connections.close_all()  # the web role's too, or the database cannot be dropped
            teardown_databases(made, verbosity=verbosity)


def end_other_sessions() -> None:
    """A thread that a test left behind may still hold a connection, and no database is dropped
    under one. The owner made the web role, so it may take on its rights; a vacuum of the server's
    own gives way by itself."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'GRANT "{django_settings.WEB_DATABASE_ROLE}" TO CURRENT_USER')
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )


@pytest.fixture(autouse=True, scope="session")
def fast_and_at_once(django_test_environment: None) -> None:
    """Cheap password hashes; tasks run where they are called."""
    # A thread of the live server keeps no connection once its request is answered.
    for alias in connections.settings:
        connections.settings[alias]["CONN_MAX_AGE"] = 0
    # A rollback throws prepared statements away: here each would cost its round trip for nothing.
    options = connections.settings["default"]["OPTIONS"]
    options["prepare_threshold"] = None
    # Nor is a plan ever kept, and to try every order of eight joins costs more than a test's few
    # rows: they are joined as they are written. It is a third of what a page's test costs.
    options["options"] = f"{options.get('options', '')} {JOINED_AS_WRITTEN}".strip()
    Template._render = rendered
    # Each test's browser would go through every static file of the site before its first page.
    django_settings.WHITENOISE_AUTOREFRESH = True
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    celery_app.conf.task_always_eager = True
    celery_app.conf.task_eager_propagates = True


def rendered(template: Template, context: Context) -> str:
    """`response.context` is what the page was rendered with. Django keeps a copy for each of the
    hundred pieces a page includes, too, which is a quarter of what a page costs."""
    if isinstance(context, RequestContext) and context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return RENDERED(template, context)


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest) -> None:
    """Rate limits and cached figures of one test never reach the next."""
    touches_database = request.node.get_closest_marker("django_db") or {
        "db",
        "transactional_db",
        "live_server",
    } & set(request.fixturenames)
    if touches_database:
        request.getfixturevalue("servers")
        cache.clear()
