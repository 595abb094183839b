"""The dates of a round as an officer types them, more time for one applicant, and peeking."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from ventures.forms.fields import SOUND_INSTANTS, TidyIntegerField
from ventures.forms.rounds import moment_input
from ventures.models import Round, Stage, Track
from ventures.models.deadlines import EXTENDED_STATES
from ventures.rules.schedule import Schedule, Span
from ventures.selectors.timetable import STAGE_TEXTS, label_of_date

K = Stage.Kind
PLACED = (K.DEFENCE, K.MEETING, K.SIGNING)
LONGEST_GRACE = 24 * 60
LONGEST_PEEK = 8 * 60


def instant_field(label: Any, *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=required, widget=moment_input(), validators=SOUND_INSTANTS
    )


class TimetableForm(forms.Form):
    """All dates of a round. What may not be typed any more is not asked."""

    def __init__(
        self,
        data: Any = None,
        *,
        round: Round,
        tracks: list[Track],
        stored: Schedule,
        shown: Schedule | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(shown or stored, round))
        self.round, self.tracks, self.stored = round, tracks, stored
        self.is_draft = round.state == Round.State.DRAFT
        if self.is_draft:
            self.fields["opens_at"] = instant_field(label_of_date("opens_at", tracks))
        self.fields["closes_at"] = instant_field(label_of_date("closes_at", tracks))
        for track in tracks:
            self.fields[f"track_{track.pk}"] = instant_field(
                label_of_date(f"track_{track.pk}", tracks), required=False
            )
        for kind in K.values:
            self._add_stage(kind)
        if self.is_draft:
            self._add_conditions()
        else:
            self.fields["reason"] = forms.CharField(
                label=_("为什么改"),
                max_length=200,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("会写进通知，发给所有相关的人，并留痕。"),
            )

    def _add_stage(self, kind: str) -> None:
        self.fields[f"{kind}_on"] = forms.BooleanField(label=K(kind).label, required=False)
        for edge in ("begins", "ends"):
            self.fields[f"{kind}_{edge}"] = instant_field(
                label_of_date(f"{kind}_{edge}", self.tracks), required=False
            )
        if kind in PLACED:
            self.fields[f"{kind}_place"] = forms.CharField(
                label=_("地点"), max_length=80, required=False
            )

    def _add_conditions(self) -> None:
        self.fields["grace_minutes"] = TidyIntegerField(
            label=_("宽限（分钟）"),
            min_value=0,
            max_value=LONGEST_GRACE,
            help_text=_("截止前已经开始填写的，过后几分钟内还能提交。不设就填 0。会写在公告上。"),
        )
        self.fields["is_sealed"] = forms.BooleanField(
            label=_("封存到截止"),
            required=False,
            help_text=_("截止（含宽限）以前，除申报方自己，谁都看不到申报书、件数和附件。"),
        )
        self.fields["peek_minutes"] = TidyIntegerField(
            label=_("紧急查看（分钟）"),
            min_value=0,
            max_value=LONGEST_PEEK,
            help_text=_(
                "封存期间，经办人写明理由可以打开一份看这么久，申报方马上知道。"
                "填 0 就是谁都不许看。"
            ),
        )

    # What was typed -----------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        for kind in K.values:
            for edge in ("begins", "ends"):
                name = f"{kind}_{edge}"
                if values.get(f"{kind}_on") and name not in self.errors and not values.get(name):
                    self.add_error(name, _("这个阶段开着，请填时间；不要这个阶段就取消勾选。"))
        return values

    def schedule(self) -> Schedule:
        """The dates as typed; asked of a form whose own fields could be read."""
        values = self.cleaned_data
        stages = {
            kind: Span(
                _kept(values[f"{kind}_begins"], self.stored, f"{kind}_begins"),
                _kept(values[f"{kind}_ends"], self.stored, f"{kind}_ends"),
                values.get(f"{kind}_place", ""),
            )
            for kind in K.values
            if values.get(f"{kind}_on")
        }
        tracks = {
            track.pk: _kept(values[f"track_{track.pk}"], self.stored, f"track_{track.pk}")
            for track in self.tracks
            if values.get(f"track_{track.pk}")
        }
        stored = self.stored
        return Schedule(
            opens_at=_kept(values["opens_at"], stored, "opens_at")
            if self.is_draft
            else stored.opens_at,
            closes_at=_kept(values["closes_at"], stored, "closes_at"),
            stages=stages,
            tracks=tracks,
            grace_minutes=values["grace_minutes"] if self.is_draft else stored.grace_minutes,
            is_sealed=values["is_sealed"] if self.is_draft else stored.is_sealed,
            notice_working_days=stored.notice_working_days,
        )

    def conditions(self) -> dict[str, Any]:
        names = ("grace_minutes", "is_sealed", "peek_minutes") if self.is_draft else ()
        return {name: self.cleaned_data[name] for name in names}

    def show_problems(self, problems: Mapping[str, list[Any]]) -> None:
        """Each beside its field; of a field that is not asked, on top."""
        for key, sentences in problems.items():
            for sentence in sentences:
                self.add_error(key if key in self.fields else None, sentence)

    # For the page -------------------------------------------------------------------------

    def stages(self) -> list[dict[str, Any]]:
        """Stage by stage its bound fields."""
        return [
            {
                "kind": kind,
                "text": STAGE_TEXTS[kind],
                "on": self[f"{kind}_on"],
                "begins": self[f"{kind}_begins"],
                "ends": self[f"{kind}_ends"],
                "place": self[f"{kind}_place"] if kind in PLACED else None,
            }
            for kind in K.values
        ]

    def closings(self) -> list[forms.BoundField]:
        return [self[f"track_{track.pk}"] for track in self.tracks]


def _kept(typed: datetime, stored: Schedule, key: str) -> datetime:
    """What is stored, where it was not touched: the page shows seconds, not what is below."""
    was = stored.dates().get(key)
    return was if was is not None and was.replace(microsecond=0) == typed else typed


def _initial(plan: Schedule, round: Round) -> dict[str, Any]:
    initial: dict[str, Any] = {key: at for key, at in plan.dates().items()} | {
        "grace_minutes": round.grace_minutes,
        "is_sealed": round.is_sealed,
        "peek_minutes": round.peek_minutes,
    }
    for kind, span in plan.stages.items():
        initial |= {f"{kind}_on": True, f"{kind}_place": span.place}
    return initial


class ExtensionForm(forms.Form):
    """More time for one applicant: an organisation as it is registered, or who began a draft."""

    applicant = forms.CharField(
        label=_("给哪一家"),
        max_length=80,
        help_text=_("写组织全称、统一社会信用代码、备案编号，或对方草稿上的申报编号。"),
    )
    until = instant_field(_("延到什么时候"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申报方和审计人员都会看到。"),
    )

    def __init__(self, data: Any = None, *, round: Round) -> None:
        usual = timezone.localtime(timezone.now() + timedelta(days=1)).replace(
            hour=17, minute=30, second=0, microsecond=0
        )
        latest = max(usual, timezone.localtime(round.closes_at) + timedelta(days=1))
        super().__init__(data, initial={"until": latest})
        self.round = round

    def clean_applicant(self) -> Organisation | User:
        typed: str = self.cleaned_data["applicant"].strip()
        draft = self.round.proposals.filter(code=typed.upper(), state__in=EXTENDED_STATES).first()
        if draft is not None and (who := draft.applicant or draft.initiator) is not None:
            return who
        found = Organisation.objects.verified().filter(
            Q(name=typed) | Q(credit_code=typed.upper()) | Q(filing_number=typed)
        )[:2]
        if len(found) != 1:
            raise forms.ValidationError(
                _("没有找到。请核对全称，或改填统一社会信用代码、备案编号、申报编号。")
                if not found
                else _("有不止一个组织叫这个名字，请改填统一社会信用代码或备案编号。")
            )
        return found[0]

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        review = next(
            (
                stage
                for stage in self.round.stages.all()
                if stage.kind in (K.REVIEW, K.DEFENCE, K.MEETING)
            ),
            None,
        )
        if review is not None and until > review.begins_at:
            raise forms.ValidationError(
                _("评审定在 %(at)s 开始，延期要在那以前。"),
                params={"at": timezone.localtime(review.begins_at).strftime("%Y-%m-%d %H:%M")},
            )
        return until


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class PeekForm(forms.Form):
    """Which sealed proposal, and why it cannot wait."""

    number = forms.CharField(
        label=_("申报编号"),
        max_length=24,
        help_text=_("由申报方在电话里告诉您，如 QC2027-S-0001。"),
    )
    reason = forms.CharField(
        label=_("为什么不能等到启封"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申报方马上收到这段话和您的名字；启封后审计人员也能看到。"),
    )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip().upper()
        return number
