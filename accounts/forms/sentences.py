"""What every form says of a field left empty or misread: our sentences instead of Django's.

A form that can say more (`error_messages` of a field) still does. Called once, at the start.
"""

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

EMPTY = _("请填写这一项。")
NONE_CHOSEN = _("请选一项。")
NO_FILE = _("请选一个文件。")
EMPTY_FILE = _("这个文件是空的，请另选一个。")
NOT_TICKED = _("请先勾选这一项。")
NOT_OFFERED = _("请从给出的选项里选。")


def speak_plainly() -> None:
    """Replace the library's sentences, for every form of every app."""
    forms.Field.default_error_messages["required"] = EMPTY
    for choice in (
        forms.ChoiceField,
        forms.MultipleChoiceField,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    ):
        choice.default_error_messages |= {"required": NONE_CHOSEN, "invalid_choice": NOT_OFFERED}
    forms.FileField.default_error_messages |= {"required": NO_FILE, "empty": EMPTY_FILE}
    forms.BooleanField.default_error_messages = {"required": NOT_TICKED}
    forms.IntegerField.default_error_messages["invalid"] = _("请填整数，比如 30。")
    forms.DecimalField.default_error_messages["invalid"] = _("请填数字，比如 17.5。")
    forms.DateField.default_error_messages["invalid"] = _("请填日期，比如 2026-11-21。")
    forms.TimeField.default_error_messages["invalid"] = _("请填时间，比如 09:30。")
    validators.EmailValidator.message = _("请填完整的电子邮箱，比如 name@example.cn。")
    validators.MinValueValidator.message = _("不能小于 %(limit_value)s。")
    validators.MaxValueValidator.message = _("不能大于 %(limit_value)s。")
    validators.MaxLengthValidator.message = ngettext_lazy(
        "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。",
        "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。",
        "limit_value",
    )
