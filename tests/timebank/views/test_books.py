"""The pages of books, corrections and openings as people walk through them, and the files."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Message
from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_corrections import PDF, make_adjustment, plain_phone
from tests.factories.timebank_ledger import give
from timebank.models import Adjustment, BookExport, OpeningImport, Transfer
from timebank.selectors.statements import balance_of
from timebank.services import exports
from timebank.services.adjustments import approve_correction
from timebank.services.banks import account_of
from timebank.services.funds import open_fund
from timebank.tasks import make_export_later, make_waiting_exports

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def anans(cast, bank):
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen, what="=HYPERLINK(1)")
    return account_of(cast.anan, bank)


@pytest.fixture
def as_(cast, client):
    def signed_in(who: str):
        client.force_login(getattr(cast, who))
        return client

    return signed_in


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("签到表.pdf", PDF, "application/pdf")


def test_reversal_walks_from_the_statement_to_the_second_person(cast, bank, anans, as_):
    transfer = Transfer.objects.get()
    page = as_("fan").get(reverse("timebank:transfer-detail", args=[transfer.pk])).content.decode()
    new = reverse("timebank:reversal-new", args=[transfer.pk])
    assert new in page
    key = as_("fan").get(new).context["form"].initial["request_key"]

    wrong = as_("guo").post(
        new, {"reason": "", "upload": SimpleUploadedFile("x.pdf", b"%PDF-x"), "request_key": key}
    )
    asked = as_("guo").post(
        new, {"reason": "重复登记", "upload": paper(), "request_key": key}, follow=True
    )

    assert wrong.status_code == 422
    correction = Adjustment.objects.get()
    assert "等另一位经办人复核" in asked.content.decode()
    decide = reverse("timebank:correction-decide", args=[correction.pk, "approve"])
    assert decide not in asked.content.decode()
    seen = as_("fan").get(correction.get_absolute_url()).content.decode()
    assert decide in seen
    evidence = as_("shu").get(reverse("timebank:correction-evidence", args=[correction.pk]))
    assert b"".join(evidence.streaming_content) == PDF
    as_("fan").post(decide)
    assert balance_of(anans).available == 0
    own = as_("anan").get(reverse("timebank:statement")).context["account"]
    assert own.lines[0].url == correction.get_absolute_url()
    told = as_("anan").get(own.lines[0].url).content.decode()
    assert "重复登记" in told
    assert "签到表.pdf" not in told


def test_adjustment_of_ones_own_people_is_in_their_corrections_log(cast, bank, anans, as_):
    approve_correction(make_adjustment(bank, anans, cast.fan), acting_user=cast.guo)
    make_adjustment(bank, anans, cast.fan, reason="还没有定")
    log = reverse("timebank:correction-list")

    for who in ("anan", "chen"):
        page = as_(who).get(log).content.decode()
        assert "漏记 30 分钟" in page
        assert "还没有定" not in page
    assert "还没有定" in as_("shu").get(log).content.decode()
    assert "漏记" not in as_("zhu").get(log).content.decode()


def test_opening_table_is_tried_out_then_proposed(cast, bank, as_):
    new = reverse("timebank:opening-new", args=[bank.pk])
    facts = {"origin": "原台账", "as_of": timezone.localdate() - timedelta(days=3)}

    def table(minutes: str) -> SimpleUploadedFile:
        rows = f"姓名,手机号,分钟,原编号,备注\n诸阿姨,{plain_phone(cast.zhu)},{minutes},A1,\n"
        return SimpleUploadedFile("台账.csv", rows.encode("gb18030"), "text/csv")

    faulty = as_("fan").post(new, facts | {"upload": table("九十")})
    tried = as_("fan").post(new, facts | {"upload": table("90")})
    kept = tried.context["form"].initial["kept"]
    propose = reverse("timebank:opening-propose", args=[bank.pk])
    forged = as_("fan").post(propose, {"reason": "核对过", "kept": kept[:-2] + "xx"})
    nothing_yet = OpeningImport.objects.count()
    as_("fan").post(propose, {"reason": "核对过", "kept": kept})
    as_("fan").post(propose, {"reason": "核对过", "kept": kept})

    assert (faulty.status_code, tried.status_code, forged.status_code) == (422, 200, 422)
    assert "分钟要填整数" in faulty.content.decode()
    assert nothing_yet == 0
    opening = OpeningImport.objects.get()
    as_("guo").post(reverse("timebank:opening-decide", args=[opening.pk, "approve"]))
    assert balance_of(account_of(cast.zhu, bank)).available == 90


def test_statement_goes_along_as_csv_xlsx_and_pdf(cast, bank, anans, as_):
    def export(format: str, **query: str):
        return as_("anan").get(reverse("timebank:statement-export", args=[anans.pk, format]), query)

    lines = list(csv.reader(io.StringIO(export("csv").content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(export("xlsx").content)).active
    assert lines[-1][1:6] == [
        "服务所得",
        "上门理发：=HYPERLINK(1)",
        "海宁时间银行发放账户",
        "60",
        "60",
    ]
    assert [cell.value for cell in sheet[sheet.max_row]][2] == "上门理发：=HYPERLINK(1)"
    assert export("pdf").content.startswith(b"%PDF")
    assert "服务所得" not in export("csv", kind="gift").content.decode()


def test_long_statement_is_made_later_and_told(cast, bank, anans, as_, monkeypatch):
    monkeypatch.setattr("timebank.views.statements.AT_ONCE", 0)
    offered = as_("anan").get(reverse("timebank:statement-export", args=[anans.pk, "csv"]))
    asked = as_("anan").post(reverse("timebank:export-new", args=[anans.pk]), {"format": "csv"})
    export = BookExport.objects.get()
    assert "在后台生成" in offered.content.decode()
    assert (asked.url, export.state) == (export.get_absolute_url(), "waiting")

    make_export_later(export.pk)
    make_export_later(export.pk)

    export.refresh_from_db()
    assert (export.state, export.done) == ("ready", 1)
    assert Message.objects.filter(to_user=cast.anan, kind="export_ready").count() == 1
    answer = as_("anan").get(reverse("timebank:export-file", args=[export.pk]))
    assert "服务所得" in b"".join(answer.streaming_content).decode()
    assert as_("fan").get(export.get_absolute_url()).status_code == 404
    whole = exports.ask_for_export(
        anans.book, account=None, format="csv", narrowing=exports.Narrowing(),
        acting_user=cast.anan,
    )  # fmt: skip
    assert as_("anan").get(whole.get_absolute_url()).status_code == 404  # no office, no book
    BookExport.objects.filter(pk=whole.pk).delete()
    lost = exports.ask_for_export(
        anans.book, account=anans, format="csv", narrowing=exports.Narrowing(),
        acting_user=cast.anan,
    )  # fmt: skip
    BookExport.objects.filter(pk=lost.pk).update(asked_at=timezone.now() - timedelta(hours=1))
    assert make_waiting_exports() == 1


def test_passbook_is_printed_by_the_station_for_its_people(cast, bank, anans, as_):
    paper = as_("chen").get(reverse("timebank:passbook-pdf", args=[anans.pk]))

    assert paper.content.startswith(b"%PDF")
    assert as_("cheng").get(reverse("timebank:passbook-pdf", args=[anans.pk])).status_code == 404


def test_line_of_money_leads_to_what_another_app_named(cast, bank, as_):
    book = open_fund("ventures.round:1", label="创投", amount_fen=100, acting_user=cast.fan)
    fund = book.accounts.get(kind="fund")

    (line,) = as_("fan").get(
        reverse("timebank:account-detail", args=[fund.pk])
    ).context["account"].lines  # fmt: skip

    assert line.url == f"{reverse('cause')}?source=ventures.round%3A1"
    assert as_("fan").get(line.url).status_code == 404  # there is no such round here


def test_deposit_of_a_fund_is_put_right_in_yuan(cast, bank, as_):
    book = open_fund("ventures.round:1", label="创投", amount_fen=100_00, acting_user=cast.fan)
    fund, source = book.accounts.get(kind="fund"), book.accounts.get(kind="source")
    new = reverse("timebank:adjustment-new", args=[fund.pk])
    assert new in as_("jin").get(reverse("timebank:account-detail", args=[fund.pk])).text
    form = as_("jin").get(new).context["form"]
    asked = {
        "from_account": source.pk, "to_account": fund.pk, "reason": "少记一笔",
        "request_key": form.initial["request_key"],
    }  # fmt: skip

    wrong = as_("jin").post(new, asked | {"amount": "16.005", "upload": paper()})
    as_("jin").post(new, asked | {"amount": "16.05", "upload": paper()})

    assert (wrong.status_code, "amount" in wrong.context["form"].errors) == (422, True)
    correction = Adjustment.objects.get()
    assert "调账 ¥16.05：资金来源 → 创投资金" in as_("fan").get(correction.get_absolute_url()).text
    assert "更正等您复核" in as_("fan").get(reverse("home")).text
    as_("fan").post(reverse("timebank:correction-decide", args=[correction.pk, "approve"]))
    assert balance_of(fund).available == 116_05


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_a_fixed_number_of_questions(cast, bank, anans, as_, count):
    for _number in range(count):
        give(anans, 5, acting_user=cast.fan)
        approve_correction(make_adjustment(bank, anans, cast.fan), acting_user=cast.guo)
    client = as_("fan")
    pages = {
        "book-detail": [bank.book_id],
        "account-list": [],
        "correction-list": [],
        "book-trial": [bank.book_id],
        "account-detail": [anans.pk],
    }
    asked = {}
    for name, arguments in pages.items():
        client.get(reverse(f"timebank:{name}", args=arguments))
        with CaptureQueriesContext(connection) as questions:
            client.get(reverse(f"timebank:{name}", args=arguments))
        asked[name] = len(questions)

    assert asked == {
        "book-detail": 6,
        "account-list": 4,
        "correction-list": 7,
        "book-trial": 6,
        "account-detail": 19,
    }
