"""Register an organisation, keep its contact, add members, send an entry back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.credit_code import validate_credit_code
from accounts.forms.choices import model_choice_of
from accounts.forms.fields import CommunityField, ContactField, PlaceField
from accounts.models.organisations import Membership, Organisation

REGISTERED_KINDS = [
    (kind.value, kind.label)
    for kind in (
        Organisation.Kind.SERVICE,
        Organisation.Kind.ASSOCIATION,
        Organisation.Kind.FOUNDATION,
        Organisation.Kind.PUBLIC,
    )
]


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ContactForm(forms.Form):
    """Who is asked for, and on which number."""

    contact_name = forms.CharField(label=_("联系人"), max_length=40)
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        help_text=_("手机或固定电话，经办人有问题时打这个号码。"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )


class CreditCodeField(forms.CharField):
    """18 characters; spaces and small letters are put right before they are checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("统一社会信用代码"),
            max_length=24,
            help_text=_("18 位，在登记证书上。"),
            widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        code = "".join((super().clean(value) or "").split()).upper()
        if code:
            validate_credit_code(code)
        return code


def refuse_taken_code(code: str, own: Organisation | None = None) -> str:
    others = Organisation.objects.exclude(pk=own.pk) if own else Organisation.objects.all()
    if code and others.filter(credit_code=code).exists():
        raise forms.ValidationError(
            _("这个统一社会信用代码已经登记过。请联系该组织的负责人邀请您。")
        )
    return code


class RegisteredBodyForm(ContactForm):
    """登记组织: a body with a certificate and a credit code."""

    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("与登记证书一致。"))
    kind = forms.ChoiceField(
        label=_("类型"), choices=REGISTERED_KINDS, widget=forms.RadioSelect, initial="service"
    )
    credit_code = CreditCodeField()
    region = PlaceField(help_text=_("住所所在的镇（街道）或村（社区）。"))
    rating = forms.ChoiceField(
        label=_("评估等级"), choices=Organisation.Rating.choices, required=False
    )
    founded_on = day_field(_("成立日期"))

    field_order = (
        "name",
        "kind",
        "credit_code",
        "region",
        "rating",
        "founded_on",
        "contact_name",
        "contact_phone",
    )

    def clean_credit_code(self) -> str:
        return refuse_taken_code(self.cleaned_data["credit_code"])


class FiledGroupForm(ContactForm):
    """备案组织: a community group on file, with a host that answers for its money."""

    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("与备案表一致。"))
    filing_number = forms.CharField(
        label=_("备案编号"),
        max_length=40,
        help_text=_("在备案证明上；没有编号可以不填。"),
        required=False,
    )
    region = CommunityField(label=_("备案所在社区（村）"))
    host = forms.ModelChoiceField(
        label=_("代管单位"),
        queryset=Organisation.objects.none(),
        empty_label=_("请选择"),
        help_text=_("备案组织没有账户，资金由代管单位代收代付。"),
    )
    founded_on = day_field(_("备案日期"))

    field_order = (
        "name",
        "filing_number",
        "region",
        "host",
        "founded_on",
        "contact_name",
        "contact_phone",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_choice_of(self, "host").queryset = Organisation.objects.hosts()


class CorrectionForm(forms.Form):
    """Put right what an officer sent back."""

    name = forms.CharField(label=_("名称"), max_length=80)
    credit_code = CreditCodeField(required=False)
    filing_number = forms.CharField(label=_("备案编号"), max_length=40, required=False)
    founded_on = day_field(_("成立（备案）日期"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.organisation = organisation
        kwargs.setdefault(
            "initial",
            {
                "name": organisation.name,
                "credit_code": organisation.credit_code,
                "filing_number": organisation.filing_number,
                "founded_on": organisation.founded_on,
            },
        )
        super().__init__(*args, **kwargs)
        if organisation.is_filed:
            del self.fields["credit_code"]
        else:
            del self.fields["filing_number"]
            self.fields["credit_code"].required = True

    def clean_credit_code(self) -> str:
        return refuse_taken_code(self.cleaned_data["credit_code"], self.organisation)


class MemberForm(forms.Form):
    """Ask somebody to join; whether they are here already makes no difference."""

    contact = ContactField(
        label=_("对方的手机号或电子邮箱"),
        help_text=_("对方会收到邀请，接受后才成为成员；14 天内有效。"),
    )
    duty = forms.ChoiceField(
        label=_("身份"),
        choices=Membership.Duty.choices,
        initial=Membership.Duty.MEMBER,
        widget=forms.RadioSelect,
    )


class ReasonForm(forms.Form):
    """Why, in words the other side will read; `help_text` says what they need to know."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写清哪里不对、怎么改，对方会看到。"),
    )

    def __init__(self, *args: Any, help_text: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if help_text is not None:
            self.fields["reason"].help_text = help_text


class OrganisationFilter(forms.Form):
    """Find an organisation of one's places; lives in the address."""

    q = forms.CharField(label=_("名称"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), *Organisation.State.choices],
    )
