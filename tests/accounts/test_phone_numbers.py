"""Phone numbers as people write them."""

import pytest
from django.core.exceptions import ValidationError

from accounts.phone_numbers import normalised_phone


@pytest.mark.parametrize(
    "words",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+8613812345678",
        "8613812345678",
        "008613812345678",
        "+86 138 1234 5678",
    ],
)
def test_chinese_numbers_become_one(words: str) -> None:
    assert normalised_phone(words) == "+8613812345678"


def test_foreign_numbers_stay_as_they_are() -> None:
    assert normalised_phone("+49 151 23456789") == "+4915123456789"


@pytest.mark.parametrize(
    "words", ["", "1381234567", "138123456789", "23812345678", "+86123", "邻居"]
)
def test_everything_else_is_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        normalised_phone(words)
