"""Join and sign in: a name, a phone number or an e-mail address, a community. Codes do the rest."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.manage_email import email_already_exists
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CommunityField, ContactField, split_contact


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """加入: who are you, how do we reach you, where do you live.

    The library's two contact fields are replaced by one, whose answer is put where the library
    looks for it. A number or address that is taken is not given away: the person who owns it is
    told there, and the page goes on as if it were new.
    """

    display_name = forms.CharField(
        label=_("怎么称呼您"),
        max_length=40,
        help_text=_("邻居们看到的名字，如“安安”“李阿姨”。不必是真名。"),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    contact = ContactField(help_text=_("验证码会发到这里。"))
    community = CommunityField(
        help_text=_("从近处找活动和帮助，以后可以改。"),
    )

    field_order = ("display_name", "contact", "community")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "email", "password1"):
            self.fields.pop(name, None)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        phone, email = split_contact(contact)
        if email:
            email = get_adapter().clean_email(email)
            email, self.account_already_exists = email_already_exists(email)
        self.cleaned_data |= {"phone": phone, "email": email}
        return contact


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """登录: by a code sent to the phone or the mailbox; with a password if one was set."""

    field_order = ("login", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = ContactField()
        self.fields["password"] = forms.CharField(
            label=_("密码"),
            required=False,
            strip=False,
            help_text=_("没有设过密码就留空，我们发验证码给您。"),
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(self.field_order)

    def _setup_password_field(self) -> None:
        """Keep the field although nobody is asked for a password when joining."""


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Send a code: one box for number or address, in place of the library's two."""

    contact = ContactField(required=False)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(self._told_apart(data), *args, **kwargs)
        for name in ("email", "phone"):
            self.fields[name].widget = forms.HiddenInput()
        self.fields["contact"].required = not (self.data.get("email") or self.data.get("phone"))
        self.order_fields(("contact",))

    @staticmethod
    def _told_apart(data: Any) -> Any:
        """What was typed into the one box, also under the name the library expects."""
        contact = (data or {}).get("contact", "").strip()
        if not contact:
            return data
        data = data.copy()
        data["email" if "@" in contact else "phone"] = contact
        return data


class ChangePhoneForm(allauth_forms.ChangePhoneForm):  # type: ignore[misc]
    """Another number; it counts once a code sent to it comes back."""
