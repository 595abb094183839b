"""Phone numbers: written by people as 11 digits, kept as E.164 (`+8613812345678`)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CHINA = "+86"
ELEVEN_DIGITS = re.compile(r"^1\d{10}$")
E164 = re.compile(r"^\+[1-9]\d{6,14}$")


def normalised_phone(words: str) -> str:
    """E.164 of what a person typed: spaces, dashes, 0086, 86 and +86 are all understood.

    Raises ValidationError when it is no mobile number.
    """
    digits = re.sub(r"[\s\-()（）·.]", "", words)
    digits = re.sub(r"^00", "+", digits)
    plain = re.sub(r"^(\+?86)(?=1\d{10}$)", "", digits)
    if ELEVEN_DIGITS.match(plain):
        return CHINA + plain
    if E164.match(digits) and not digits.startswith(CHINA):
        return digits
    raise ValidationError(
        _("请填写 11 位手机号；境外号码请以 + 和国家代码开头。"), code="invalid_phone"
    )
