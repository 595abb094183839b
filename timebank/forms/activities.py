"""Forms of activities: what to look for, and the activity with its first shifts as one page."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.data_words import in_readers_language
from accounts.forms.choices import choice_of, model_choice_of
from accounts.forms.fields import PlaceField, SaidChoice
from accounts.models import Organisation, Region, Role, Station, User
from timebank.forms.orders import date_input
from timebank.models import Activity, Qualification, ServiceType
from timebank.selectors.activities import owners_of
from timebank.selectors.nearness import CIRCLES
from timebank.services.activities import (
    ActivityDetails,
    Owner,
)

ASKED = [("", _("没有要求")), *Qualification.Kind.choices]


class ActivityFilter(forms.Form):
    """What to look for; it lives in the address."""

    near = PlaceField(
        label=_("离哪里近"), to_field_name="code", required=False, empty_label=_("不限")
    )
    within = forms.TypedChoiceField(
        label=_("多近"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("不限")), *((circle.minutes, circle.label) for circle in CIRCLES)],
    )
    when = forms.ChoiceField(
        label=_("时间"),
        required=False,
        choices=[
            ("", _("不限")),
            ("today", _("今天")),
            ("week", _("7 天内")),
            ("weekend", _("本周末")),
            ("month", _("30 天内")),
        ],
    )
    group = forms.ChoiceField(label=_("类别"), required=False)
    audience = forms.ChoiceField(
        label=_("谁可以参加"),
        required=False,
        choices=[("", _("不限")), *Activity.Audience.choices],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = ServiceType.objects.active().values_list("group", flat=True)
        choice_of(self, "group").choices = [
            ("", _("全部")),
            *((group, in_readers_language(group)) for group in sorted(set(groups))),
        ]

    def wanted(self) -> dict[str, Any]:
        """What `selectors.activities.shifts_to_come` takes; whatever is wrong is left out."""
        found = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        since, until = _span(found.get("when", ""))
        return {
            "near": found.get("near"),
            "within": found.get("within"),
            "group": found.get("group", ""),
            "audience": found.get("audience", ""),
            "since": since,
            "until": until,
        }


def _span(when: str) -> tuple[datetime | None, datetime | None]:
    today = timezone.localdate()

    def midnight(day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time()))

    if when == "today":
        return None, midnight(today + timedelta(days=1))
    if when == "weekend":
        saturday = today + timedelta(days=max(5 - today.weekday(), 0))
        monday = saturday + timedelta(days=7 - saturday.weekday())
        return max(midnight(saturday), timezone.now()), midnight(monday)
    days = {"week": 7, "month": 30}.get(when)
    return None, midnight(today + timedelta(days=days)) if days else None


class ActivityForm(forms.Form):
    """One activity: what, who, where, what may go wrong. Copied and edited alike."""

    owner = forms.ChoiceField(label=_("主办方"))
    title = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("如：周六老街清洁日，看名字就知道做什么。")
    )
    service_type = SaidChoice(
        label=_("服务类型"), queryset=ServiceType.objects.none(), empty_label=_("请选择")
    )
    description = forms.CharField(
        label=_("做什么"), max_length=1200, widget=forms.Textarea(attrs={"rows": 4})
    )
    region = PlaceField(label=_("所在村（社区）或镇（街道）"))
    place = forms.CharField(label=_("集合地点"), max_length=60)
    station = forms.ModelChoiceField(
        label=_("记录站点"),
        queryset=Station.objects.none(),
        required=False,
        help_text=_("服务时间由这个站点确认；主办方是站点的不用选。"),
    )
    led_by = forms.ModelChoiceField(
        label=_("活动负责人"), queryset=User.objects.none(), required=False
    )
    lead_worker = forms.ModelChoiceField(
        label=_("带队社工"), queryset=User.objects.none(), required=False, empty_label=_("没有")
    )
    audience = forms.ChoiceField(
        label=_("谁可以参加"), choices=Activity.Audience.choices, widget=forms.RadioSelect
    )
    required_qualification = forms.ChoiceField(
        label=_("要求的培训或资质"), choices=ASKED, required=False
    )
    welcomes_children = forms.BooleanField(
        label=_("亲子活动：14 岁以下可由监护人陪同参加"), required=False
    )
    not_counted = forms.ChoiceField(
        label=_("是否计入志愿服务时间"),
        choices=[("", _("计入")), *Activity.NotCounted.choices],
        required=False,
        help_text=_("培训、会议、有报酬、强制参加和上班时间的本职工作不计入（民政部令第67号）。"),
    )
    risks = forms.CharField(
        label=_("可能的风险"), max_length=200, help_text=_("如：路面湿滑、天热中暑。")
    )
    protection = forms.CharField(
        label=_("怎样防护"), max_length=200, help_text=_("如：发手套和饮水，高温停办。")
    )
    is_dangerous = forms.BooleanField(
        label=_("可能发生人身危险（未成年人不能参加，必须有保险）"), required=False
    )
    insurance = forms.CharField(label=_("保险（公司、保单号）"), max_length=80, required=False)
    insured_until = forms.DateField(label=_("保险有效期至"), required=False, widget=date_input())
    cancel_hours = forms.IntegerField(
        label=_("最晚提前几小时取消"), min_value=0, max_value=240, initial=12
    )

    SECTIONS = (
        (_("做什么"), "owner,title,service_type,description,region,place,station"),
        (
            _("谁来带、谁能来"),
            "led_by,lead_worker,audience,required_qualification,welcomes_children",
        ),
        (_("风险与防护"), "risks,protection,is_dangerous,insurance,insured_until"),
        (_("规则"), "not_counted,cancel_hours"),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        owners = owners_of(user)
        choice_of(self, "owner").choices = owners
        if len(owners) == 1:
            self.fields["owner"].widget = forms.HiddenInput()
            self.fields["owner"].initial = owners[0][0]
        model_choice_of(self, "service_type").queryset = ServiceType.objects.active()
        model_choice_of(self, "station").queryset = Station.objects.filter(state=Station.State.OPEN)
        if owners and all(key.startswith("station:") for key, _name in owners):
            self.fields["station"].widget = forms.HiddenInput()
        model_choice_of(self, "led_by").queryset = _leaders(user)
        model_choice_of(self, "led_by").empty_label = _("我自己")
        model_choice_of(self, "lead_worker").queryset = _workers()
        self.fields["audience"].initial = Activity.Audience.EVERYONE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        owner = self._owner(cleaned.get("owner", ""))
        cleaned["owner_thing"] = owner
        if isinstance(owner, Station):
            cleaned["station"] = owner
        elif not cleaned.get("station"):
            self.add_error("station", _("请选由哪个站点确认服务时间。"))
        if cleaned.get("is_dangerous") and cleaned.get("welcomes_children"):
            self.add_error("welcomes_children", _("可能有人身危险的活动不能带未成年人。"))
        if cleaned.get("insurance") and not cleaned.get("insured_until"):
            self.add_error("insured_until", _("请写保险到哪一天。"))
        return cleaned

    def _owner(self, key: str) -> Owner | None:
        kind, _colon, number = key.partition(":")
        models = {"station": Station, "organisation": Organisation, "community": Region}
        if kind not in models or not number.isdecimal():
            return None
        found: Owner | None = models[kind].objects.filter(pk=number).first()  # type: ignore[attr-defined]
        return found

    def owner_thing(self) -> Owner:
        owner: Owner = self.cleaned_data["owner_thing"]
        return owner

    def details(self, *, kind: str, rrule: str = "", source: str = "") -> ActivityDetails:
        cleaned = self.cleaned_data
        return ActivityDetails(
            title=cleaned["title"],
            service_type=cleaned["service_type"],
            station=cleaned["station"],
            region=cleaned["region"],
            place=cleaned["place"],
            description=cleaned["description"],
            led_by=cleaned["led_by"] or self.user,
            lead_worker=cleaned["lead_worker"],
            risks=cleaned["risks"],
            protection=cleaned["protection"],
            kind=kind,
            rrule=rrule,
            audience=cleaned["audience"],
            welcomes_children=cleaned["welcomes_children"],
            not_counted=cleaned["not_counted"],
            is_dangerous=cleaned["is_dangerous"],
            insurance=cleaned["insurance"],
            insured_until=cleaned["insured_until"],
            required_qualification=cleaned["required_qualification"],
            cancel_hours=cleaned["cancel_hours"],
            source=source,
        )


def initial_of(activity: Activity) -> dict[str, Any]:
    """An activity as the form's first values."""
    owner = activity.organisation_id or activity.community_id or activity.station_id
    values = {name: getattr(activity, name) for name in ActivityForm.base_fields if name != "owner"}
    return values | {"owner": f"{activity.owner}:{owner}"}


def keep_leaders(form: ActivityForm, activity: Activity) -> None:
    """Whoever edits, who leads stays until another is chosen, also where the editor could not
    have named them."""
    led_by: Any = form.fields["led_by"]
    if activity.led_by_id == form.user.pk:
        form.initial["led_by"] = None  # oneself is the empty choice
    else:
        led_by.queryset |= User.objects.filter(pk=activity.led_by_id)
    if activity.lead_worker_id is not None:
        lead_worker: Any = form.fields["lead_worker"]
        lead_worker.queryset |= User.objects.filter(pk=activity.lead_worker_id)


def _leaders(user: User) -> Any:
    """Who may be named as leader: oneself and whoever organises for the same owners."""
    roles = user.roles.active()
    same = Role.objects.active().filter(
        station__in=roles.filter(station__isnull=False).values("station")
    ) | Role.objects.active().filter(
        organisation__in=roles.filter(organisation__isnull=False).values("organisation")
    )
    return User.objects.filter(pk__in=same.values("user")).exclude(pk=user.pk)


def _workers() -> Any:
    kinds = (Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER)
    return User.objects.filter(pk__in=Role.objects.active().filter(kind__in=kinds).values("user"))
