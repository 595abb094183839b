"""The dates of a round as an officer types them, more time for one applicant, and peeking."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.working_days import add_working_days
from ventures.forms.fields import SOUND_INSTANTS, TidyIntegerField
from ventures.forms.rounds import moment_input
from ventures.models import Round, Stage, Track
from ventures.models.deadlines import EXTENDED_STATES
from ventures.rules.schedule import Schedule, Span
from ventures.rules.timetable import closes_at_of
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
        two_steps = stored.full_closes_at is not None
        self.fields["closes_at"] = instant_field(
            label_of_date("closes_at", tracks, two_steps=two_steps)
        )
        for track in tracks:
            self.fields[f"track_{track.pk}"] = instant_field(
                label_of_date(f"track_{track.pk}", tracks), required=False
            )
        self.has_steps = self.is_draft or round.has_concepts
        for kind in self._kinds():
            self._add_stage(kind)
        if self.has_steps:
            self._add_steps()
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

    def _kinds(self) -> list[str]:
        """The stages that can be on; concepts are selected only where there are any."""
        return [kind for kind in K.values if kind != K.SELECTION or self.has_steps]

    def _add_steps(self) -> None:
        """First a concept, then the full proposal: switched on only while the call is prepared."""
        if self.is_draft:
            self.fields["two_steps"] = forms.BooleanField(
                label=_("先交概要，入围的再交完整申报书"),
                required=False,
                help_text=_("上面的“申报截止”就是概要的截止；概要用一页简表，入围后接着填完整的。"),
            )
            self.fields["selected_by"] = forms.ChoiceField(
                label=_("概要由谁遴选"),
                choices=Round.Selects.choices,
                required=False,
                widget=forms.RadioSelect,
            )
        self.fields["full_closes_at"] = instant_field(
            label_of_date("full_closes_at", self.tracks), required=not self.is_draft
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
        needs_full = values.get("two_steps") and not values.get("full_closes_at")
        if needs_full and "full_closes_at" not in self.errors:
            self.add_error("full_closes_at", _("请填写完整申报书什么时候截止。"))
        for kind in self._kinds():
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
            for kind in self._kinds()
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
            full_closes_at=self._full_closes_at(),
            takes_full=stored.takes_full,
        )

    def _full_closes_at(self) -> datetime | None:
        """The second close, where there is one."""
        if self.is_draft and not self.cleaned_data.get("two_steps"):
            return None
        typed = self.cleaned_data.get("full_closes_at")
        return _kept(typed, self.stored, "full_closes_at") if typed else None

    def conditions(self) -> dict[str, Any]:
        if not self.is_draft:
            return {}
        names = ("grace_minutes", "is_sealed", "peek_minutes")
        chosen = self.cleaned_data.get("selected_by") or Round.Selects.OFFICE
        return {name: self.cleaned_data[name] for name in names} | {"selected_by": chosen}

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
            for kind in self._kinds()
            if kind != K.SELECTION
        ]

    def selection(self) -> dict[str, Any] | None:
        """The fields of selecting concepts, where there may be any."""
        if not self.has_steps:
            return None
        return {
            "two_steps": self["two_steps"] if self.is_draft else None,
            "selected_by": self["selected_by"] if self.is_draft else None,
            "full_closes_at": self["full_closes_at"],
            "text": STAGE_TEXTS[K.SELECTION],
            "on": self[f"{K.SELECTION}_on"],
            "begins": self[f"{K.SELECTION}_begins"],
            "ends": self[f"{K.SELECTION}_ends"],
            "is_on": self.stored.full_closes_at is not None
            or bool(self.is_bound and self.data.get("two_steps")),
        }

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
        "two_steps": plan.full_closes_at is not None,
        "selected_by": round.selected_by,
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
        closes_on = timezone.localdate(closes_at_of(round))
        after = add_working_days(closes_on, 1)
        later = usual.replace(year=after.year, month=after.month, day=after.day)
        super().__init__(data, initial={"until": max(usual, later)})
        self.round = round

    def _before(self) -> tuple[str, ...]:
        """What nobody may still be writing in: of concepts their selection, too."""
        later = (K.REVIEW, K.DEFENCE, K.MEETING)
        return later if self.round.takes_full else (K.SELECTION, *later)

    def clean(self) -> dict[str, Any]:
        """Whom it is for is looked up last: a form refused for something else tells nothing of
        what is still a draft."""
        if not self.errors:
            try:
                self.cleaned_data["applicant"] = self._found(self.cleaned_data["applicant"].strip())
            except forms.ValidationError as refused:
                self.add_error("applicant", refused)
        return self.cleaned_data

    def _found(self, typed: str) -> Organisation | User:
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
            (stage for stage in self.round.stages.all() if stage.kind in self._before()),
            None,
        )
        if review is not None and until > review.begins_at:
            raise forms.ValidationError(
                _("%(stage)s定在 %(at)s 开始，延期要在那以前。"),
                params={
                    "stage": review.get_kind_display(),
                    "at": timezone.localtime(review.begins_at).strftime("%Y-%m-%d %H:%M"),
                },
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
