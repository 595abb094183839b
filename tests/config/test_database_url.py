"""`database_url` prints what psql wants."""

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "alias"), [([], "default"), (["--owner"], "owner")])
def test_url_opens_the_database_as_its_role(capsys, words, alias):
    call_command("database_url", *words)

    url = capsys.readouterr().out.strip()

    with psycopg.connect(url) as session:
        assert session.execute("SELECT current_user").fetchone() == (
            settings.DATABASES[alias]["USER"],
        )
