"""The citizen identity number (公民身份号码): its shape, its check digit, what it says.

Source: GB 11643-1999 《公民身份号码》: 17 digits (6 of the first registration, 8 of the birth, 3 in
sequence, odd for men) and a check character of ISO 7064 MOD 11-2.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
SHAPE = re.compile(r"\d{17}[\dX]")


@dataclass(frozen=True)
class IdNumber:
    """A number that passed its checks, and what can be read from it."""

    number: str
    born_on: date
    gender: str

    @property
    def last_four(self) -> str:
        return self.number[-4:]


def check_character(first_seventeen: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_id_number(words: str, *, today: date) -> IdNumber:
    """The number without spaces and with a capital X, read; ValidationError when it cannot be."""
    number = re.sub(r"\s", "", words).upper()
    if not SHAPE.fullmatch(number):
        raise ValidationError(_("身份证号应为 18 位，最后一位可以是 X。"), code="shape")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError(_("身份证号里的出生日期不存在，请核对。"), code="birth") from None
    if born_on > today or born_on.year < 1900:
        raise ValidationError(_("身份证号里的出生日期不合理，请核对。"), code="birth")
    if check_character(number[:17]) != number[17]:
        raise ValidationError(_("身份证号的校验位不对，请逐位核对。"), code="check_character")
    return IdNumber(number, born_on, "male" if int(number[16]) % 2 else "female")
