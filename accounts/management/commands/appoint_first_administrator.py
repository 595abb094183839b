"""Let the first person of a place appoint others: a new product has nobody who could."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Refusal
from accounts.models import Region
from accounts.services.appointments import appoint_first_administrator


class Command(BaseCommand):
    help = "任命一个地方的第一位系统管理员；对方须已用这个手机号或邮箱加入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contact", help="已验证的手机号或电子邮箱")
        parser.add_argument("--region", required=True, help="12 位区划代码，如 330481000000")

    def handle(self, *args: Any, contact: str, region: str, **options: Any) -> None:
        place = Region.objects.current().filter(code=region).first()
        if place is None:
            raise CommandError(f"没有代码为 {region} 的地方；先运行 load_regions。")
        try:
            role = appoint_first_administrator(contact, region=place)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{role.user.display_name} 现在是 {place.name} 的系统管理员")
