"""A sealed book from end to end, with what the product itself hands out.

The task seals and publishes, the command exports, and the verifier, which needs nothing of ours,
judges by the published file.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories.timebank_ledger import give, make_account, make_book, make_user
from tests.timebank.proof.test_tampering import superuser
from timebank.models.ledger import Entry
from timebank.models.sealing import Block
from timebank.services import sealing
from timebank.standalone import verify_book
from timebank.tasks import seal_books_later

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def heads(tmp_path, settings) -> Path:
    settings.DATA_DIR = tmp_path
    return sealing.heads_file()


def verdict(export: Path, heads: Path) -> tuple[int, str]:
    """What the program says that anybody can download, in a Python without our packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", verify_book.__file__, str(export), "--heads", str(heads)],
        capture_output=True, text=True, check=False, cwd=export.parent,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_sealed_published_exported_verified_then_tampered_with_and_named(tmp_path, heads):
    chen = make_user()
    book = make_book(chen)
    anan = make_account(book)
    export = tmp_path / "book.jsonl"
    for _block in range(3):
        for _number in range(4):
            last = give(anan, 30, acting_user=chen)
        assert seal_books_later() == 4
    published = [json.loads(line) for line in heads.read_text().splitlines()]
    call_command("export_book", book.owner_key, to=export)
    good = verdict(export, heads)

    victim = Entry.objects.get(book=book, account=anan, seq=6).transfer_id
    superuser(f"UPDATE entry SET amount = amount * 2 WHERE transfer_id = {victim}")
    call_command("export_book", book.owner_key, to=export)
    bad = verdict(export, heads)

    assert [row["number"] for row in published] == [1, 2, 3]
    assert last.pk in Block.objects.get(book=book, number=3).transfers
    assert good[0] == 0
    assert "compared with 3 published heads" in good[1]
    assert bad[0] == 1
    assert f"transfer {victim} in block 2" in bad[1]
