"""Forms around seats: signing up, exchanging, pasting a list, seats and times of a shift."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import ContactField
from accounts.models import User
from accounts.selectors.people import user_by_contact_and_name
from timebank.errors.activities import NoSwapWithThem, SeatsInUse
from timebank.forms.orders import date_input
from timebank.forms.shift_times import ShiftTimeForm
from timebank.models import Position, Qualification, Shift, Signup, Swap
from timebank.services.signups import sign_up
from timebank.services.swaps import propose_swap


class SignupForm(forms.Form):
    """A position where the activity has several; else only the promise."""

    position = forms.ModelChoiceField(
        label=_("岗位"), queryset=Position.objects.none(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, shift: Shift, **options: Any) -> None:
        super().__init__(*args, **options)
        self.shift = shift
        positions = shift.activity.positions.taking_people()
        if not positions:
            del self.fields["position"]
            return
        field: Any = self.fields["position"]
        field.queryset, field.empty_label = positions, None
        field.label_from_instance = _position_words

    def hand_in(self, *, acting_user: User) -> Signup:
        return sign_up(
            self.shift, position=self.cleaned_data.get("position"), acting_user=acting_user
        )


def _position_words(position: Position) -> str:
    words = f"{position.title} · {position.duties}" if position.duties else position.title
    if position.required_qualification:
        words = f"{words}（{Qualification.Kind(position.required_qualification).label}）"
    return words


class SwapForm(forms.Form):
    """Who takes the seat, and which of theirs one takes instead."""

    name = forms.CharField(label=_("对方的姓名或称呼"), max_length=40)
    contact = ContactField(label=_("对方的手机号或邮箱"), help_text=_("对方也要是志愿者。"))
    shift = forms.ModelChoiceField(
        label=_("换对方的哪一场"),
        queryset=Shift.objects.none(),
        required=False,
        empty_label=_("不换，只请对方替我去"),
    )

    def __init__(self, *args: Any, signup: Signup, **options: Any) -> None:
        super().__init__(*args, **options)
        self.signup = signup
        field: Any = self.fields["shift"]
        field.queryset = self._others()
        field.label_from_instance = lambda shift: (
            f"{timezone.localtime(shift.starts_at):%Y-%m-%d %H:%M} {shift.activity.title}"
        )

    def _others(self) -> QuerySet[Shift]:
        return (
            Shift.objects.filter(
                activity__station=self.signup.shift.activity.station,
                starts_at__gt=timezone.now(),
                state__in=[Shift.State.OPEN, Shift.State.CLOSED],
            )
            .exclude(pk=self.signup.shift_id)
            .select_related("activity")
            .order_by("starts_at")
        )

    def hand_in(self, *, acting_user: User) -> Swap | None:
        """Propose it; a refusal about the other person stands beside the field."""
        told = self.cleaned_data
        other = user_by_contact_and_name(told["contact"], told["name"])
        wanted, has_theirs = None, True
        if other is not None and told["shift"] is not None:
            seats = Signup.objects.seated().filter(shift=told["shift"], volunteer=other)
            wanted = seats.first()
            has_theirs = wanted is not None
        try:
            if other is None or not has_theirs:
                raise NoSwapWithThem()
            return propose_swap(self.signup, other, wanted=wanted, acting_user=acting_user)
        except NoSwapWithThem:
            self.add_error("contact", str(NoSwapWithThem(who=told["name"])))
            return None


class SeatsForm(forms.Form):
    """Another place or number of seats, for this shift or for all that follow."""

    seats = forms.IntegerField(label=_("名额"), min_value=1, max_value=2000)
    place = forms.CharField(label=_("地点"), max_length=60)
    scope = forms.ChoiceField(
        label=_("改哪些"),
        choices=[("one", _("只改这一场")), ("following", _("这一场和以后各场"))],
        initial="one",
        widget=forms.RadioSelect,
    )
    minutes_later = forms.IntegerField(
        label=_("以后各场推后几分钟"),
        required=False,
        min_value=-720,
        max_value=720,
        help_text=_("提前填负数。改时间会通知所有报名的人。"),
    )

    def __init__(self, *args: Any, shift: Shift, **options: Any) -> None:
        super().__init__(*args, **options)
        self.shift = shift
        if shift.recurs_at is None:
            del self.fields["scope"]
            del self.fields["minutes_later"]

    def clean_seats(self) -> int:
        seats: int = self.cleaned_data["seats"]
        taken = self.shift.signups.holding_seats().count()
        if seats < taken:
            raise forms.ValidationError(str(SeatsInUse(taken=taken)), code="seats_in_use")
        return seats

    def is_for_following(self) -> bool:
        return bool(self.cleaned_data.get("scope") == "following")

    def later(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data.get("minutes_later") or 0)


class CallOffForm(forms.Form):
    """Why it is called off; everyone on the list reads it."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=120,
        help_text=_("会原样发给所有报名的人，如：大风黄色预警，改日再约。"),
    )


class PostponeForm(ShiftTimeForm, CallOffForm):
    """The new time and why."""

    field_order = ("day", "start", "end", "reason")


class NameListForm(forms.Form):
    """A list pasted from a chat group."""

    text = forms.CharField(
        label=_("接龙内容"),
        max_length=12000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("从微信群整段复制粘贴，一行一个人，带序号；写了手机号的认得更准。"),
    )


class NamesForm(forms.Form):
    """Who of the list is signed up."""

    volunteers = forms.ModelMultipleChoiceField(
        label=_("报名的人"),
        queryset=User.objects.filter(is_active=True, kind=User.Kind.PERSON),
        error_messages={"required": _("请至少选一个人。")},
    )
    position = forms.ModelChoiceField(
        label=_("岗位"), queryset=Position.objects.none(), required=False
    )

    def __init__(self, *args: Any, shift: Shift, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["position"]
        field.queryset = shift.activity.positions.taking_people()
        if not field.queryset:
            del self.fields["position"]


class QualificationForm(forms.Form):
    """A certificate that was seen."""

    kind = forms.ChoiceField(label=_("种类"), choices=Qualification.Kind.choices)
    number = forms.CharField(label=_("证书编号"), max_length=40, required=False)
    level = forms.CharField(label=_("等级"), max_length=20, required=False)
    issued_on = forms.DateField(label=_("取得日期"), required=False, widget=date_input())
    valid_until = forms.DateField(label=_("有效期至"), required=False, widget=date_input())


class WithdrawalForm(forms.Form):
    """Why a registered paper holds no longer."""

    reason = forms.CharField(
        label=_("为什么撤销"),
        max_length=200,
        help_text=_("如：证书已被发证机关注销；登记时看错了人。本人会看到。"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明为什么撤销。")},
    )


class GuardianForm(forms.Form):
    """A guardian's signed consent that was seen."""

    guardian_name = forms.CharField(label=_("监护人姓名"), max_length=40)
    guardian_phone = forms.CharField(label=_("监护人电话"), max_length=16)
    relation = forms.CharField(label=_("关系"), max_length=20, help_text=_("如：父亲、母亲。"))
    accepts_child_rule = forms.BooleanField(
        label=_("未满 14 岁：监护人同意《儿童个人信息处理规则》，并全程陪同"), required=False
    )
