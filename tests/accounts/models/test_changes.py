"""The trail is written once: neither the web role nor the owner can rewrite it."""

import pytest
from django.db import InternalError, ProgrammingError, connection, connections, transaction

from accounts.models import Change, User
from accounts.services.changes import record_change
from config.demo.cast import Cast

REWRITES = [
    "UPDATE accounts_change SET reason = 'x'",
    "DELETE FROM accounts_change",
    "TRUNCATE accounts_change",
]


@pytest.fixture
def change(cast: Cast) -> Change:
    return record_change(cast.anan, "rename", acting_user=cast.anan)


def test_tests_run_as_the_web_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("qicai_web",)


@pytest.mark.parametrize("statement", REWRITES)
def test_web_role_cannot_rewrite_the_trail(change: Change, statement: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    change.refresh_from_db()
    assert change.reason == ""


@pytest.mark.parametrize("statement", REWRITES)
def test_web_role_cannot_switch_the_guard_off(change: Change, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{accounts_change}', true)")

    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        connection.cursor().execute(statement)

    change.refresh_from_db()
    assert change.reason == ""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("statement", REWRITES)
def test_owner_is_stopped_by_the_trigger(statement: str) -> None:
    user = User.objects.create_user(display_name="安安", email="anan@demo.invalid")
    record_change(user, "rename", acting_user=user)

    with (
        pytest.raises((ProgrammingError, InternalError), match="append-only"),
        transaction.atomic(using="owner"),
    ):
        connections["owner"].cursor().execute(statement)

    assert Change.objects.count() == 1
