"""How the sign-in library meets our people: phone numbers on `User`, codes by SMS, one service."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import TooManyTries
from accounts.forms.fields import PhoneField
from accounts.models import User
from accounts.services.signup import bring_person_in, confirm_phone
from accounts.sms import send_sms


class PeopleAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Joins the library's pages to `User.phone`, the SMS adapter and the sign-up service."""

    # The library says of codes asked for too often that signing in failed too often.
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": TooManyTries.sentence,
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        cleaned = form.cleaned_data
        return bring_person_in(
            display_name=cleaned["display_name"],
            community=cleaned["community"],
            phone=cleaned.get("phone"),
            email=cleaned.get("email"),
            language=get_language() or settings.LANGUAGE_CODE,
        )

    def get_login_stages(self) -> list[str]:
        return [
            "accounts.sign_in_stages.AddressVerificationStage"
            if stage == "allauth.account.stages.EmailVerificationStage"
            else stage
            for stage in super().get_login_stages()
        ]

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        kwargs.pop("label", None)
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        confirm_phone(user, phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        send_sms(
            phone,
            _("【%(site)s】验证码 %(code)s，15 分钟内有效。请勿告诉他人。")
            % {"site": settings.SITE_NAME, "code": code},
            template="code",
            values={"code": code},
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        send_sms(
            phone,
            _("【%(site)s】有人用这个号码登录，但它还没有加入。如是您本人，请先加入：%(url)s")
            % {"site": settings.SITE_NAME, "url": f"{settings.PUBLIC_ADDRESS}/accounts/signup/"},
            template="unknown",
            values={},
        )

    def send_account_already_exists_sms(self, phone: str) -> None:
        send_sms(
            phone,
            _("【%(site)s】有人用这个号码申请加入，但它已经加入。如是您本人，请直接登录：%(url)s")
            % {"site": settings.SITE_NAME, "url": f"{settings.PUBLIC_ADDRESS}/accounts/login/"},
            template="known",
            values={},
        )
