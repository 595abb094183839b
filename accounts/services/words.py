"""English for words that stand in rows: load it from a file, correct it, take it away."""

import csv
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.data_words import forget_words
from accounts.errors import CodeTaken, NotAllowed
from accounts.models.people import User
from accounts.models.words import DataWord
from accounts.services.changes import record_change

WORDS = Path(__file__).resolve().parent.parent / "data" / "words_en.csv"


@transaction.atomic
def load_words(path: Path | str = WORDS) -> int:
    """Add what is missing; what staff have worded themselves stays. Returns how many are new."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [DataWord(**row) for row in csv.DictReader(file)]
    before = DataWord.objects.count()
    DataWord.objects.bulk_create(rows, ignore_conflicts=True)
    forget_words()
    return DataWord.objects.count() - before


@transaction.atomic
def set_word(word: DataWord | None, *, chinese: str, english: str, acting_user: User) -> DataWord:
    """Enter a word or correct one. CodeTaken when the Chinese is entered already."""
    if not rules.keeps_basic_data(acting_user):
        raise NotAllowed()
    word = word or DataWord()
    before = word.english
    word.chinese, word.english = chinese, english
    try:
        with transaction.atomic():
            word.save()
    except IntegrityError as clash:
        raise CodeTaken(what=_("这个词")) from clash
    record_change(word, "set_word", before=before[:40], after=english[:40], acting_user=acting_user)
    forget_words()
    return word


@transaction.atomic
def remove_word(word: DataWord, *, acting_user: User) -> None:
    """Let the word stay Chinese for English readers."""
    if not rules.keeps_basic_data(acting_user):
        raise NotAllowed()
    record_change(word, "remove_word", before=word.chinese[:40], acting_user=acting_user)
    word.delete()
    forget_words()
