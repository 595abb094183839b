"""Credit codes: the standard's own example, the demo's codes, and every kind of slip."""

import pytest
from django.core.exceptions import ValidationError

from accounts.credit_code import SYMBOLS, check_character, validate_credit_code
from config.demo.cast import BODIES

EXAMPLE = "91350100M000100Y43"


@pytest.mark.parametrize(
    "code", [EXAMPLE, *(body.credit_code for body in BODIES if body.credit_code)]
)
def test_true_codes_pass(code: str) -> None:
    validate_credit_code(code)


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_character_is_found_anywhere(place: int) -> None:
    others = [symbol for symbol in SYMBOLS if symbol != EXAMPLE[place]]
    for symbol in others:
        slipped = EXAMPLE[:place] + symbol + EXAMPLE[place + 1 :]

        with pytest.raises(ValidationError):
            validate_credit_code(slipped)


@pytest.mark.parametrize("place", [n for n in range(16) if EXAMPLE[n] != EXAMPLE[n + 1]])
def test_neighbours_swapped_are_found(place: int) -> None:
    a, b = EXAMPLE[place], EXAMPLE[place + 1]

    with pytest.raises(ValidationError):
        validate_credit_code(EXAMPLE[:place] + b + a + EXAMPLE[place + 2 :])


@pytest.mark.parametrize(
    "code",
    ["", "91350100M000100Y4", EXAMPLE + "1", EXAMPLE.lower(), "9135010OM000100Y43", EXAMPLE + "\n"],
)
def test_other_shapes_are_refused(code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_credit_code(code)

    assert refusal.value.code == "shape"


def test_check_character_of_the_example() -> None:
    assert check_character(EXAMPLE[:17]) == "3"
