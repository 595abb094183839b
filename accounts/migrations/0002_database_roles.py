"""Make the roles the product runs as, and say what the web role may do with ordinary tables.

Idempotent on the server's roles, and works for an owner that is no superuser but has CREATEROLE.
The ledger's and the trail's tables take rights away again in their own migrations.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations
from psycopg import sql

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration


def make_roles(apps: Any, schema_editor: Any) -> None:
    web = sql.Identifier(settings.WEB_DATABASE_ROLE)
    with schema_editor.connection.cursor() as cursor:
        for name, attributes in (
            (settings.WEB_DATABASE_ROLE, "LOGIN"),
            ("ledger", "NOLOGIN"),
        ):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            if cursor.fetchone() is None:
                statement = sql.SQL("CREATE ROLE {} " + attributes).format(sql.Identifier(name))
                cursor.execute(statement.as_string(cursor.cursor))
        statements = [
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                web, sql.Literal(settings.WEB_DATABASE_PASSWORD)
            ),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(web),
            sql.SQL(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}"
            ).format(web),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(web),
            sql.SQL(
                "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
                "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
            ).format(web),
            sql.SQL(
                "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}"
            ).format(web),
        ]
        for statement in statements:
            cursor.execute(statement.as_string(cursor.cursor))


class Migration(WholeMigration):
    dependencies: ClassVar = [("accounts", "0001_people_places_messages")]
    operations: ClassVar = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        revoke_rewriting("accounts_change"),
    ]
