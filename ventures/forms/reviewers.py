"""What officers, applicants and experts type around finding reviewers and keeping out of things."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.forms.fields import TidyIntegerField
from ventures.models import (
    AssignmentPlan,
    Conflict,
    Expert,
    Panel,
    PanelMember,
    Proposal,
    ReviewPlan,
    Round,
    Track,
)
from ventures.services.conflicts import Told

TOLD = [(value, label) for value, label in Conflict.Kind.choices if value != "coached"]
SHORT = forms.Textarea(attrs={"rows": 2})


class ReviewPlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a round does beyond the plain meeting."""

    class Meta:
        model = ReviewPlan
        fields = (
            "by_invitation", "by_draw", "answer_days", "divides", "readers", "least", "most",
            "field_weight", "place_weight", "again_weight",
        )  # fmt: skip
        help_texts = {
            "by_invitation": _("专家先看项目名称和单位，申明回避、签承诺，接受了才列入评审组。"),
            "by_draw": _("先公开专家库的摘要，请见证人说一个词，再抽；谁都可以重抽核对。"),
            "divides": _("项目多的时候用。不勾选就是开会，人人全评。"),
            "field_weight": _("这三项是分派时的权衡，数大的更要避免；填 0 就不考虑。"),
        }


class InviteForm(forms.Form):
    """Whom to ask."""

    experts = forms.ModelMultipleChoiceField(
        label=_("邀请谁"), queryset=Expert.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, askable: QuerySet[Expert]) -> None:
        super().__init__(data)
        field = self.fields["experts"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = askable
        field.label_from_instance = _expert_words  # type: ignore[assignment,method-assign]


def _expert_words(expert: Expert) -> str:
    fields = "、".join(track.name for track in expert.tracks.all())  # not shown: between names
    return f"{expert.name}　{expert.employer}　{expert.title}　{fields}"


@dataclass(frozen=True)
class WeighedRow:
    """A proposal on an invitation: its title, and the two fields that say what ties one to it."""

    proposal: Proposal
    kind: BoundField
    words: BoundField


class AcceptForm(forms.Form):
    """Yes: the commitment, and what to keep out of."""

    has_signed = forms.BooleanField(
        label=_("上面各条，我承诺做到。"),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, proposals: Sequence[Proposal], is_blind: bool = False
    ) -> None:
        super().__init__(data)
        self.proposals, self.is_blind = proposals, is_blind
        for one in proposals:
            self.fields[f"kind_{self.key_of(one)}"] = forms.ChoiceField(
                label=gettext("我和“%(title)s”的关系")
                % {"title": one.applicant_name if is_blind else one.title},
                required=False,
                choices=[("", _("没有关系")), *Conflict.Kind.choices],
            )
            self.fields[f"words_{self.key_of(one)}"] = forms.CharField(
                label=gettext("说明"), required=False, max_length=300
            )

    def key_of(self, proposal: Proposal) -> str:
        """Where applicants will be hidden, nothing that could be matched with a proposal later."""
        if not self.is_blind:
            return str(proposal.pk)
        return f"o{proposal.applicant_id}" if proposal.applicant_id else f"u{proposal.initiator_id}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.proposals:
            key = self.key_of(one)
            is_other = cleaned.get(f"kind_{key}") == Conflict.Kind.OTHER
            if is_other and not (cleaned.get(f"words_{key}") or "").strip():
                self.add_error(f"words_{key}", gettext("请写明是什么关系"))
        if not cleaned.get("has_signed"):
            self.add_error("has_signed", gettext("接受邀请要同时签署承诺，请勾选。"))
        return cleaned

    def rows(self) -> Iterable[WeighedRow]:
        for one in self.proposals:
            key = self.key_of(one)
            yield WeighedRow(one, self[f"kind_{key}"], self[f"words_{key}"])

    def told(self) -> Mapping[int, Told]:
        clean = self.cleaned_data
        return {
            one.pk: Told(clean[f"kind_{key}"], clean[f"words_{key}"])
            for one in self.proposals
            if clean[f"kind_{(key := self.key_of(one))}"]
        }


class AskRecusalForm(forms.Form):
    """An applicant asks for somebody to keep out."""

    name = forms.CharField(label=_("请谁回避（姓名）"), max_length=40)
    unit = forms.CharField(label=_("单位或身份"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("什么关系"), choices=TOLD, widget=forms.RadioSelect)
    words = forms.CharField(label=_("说明"), max_length=300, widget=SHORT)


class PinForm(forms.Form):
    """The organiser puts down a tie."""

    proposal = forms.ModelChoiceField(label=_("申报书"), queryset=Proposal.objects.none())
    person = forms.ModelChoiceField(label=_("谁"), queryset=User.objects.none())
    kind = forms.ChoiceField(
        label=_("什么关系"), choices=Conflict.Kind.choices, widget=forms.RadioSelect,
        help_text=_("辅导过的人还看得到申报书，但不打分、不参加决定；其他关系连申报书也看不到。"),
    )  # fmt: skip
    words = forms.CharField(label=_("依据"), max_length=300, widget=SHORT)

    def __init__(
        self, data: Any = None, *, proposals: QuerySet[Proposal], people: QuerySet[User]
    ) -> None:
        super().__init__(data)
        _offer(self, "proposal", proposals)
        _offer(self, "person", people)


class WhoForm(forms.Form):
    """Who an applicant meant."""

    person = forms.ModelChoiceField(label=_("说的是谁"), queryset=User.objects.none())

    def __init__(self, data: Any = None, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        _offer(self, "person", people)


class DrawForm(forms.Form):
    """How many of each field, how many stand by, and who is left out and why."""

    stand_by = TidyIntegerField(label=_("每个领域替补几人"), min_value=0, max_value=20, initial=2)

    def __init__(
        self, data: Any = None, *, tracks: Sequence[Track], experts: Sequence[Expert]
    ) -> None:
        super().__init__(data)
        self.tracks, self.experts = tracks, experts
        stand_by = self.fields.pop("stand_by")
        for track in tracks:
            self.fields[f"wanted_{track.code}"] = _number(
                gettext("“%(field)s”抽几人") % {"field": track.name}
            )
        self.fields["wanted_"] = _number(gettext("另外不分领域抽几人"))
        self.fields["stand_by"] = stand_by
        for expert in experts:
            self.fields[f"without_{expert.pk}"] = forms.CharField(
                label=f"{expert.name}　{expert.employer}", required=False, max_length=60
            )

    def wanted(self) -> list[tuple[str, int]]:
        codes = [track.code for track in self.tracks] + [""]
        return [(code, self.cleaned_data.get(f"wanted_{code}") or 0) for code in codes]

    def excluded(self) -> dict[int, str]:
        clean = self.cleaned_data
        return {expert.pk: clean.get(f"without_{expert.pk}", "") for expert in self.experts}

    def numbers(self) -> list[BoundField]:
        return [self[name] for name in self.fields if not name.startswith("without_")]

    def left_out(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("without_")]


def _number(label: str) -> forms.Field:
    return TidyIntegerField(label=label, required=False, min_value=0, max_value=99)


class LotForm(forms.Form):
    """The witness and the word that nobody chose before."""

    witness = forms.CharField(label=_("见证人"), max_length=40)
    word = forms.CharField(
        label=_("见证人当场说的词"),
        max_length=40,
        help_text=_("一个词或一串数字，当场说，当场填。"),
    )


class PlanForm(forms.Form):
    """What a division should give."""

    mode = forms.ChoiceField(
        label=_("怎么分"), choices=AssignmentPlan.Mode.choices, widget=forms.RadioSelect
    )
    readers = TidyIntegerField(label=_("几人"), min_value=1, max_value=99)
    least = TidyIntegerField(label=_("每人至少几份"), min_value=0, max_value=9999)
    most = TidyIntegerField(label=_("每人至多几份"), min_value=1, max_value=9999)

    def __init__(self, data: Any = None, *, round: Round) -> None:
        plan = ReviewPlan.objects.filter(round=round).first() or ReviewPlan()
        super().__init__(
            data,
            initial={
                "mode": AssignmentPlan.Mode.ENSURE, "readers": plan.readers,
                "least": plan.least, "most": plan.most,
            },
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        least, most = cleaned.get("least"), cleaned.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", gettext("至多不能少于至少。"))
        return cleaned


class OnePairForm(forms.Form):
    """One proposal for one reviewer, by hand."""

    member = forms.ModelChoiceField(label=_("评委"), queryset=PanelMember.objects.none())
    proposal = forms.ModelChoiceField(label=_("申报书"), queryset=Proposal.objects.none())

    def __init__(self, data: Any = None, *, panel: Panel, proposals: QuerySet[Proposal]) -> None:
        super().__init__(data)
        seated = panel.members.filter(left_at__isnull=True).select_related("reviewer")
        _offer(self, "member", seated)
        _offer(self, "proposal", proposals)


def _offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
