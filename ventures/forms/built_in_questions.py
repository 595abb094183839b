"""What officers type about the questions every round may ask: how each form asks them."""

from collections.abc import Sequence
from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import TidyIntegerField
from ventures.rules.form_contents import OFF, OPTIONAL, REQUIRED, Terms
from ventures.selectors.form_builder import BuiltIn

WAYS = [(REQUIRED, _("必填")), (OPTIONAL, _("选填")), (OFF, _("不问"))]


class BuiltInForm(forms.Form):
    """How the round asks the questions every round may ask, a line each."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        built_in: Sequence[BuiltIn],
        has_concepts: bool = False,
    ) -> None:
        super().__init__(data)
        self.built_in = [one for one in built_in if not one.is_fixed]
        # Only a concept may do without a budget.
        self.in_concept = [
            one for one in built_in if has_concepts and (not one.is_fixed or one.name == "budget")
        ]
        for one in self.in_concept:
            self.fields[f"{one.name}-concept"] = forms.ChoiceField(
                label=_("%(label)s：在项目概要里") % {"label": one.label},
                choices=[("", _("和一页简表一样")), *WAYS],
                required=False,
                initial=one.terms.concept,
            )
        for one in self.built_in:
            where = {"label": one.label}
            for form, words in (
                ("short", _("%(label)s：在一页简表里")),
                ("standard", _("%(label)s：在标准申报书里")),
            ):
                self.fields[f"{one.name}-{form}"] = forms.ChoiceField(
                    label=words % where, choices=WAYS, initial=getattr(one.terms, form)
                )
            self.fields[f"{one.name}-help"] = forms.CharField(
                label=_("%(label)s：填写说明") % where,
                max_length=200,
                required=False,
                initial=one.terms.help,
            )
            if one.most:
                self.fields[f"{one.name}-limit"] = TidyIntegerField(
                    label=_("%(label)s：字数上限") % where,
                    required=False,
                    min_value=1,
                    max_value=one.most,
                    initial=one.terms.limit or None,
                )

    def lines(self) -> list[tuple[BuiltIn, list[forms.BoundField | None]]]:
        """Each question with its fields, for a table; a limit only where there is text."""
        return [
            (
                one,
                [
                    self[f"{one.name}-short"],
                    self[f"{one.name}-standard"],
                    self[f"{one.name}-limit"] if one.most else None,
                    self[f"{one.name}-help"],
                ],
            )
            for one in self.built_in
        ]

    def concept_fields(self) -> list[tuple[BuiltIn, forms.BoundField]]:
        """How the concept of a round in two steps asks each."""
        return [(one, self[f"{one.name}-concept"]) for one in self.in_concept]

    def terms(self) -> dict[str, Terms]:
        """What differs from the usual, by name."""
        values = self.cleaned_data
        wanted = {
            one.name: Terms(
                values[f"{one.name}-short"],
                values[f"{one.name}-standard"],
                values[f"{one.name}-help"],
                values.get(f"{one.name}-limit") or 0,
                values.get(f"{one.name}-concept", ""),
            )
            for one in self.built_in
        }
        for one in self.in_concept:
            if one.is_fixed:
                concept = values[f"{one.name}-concept"]
                wanted[one.name] = replace(one.usual, concept=concept)
        usual = {one.name: one.usual for one in (*self.built_in, *self.in_concept)}
        return {name: terms for name, terms in wanted.items() if terms != usual[name]}
