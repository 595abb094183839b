"""Load the demo: everything in one transaction, so that it is there whole or not at all."""

from dataclasses import dataclass

from django.db import transaction
from rich.progress import Progress

from accounts.models import User
from accounts.services.regions import (
    CODES_OF_HAINING_CUT_OFF,
    REGIONS_OF_HAINING,
    load_regions,
)
from config.demo.cast import CHARACTERS, bring_in_cast, phone_of


@dataclass(frozen=True)
class DemoPerson:
    """Someone to sign in as: the phone number as people type it, 11 digits."""

    name: str
    line: str
    phone: str


def demo_is_loaded() -> bool:
    """The rows themselves say so; no file does."""
    return User.objects.filter(is_demo=True).exists()


def load_demo(progress: Progress) -> None:
    """Bring in places, then people."""
    steps = progress.add_task("海宁", total=2)
    with transaction.atomic():
        load_regions(REGIONS_OF_HAINING, valid_from=CODES_OF_HAINING_CUT_OFF)
        progress.advance(steps)
        bring_in_cast()
        progress.advance(steps)


def people_to_sign_in() -> list[DemoPerson]:
    return [
        DemoPerson(character.name, character.line, phone_of(place).removeprefix("+86"))
        for place, character in enumerate(CHARACTERS, start=1)
    ]
