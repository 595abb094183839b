"""Each pure rule answers fine, not fine, or that a person must look, and says the figure."""

from datetime import date

import pytest

from ventures.models import ApplicantKind, Condition, StandingFact
from ventures.rules.applicants import Asked, Listed, OtherProject, Request, Standing, Verdict
from ventures.rules.conditions import strictest
from ventures.rules.eligibility import RULES, findings

C = Condition.Check
FINE, NOT_FINE, ASK = Verdict.FINE, Verdict.NOT_FINE, Verdict.ASK
DAY = date(2026, 11, 22)
BODY = {"kind": ApplicantKind.REGISTERED, "is_verified": True, "lineage": (1, 2)}


def answer(check, who=None, *, asked=None, request=None):
    standing = Standing(**(BODY | (who or {})))
    wanted = Asked(check, **(asked or {}))
    about = Request(day=DAY, region_id=2, **(request or {}))
    return RULES[check](standing, wanted, about)


def on_list(kind, until=None):
    return {"lists": {kind: [Listed(date(2020, 1, 1), until, "公告")]}}


FILED = {"kind": ApplicantKind.FILED}
ABNORMAL = StandingFact.Kind.ABNORMAL
OTHER = OtherProject("X-0001", "楼道里的 热茶", "许村秋季", is_handed_in=True)
DRAFT = OtherProject("X-0002", "别的", "许村秋季", is_handed_in=False)
TEN = {"figure": 1_000_000}
CASES = [
    (C.KINDS, FILED, {"kinds": ("registered",)}, {}, NOT_FINE, "只受理：登记的社会组织"),
    (C.KINDS, {}, {"kinds": ("registered",)}, {}, FINE, "登记的社会组织"),
    (C.AGE, {}, {"figure": 12}, {}, ASK, "没有登记成立"),
    (
        C.AGE,
        {"founded_on": date(2025, 11, 23)},
        {"figure": 12},
        {},
        NOT_FINE,
        "满 11 个月，要求 12",
    ),
    (C.AGE, {"founded_on": date(2025, 11, 22)}, {"figure": 12}, {}, FINE, "满 12 个月"),
    (C.RATING, {"rating": 2}, {"figure": 3}, {}, NOT_FINE, "现为 2A，要求 3A"),
    (C.RATING, {"rating": 3, "rating_until": DAY}, {"figure": 3}, {}, FINE, "现为 3A"),
    (
        C.RATING,
        {"rating": 5, "rating_until": date(2026, 11, 21)},
        {"figure": 3},
        {},
        NOT_FINE,
        "已满",
    ),
    (C.RATING, {"stated_rating": 4}, {"figure": 3}, {}, ASK, "自报 4A"),
    (C.RATING, {}, {"figure": 1}, {}, NOT_FINE, "无评估等级"),
    (C.ANNUAL_CHECK, FILED, {}, {}, FINE, "不用年检"),
    (C.ANNUAL_CHECK, {}, {}, {}, ASK, "没有 2025 年度"),
    (C.ANNUAL_CHECK, {"annual_checks": {2025: "passed"}}, {}, {}, FINE, "合格"),
    (C.ANNUAL_CHECK, {"annual_checks": {2025: "basic"}}, {}, {}, ASK, "基本合格"),
    (C.ANNUAL_CHECK, {"annual_checks": {2025: "missing"}}, {}, {}, NOT_FINE, "未参加"),
    (C.ANNUAL_CHECK, {"founded_on": date(2026, 1, 5)}, {}, {}, FINE, "还没有成立"),
    (C.ABNORMAL, {}, {"figure": 1}, {}, FINE, "近 1 年没有"),
    (C.ABNORMAL, on_list(ABNORMAL), {"figure": 1}, {}, NOT_FINE, "公告"),
    (C.ABNORMAL, on_list(ABNORMAL, date(2025, 11, 23)), {"figure": 1}, {}, NOT_FINE, "近 1 年"),
    (C.ABNORMAL, on_list(ABNORMAL, date(2025, 11, 22)), {"figure": 1}, {}, FINE, "没有记录"),
    (C.DISHONEST, on_list(ABNORMAL), {"figure": 2}, {}, FINE, "近 2 年没有"),
    (C.CAP, {}, TEN, {}, FINE, "最多可以申请 ¥10,000.00"),
    (C.CAP, {}, TEN, {"requested_fen": 1_000_000}, FINE, "¥10,000.00"),
    (C.CAP, {}, TEN, {"requested_fen": 1_000_001}, NOT_FINE, "¥10,000.01"),
    (C.REGION, {}, {}, {}, FINE, "本地"),
    (C.REGION, {"lineage": (1, 3)}, {}, {}, NOT_FINE, "不在"),
    (C.ONE_PROJECT, {"others": (OTHER,)}, {"figure": 1}, {}, NOT_FINE, "许村秋季 X-0001"),
    (C.ONE_PROJECT, {"others": (OTHER,)}, {"figure": 2}, {}, FINE, "最多 2 个"),
    (C.ONE_PROJECT, {"others": (DRAFT,)}, {"figure": 1}, {}, ASK, "还有草稿"),
    (C.NO_DOUBLE, {"others": (OTHER,)}, {}, {"title": "楼道里的热茶！"}, NOT_FINE, "X-0001"),
    (C.NO_DOUBLE, {"others": (OTHER,)}, {}, {"title": "河道清水"}, FINE, "没有和别的"),
    (C.NO_DOUBLE, {"others": (OTHER,)}, {}, {}, ASK, "已有"),
]


@pytest.mark.parametrize(("check", "who", "asked", "request_", "verdict", "words"), CASES)
def test_rule_answers_with_its_figure(check, who, asked, request_, verdict, words):
    found, said, advice = answer(check, who, asked=asked, request=request_)

    assert found == verdict
    assert words in said
    assert advice or verdict == FINE or check == C.RATING


@pytest.mark.parametrize(
    ("requested", "own", "verdict", "needed"),
    [
        (600_000, 400_000, FINE, ""),
        (600_000, 399_999, NOT_FINE, "¥4,000.00"),
        (1, 0, NOT_FINE, "¥0.01"),
        (500_000, 0, FINE, ""),
    ],
)
def test_own_share_is_counted_to_the_fen(requested, own, verdict, needed):
    above = 500_000 if requested == 500_000 else 0
    found, _words, advice = answer(
        C.OWN_SHARE,
        asked={"figure": 40, "above_fen": above},
        request={"requested_fen": requested, "matching_fen": own},
    )

    assert found == verdict
    assert needed in advice


def test_every_check_has_its_rule_and_bars_stop_everywhere():
    assert set(RULES) == set(C.values)
    barred = Standing(
        **BODY, is_barred=True, barred_until=date(2027, 1, 1), bar_number="海民〔2026〕3 号"
    )

    stops = [one for one in findings(barred, [], Request(DAY, 2)) if one.stops]

    assert [(one.label, one.words) for one in stops] == [
        ("限制申报", "限制申报到 2027年1月1日 周五（海民〔2026〕3 号）")
    ]


def test_a_filed_group_answers_for_itself_and_names_its_host():
    group = Standing(kind="filed", is_verified=True, host_name="社立方", is_host_barred=True)

    found = findings(
        group, [Asked(C.CAP, "registered", 1), Asked(C.CAP, "filed", 2)], Request(DAY, 2)
    )

    assert [one.label for one in found] == ["组织核验", "限制申报", "代管单位", "申请金额"]
    assert found[2].stops


def test_what_is_above_holds_below_unless_the_lower_asks_for_more():
    city = (
        Asked(C.AGE, figure=12, is_hard=False, origins=("海宁市",)),
        Asked(C.CAP, "filed", 3_000_000, origins=("海宁市",)),
        Asked(C.KINDS, kinds=("registered", "filed"), origins=("海宁市",)),
        Asked(C.OWN_SHARE, figure=40, above_fen=3_000_000, origins=("海宁市",)),
    )
    own = (
        Asked(C.AGE, figure=6, origins=("本轮",)),
        Asked(C.CAP, "filed", 1_000_000, origins=("本轮",)),
        Asked(C.KINDS, kinds=("filed", "initiator"), origins=("本轮",)),
        Asked(C.OWN_SHARE, figure=10, origins=("本轮",)),
    )

    merged = {(one.check, one.above_fen): one for one in strictest((*own, *city))}

    age = merged[C.AGE, 0]
    assert (age.figure, age.is_hard, age.origins) == (12, True, ("海宁市",))
    assert merged[C.CAP, 0].figure == 1_000_000
    assert merged[C.KINDS, 0].kinds == ("filed",)
    assert (merged[C.OWN_SHARE, 0].figure, merged[C.OWN_SHARE, 3_000_000].figure) == (10, 40)
