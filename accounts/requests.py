"""The request as views know it once somebody is signed in."""

from django.http import HttpRequest

from accounts.models import Role, User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in: its user is ours, and acts in one role or none."""

    user: User
    current_role: Role | None


def row_number(words: str) -> int | None:
    """The number of a row as an address or a form names it; None for whatever cannot be one."""
    is_number = words.isascii() and words.isdigit() and len(words) <= 18
    return int(words) if is_number else None
