"""The deciding meeting as its minutes name it: which, when, who came and how they voted."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of
from ventures.errors.meetings import MeetingRecorded, VoteNotNamed
from ventures.forms.fields import TidyIntegerField
from ventures.models import AwardTerms, MeetingVote, Resolution, Round
from ventures.rules.meetings import MeetingCount
from ventures.selectors.meetings import asked_of_meeting, rule_in_words, shortcoming
from ventures.services.decisions import MEETINGS, Meeting

COUNTS = ("expected", "present", "in_favour", "against", "abstained")
NAMES = {
    "names_for": ("in_favour", MeetingVote.Vote.FAVOUR),
    "names_against": ("against", MeetingVote.Vote.AGAINST),
    "names_abstained": ("abstained", MeetingVote.Vote.ABSTAIN),
}
MOST_PEOPLE = 9_999
NAME_LENGTH = 40


def _people(label: Any, **more: Any) -> TidyIntegerField:
    return TidyIntegerField(label=label, required=False, min_value=0, max_value=MOST_PEOPLE, **more)


def _names(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        **more,
    )


class ResolutionForm(forms.Form):
    """The meeting as its minutes name it, the minutes themselves, and who came.

    Where the round asks nothing, the count may stay empty. Where the vote is by name, the names
    are typed and the votes are counted from them.
    """

    kind = forms.ChoiceField(label=_("决策形式"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("会议名称"), max_length=120)
    held_on = forms.DateField(
        label=_("会议日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    number = forms.CharField(label=_("会议纪要文号"), max_length=60)
    minutes = forms.FileField(
        label=_("会议纪要（PDF）"),
        help_text=_("只有经办人、财务和审计人员能打开，不对外公开。"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    expected = _people(_("应到人数"))
    present = _people(_("实到人数"))
    in_favour = _people(_("赞成票"))
    against = _people(_("反对票"), help_text=_("没有就不填。"))
    abstained = _people(_("弃权票"), help_text=_("没有就不填。"))
    names_for = _names(
        _("赞成的人"),
        help_text=_("姓名之间用顿号、逗号或换行隔开。只有经办人、财务和审计人员能看，不公示。"),
    )
    names_against = _names(_("反对的人"), help_text=_("没有就不填。"))
    names_abstained = _names(_("弃权的人"), help_text=_("没有就不填。"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        round: Round,
    ) -> None:
        self.round, self.asked = round, asked_of_meeting(round)
        super().__init__(data, files)
        kinds = MEETINGS[round.level]
        choice_of(self, "kind").choices = [(kind, Resolution.Kind(kind).label) for kind in kinds]
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0]
        self.fields["name"].help_text = gettext("例如：%(kind)s %(year)s 年第 18 次会议。") % {
            "kind": Resolution.Kind(kinds[0]).label,
            "year": timezone.localdate().year,
        }
        for name in [one for one, _vote in NAMES.values()] if self.by_name else NAMES:
            del self.fields[name]
        for name in ("expected", "present", "in_favour", "names_for") if self.is_asked else ():
            if name in self.fields:
                self.fields[name].required = True

    # What the page asks ---------------------------------------------------------------------

    @property
    def is_asked(self) -> bool:
        return self.asked != AwardTerms.MeetingVote.FREE

    @property
    def by_name(self) -> bool:
        return self.asked == AwardTerms.MeetingVote.NAMED

    @property
    def rule(self) -> list[str]:
        return rule_in_words(self.round, self.asked)

    @property
    def votes_only(self) -> str:
        """The fields of the vote, for the page."""
        return ",".join(NAMES if self.by_name else COUNTS[2:])

    @property
    def has_count(self) -> bool:
        """Whether something of it is filled in or wrong, so that the page shows it open."""
        return any(
            self[one].errors or self[one].value() for one in (*COUNTS, *NAMES) if one in self.fields
        )

    # What was typed --------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = cleaned.get("number")
        if number and self.round.resolutions.filter(number=number).exists():
            self.add_error("number", str(MeetingRecorded(number=number)))
        if any(name in self.errors for name in (*COUNTS, *NAMES)):
            return cleaned
        if not self.is_asked and not any(cleaned.get(one) is not None for one in COUNTS):
            cleaned["count"] = None
            return cleaned
        self._clean_count(cleaned)
        return cleaned

    def _clean_count(self, cleaned: dict[str, Any]) -> None:
        """Say beside the fields what the service would refuse."""
        empty = [one for one in COUNTS[:3] if one in self.fields and cleaned.get(one) is None]
        for name in empty:
            self.add_error(name, gettext("到会和表决要一起填，或者都不填。"))
        if empty:
            return
        named = [
            (name, vote)
            for field, (_count, vote) in NAMES.items()
            for name in _listed(cleaned.get(field) or "")
        ]
        if any(len(name) > NAME_LENGTH for name, _vote in named):
            self.add_error("names_for", gettext("有的姓名太长，请看看是不是没有隔开。"))
            return
        count = self._count_of(cleaned, named)
        short = shortcoming(self.round, count, self.asked)
        if short is not None:
            self.add_error(None if self.by_name else "in_favour", str(short))
        elif self.by_name and len({name for name, _vote in named}) < len(named):
            self.add_error("names_for", str(VoteNotNamed()))
        cleaned["count"] = count

    def _count_of(self, cleaned: dict[str, Any], named: Sequence[tuple[str, str]]) -> MeetingCount:
        votes = [vote for _name, vote in named]
        counted = {
            count: votes.count(vote) if self.by_name else cleaned.get(count) or 0
            for count, vote in NAMES.values()
        }
        return MeetingCount(
            expected=cleaned["expected"], present=cleaned["present"], **counted, names=tuple(named)
        )

    def meeting(self) -> Meeting:
        names = ("kind", "name", "held_on", "number", "minutes", "count")
        return Meeting(**{name: self.cleaned_data[name] for name in names})


def _listed(text: str) -> list[str]:
    """Names between commas of any kind, semicolons or ends of lines; spaces stay inside a name."""
    return [name for one in re.split(r"[、，,；;\n]+", text) if (name := " ".join(one.split()))]
