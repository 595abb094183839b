"""Attacks on the code on the screen: replayed, forged, guessed. How many with `-m long` in full."""

import secrets
import string
from datetime import UTC, datetime

import pytest

from tests.factories.timebank_presence import shift_under_way
from timebank.errors.presence import ArrivedBefore, CodeLocked, CodeOver, CodeUsed, LeftBefore
from timebank.models import Attendance, CodeTries, ServiceRecord
from timebank.services.check_ins import (
    Told,
    digits_of,
    shown_code,
    token_of,
    try_digits,
    use_token,
    window_at,
    window_of_digits,
    window_of_token,
)

NOW = datetime(2026, 11, 21, 8, 0, 15, tzinfo=UTC)
LETTERS = string.ascii_letters + string.digits + "-_"


def forged_accepted(tries: int) -> int:
    """Made-up tokens, and real ones of other shifts and other times, at the verifier."""
    accepted = 0
    now = window_at(NOW)
    for number in range(tries):
        match number % 4:
            case 0:
                token = "".join(secrets.choice(LETTERS) for _ in range(22))
            case 1:
                token = token_of(8 + number, now)
            case 2:
                token = token_of(7, now - 2 - number)
            case _:
                token = token_of(7, now + 1 + number)
        accepted += window_of_token(7, token, NOW) is not None
    return accepted


def test_forged_tokens_are_not_accepted():
    assert forged_accepted(10_000) == 0


@pytest.mark.long
def test_a_million_forged_tokens_are_not_accepted():
    assert forged_accepted(1_000_000) == 0


def test_two_windows_and_this_shift_alone():
    now = window_at(NOW)

    assert [window_of_token(7, token_of(7, now - ago), NOW) for ago in (-1, 0, 1, 2)] == [
        None,
        now,
        now - 1,
        None,
    ]
    assert window_of_token(8, token_of(7, now), NOW) is None
    assert window_of_digits(7, digits_of(7, now - 1), NOW) == now - 1
    assert len(token_of(7, now)) == 22, "128 bits"
    for odd in ("", "x", "é" * 22, "\x00"):
        assert window_of_token(7, odd, NOW) is None


@pytest.mark.django_db
@pytest.mark.parametrize("tries", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_a_token_replayed_again_and_again_does_nothing_more(cast, tries):
    shift = shift_under_way(cast.stations["nanguanxiang"], cast.anan, led_by=cast.chen)
    token = shown_code(shift).token
    use_token(shift, token, "arrive", Told(), acting_user=cast.anan)

    worked, said = 0, set()
    for number in range(tries):
        try:
            use_token(
                shift, token, "leave" if number % 2 else "arrive", Told(), acting_user=cast.anan
            )
            worked += 1
        except (ArrivedBefore, CodeUsed, CodeOver, LeftBefore) as refusal:
            said.add(refusal.code)

    assert worked == 0, said
    assert Attendance.objects.count() == 1
    assert not ServiceRecord.objects.exists()


@pytest.mark.django_db
def test_five_wrong_guesses_and_the_right_digits_help_no_more(cast):
    shift = shift_under_way(cast.stations["nanguanxiang"], cast.anan, cast.zhu, led_by=cast.chen)
    shown = shown_code(shift).digits
    wrong = f"{(int(shown) + 1) % 1_000_000:06d}"

    left = [
        try_digits(shift, wrong, "arrive", Told(), acting_user=cast.anan).left for _ in range(5)
    ]

    assert left == [4, 3, 2, 1, 0]
    for guess in (wrong, shown_code(shift).digits):
        with pytest.raises(CodeLocked):
            try_digits(shift, guess, "arrive", Told(), acting_user=cast.anan)
    assert CodeTries.objects.get(volunteer=cast.anan).wrong == 5
    other = try_digits(shift, shown_code(shift).digits, "arrive", Told(), acting_user=cast.zhu)
    assert other.attendance is not None, "nobody else is locked out"
