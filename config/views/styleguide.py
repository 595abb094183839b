"""The style guide: every token and every component in every state, with invented content.

``?theme=dark`` and ``?text=large`` show the page as a person with that setting sees it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.context import page as page_context

type Words = str | Promise


@dataclass(frozen=True)
class SampleChange:
    """A line of the sample timeline."""

    who: Words
    what: Words
    when: datetime
    why: Words = ""
    tone: str = ""


@dataclass(frozen=True)
class SampleStep:
    """A step of the sample procedure."""

    label: Words
    state: str
    text: Words = ""
    who: Words = ""
    when: datetime | None = None


@dataclass(frozen=True)
class SampleTask:
    """A line of the sample task list."""

    label: Words
    status: Words
    tone: str
    url: str = ""
    text: Words = ""


@dataclass(frozen=True)
class SampleTab:
    """A tab, or a crumb where only label and url count."""

    label: Words
    url: str = "#"
    is_current: bool = False
    count: int | None = None


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label=_("服务内容"), help_text=_("用一句话说清楚做了什么，例如：为白奶奶理发。")
    )
    phone = forms.CharField(
        label=_("手机号"), widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
    amount = forms.IntegerField(label=_("申请金额"))
    kind = forms.ChoiceField(
        label=_("服务类型"),
        choices=[
            ("", _("请选择")),
            ("hair", _("理发")),
            ("visit", _("陪诊")),
            ("clean", _("保洁")),
        ],
    )
    when = forms.DateField(label=_("服务日期"), widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.ChoiceField(
        label=_("在哪里"),
        choices=[
            ("home", _("服务对象家里")),
            ("station", _("服务站点")),
            ("outside", _("其他地方")),
        ],
        widget=forms.RadioSelect,
    )
    tools = forms.MultipleChoiceField(
        label=_("带了什么"),
        choices=[("kit", _("理发工具")), ("car", _("自己的车"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=_("还想说的话"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    photo = forms.FileField(
        label=_("现场照片"), help_text=_("JPG 或 PNG，最多 10 MB。"), required=False
    )
    agrees = forms.BooleanField(label=_("我确认以上内容属实"))


class SampleFilter(forms.Form):
    """A filter with two conditions."""

    word = forms.CharField(label=_("关键词"), required=False)
    town = forms.ChoiceField(
        label=_("镇（街道）"), choices=[("", _("全部")), ("1", _("示范街道"))], required=False
    )


TRACKS = [
    (1, _("老年人"), 78),
    (2, _("妇女"), 26),
    (3, _("儿童青少年"), 62),
    (4, _("新居民"), 28),
    (5, _("残疾人"), 24),
    (6, _("贫穷无助者"), 22),
    (7, _("中心工作"), 68),
]
BADGES = [
    ("neutral", _("草稿")),
    ("active", _("评审中")),
    ("waiting", _("待确认")),
    ("done", _("已入账")),
    ("danger", _("已逾期")),
]
COLOURS = [
    "ink",
    "ink-soft",
    "ink-faint",
    "line-strong",
    "line",
    "wash-deep",
    "wash",
    "paper",
    "brand",
    "brand-strong",
    "brand-wash",
    "waiting",
    "waiting-wash",
    "done",
    "done-wash",
    "danger",
    "danger-wash",
    "focus",
]
GROWTH = [120, 300, 540, 480, 720, 660, 900, 840, 1140, 1320, 1500]
SIZES = ["38", "30", "24", "20", "18", "16", "14"]


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    page = page_context(request)["page"]
    theme = request.GET.get("theme", page.theme)
    text = request.GET.get("text", "large" if page.large_text else "")
    page = replace(
        page,
        theme=theme if theme in ("light", "dark", "auto") else "auto",
        large_text=text == "large",
    )
    now = timezone.now()
    wrong = SampleForm(
        {
            "wrong-title": "",
            "wrong-phone": "100",
            "wrong-amount": "",
            "wrong-kind": "hair",
            "wrong-when": "2026-11-21",
        },
        prefix="wrong",
    )
    wrong.is_valid()
    return render(
        request,
        "styleguide.html",
        {
            "page": page,
            "title": _("样式指南"),
            "colours": COLOURS,
            "sizes": SIZES,
            "tracks": TRACKS,
            "badges": BADGES,
            "form": SampleForm(),
            "wrong": wrong,
            "filter_form": SampleFilter(),
            "changes": [
                SampleChange(
                    _("陈站长"), _("确认服务，60 分钟已入账"), now - timedelta(hours=2), "", "done"
                ),
                SampleChange(
                    _("陈站长"),
                    _("退回补充"),
                    now - timedelta(hours=9),
                    _("请补一张现场照片。"),
                    "waiting",
                ),
                SampleChange(_("安安"), _("提交服务记录"), now - timedelta(days=1)),
            ],
            "steps": [
                SampleStep(_("提交申报书"), "done", "", _("恩泽社"), now - timedelta(days=12)),
                SampleStep(_("形式审查"), "done", "", _("经办人"), now - timedelta(days=9)),
                SampleStep(
                    _("专家评审"), "current", _("五位评委正在打分，预计三天内完成。"), _("评审组")
                ),
                SampleStep(_("集体决策"), "next"),
                SampleStep(_("公示"), "next", _("五个工作日")),
            ],
            "tasks": [
                SampleTask(_("基本情况"), _("已完成"), "done", "#"),
                SampleTask(_("服务对象与需求"), _("进行中"), "waiting", "#", _("还差受益人数")),
                SampleTask(_("预算"), _("未开始"), "neutral", "#"),
            ],
            "tabs": [
                SampleTab(_("等我处理"), "#", True, 3),
                SampleTab(_("我经手的"), "#", False, 28),
                SampleTab(_("全部")),
            ],
            "crumbs": [
                SampleTab(_("首页"), "/"),
                SampleTab(_("2026 年第一届"), "#"),
                SampleTab(_("申报书")),
            ],
            "summary": [
                (_("服务对象"), _("白奶奶（示范社区）")),
                (_("时长"), _("1 小时 30 分"), "#", _("修改")),
                (_("服务内容"), _("上门理发"), "#", _("修改")),
            ],
            "deadlines": [
                now + timedelta(days=12, hours=4),
                now + timedelta(days=2),
                now + timedelta(hours=5),
                now - timedelta(days=1),
            ],
            "page_obj": Paginator(range(95), 20).get_page(2),
            "start": now,
            "finish": now + timedelta(minutes=90),
            "bars": [(label, number, tone) for tone, label, number in TRACKS],
            "curve": [
                (f"{month}/2026", minutes)
                for month, minutes in enumerate(
                    [120, 300, 540, 480, 720, 660, 900, 840, 1140, 1320, 1500], 1
                )
            ],
        },
    )
