"""What is typed in from a score sheet on paper: the sheet, and what only the first person gives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PaperExtrasForm(forms.Form):
    """弃权 instead of figures; the photo of the sheet, and the commitment signed on paper where
    none was signed here."""

    is_abstention = forms.BooleanField(
        label=_("这张纸上写的是“弃权”"),
        required=False,
        help_text=_("弃权不打分，也不算零分；只照纸上写的录理由。"),
    )
    scan = forms.FileField(
        label=_("评分表照片或扫描件"),
        required=False,
        help_text=_("拍一张签了名的评分表，留作底。没有也能录，以后查账要看纸。"),
    )
    has_signed = forms.BooleanField(
        label=_("这位评委已在纸质承诺书上签名"),
        error_messages={"required": _("没有签承诺书的，评分表不能收。")},
    )

    def __init__(self, *args: Any, is_signed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_signed:
            del self.fields["has_signed"]
