"""Who is behind a session, asked with every request (`accounts.rules.person_with_roles`).

How people prove who they are is Django's and the sign-in library's business.
"""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from accounts.models.people import User
from accounts.rules import person_with_roles


class KnowsPeopleByNumber(ModelBackend):
    """Reads the person of a session."""

    def get_user(self, user_id: int) -> User | None:
        person = person_with_roles(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None


class ByPassword(KnowsPeopleByNumber):
    """Django's own way in: address and password, the command line, the tests."""


class ByPhoneOrAddress(KnowsPeopleByNumber, AuthenticationBackend):  # type: ignore[misc]
    """The sign-in library's ways: phone or address, password or code."""
