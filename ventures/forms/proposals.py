"""What an applicant types: the 简表, the budget, a file. A draft may be incomplete, never lost.

Nothing is required while drafting: what is missing is said by the checklist. What cannot be read
(a word where a number belongs) is returned as typed, so that the service can keep it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region
from accounts.selectors.regions import communities_of
from accounts.templatetags.kit import yuan
from ventures.models import BudgetLine, ProjectKind, Proposal, ProposalFile, Round, Track
from ventures.selectors.proposals import TEXT_FIELDS, field_label, stored_text_of
from ventures.services.budgets import DraftBudget, PlannedLine, fen_of, product_fen
from ventures.services.proposals import DraftText

BUDGET_COLUMNS = (
    "cost_class",
    "purpose",
    "unit_price",
    "quantity",
    "unit",
    "amount",
    "requested",
    "matching",
    "basis",
)
MOST_ROWS = 60
LARGEST_YUAN = Decimal("100000000")


def tidy_number(text: str) -> str:
    """A number as people write and paste it: ￥1,600元 is 1600, full-width digits are digits."""
    text = unicodedata.normalize("NFKC", text).strip()
    for mark in ("¥", "元", ",", " ", "\u2009"):  # not shown: what people type
        text = text.replace(mark, "")
    return text


def storable(text: str) -> str:
    """Text as it can be kept: the NUL character, which PostgreSQL stores nowhere, is left out."""
    return text.replace("\x00", "")


# A day or an instant the office writes: what lies outside is a slip, and the first year of the
# calendar, moved to Greenwich, could be stored but never read again.
SOUND_DAYS = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))
SOUND_INSTANTS = tuple(
    type(check)(datetime.combine(check.limit_value, time.min, tzinfo=UTC)) for check in SOUND_DAYS
)


class TidyDecimalField(forms.DecimalField):
    """A decimal number that forgives currency marks, commas and full-width digits."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", Decimal(0))
        options.setdefault("max_value", LARGEST_YUAN)
        options.setdefault("decimal_places", 2)
        options.setdefault("error_messages", {"invalid": _("请填写数字，最多两位小数。")})
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(tidy_number(value) if isinstance(value, str) else value)


class TidyIntegerField(forms.IntegerField):
    """A whole number, forgiven like the decimals above."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid": _("请填写整数，如 60。")})
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(tidy_number(value) if isinstance(value, str) else value)


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


class ProposalForm(forms.Form):
    """The fields of the 申报书, or some of them; bound to what is stored or to what was sent."""

    title = TextField("title", help_text=_("让邻居一听就明白做什么，60 字以内。"))
    responsible_name = TextField("responsible_name")
    responsible_phone = TextField("responsible_phone")
    track = forms.ModelChoiceField(
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
    need_from = TextField(
        "need_from", rows=3, help_text=_("走访、议事会、名单：怎么知道大家需要？100 字以内。")
    )
    need_code = TextField("need_code", help_text=_("如果回应的是需求清单里的一条，填它的编号。"))
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
    team = TextField("team", rows=3, help_text=_("几个人、持什么证、各管什么。"))
    plan_detail = TextField("plan_detail", rows=10)
    indicators = TextField(
        "indicators", rows=4, help_text=_("做之前是多少，做之后要到多少，怎么量。")
    )
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
        self.fields["track"].queryset = round.tracks.all()  # type: ignore[attr-defined]
        self.fields["communities"].queryset = communities_of(round.region)  # type: ignore[attr-defined]
        kind_choices = [choice for choice in ProjectKind.choices if choice[0] in round.kinds]
        self.fields["kind"].choices = kind_choices  # type: ignore[attr-defined]
        for name in set(self.fields) - set(only):
            del self.fields[name]

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

    def draft_text(self, budget: DraftBudget | None = None) -> DraftText:
        """What can be stored as read, and what is kept as typed."""
        self.is_valid()
        sent = self.data
        assert isinstance(sent, QueryDict), "a draft is read from what was sent"
        typed = {
            name: (
                [storable(pk) for pk in sent.getlist(name)]
                if name == "communities"
                else storable(sent.get(name, ""))
            )
            for name in self.errors
            if name in self.fields
        }
        values = {name: value for name, value in self.cleaned_data.items() if name not in typed}
        return DraftText(values=values, typed=typed, budget=budget)


# The budget -------------------------------------------------------------------------


class BudgetLineForm(forms.Form):
    """One line of nine columns. Blank lines are passed over; what disagrees is said beside it."""

    cost_class = forms.ChoiceField(choices=BudgetLine.CostClass.choices, label=_("费用类别"))
    purpose = forms.CharField(max_length=60, label=_("支出内容"))
    unit_price = TidyDecimalField(label=_("单价"), min_value=Decimal("0.01"))
    quantity = TidyDecimalField(
        label=_("数量"), min_value=Decimal("0.01"), max_value=Decimal("1000000")
    )
    unit = forms.CharField(max_length=12, label=_("单位"))
    amount = TidyDecimalField(label=_("金额"), required=False)
    requested = TidyDecimalField(label=_("申请资助"), required=False)
    matching = TidyDecimalField(label=_("配套"), required=False)
    basis = forms.CharField(max_length=100, required=False, label=_("测算依据"))

    use_required_attribute = False
    TELLING: ClassVar = tuple(name for name in BUDGET_COLUMNS if name != "cost_class")

    @property
    def is_blank(self) -> bool:
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.TELLING)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        unit_price, quantity = values.get("unit_price"), values.get("quantity")
        if unit_price is None or quantity is None:
            return values
        product = product_fen(unit_price, quantity)
        if product is None:
            self.add_error("quantity", _("单价 × 数量不是整分，请调整单价或数量。"))
            return values
        if product > fen_of(LARGEST_YUAN):
            self.add_error("quantity", _("金额太大，请检查单价和数量。"))
            return values
        self._check_amount(product)
        self._check_funding(product)
        return values

    def _check_amount(self, product: int) -> None:
        amount = self.cleaned_data.get("amount")
        if amount is not None and fen_of(amount) != product:
            self.add_error(
                "amount",
                ValidationError(
                    _("单价 × 数量是 %(product)s，这里写的是 %(amount)s。"),
                    params={"product": yuan(product), "amount": yuan(fen_of(amount))},
                ),
            )

    def _check_funding(self, product: int) -> None:
        """Requested and matching make up the amount; one that is left blank takes the rest."""
        if {"requested", "matching"} & self.errors.keys():
            return
        requested, matching = self.cleaned_data.get("requested"), self.cleaned_data.get("matching")
        if requested is None:
            requested_fen = product - fen_of(matching or Decimal(0))
            matching_fen = product - requested_fen
        else:
            requested_fen = fen_of(requested)
            matching_fen = product - requested_fen if matching is None else fen_of(matching)
        gap = product - requested_fen - matching_fen
        if gap or requested_fen < 0 or matching_fen < 0:
            self.add_error(
                "requested",
                ValidationError(
                    _("申请资助与配套相加应为 %(product)s，现在是 %(sum)s。"),
                    params={
                        "product": yuan(product),
                        "sum": yuan(fen_of((requested or Decimal(0)) + (matching or Decimal(0)))),
                    },
                ),
            )
            return
        self.cleaned_data |= {"requested_fen": requested_fen, "matching_fen": matching_fen}

    def line(self) -> PlannedLine:
        values = self.cleaned_data
        return PlannedLine(
            cost_class=values["cost_class"],
            purpose=values["purpose"],
            unit_price_fen=fen_of(values["unit_price"]),
            quantity_hundredths=fen_of(values["quantity"]),
            unit=values["unit"],
            requested_fen=values["requested_fen"],
            matching_fen=values["matching_fen"],
            basis=values["basis"],
        )

    def typed_row(self) -> dict[str, str]:
        return {name: storable(self.data.get(self.add_prefix(name), "")) for name in BUDGET_COLUMNS}


@dataclass
class BudgetTable:
    """The whole table: its rows as forms, in order, blank ones in between passed over."""

    rows: list[BudgetLineForm]
    is_bound: bool = True

    @classmethod
    def sent(cls, data: QueryDict) -> "BudgetTable":
        """Rows `budget-0-…`, `budget-1-…` up to `budget-rows`."""
        try:
            count = int(data.get("budget-rows", "0"))
        except ValueError:
            count = 0
        return cls(
            [BudgetLineForm(data, prefix=f"budget-{n}") for n in range(min(count, MOST_ROWS))]
        )

    @classmethod
    def of_rows(cls, rows: Sequence[Mapping[str, str]]) -> "BudgetTable":
        """Rows of text, numbered from zero."""
        data = QueryDict(mutable=True)
        for n, row in enumerate(rows):
            for name in BUDGET_COLUMNS:
                data[f"budget-{n}-{name}"] = row.get(name, "")
        data["budget-rows"] = str(len(rows))
        return cls.sent(data)

    @classmethod
    def stored(cls, proposal: Proposal) -> "BudgetTable":
        """The rows as last saved: as typed while one of them could not be read."""
        rows = proposal.typed.get("budget")
        if rows is None:
            rows = [typed_row_of(line) for line in proposal.budget_lines.all()]
        return cls.of_rows(rows)

    def filled(self) -> list[BudgetLineForm]:
        return [row for row in self.rows if not row.is_blank]

    def draft(self) -> DraftBudget:
        """The lines that can be read; all filled rows as typed if one cannot."""
        filled = self.filled()
        readable = [row for row in filled if row.is_valid()]
        return DraftBudget(
            lines=[row.line() for row in readable],
            typed_rows=(
                None if len(readable) == len(filled) else [row.typed_row() for row in filled]
            ),
        )

    def problems(self) -> dict[str, dict[str, list[str]]]:
        """Errors by row number as sent and column, for the page's script."""
        return {
            str(n): {name: [str(error) for error in errors] for name, errors in row.errors.items()}
            for n, row in enumerate(self.rows)
            if not row.is_blank and not row.is_valid()
        }

    def with_blank_rows(self, limit: int) -> list[BudgetLineForm]:
        """The filled rows, numbered anew, and room for more: two blank ones, at least four rows."""
        filled = self.of_rows([row.typed_row() for row in self.filled()]).rows
        count = min(max(len(filled) + 2, 4), max(limit, len(filled)))
        return filled + [BudgetLineForm(prefix=f"budget-{n}") for n in range(len(filled), count)]


def typed_row_of(line: BudgetLine) -> dict[str, str]:
    """A stored line as text in the table's columns."""
    return {
        "cost_class": line.cost_class,
        "purpose": line.purpose,
        "unit_price": plain_yuan(line.unit_price_fen),
        "quantity": plain_number(line.quantity),
        "unit": line.unit,
        "amount": plain_yuan(line.amount_fen),
        "requested": plain_yuan(line.requested_fen),
        "matching": plain_yuan(line.matching_fen),
        "basis": line.basis,
    }


def plain_yuan(fen: int) -> str:
    """Fen as a person types yuan: 720000 is 7200, 1250 is 12.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def plain_number(number: Decimal) -> str:
    return f"{number.normalize():f}"


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
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            pk__in=[organisation.pk for organisation in organisations]
        )


class FileForm(forms.Form):
    """One PDF and what it is."""

    kind = forms.ChoiceField(choices=ProposalFile.Kind.choices, label=_("材料"))
    upload = forms.FileField(
        label=_("PDF 文件"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=_("只收 PDF，最大 20 MB。手机可用扫描功能存成 PDF。"),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤回原因"), max_length=200, required=False)
