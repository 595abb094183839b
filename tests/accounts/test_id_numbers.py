"""Identity numbers: the standard's example, slips, and what is read from them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.id_numbers import check_character, read_id_number

TODAY = date(2026, 11, 21)
# GB 11643-1999, annex A.
WOMAN = "11010519491231002X"
MAN = "440524188001010014"


def test_the_standards_woman_is_read() -> None:
    read = read_id_number(WOMAN.lower(), today=TODAY)

    assert (read.number, read.born_on, read.gender) == (WOMAN, date(1949, 12, 31), "female")
    assert read.last_four == "002X"


def test_the_standards_man_has_his_check_character() -> None:
    assert check_character(MAN[:17]) == MAN[17]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("1101051949123100", "shape"),
        ("11010519491231002Y", "shape"),
        ("110105194912310021", "check_character"),
        ("11010519490231002X", "birth"),
        ("11010520991231002X", "birth"),
        (MAN, "birth"),  # born in 1880
    ],
)
def test_slips_are_named(number: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_id_number(number, today=TODAY)

    assert refusal.value.code == code
