"""替志愿者登记: a service written down at the station; and the code of whom it was for."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.forms.fields import DigitsField
from accounts.models import Person, Station, User
from timebank.forms.records import ServiceForm
from timebank.models import ServiceRecord
from timebank.services.record_entries import enter_record
from timebank.services.records import Service, check_service


class RecordEntryForm(ServiceForm):
    """The volunteer's own form, filled in by the station; whoever is registered as the recipient
    can be asked for a code afterwards."""

    is_voluntary = forms.BooleanField(
        label=_("问过本人：这次服务是自愿、无偿的，不含往返路上的时间"),
        error_messages={"required": _("请先问清楚，再打勾。")},
    )

    def __init__(
        self,
        *arguments: Any,
        volunteer: User,
        station: Station,
        recipient: Person | None,
        person: User,
        **options: Any,
    ) -> None:
        options["initial"] = {"day": timezone.localdate(), "station": station}
        super().__init__(*arguments, volunteer=volunteer, person=person, **options)
        self.recipient = recipient
        self.by_another = person.pk != volunteer.pk
        model_choice_of(self, "station").queryset = Station.objects.filter(pk=station.pk)
        self.fields["station"].widget = forms.HiddenInput()
        self.fields["place"].initial = (recipient.address if recipient else "")[:60]
        if recipient is not None:
            del self.fields["for_whom"]
        if self.by_another:
            reason = self.fields["late_reason"]
            reason.label = _("怎么知道的，为什么由站点登记")
            reason.help_text = _(
                "如：本人打电话来说的，她不会用手机。超过十个工作日的，写明为什么晚。"
            )
            reason.required = True
            reason.error_messages["required"] = _("请写一句怎么知道的。")

    def _hand_in(self, acting_user: User) -> ServiceRecord:
        service = self.service()
        check_service(self.volunteer, service)
        photos = self.stored_photos(service.started_at, service.ended_at)
        return enter_record(self.volunteer, service, photos=photos, acting_user=acting_user)

    def service(self) -> Service:
        return replace(super().service(), recipient=self.recipient)


class RecipientCodeForm(forms.Form):
    """The four digits that were sent to the recipient's phone."""

    code = DigitsField(
        count=4,
        label=_("服务对象报的四位服务码"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "form-control code"}
        ),
        error_messages={
            "required": _("请填服务对象报的四位数字。"),
            "invalid": _("请填四位数字。"),
        },
    )
