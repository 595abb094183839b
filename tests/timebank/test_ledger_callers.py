"""One way in: no other module calls the ledger's functions or writes its tables."""

import re
from pathlib import Path

from django.conf import settings

CALLERS = {
    "timebank/services/ledger.py",
    "timebank/services/ledger_call.py",
    "timebank/services/holds.py",
    "timebank/services/limits.py",
    "timebank/services/postings.py",
    "timebank/services/sealing.py",
}
# As the owner, they note which file was installed; they write no other table of it.
INSTALLERS = {"timebank/services/ledger_installation.py", "timebank/migrations/0001_ledger.py"}
READERS = {"timebank/selectors/audit.py"}
WRITING = re.compile(
    r"(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(\s+TABLE)?)\s+\"?ledger\"?\.", re.IGNORECASE
)
CALLING = re.compile(r"call_ledger|SELECT[^\"']*\bledger\.\w+\(")


def modules() -> dict[str, str]:
    root = Path(settings.BASE_DIR)
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for app in ("accounts", "config", "timebank", "ventures")
        for path in (root / app).rglob("*.py")
    }


def test_only_the_ledgers_services_call_it():
    found = {name for name, text in modules().items() if CALLING.search(text)}

    assert found == CALLERS | READERS


def test_nobody_writes_its_tables():
    found = {name: WRITING.findall(text) for name, text in modules().items()}

    assert {name for name, written in found.items() if written} == INSTALLERS
    for name in INSTALLERS:
        assert re.findall(r"INSERT INTO (ledger\.\w+)", modules()[name]) == ["ledger.version"]
