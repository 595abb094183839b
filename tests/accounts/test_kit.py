"""The kit: units, masks, dates, fields, charts, and that every icon asked for is there."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts.templatetags import kit
from accounts.templatetags.charts import bars_of, curve_of

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "config" / "static"


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 分"),
        (1, "1 分"),
        (59, "59 分"),
        (60, "1 小时"),
        (150, "2 小时 30 分"),
        (-90, "−1 小时 30 分"),
        (-30, "−30 分"),
        (600_000, "10000 小时"),
        (None, ""),
    ],
)
def test_hours_are_said_in_words(minutes, words):
    assert kit.hours(minutes) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(60, "+1 小时"), (-30, "−30 分"), (0, "0 分"), (None, "")]
)
def test_signed_hours_show_the_direction(minutes, words):
    assert kit.signed_hours(minutes) == words


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (834_400, "¥8,344.00"),
        (5, "¥0.05"),
        (0, "¥0.00"),
        (-100, "−¥1.00"),
        (257_360_000, "¥2,573,600.00"),
        (None, ""),
    ],
)
def test_yuan_shows_fen_as_money(fen, words):
    assert kit.yuan(fen) == words


def test_yuan_short_leaves_out_only_empty_decimals():
    assert kit.yuan_short(834_400) == "¥8,344"
    assert kit.yuan_short(834_450) == "¥8,344.50"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("陈站长", "陈*长"),
        ("陈安", "陈*"),
        ("欧阳明月", "欧**月"),
        ("陈", "*"),
        ("", ""),
        (None, ""),
    ],
)
def test_names_are_masked(name, masked):
    assert kit.masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("12345", "*****"),
        ("", ""),
        (None, ""),
    ],
)
def test_phones_are_masked(phone, masked):
    assert kit.masked_phone(phone) == masked


def test_moments_are_said_in_the_citys_time():
    instant = datetime(2026, 11, 21, 11, 30, tzinfo=UTC)

    assert kit.moment(instant) == "2026年11月21日 周六 19:30"
    assert kit.day(instant) == "2026年11月21日 周六"
    assert kit.day(date(2026, 11, 22)) == "2026年11月22日 周日"
    assert kit.clock(instant) == "19:30"
    assert kit.iso(instant) == "2026-11-21T19:30:00+08:00"


def test_day_of_an_instant_is_the_citys_day():
    late_in_utc = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)

    assert kit.day(late_in_utc) == "2026年11月22日 周日"
    assert kit.plain_day(late_in_utc) == "2026年11月22日"


def test_short_days_say_the_year_only_when_it_is_another():
    today = timezone.localdate()

    assert kit.short_day(today) == f"{today.month}月{today.day}日 {kit.day(today)[-2:]}"
    assert kit.short_day(date(today.year - 1, 3, 5)).startswith(f"{today.year - 1}年3月5日")


def test_period_says_the_day_once():
    start = datetime(2026, 11, 21, 11, 30, tzinfo=UTC)

    assert kit.period(start, start + timedelta(minutes=90)) == "2026年11月21日 周六 19:30–21:00"
    assert "至" in kit.period(start, start + timedelta(days=1))


@pytest.mark.parametrize(
    ("left", "words", "urgency"),
    [
        (timedelta(days=3, hours=4, minutes=1), "还有 3 天 4 小时", "far"),
        (timedelta(hours=5, minutes=2, seconds=30), "还有 5 小时 2 分", "urgent"),
        (timedelta(seconds=10), "还有 1 分", "urgent"),
        (timedelta(days=2), "还有 1 天 23 小时", "near"),
        (timedelta(seconds=-1), "已截止", "over"),
    ],
)
def test_remaining_names_the_two_largest_units(left, words, urgency):
    deadline = timezone.now() + left

    assert kit.remaining(deadline) == words
    assert kit.urgency(deadline) == urgency


def test_query_replace_keeps_the_other_conditions():
    request = RequestFactory().get("/x/", {"town": "1", "page": "3"})

    page = Template(
        "{% load kit %}{% query_replace page=4 %}|{% query_replace town=None %}"
    ).render(Context({"request": request}, autoescape=False))

    assert page == "?town=1&page=4|?page=3"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0", "微信 · 安卓手机"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) Version/18 Safari/604", "Safari · 苹果手机"),
        ("curl/8", "未知设备"),
        (None, "未知设备"),
    ],
)
def test_devices_are_named_in_plain_words(user_agent, words):
    assert kit.device(user_agent) == words


class Sample(forms.Form):
    title = forms.CharField(label="服务内容", help_text="一句话")
    note = forms.CharField(label="备注", required=False)
    place = forms.ChoiceField(label="地点", choices=[("a", "甲")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source, **context):
    return Template("{% load kit %}" + source).render(Context(context))


def test_field_ties_help_and_errors_to_the_widget():
    form = Sample({"title": ""})
    form.is_valid()

    html = render("{% field form.title %}", form=form)

    assert '<label class="field-label" for="id_title">服务内容</label>' in html
    assert 'aria-describedby="id_title-help id_title-error"' in html
    assert 'id="id_title-help"' in html
    assert 'id="id_title-error"' in html
    assert 'aria-invalid="true"' in html
    assert "form-control is-invalid" in html


def test_optional_fields_say_so_and_required_ones_do_not():
    form = Sample()

    assert "选填" in render("{% field form.note %}", form=form)
    assert "选填" not in render("{% field form.note optional=False %}", form=form)
    assert "选填" not in render("{% field form.title %}", form=form)


def test_radio_buttons_stand_in_a_fieldset_with_a_legend():
    html = render("{% field form.place %}", form=Sample())

    assert "<fieldset" in html
    assert "<legend" in html
    assert 'for="id_place_0"' in html


def test_form_fields_can_be_chosen_by_name():
    form = Sample()

    everything = render("{% form_fields form %}", form=form)
    some = render('{% form_fields form only="note" %}', form=form)
    others = render('{% form_fields form without="note" %}', form=form)

    assert 'type="hidden" name="secret"' in everything
    assert 'name="note"' in everything
    assert 'name="note"' in some
    assert 'name="title"' not in some
    assert 'name="secret"' not in some
    assert 'name="note"' not in others


def test_error_summary_leads_to_each_field_and_is_absent_when_all_is_well():
    wrong = Sample({"title": ""})
    wrong.is_valid()

    html = render("{% error_summary form %}", form=wrong)

    assert 'href="#id_title"' in html
    assert 'href="#id_place_0"' in html
    assert render("{% error_summary form %}", form=Sample()).strip() == ""


def test_error_summary_reads_formsets():
    lines = forms.formset_factory(Sample)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-title": ""}
    )
    lines.is_valid()

    html = render("{% error_summary lines %}", lines=lines)

    assert 'href="#id_form-0-title"' in html


def test_confirm_takes_nothing_from_the_page_around_it():
    html = render(
        '{% confirm verb="撤回" action="/x/" consequence="不能恢复" %}',
        form=Sample(),
        title="别的标题",
        name="y",
    )

    assert 'action="/x/"' in html
    assert "不能恢复" in html
    assert "服务内容" not in html
    assert "别的标题" not in html


def test_bars_are_measured_against_the_longest():
    chart = bars_of([("甲", 50, 1), ("乙", 100, 2), ("丙", 0, 3), ("丁", 1)])

    assert [bar.length for bar in chart.bars] == [500, 1000, 0, 10]
    assert [bar.tone for bar in chart.bars] == [1, 2, 3, 0]


@pytest.mark.parametrize("values", [[], [0], [0, 0], [5], [60, 120, 30], [-30, 90], [1, 10**9]])
def test_curves_stay_inside_their_frame(values):
    curve = curve_of([(str(index), value) for index, value in enumerate(values)], grain=60)

    assert all(0 <= point.x <= curve.width for point in curve.points)
    assert all(0 <= point.y <= curve.height for point in curve.points)
    assert len(curve.gridlines) <= 7


def test_gridlines_of_hours_are_whole_hours():
    curve = curve_of([("一月", 120), ("二月", 1500)], grain=60)

    assert [line.value for line in curve.gridlines] == [0, 600, 1200, 1800]


def test_charts_say_every_number_in_words():
    rows = [("一月", 90), ("二月", 150)]

    curve = render('{% chart_curve rows title="时长" unit="hours" %}', rows=rows)
    bars = render('{% chart_bars rows title="时长" unit="hours" %}', rows=rows)

    assert "1 小时 30 分" in curve
    assert "2 小时 30 分" in bars


def templates():
    apps = [ROOT / app / "templates" for app in ("accounts", "timebank", "ventures", "config")]
    return [path for folder in apps for path in folder.rglob("*.html")]


def test_every_icon_asked_for_is_in_the_sprite():
    sprite = set(re.findall(r'id="([^"]+)"', (STATIC / "icons" / "sprite.svg").read_text()))
    views = [
        path
        for app in ("accounts", "timebank", "ventures")
        for path in ROOT.glob(f"{app}/views/*.py")
    ]
    asked = {
        (name, path.name)
        for path in [*templates(), *views]
        for name in re.findall(r'(?:{% icon |\bicon=)"([a-z0-9-]+)"', path.read_text())
    }

    assert asked
    assert {(name, where) for name, where in asked if name not in sprite} == set()


def test_no_page_carries_inline_style_or_script():
    inline = re.compile(
        r'\sstyle="|\son[a-z]+="|<style|<script(?![^>]*\b(?:src|type="application/json"))'
    )
    tag = re.compile(r"{%.*?%}")

    guilty = [path.name for path in templates() if inline.search(tag.sub("", path.read_text()))]

    assert guilty == []


def test_first_page_stays_small():
    sheets = [*STATIC.glob("css/*.css"), *STATIC.glob("vendor/bootstrap/*.css")]
    scripts = [*STATIC.glob("js/*.js")]
    icons = [*STATIC.glob("icons/*.svg")]
    compressed = sum(len(gzip.compress(path.read_bytes())) for path in sheets + scripts + icons)

    assert compressed < 100_000
