"""What people type about needs and visits: the need itself, a visit, filters.

What the office answers is in `need_answers`.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of, model_choice_of
from accounts.forms.fields import CommunityField, PlaceField, SaidChoice
from accounts.models import Organisation, Region, User
from accounts.rules import has_role, organisations_of, regions_of
from ventures.forms.fields import SOUND_DAYS, TidyIntegerField, storable
from ventures.models import Need, ProjectKind, Track, Visit
from ventures.models.needs import HANDLERS
from ventures.rules.needs import Kind
from ventures.services.needs import FILES_MOST, NeedWords, Source

PEOPLE_MOST = 200_000
KIND_WORDS = [
    (ProjectKind.SERVICE, _("要有人来做的服务，如陪诊、托管、教手机")),
    (ProjectKind.GOVERNANCE, _("要大家商量的公共事务，如停车、楼道、环境")),
]
SEVERITY_WORDS = [
    (Need.Severity.LOW, _("一般，有更好")),
    (Need.Severity.MIDDLE, _("比较急，已经影响生活")),
    (Need.Severity.HIGH, _("很急，有人因此遇到危险或困难")),
]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several photos or PDFs at once; what is inside is looked at when they are stored."""

    widget = ManyFiles(attrs={"accept": "image/*,application/pdf"})

    def clean(self, value: Any, initial: Any = None) -> Any:
        files = value if isinstance(value, list | tuple) else [value] if value else []
        if len(files) > FILES_MOST:
            raise forms.ValidationError(
                _("一次最多 %(most)d 个文件。") % {"most": FILES_MOST}, code="too_many"
            )
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(file, initial) for file in files]


class WordsForm(forms.Form):
    """What a need says, for raising it and for putting it right."""

    title = forms.CharField(
        label=_("缺什么（一句话）"),
        max_length=60,
        help_text=_("如：独居老人看病没人陪。会公开，请不要写姓名、门牌号和电话。"),
    )
    description = forms.CharField(
        label=_("具体情况"),
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("什么时候、在哪里、难在哪里，希望怎么办。"),
    )
    region = PlaceField(label=_("在哪里"))
    track = SaidChoice(queryset=Track.objects.all(), label=_("谁的需要"), empty_label=_("请选择"))
    kind = forms.ChoiceField(label=_("是哪一类"), choices=KIND_WORDS, widget=forms.RadioSelect)
    severity = forms.TypedChoiceField(
        label=_("急不急"), choices=SEVERITY_WORDS, coerce=int, widget=forms.RadioSelect
    )
    people = TidyIntegerField(
        label=_("大约多少人需要"),
        validators=[MinValueValidator(1), MaxValueValidator(PEOPLE_MOST)],
    )
    is_personal = forms.BooleanField(
        label=_("这是一户人家自己的难处，不要公开"),
        required=False,
        help_text=_("只有您和社区、镇街工作人员看得到，一样会答复。"),
    )

    def words(self) -> NeedWords:
        told = self.cleaned_data
        return NeedWords(
            title=storable(told["title"]),
            description=storable(told["description"]),
            region=told["region"],
            track=told["track"],
            kind=told["kind"],
            severity=told["severity"],
            people=told["people"],
            is_personal=told["is_personal"],
        )


def words_of(need: Need) -> dict[str, Any]:
    """A need as its form shows it."""
    return {name: getattr(need, name) for name in WordsForm.base_fields}


class NeedForm(WordsForm):
    """Raise a need: for oneself, for one's organisation, from a meeting; with evidence."""

    origin = forms.ChoiceField(label=_("怎么来的"), required=False)
    organisation = forms.ModelChoiceField(
        label=_("哪个组织提出"), queryset=Organisation.objects.none(), required=False
    )
    met_on = forms.DateField(
        label=_("议事会哪天开的"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=SOUND_DAYS,
        help_text=_("从议事会来的才填，并附上纪要。"),
    )
    met_by = TidyIntegerField(
        label=_("多少人到会"), required=False, validators=[MinValueValidator(1)]
    )
    uploads = FilesField(
        label=_("照片或材料"),
        required=False,
        help_text=_("最多 6 个，照片或 PDF。不公开，只给办理的人看。议事会请附会议纪要。"),
    )

    def __init__(self, *args: Any, acting_user: User, **options: Any) -> None:
        options.setdefault("initial", {})
        options["initial"] = {
            "region": acting_user.home_region_id,
            "severity": Need.Severity.MIDDLE,
            "kind": ProjectKind.SERVICE,
        } | options["initial"]
        super().__init__(*args, **options)
        own = Organisation.objects.filter(pk__in=organisations_of(acting_user))
        origins = [(Need.Origin.RESIDENT, _("我自己（居民）"))]
        if own:
            origins.append((Need.Origin.ORGANISATION, _("我们组织")))
        if own or has_role(acting_user, *HANDLERS, Kind.LEAD_WORKER):
            origins.append((Need.Origin.MEETING, _("议事会")))
        if len(origins) == 1:
            for name in ("origin", "organisation", "met_on", "met_by"):
                del self.fields[name]
            return
        choice_of(self, "origin").choices = origins
        self.fields["origin"].initial = origins[1][0] if own else origins[0][0]
        model_choice_of(self, "organisation").queryset = own
        self.fields["organisation"].initial = own.first() if len(own) == 1 else None
        if not own:
            del self.fields["organisation"]
        self.order_fields(["origin", "organisation", "met_on", "met_by"])

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        origin = told.get("origin") or Need.Origin.RESIDENT
        if origin == Need.Origin.ORGANISATION and not told.get("organisation"):
            self.add_error("organisation", _("请选择是哪个组织提出的。"))
        if origin == Need.Origin.MEETING:
            if not told.get("met_on"):
                self.add_error("met_on", _("请填写议事会的日期。"))
            elif told["met_on"] > timezone.localdate():
                self.add_error("met_on", _("议事会还没有开。请填写已经开过的日期。"))
            if not told.get("met_by"):
                self.add_error("met_by", _("请填写到会人数。"))
            if not told.get("uploads"):
                self.add_error("uploads", _("请附上会议纪要（照片或 PDF）。"))
        return told

    def source(self) -> Source:
        told = self.cleaned_data
        origin = told.get("origin") or Need.Origin.RESIDENT
        is_meeting = origin == Need.Origin.MEETING
        of_body = origin == Need.Origin.ORGANISATION
        return Source(
            origin=origin,
            organisation=told.get("organisation") if of_body else None,
            met_on=told.get("met_on") if is_meeting else None,
            met_by=told.get("met_by") if is_meeting else None,
        )


class FileForm(forms.Form):
    uploads = FilesField(label=_("照片或材料"), help_text=_("照片或 PDF，不公开。"))


class NeedFilter(forms.Form):
    """What to look for; it lives in the address."""

    q = forms.CharField(
        label=_("查找"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("关键词或编号")}),
    )
    place = PlaceField(
        label=_("在哪里"), to_field_name="code", required=False, empty_label=_("全市")
    )
    track = SaidChoice(
        queryset=Track.objects.all(),
        to_field_name="code",
        label=_("谁的需要"),
        required=False,
        empty_label=_("全部"),
    )
    kind = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部")), *ProjectKind.choices]
    )
    state = forms.ChoiceField(label=_("去向"), required=False)
    open = forms.ChoiceField(
        label=_("进展"),
        required=False,
        choices=[("", _("全部")), ("open", _("还在等")), ("closed", _("已有去向"))],
    )
    round = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, inside: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        shown = [
            choice
            for choice in Need.State.choices
            if inside or choice[0] in (Need.State.LISTED, Need.State.MERGED, *Need.FATES)
        ]
        choice_of(self, "state").choices = [("", _("全部")), *shown]

    def wanted(self) -> dict[str, Any]:
        """The sound conditions; an unknown one narrows nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class VisitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A home visit; the part below can become a need as it is."""

    region = CommunityField(label=_("社区（村）"))
    track = SaidChoice(
        queryset=Track.objects.all(),
        label=_("谁的需要"),
        required=False,
        empty_label=_("请选择"),
    )
    severity = forms.TypedChoiceField(
        label=_("急不急"), choices=SEVERITY_WORDS, coerce=int, widget=forms.RadioSelect
    )
    people = TidyIntegerField(
        label=_("大约多少人需要"),
        validators=[MinValueValidator(1), MaxValueValidator(PEOPLE_MOST)],
    )

    class Meta:
        model = Visit
        fields = (
            "region",
            "visited_on",
            "household",
            "note",
            "lack",
            "details",
            "track",
            "kind",
            "severity",
            "people",
        )
        widgets = {
            "visited_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 4}),
            "details": forms.Textarea(attrs={"rows": 3}),
            "kind": forms.RadioSelect,
        }
        help_texts = {
            "household": _("只在办公室内部看，如：3 号楼一户。"),
            "note": _("只在办公室内部看，不会公开。"),
            "lack": _("一句话，转成需求后公开。没有发现需求可以不写。"),
            "details": _("转成需求后公开，请不要写姓名、门牌号和电话。"),
        }

    def __init__(self, *args: Any, acting_user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        places = regions_of(acting_user, Kind.COMMUNITY_WORKER, Kind.LEAD_WORKER)
        communities = Region.objects.current().communities().filter(lineage__overlap=places)
        model_choice_of(self, "region").queryset = communities
        if len(places) == 1:
            self.initial["region"] = places[0]
        self.initial["visited_on"] = timezone.localdate()
        self.initial["severity"] = Need.Severity.MIDDLE
        self.initial["people"] = 1
        self.fields["visited_on"].validators.extend(SOUND_DAYS)
        choice_of(self, "kind").choices = KIND_WORDS

    def clean_visited_on(self) -> date:
        day: date = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("走访日期还没有到。"), code="future")
        return day

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("lack") and not told.get("track"):
            self.add_error("track", _("请选择是谁的需要，才能转成需求。"))
        return told
