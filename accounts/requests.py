"""The request as views know it once somebody is signed in; from where it comes."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.models import Region, Role, User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in: its user is ours, and acts in one role or none."""

    user: User
    current_role: Role | None


def address_of(request: HttpRequest) -> str:
    """From where somebody asks, as the proxy in front says: what has a limit by address must not
    count the proxy as one caller."""
    return str(get_adapter().get_client_ip(request))


def row_number(words: str) -> int | None:
    """The number of a row as an address or a form names it; None for whatever cannot be one."""
    is_number = words.isascii() and words.isdigit() and len(words) <= 18
    return int(words) if is_number else None


def remembered_place(request: HttpRequest) -> Region | None:
    """Whose surroundings to show: the place chosen on the front page, else where one lives."""
    code = request.COOKIES.get("place", "")
    if code.isascii() and code.isdigit():
        return Region.objects.current().filter(code=code[:12]).first()
    return request.user.home_region if isinstance(request.user, User) else None
