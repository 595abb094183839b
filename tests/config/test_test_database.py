"""The tests' own ground: whom they log in as, and what one leaves to the next."""

import pytest
from django.db import connection, connections

from accounts.models import Change, Holiday, User
from accounts.services.changes import record_change

BOTH = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def who(alias: str) -> tuple[str, str]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        return cursor.fetchone()


@pytest.mark.django_db(databases=["default", "owner"])
def test_both_aliases_stand_on_one_database():
    (web, database), (owner, same) = who("default"), who("owner")

    assert database == same
    assert database.startswith("test_")
    assert web != owner
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        assert cursor.fetchone() == ("off",)


@BOTH
@pytest.mark.parametrize("time", [1, 2])
def test_what_a_transactional_test_commits_is_gone_afterwards(time):
    """Append-only rows too, which nobody may delete in service."""
    assert not User.objects.exists()
    assert not Change.objects.exists()

    user = User.objects.create_user(display_name="临时", email="someone@demo.invalid")
    record_change(user, "made", acting_user=user)

    assert Change.objects.count() == 1


@BOTH
@pytest.mark.parametrize("time", [1, 2])
def test_rows_of_the_migrations_are_put_back(time):
    holidays = Holiday.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_content_type")
        types = cursor.fetchone()[0]
        cursor.execute("DELETE FROM auth_permission")

    assert types > 10
    assert holidays == Holiday.objects.count()


@BOTH
def test_permissions_are_there_again():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM auth_permission")

        assert cursor.fetchone()[0] > 10
