"""Name a host, give notice to a group."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.models.organisations import Organisation
from accounts.services.hostings import NOTICE_DAYS
from accounts.templatetags.kit import day as day_words


class HostForm(forms.Form):
    """代管单位 of a filed group: a registered body an officer has verified."""

    host = forms.ModelChoiceField(
        label=_("代管单位"),
        queryset=Organisation.objects.none(),
        empty_label=_("请选择"),
        help_text=_("对方的负责人同意后，登记信息才会交给经办人核验。"),
    )

    def __init__(self, *args: Any, group: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        hosts = Organisation.objects.hosts().exclude(pk=group.pk)
        model_choice_of(self, "host").queryset = hosts

    def clean_host(self) -> Organisation:
        """Whoever answers for the group now need not be asked again."""
        host: Organisation = self.cleaned_data["host"]
        group = self.group
        if host == group.host and group.hosting_agreed_at and group.hosting_ends_on is None:
            raise forms.ValidationError(
                _("%(host)s现在就是代管单位，不用再请。要换，请选另一家。"),
                params={"host": host.name},
            )
        return host


class NoticeForm(forms.Form):
    """The last day, and why."""

    ends_on = forms.DateField(
        label=_("代管的最后一天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("至少提前 30 天，让对方有时间另找代管单位。"),
    )
    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        first = timezone.localdate() + timedelta(days=NOTICE_DAYS)
        if day < first:
            raise forms.ValidationError(_("最早是%(day)s。"), params={"day": day_words(first)})
        return day
