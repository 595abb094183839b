"""A form's fields as what they are: Django's `fields` knows only that they are fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_noop

# What Django says where nothing is chosen yet: marked here so that both catalogues say it as ours.
NOTHING_CHOSEN = gettext_noop("- Select an option -")


def choice_of(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """The field in which words are chosen."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField), name
    return field


def model_choice_of(form: forms.BaseForm, name: str) -> "forms.ModelChoiceField[Any]":
    """The field in which rows are chosen."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField), name
    return field
