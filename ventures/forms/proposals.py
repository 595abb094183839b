"""What an applicant types: the 简表, a file. A draft may be incomplete, never lost.

Nothing is required while drafting: what is missing is said by the checklist. What cannot be read
(a word where a number belongs) is returned as typed, so that the service can keep it. The budget
has its own file.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of, model_choice_of
from accounts.forms.fields import SaidChoice
from accounts.models import Organisation, Region
from accounts.selectors.regions import communities_of
from ventures.forms.answers import shape_built_in
from ventures.forms.fields import TidyIntegerField, storable
from ventures.models import Need, ProjectKind, Proposal, ProposalFile, Round, Track
from ventures.selectors.partners import answerable_needs, hosts_for, organisation_named
from ventures.selectors.proposal_form import TEXT_FIELDS, field_label
from ventures.selectors.round_forms import content_of
from ventures.selectors.snapshots import stored_text_of
from ventures.services.budgets import DraftBudget
from ventures.services.drafts import DraftText
from ventures.services.plan_rows import DraftRows


class TextField(forms.CharField):
    """Words in a box that says how many fit."""

    def __init__(self, name: str, *, rows: int = 1, **options: Any) -> None:
        limit: int = Proposal._meta.get_field(name).max_length  # type: ignore[union-attr, assignment]
        widget: forms.Widget = (
            forms.TextInput() if rows == 1 else forms.Textarea(attrs={"rows": rows})
        )
        if rows > 1:
            widget.attrs["data-limit"] = str(limit)
        super().__init__(
            label=str(field_label(name)),
            max_length=limit,
            widget=widget,
            required=False,
            **options,
        )
        self.label = field_label(name)  # type: ignore[assignment]
        # The browser would cut a pasted text off without a word: the server says it instead.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        """One line break is one character, however the browser sent it."""
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class NeedsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Needs of the published list, each with its number and place."""

    def label_from_instance(self, obj: Need) -> str:
        return f"{obj.number} {obj.title}"


class ProposalForm(forms.Form):
    """The fields of the 申报书, or some of them; bound to what is stored or to what was sent."""

    title = TextField("title", help_text=_("让邻居一听就明白做什么，60 字以内。"))
    responsible_name = TextField("responsible_name")
    responsible_phone = TextField("responsible_phone")
    team_name = TextField(
        "team_name",
        help_text=_(
            "谁来做：组织名称，或几名社工的小组。和申报组织是同一家时可以不填。"
            "写的是另一家已核验的组织的全名，提交时会告诉它，它看得到申报书，可以确认或说明不是这样。"
        ),
    )
    track = SaidChoice(
        queryset=Track.objects.none(),
        label=_("服务人群"),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    kind = forms.ChoiceField(
        choices=ProjectKind.choices, label=_("项目类型"), required=False, widget=forms.RadioSelect
    )
    communities = forms.ModelMultipleChoiceField(
        queryset=Region.objects.none(),
        label=_("实施社区"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    beneficiaries = TidyIntegerField(
        label=_("直接服务人数"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        help_text=_("直接受益的人，每人只算一次。"),
    )
    person_times = TidyIntegerField(
        label=_("服务人次"),
        required=False,
        min_value=0,
        max_value=100_000_000,
        help_text=_("每人每次算一人次。"),
    )
    needs = NeedsField(
        queryset=Need.objects.none(),
        label=_("回应哪些需求"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    need_from = TextField(
        "need_from", rows=3, help_text=_("走访、议事会、名单：怎么知道大家需要？100 字以内。")
    )
    plan = TextField("plan", rows=6, help_text=_("做什么、怎么做、谁来做。300 字以内。"))
    schedule = TextField(
        "schedule", rows=2, help_text=_("例如：每周三下午，共 20 次，每次 2 名志愿者、15 位老人。")
    )
    starts_on = forms.DateField(
        label=_("开始日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("结束日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    aims = TextField("aims", rows=4, help_text=_("做完以后，谁有什么不一样。"))
    plan_detail = TextField("plan_detail", rows=10)
    sustainability = TextField("sustainability", rows=3)
    safety = TextField(
        "safety", rows=3, help_text=_("可能出什么事、怎么防、买什么保险。200 字以内。")
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        round: Round,
        only: Sequence[str] = TEXT_FIELDS,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        model_choice_of(self, "track").queryset = round.tracks.all()
        model_choice_of(self, "communities").queryset = communities_of(round.region)
        model_choice_of(self, "needs").queryset = answerable_needs(round)
        self.fields["team_name"].widget.attrs["list"] = "team-names"
        kind_choices = [choice for choice in ProjectKind.choices if choice[0] in round.kinds]
        choice_of(self, "kind").choices = kind_choices
        for name in set(self.fields) - set(only):
            del self.fields[name]
        shape_built_in(self.fields, content_of(round))

    @classmethod
    def stored(cls, proposal: Proposal) -> "ProposalForm":
        """The form as it was last saved, with an error beside what could not be read."""
        data = QueryDict(mutable=True)
        for name, text in stored_text_of(proposal).items():
            data.setlist(name, text if isinstance(text, list) else [text])
        return cls(data, round=proposal.round)

    def lock(self, open_fields: Sequence[str]) -> None:
        """After the close, only what was marked may be changed."""
        for name, one in self.fields.items():
            if name not in open_fields:
                one.widget.attrs["disabled"] = True

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("结束日期要在开始日期之后。"))
        return values

    def draft_text(
        self,
        budget: DraftBudget | None = None,
        parts: Mapping[str, DraftRows] | None = None,
    ) -> DraftText:
        """What can be stored as read, and what is kept as typed."""
        self.is_valid()
        sent = self.data
        assert isinstance(sent, QueryDict), "a draft is read from what was sent"
        typed = {
            name: (
                [storable(pk) for pk in sent.getlist(name)]
                if name in ("communities", "needs")
                else storable(sent.get(name, ""))
            )
            for name in self.errors
            if name in self.fields
        }
        values = {name: value for name, value in self.cleaned_data.items() if name not in typed}
        if "team_name" in values:
            values["team_organisation"] = organisation_named(values["team_name"])
        return DraftText(values=values, typed=typed, budget=budget, parts=parts or {})


# Small forms ---------------------------------------------------------------------------


class ApplyForm(forms.Form):
    """For which of the person's organisations a draft is begun."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("申报组织"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        model_choice_of(self, "organisation").queryset = Organisation.objects.filter(
            pk__in=[organisation.pk for organisation in organisations]
        )


class InitiateForm(forms.Form):
    """A person applies in her own name: which body is paid for her."""

    host = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("代管单位"),
        help_text=_("个人没有对公账户，由一家登记组织代收代付。提交前要它同意。"),
    )

    def __init__(self, *args: Any, round: Round, **options: Any) -> None:
        super().__init__(*args, **options)
        model_choice_of(self, "host").queryset = hosts_for(round)


class PartnerForm(forms.Form):
    """Which organisation is asked to apply together, for which place, and what it does."""

    name = forms.CharField(
        label=_("组织全称"), max_length=80, help_text=_("要和登记（备案）名称一字不差。")
    )
    region = forms.ModelChoiceField(queryset=Region.objects.none(), label=_("负责哪个地方"))
    part = forms.CharField(label=_("承担什么"), max_length=100)

    def __init__(self, *args: Any, round: Round, **options: Any) -> None:
        super().__init__(*args, **options)
        model_choice_of(self, "region").queryset = Region.objects.current().filter(
            lineage__contains=[round.region_id]
        )
        self.fields["name"].widget.attrs["list"] = "team-names"

    def clean_name(self) -> Organisation:
        found = organisation_named(self.cleaned_data["name"])
        if found is None:
            raise ValidationError(_("没有叫这个名称、已经核验的组织。请核对全称，或请对方先登记。"))
        return found


class FileForm(forms.Form):
    """One file and what it is."""

    kind = forms.ChoiceField(choices=ProposalFile.Kind.choices, label=_("材料"))
    upload = forms.FileField(
        label=_("文件"),
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et"}
        ),
        help_text=_(
            "PDF、照片，或 Word、Excel、PPT 文件，每个最大 20 MB。签章页拍一张清楚的照片也行。"
        ),
    )

    def __init__(self, *args: Any, kinds: Sequence[str] = (), **kwargs: Any) -> None:
        """With `kinds`, only those are offered."""
        super().__init__(*args, **kwargs)
        if kinds:
            choice_of(self, "kind").choices = [
                one for one in ProposalFile.Kind.choices if one[0] in kinds
            ]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤回原因"), max_length=200, required=False)
