"""Who is behind a session: asked with every request, so its statement is made once.

How people prove who they are is Django's and the sign-in library's business.
"""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from accounts.models.people import User
from accounts.questions import Question, asked

PERSON = Question(lambda: User.objects.filter(pk=asked("number")))


class KnowsPeopleByNumber(ModelBackend):
    """Reads the person of a session."""

    def get_user(self, user_id: int) -> User | None:
        found = PERSON.ask(number=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


class ByPassword(KnowsPeopleByNumber):
    """Django's own way in: address and password, the command line, the tests."""


class ByPhoneOrAddress(KnowsPeopleByNumber, AuthenticationBackend):  # type: ignore[misc]
    """The sign-in library's ways: phone or address, password or code."""
