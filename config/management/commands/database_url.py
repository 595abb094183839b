"""Print the URL of the database, for psql, pg_dump and the like."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import env
from config.embedded.errors import CannotStart


class Command(BaseCommand):
    help = "显示数据库地址（含密码）/ Print the database's URL, password included"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--owner", action="store_true", help="库主 / the owner's")

    def handle(self, *args: Any, owner: bool, **options: Any) -> None:
        alias = "owner" if owner else "default"
        if alias not in settings.DATABASES:
            raise CannotStart(
                zh="本机按 DATABASE_OWNER_URL=none 设置，不知道库主的密码。",
                en="DATABASE_OWNER_URL=none: this host does not know the owner's password.",
            )
        self.stdout.write(env.url_of(settings.DATABASES[alias]))
