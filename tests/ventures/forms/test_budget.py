"""The budget to the fen: what people type and paste becomes lines that add up, or is kept."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from config.demo.cast import Cast
from tests.factories.ventures import make_budget_line, make_proposal, make_round
from ventures.forms.budgets import BUDGET_COLUMNS, BudgetLineForm, BudgetTable
from ventures.forms.fields import tidy_number
from ventures.models import Proposal, Round
from ventures.rules.plain_figures import plain_number, plain_yuan
from ventures.selectors.typed_rows import typed_line_of
from ventures.services.budgets import product_fen
from ventures.services.drafts import DraftText, save_draft

ROW = {
    "cost_class": "activity",
    "purpose": "茶水",
    "unit_price": "300",
    "quantity": "20",
    "unit": "次",
    "amount": "",
    "requested": "",
    "cash": "",
    "in_kind": "",
    "basis": "",
}


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    round = make_round(created_by=cast.fan)
    return make_proposal(round, cast.organisations["enze"], created_by=cast.en, budget=False)


def form_of(**changes: str) -> BudgetLineForm:
    return BudgetTable.of_rows([ROW | changes]).rows[0]


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("¥1,600.50元", "1600.50"),
        ("￥１６００", "1600"),
        (" 1 600 ", "1600"),
        ("12，000", "12000"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, tidy: str):
    assert tidy_number(typed) == tidy


@pytest.mark.parametrize(
    ("changes", "requested", "matching"),
    [
        ({}, 600_000, 0),
        ({"amount": "6000"}, 600_000, 0),
        ({"requested": "4000"}, 400_000, 200_000),
        ({"cash": "1,000.50", "in_kind": "500"}, 449_950, 150_050),
        ({"requested": "0", "in_kind": "6000"}, 0, 600_000),
        ({"requested": "5999.99", "cash": "0.01"}, 599_999, 1),
    ],
)
def test_what_is_left_blank_takes_the_rest(changes: dict[str, str], requested: int, matching: int):
    form = form_of(**changes)

    assert form.is_valid(), form.errors
    assert (form.line().requested_fen, form.line().matching_fen) == (requested, matching)


@pytest.mark.parametrize(
    ("changes", "column", "sentence"),
    [
        ({"amount": "5999.99"}, "amount", "单价 × 数量是 ¥6,000.00，这里写的是 ¥5,999.99。"),
        (
            {"requested": "6000", "cash": "0.01"},
            "requested",
            "申请资助与配套（现金、实物）相加应为 ¥6,000.00，现在是 ¥6,000.01。",
        ),
        ({"requested": "6000.01"}, "requested", "申请资助与配套（现金、实物）相加应为"),
        ({"unit_price": "0.01", "quantity": "0.5"}, "quantity", "不是整分"),
        ({"unit_price": "三百"}, "unit_price", ""),
        ({"unit_price": "300.001"}, "unit_price", ""),
        ({"unit_price": "-5"}, "unit_price", ""),
        ({"purpose": ""}, "purpose", ""),
        ({"cost_class": "gifts"}, "cost_class", ""),
        ({"unit_price": "100000000", "quantity": "1000000"}, "quantity", "金额太大"),
        ({"unit_price": "NaN"}, "unit_price", ""),
        ({"quantity": "1e5000"}, "quantity", ""),
    ],
)
def test_what_disagrees_is_said_beside_the_line(
    changes: dict[str, str], column: str, sentence: str
):
    form = form_of(**changes)

    assert not form.is_valid()
    assert column in form.errors
    assert sentence in str(form.errors[column])


def test_blank_rows_are_passed_over():
    table = BudgetTable.of_rows([{}, ROW, {"cost_class": "activity"}, ROW])

    draft = table.draft()

    assert len(draft.lines) == 2
    assert draft.typed_rows is None


def test_one_unreadable_row_keeps_the_whole_table_as_typed():
    table = BudgetTable.of_rows([ROW, ROW | {"quantity": "若干"}])

    draft = table.draft()

    assert len(draft.lines) == 1
    assert draft.typed_rows is not None
    assert [row["quantity"] for row in draft.typed_rows] == ["20", "若干"]
    assert list(table.problems()) == ["1"]


@pytest.mark.parametrize("rows", ["", "x", "-3", "999999", "1.5"])
def test_a_strange_number_of_rows_breaks_nothing(rows: str):
    data = QueryDict(mutable=True)
    data["budget-rows"] = rows

    assert BudgetTable.sent(data).draft().lines == []


@given(
    price=st.integers(1, 10**8),
    quantity=st.integers(1, 10**6),
    share=st.integers(0, 100),
)
def test_every_line_adds_up_to_the_fen(price: int, quantity: int, share: int):
    raw = price * quantity
    requested = raw // 100 * share // 100

    form = form_of(
        unit_price=plain_yuan(price),
        quantity=plain_number(Decimal(quantity).scaleb(-2)),
        requested=plain_yuan(requested),
    )

    if raw % 100:
        assert "quantity" in form.errors
        assert product_fen(Decimal(price).scaleb(-2), Decimal(quantity).scaleb(-2)) is None
    elif raw // 100 > 10**10:
        assert "quantity" in form.errors
    else:
        assert form.is_valid(), form.errors
        line = form.line()
        assert line.amount_fen * 100 == raw
        assert line.requested_fen == requested
        assert line.requested_fen + line.matching_fen == line.amount_fen


@pytest.mark.django_db(databases=["default", "owner"])
@given(
    lines=st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(1, 500), st.integers(0, 100)), max_size=8
    )
)
def test_stored_budget_is_shown_as_it_was_typed(
    proposal: Proposal, lines: list[tuple[int, int, int]]
):
    """Saved over and over, each table in place of the one before."""
    rows = [
        ROW
        | {
            "unit_price": plain_yuan(price),
            "quantity": str(quantity),
            "requested": plain_yuan(price * quantity * share // 100),
        }
        for price, quantity, share in lines
    ]
    saved = save_draft(
        proposal,
        DraftText(budget=BudgetTable.of_rows(rows).draft()),
        revision=Proposal.objects.get(pk=proposal.pk).revision,
        acting_user=proposal.created_by,
    )

    stored = list(saved.budget_lines.all())
    assert saved.requested_fen == sum(line.requested_fen for line in stored)
    assert saved.total_fen == sum(price * quantity for price, quantity, _share in lines)
    shown = BudgetTable.stored(saved)
    assert [row.typed_row()["unit_price"] for row in shown.rows] == [
        row["unit_price"] for row in rows
    ]
    assert all(row.is_valid() for row in shown.rows)
    assert all(set(typed_line_of(line)) == set(BUDGET_COLUMNS) for line in stored)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"amount_fen": 9_999}, "budget_line_price_times_quantity"),
        ({"requested_fen": 1, "matching_fen": 1}, "budget_line_fully_funded"),
        ({"requested_fen": -1, "matching_fen": 10_001}, "budget_line_not_negative"),
        ({"unit_price_fen": 0, "amount_fen": 0}, "budget_line_not_negative"),
    ],
)
def test_database_keeps_lines_adding_up(
    cast: Cast, round: Round, fields: dict[str, int], constraint: str
):
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en, budget=False)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_budget_line(proposal, **fields)
