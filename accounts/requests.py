"""The request as views know it once somebody is signed in."""

from django.http import HttpRequest

from accounts.models import Role, User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in: its user is ours, and acts in one role or none."""

    user: User
    current_role: Role | None
