"""Everything the programme tells somebody goes through `tell`, from `ventures.services`, so that
the walk of a round's life reads every letter there is (`tests/oracle/tells.py`).
"""

from pathlib import Path

from tests.oracle.tells import SERVICES

TELLER = "accounts.services.messages"
BESIDES = ("send_mail", "EmailMessage", "EmailMultiAlternatives", "Message.objects.create",
           "Message(", "Delivery.objects.create")  # fmt: skip


def test_nobody_is_told_anything_by_another_way():
    sources: dict[Path, str] = {
        path: path.read_text(encoding="utf-8")
        for path in SERVICES.parent.rglob("*.py")
        if "migrations" not in path.parts
    }
    tells = {path for path, text in sources.items() if TELLER in text}
    by_another_way = [
        (path.name, way) for path, text in sources.items() for way in BESIDES if way in text
    ]

    assert {path.parent for path in tells} == {SERVICES}
    assert by_another_way == []
