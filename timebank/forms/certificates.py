"""Forms around certificates: what to certify, for whom, how to check one, as whom to issue."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Attachment, Organisation, Station, User
from accounts.rules import roles_of_kind
from accounts.services.attachments import store_image
from timebank.forms.name_lines import people_of_lines
from timebank.forms.statements import day_field
from timebank.models.banks import TimeBank
from timebank.models.certificates import Certificate, CertificateBatch, CertificatePolicy
from timebank.models.records import ServiceRecord
from timebank.rules.recognition import IN_BATCHES
from timebank.selectors.certificates import Scope, groups_of
from timebank.services.certificate_batches import ask_for_batch
from timebank.services.certificates import issue_certificate, set_certificate_policy


class ScopeForm(forms.Form):
    """Everything, or one period, or one kind of service."""

    since = day_field(gettext_lazy("从"))
    until = day_field(gettext_lazy("到"))
    group = forms.ChoiceField(label=gettext_lazy("服务类别"), required=False)

    def __init__(self, *args: Any, volunteer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.volunteer = volunteer
        field: Any = self.fields["group"]
        field.choices = [("", _("全部")), *((group, group) for group in groups_of(volunteer))]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        refuse_backwards(cleaned)
        return cleaned

    def hand_in(self, *, bank: TimeBank, acting_user: User) -> Certificate:
        cleaned = self.cleaned_data
        scope = Scope(cleaned["since"], cleaned["until"], cleaned["group"])
        return issue_certificate(self.volunteer, bank=bank, scope=scope, acting_user=acting_user)


def refuse_backwards(cleaned: dict[str, Any]) -> None:
    since, until = cleaned.get("since"), cleaned.get("until")
    if since and until and since > until:
        raise ValidationError({"until": _("结束日期不能早于开始日期。")})


class BatchForm(forms.Form):
    """For all of one's organisation, or for those whose numbers are pasted at the station."""

    whose = forms.ChoiceField(label=gettext_lazy("为谁开具"))
    since = day_field(gettext_lazy("从"))
    until = day_field(gettext_lazy("到"))
    lines = forms.CharField(
        label=gettext_lazy("名单"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "站点开具时粘贴，每行一人，写上手机号。组织开具时不用填，包括全体成员。"
        ),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("已征得每位志愿者同意（每人都会收到消息）"),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.bodies: dict[str, Organisation | Station] = {}
        for role in roles_of_kind(user, *IN_BATCHES):
            if role.organisation is not None:
                self.bodies[f"organisation:{role.organisation.pk}"] = role.organisation
            elif role.station is not None:
                self.bodies[f"station:{role.station.pk}"] = role.station
        field: Any = self.fields["whose"]
        field.choices = [(key, body.name) for key, body in self.bodies.items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        refuse_backwards(cleaned)
        body = self.bodies.get(cleaned.get("whose", ""))
        if isinstance(body, Organisation):
            members = User.objects.filter(
                memberships__organisation=body, memberships__ended_at__isnull=True
            )
            cleaned["people"] = list(members.distinct().order_by("pk"))
        elif body is not None:
            try:
                cleaned["people"] = people_of_lines(
                    cleaned.get("lines", ""), looked_after_by=self.user
                )
            except ValidationError as error:
                self.add_error("lines", error)
        return cleaned

    def hand_in(self) -> CertificateBatch:
        cleaned = self.cleaned_data
        body = self.bodies[cleaned["whose"]]
        return ask_for_batch(
            cleaned["people"],
            organisation=body if isinstance(body, Organisation) else None,
            station=body if isinstance(body, Station) else None,
            scope=Scope(cleaned["since"], cleaned["until"]),
            acting_user=self.user,
        )


class CheckForm(forms.Form):
    """What is printed on the paper in somebody's hand."""

    number = forms.CharField(
        label=gettext_lazy("证明编号"),
        max_length=40,
        help_text=gettext_lazy("ZM 开头，共 14 位，大小写和短横线都可以不管。"),
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off"}),
    )
    word = forms.CharField(
        label=gettext_lazy("校验码或姓氏"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("作废原因"), max_length=200, widget=forms.Textarea({"rows": 2})
    )


class PolicyForm(forms.Form):
    """As whom the bank certifies from today on."""

    standing = forms.ChoiceField(
        label=gettext_lazy("出具什么"),
        choices=CertificatePolicy.Standing.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "依法记录志愿服务的组织才能出具《志愿服务记录证明》；否则出具《平台志愿服务记录》。"
        ),
    )
    issuer = forms.CharField(label=gettext_lazy("记录单位"), max_length=80)
    responsible = forms.CharField(label=gettext_lazy("负责人"), max_length=40, required=False)
    contact = forms.CharField(label=gettext_lazy("联系方式"), max_length=60, required=False)
    seal = forms.FileField(
        label=gettext_lazy("印章图片"),
        required=False,
        help_text=gettext_lazy("可以不放。透明底的 PNG 最好；不放时沿用现在的。"),
    )
    marked = forms.MultipleChoiceField(
        label=gettext_lazy("在证明上注明来源"),
        choices=ServiceRecord.Provenance.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    left_out = forms.MultipleChoiceField(
        label=gettext_lazy("不开具证明的来源"),
        choices=ServiceRecord.Provenance.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def hand_in(
        self, *, bank: TimeBank, seal: Attachment | None, acting_user: User
    ) -> CertificatePolicy:
        cleaned = self.cleaned_data
        upload: UploadedFile[Any] | None = cleaned.pop("seal")
        if upload is not None:
            seal = store_image(upload, acting_user=acting_user)
        return set_certificate_policy(
            bank, starts_on=timezone.localdate(), seal=seal, acting_user=acting_user, **cleaned
        )
