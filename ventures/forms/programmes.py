"""What an officer types of a programme."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.models import Region, Role, User
from accounts.rules import regions_of
from ventures.models import Programme

RESERVED = {"new"}


class ProgrammeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A brand. Its place and address stay once it stands."""

    class Meta:
        model = Programme
        fields = ("name", "code", "region", "about")
        widgets = {"about": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "code": _("用在网址里，如 qicai，定了不再改。"),
            "region": _("这个地区和它下面的镇（街道）、村（社区）都可以用这个品牌开轮次。"),
        }

    def __init__(self, *args: Any, acting_user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is not None:
            del self.fields["code"], self.fields["region"]
            return
        own = regions_of(acting_user, Role.Kind.OFFICER)
        model_choice_of(self, "region").queryset = Region.objects.filter(pk__in=own)
        model_choice_of(self, "region").empty_label = None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if code in RESERVED:
            raise forms.ValidationError(_("这个代号有别的用处，请换一个。"))
        return code
