"""The unified social credit code (统一社会信用代码) and its check character.

Source: GB 32100-2015 《法人和其他组织统一社会信用代码编码规则》, section 4 and annex: 18
characters, 31 symbols without I, O, S, V, Z; the last is a check character modulo 31 with
weights 3^i.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SHAPE = re.compile(rf"[{SYMBOLS}]{{18}}")


def check_character(first_seventeen: str) -> str:
    """The check character for the first 17 characters of a credit code."""
    total = sum(
        SYMBOLS.index(symbol) * pow(3, place, 31) for place, symbol in enumerate(first_seventeen)
    )
    return SYMBOLS[(31 - total % 31) % 31]


def validate_credit_code(code: str) -> None:
    """Raise ValidationError unless `code` is well formed and its check character agrees."""
    if not SHAPE.fullmatch(code):
        raise ValidationError(
            _("统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。"),
            code="shape",
        )
    if check_character(code[:17]) != code[17]:
        raise ValidationError(
            _("统一社会信用代码的校验位不对，请对照登记证书逐位核对。"),
            code="check_character",
        )
