"""Fields that several forms share: a phone number, a phone-or-mail, a community, a data word."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from accounts.data_words import in_readers_language
from accounts.models.regions import Region
from accounts.phone_numbers import normalised_phone
from accounts.selectors.regions import communities_by_town


class PhoneField(forms.CharField):
    """A mobile number: 11 digits as typed, E.164 as cleaned."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手机号"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        )
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        return normalised_phone(words) if words else ""

    def prepare_value(self, value: Any) -> Any:
        return re.sub(r"^\+86", "", value) if isinstance(value, str) else value


class DigitsField(forms.CharField):
    """A code of so many digits; what an input method types in full width or with blanks between
    is the same code."""

    def __init__(self, *, count: int, **kwargs: Any) -> None:
        self.count = count
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = unicodedata.normalize("NFKC", super().clean(value)).replace(" ", "")
        if typed and not re.fullmatch(rf"[0-9]{{{self.count}}}", typed):
            words = self.error_messages.get("invalid") or _("请填%(count)d位数字。")
            raise forms.ValidationError(words, code="invalid", params={"count": self.count})
        return typed


class ContactField(forms.CharField):
    """A mobile number or an e-mail address; cleaned to E.164 or to lower case."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手机号或电子邮箱"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        )
        kwargs.setdefault("max_length", 120)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        words: str = super().clean(value).strip()
        if not words:
            return ""
        if "@" in words:
            validate_email(words)
            return words.lower()
        return normalised_phone(words)


class GroupedByTown(ModelChoiceIterator):  # type: ignore[type-arg]
    """The chooser's choices, read when the form is drawn: communities under their towns."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for town, communities in communities_by_town(only=self.queryset):
            yield (town.short_name, [self.choice(community) for community in communities])


class CommunityField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A community or village, chosen from one list grouped by town; works without script."""

    iterator = GroupedByTown

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("所在社区（村）"))
        kwargs.setdefault("empty_label", _("请选择"))
        kwargs.setdefault("queryset", Region.objects.current().communities())
        super().__init__(**kwargs)


class PlacesByTown(ModelChoiceIterator):  # type: ignore[type-arg]
    """Towns as groups, each naming itself as a whole first, then its communities."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for town, communities in communities_by_town():
            whole = (town.pk, _("%(town)s（全境）") % {"town": town.short_name})
            yield (town.short_name, [whole, *(self.choice(place) for place in communities)])


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A town or street as a whole, or one of its communities."""

    iterator = PlacesByTown

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("所在地"))
        kwargs.setdefault("empty_label", _("请选择"))
        kwargs.setdefault("queryset", Region.objects.current().filter(level__gte=Region.Level.TOWN))
        super().__init__(**kwargs)


class SaidChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the words kept as rows (a service, a track, a rubric), in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return in_readers_language(str(obj))


class SaidChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several of them."""

    def label_from_instance(self, obj: Any) -> str:
        return in_readers_language(str(obj))


def split_contact(contact: str) -> tuple[str | None, str | None]:
    """A cleaned contact as (phone, e-mail), one of them None."""
    return (None, contact) if "@" in contact else (contact, None)
