"""One step of signing in that differs from the library's: when a code by mail is asked for."""

from allauth.account.stages import EmailVerificationStage
from django.http import HttpResponse


class AddressVerificationStage(EmailVerificationStage):  # type: ignore[misc]
    """Ask for a code by mail only of those who have not yet answered one: a number is enough."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is not None and (user.phone_verified or user.email_verified):
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer
