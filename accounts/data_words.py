"""Words kept as rows, as the reader's language has them (`DataWord`).

The whole table is small and read at most once a minute by each process; Chinese readers cost
nothing. A word without a row is looked up in the catalogue of translations, and else stays Chinese.
"""

from time import monotonic

from django.utils.translation import get_language, gettext

from accounts.models.words import DataWord

FRESH_FOR = 60.0


class _Words:
    """The table as it was read last."""

    by_chinese: dict[str, str]
    read_at: float | None = None


def in_readers_language(chinese: str) -> str:
    if not chinese or not (get_language() or "").startswith("en"):
        return chinese
    return _table().get(chinese) or gettext(chinese)


def forget_words() -> None:
    """Read the table anew next time; called by the services that change it."""
    _Words.read_at = None


def _table() -> dict[str, str]:
    if _Words.read_at is None or monotonic() - _Words.read_at > FRESH_FOR:
        _Words.by_chinese = dict(DataWord.objects.values_list("chinese", "english"))
        _Words.read_at = monotonic()
    return _Words.by_chinese
