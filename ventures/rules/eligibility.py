"""Who may apply: one pure rule per check, each answering with the figure it looked at.

A rule gets what is known of the applicant, what is asked, and what the proposal says so far; it
answers fine, not fine, or that a person must look. It reads nothing and decides nothing: the page
shows the answers before anyone begins, the office reads them as hints, and what a round calls hard
is enforced when a proposal is handed in (`services.eligibility`).
"""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from accounts.templatetags.kit import day as day_words
from accounts.templatetags.kit import yuan
from ventures.models import ApplicantKind, Condition, StandingFact
from ventures.rules.applicants import (
    Asked,
    Finding,
    Request,
    Standing,
    Verdict,
    last_due_year,
    tidy,
    whole_months,
    years_before,
)

Check = Condition.Check
Fact = StandingFact.Kind

type Answer = tuple[Verdict, str, str]
type Rule = Callable[[Standing, Asked, Request], Answer]
FINE, NOT_FINE, ASK = Verdict.FINE, Verdict.NOT_FINE, Verdict.ASK


# The rules ------------------------------------------------------------------------------


def kinds(who: Standing, asked: Asked, request: Request) -> Answer:
    named = _("、").join(str(ApplicantKind(kind).label) for kind in asked.kinds)
    if who.kind in asked.kinds:
        return FINE, str(ApplicantKind(who.kind).label), ""
    return (
        NOT_FINE,
        _("这一轮只受理：%(kinds)s") % {"kinds": named},
        _("可以和符合条件的组织联合，由对方牵头申报。"),
    )


def age(who: Standing, asked: Asked, request: Request) -> Answer:
    if who.founded_on is None:
        return ASK, _("没有登记成立（备案）日期"), _("请在“我的组织”里补上日期，或联系经办人核对。")
    months = whole_months(who.founded_on, request.day)
    words = _("%(day)s 成立（备案），到 %(on)s 满 %(months)d 个月，要求 %(least)d 个月") % {
        "day": day_words(who.founded_on),
        "on": day_words(request.day),
        "months": months,
        "least": asked.figure,
    }
    if months >= asked.figure:
        return FINE, words, ""
    return NOT_FINE, words, _("满了再报下一轮，或由满足年限的组织牵头。")


def rating(who: Standing, asked: Asked, request: Request) -> Answer:
    least = _("要求 %(least)dA 以上") % {"least": asked.figure}
    if who.rating is not None:
        until = who.rating_until
        if until is not None and until < request.day:
            return (
                NOT_FINE,
                _("%(n)dA 的有效期到 %(until)s 已满，%(least)s")
                % {"n": who.rating, "until": day_words(until), "least": least},
                _("请先参加新一轮社会组织评估。"),
            )
        verdict = FINE if who.rating >= asked.figure else NOT_FINE
        return verdict, _("现为 %(n)dA，%(least)s") % {"n": who.rating, "least": least}, ""
    if who.stated_rating:
        return (
            ASK,
            _("自报 %(n)dA，还没有核到评估文件，%(least)s")
            % {"n": who.stated_rating, "least": least},
            _("请把评估等级证书或文件给经办人核对。"),
        )
    return NOT_FINE, _("无评估等级，%(least)s") % {"least": least}, _("请先参加社会组织评估。")


def annual_check(who: Standing, asked: Asked, request: Request) -> Answer:
    """Filed groups have no annual check; nobody has one for a year before their own."""
    year = last_due_year(request.day)
    if who.kind != ApplicantKind.REGISTERED:
        return FINE, _("备案组织和个人不用年检"), ""
    if who.founded_on is not None and who.founded_on.year > year:
        return FINE, _("%(year)d 年还没有成立，不用年检") % {"year": year}, ""
    result = who.annual_checks.get(year)
    if result is None:
        return (
            ASK,
            _("没有 %(year)d 年度年检（年报）的记录") % {"year": year},
            _("请把年检结论给经办人登记。"),
        )
    words = _("%(year)d 年度年检：%(result)s") % {
        "year": year,
        "result": StandingFact.Result(result).label,
    }
    if result == StandingFact.Result.PASSED:
        return FINE, words, ""
    if result == StandingFact.Result.BASIC:
        return ASK, words, _("由经办人按公告判断“基本合格”能不能报。")
    return NOT_FINE, words, _("补办年检合格后再报。")


def not_listed(kind: str) -> Rule:
    """Free of one list, or of violations, for so many years before the day."""

    def rule(who: Standing, asked: Asked, request: Request) -> Answer:
        since = years_before(request.day, asked.figure)
        found = [
            one
            for one in who.lists.get(kind, ())
            if one.from_on <= request.day and (one.until_on is None or one.until_on > since)
        ]
        if not found:
            return FINE, _("近 %(years)d 年没有记录") % {"years": asked.figure}, ""
        latest = max(found, key=lambda one: one.from_on)
        words = _("%(from)s 起有记录（%(source)s），要求近 %(years)d 年没有") % {
            "from": day_words(latest.from_on),
            "source": latest.source,
            "years": asked.figure,
        }
        if latest.until_on is None:
            return NOT_FINE, words, _("先办理移出或整改；信息有误的，请联系经办人更正。")
        return (
            NOT_FINE,
            words,
            _("从 %(day)s 起满 %(years)d 年后可以再报；信息有误的，请联系经办人更正。")
            % {"day": day_words(latest.until_on), "years": asked.figure},
        )

    return rule


def cap(who: Standing, asked: Asked, request: Request) -> Answer:
    most = yuan(asked.figure)
    if request.requested_fen is None:
        return FINE, _("您最多可以申请 %(most)s") % {"most": most}, ""
    words = _("申请 %(asked)s，最多 %(most)s") % {
        "asked": yuan(request.requested_fen),
        "most": most,
    }
    over = request.requested_fen - asked.figure
    if over <= 0:
        return FINE, words, ""
    return NOT_FINE, words, _("请把申请金额减少 %(over)s。") % {"over": yuan(over)}


def own_share(who: Standing, asked: Asked, request: Request) -> Answer:
    rule = _("自筹（配套）要占总预算的 %(least)d%% 以上") % {"least": asked.figure}
    if asked.above_fen:
        rule = _("申请超过 %(above)s 的，%(rule)s") % {
            "above": yuan(asked.above_fen),
            "rule": rule,
        }
    if request.requested_fen is None or request.requested_fen <= asked.above_fen:
        return FINE, rule, ""
    total = request.requested_fen + request.matching_fen
    if request.matching_fen * 100 >= total * asked.figure:
        return (
            FINE,
            _("自筹 %(own)s，%(rule)s") % {"own": yuan(request.matching_fen), "rule": rule},
            "",
        )
    # own / (asked + own) >= p: own >= asked × p / (100 − p), rounded up to the fen.
    needed = -(-request.requested_fen * asked.figure // (100 - asked.figure))
    return (
        NOT_FINE,
        _("自筹 %(own)s，%(rule)s") % {"own": yuan(request.matching_fen), "rule": rule},
        _("申请额不变的话，自筹至少要 %(needed)s。") % {"needed": yuan(needed)},
    )


def region(who: Standing, asked: Asked, request: Request) -> Answer:
    if request.region_id in who.lineage:
        return FINE, _("在本地登记或备案"), ""
    return (
        NOT_FINE,
        _("登记或备案地不在这一轮的地区内"),
        _("请留意本地的轮次，或由本地组织牵头。"),
    )


def one_project(who: Standing, asked: Asked, request: Request) -> Answer:
    filed = [one for one in who.others if one.is_handed_in]
    if len(filed) >= asked.figure:
        return (
            NOT_FINE,
            _("同一年度已在别的轮次申报 %(n)d 个（%(codes)s），各级合计最多 %(most)d 个")
            % {
                "n": len(filed),
                "codes": _("、").join(f"{one.round_name} {one.code}" for one in filed),
                "most": asked.figure,
            },
            _("想改报这一轮，请先在截止前撤回那一份。"),
        )
    drafts = [one for one in who.others if not one.is_handed_in]
    if len(filed) + len(drafts) >= asked.figure:
        return (
            ASK,
            _("别的轮次还有草稿（%(codes)s），各级合计最多提交 %(most)d 个")
            % {
                "codes": _("、").join(f"{one.round_name} {one.code}" for one in drafts),
                "most": asked.figure,
            },
            _("哪一份先提交，另一份就不能再提交。"),
        )
    return FINE, _("同一年度各级合计最多 %(most)d 个，没有超过") % {"most": asked.figure}, ""


def no_double(who: Standing, asked: Asked, request: Request) -> Answer:
    """The same project of the same applicant in a round of another level."""
    if not request.title:
        if who.others:
            return (
                ASK,
                _("别的轮次已有“%(title)s”") % {"title": who.others[0].title or _("未命名")},
                _("这一轮请报不同的项目，同一项目不能拿两份钱。"),
            )
        return FINE, _("没有在别的轮次申报的项目"), ""
    same = [one for one in who.others if tidy(one.title) == tidy(request.title)]
    if same:
        return (
            NOT_FINE,
            _("“%(title)s”已在 %(round)s 申报（%(code)s）")
            % {"title": same[0].title, "round": same[0].round_name, "code": same[0].code},
            _("同一项目不能重复资助，请换一个项目，或先撤回那一份。"),
        )
    return FINE, _("没有和别的轮次重复"), ""


# What holds everywhere, without a row ----------------------------------------------------


def verified(who: Standing) -> Answer:
    if who.is_verified:
        return FINE, _("已核验"), ""
    return ASK, _("还没有核验"), _("请在“我的组织”里补齐材料；核验由所在地经办人办理。")


def bar(who: Standing) -> Answer:
    if not who.is_barred:
        return FINE, _("没有被限制申报"), ""
    if who.barred_until is None:
        return (
            NOT_FINE,
            _("正在限制申报期内（%(number)s）") % {"number": who.bar_number},
            _("何时解除由作出决定的单位决定，请和它联系。"),
        )
    return (
        NOT_FINE,
        _("限制申报到 %(until)s（%(number)s）")
        % {"until": day_words(who.barred_until), "number": who.bar_number},
        _("到期后自动解除。"),
    )


def host(who: Standing) -> Answer:
    if not who.host_name:
        return NOT_FINE, _("没有代管单位"), _("请先请一家登记组织做代管单位。")
    if who.is_host_barred:
        return (
            NOT_FINE,
            _("代管单位“%(name)s”在限制申报期内") % {"name": who.host_name},
            _("请换一家代管单位。"),
        )
    if not who.is_host_verified:
        return ASK, _("代管单位“%(name)s”还没有核验") % {"name": who.host_name}, ""
    return FINE, _("由“%(name)s”代为签约收款") % {"name": who.host_name}, ""


RULES: dict[str, Rule] = {
    Check.KINDS: kinds,
    Check.AGE: age,
    Check.RATING: rating,
    Check.ANNUAL_CHECK: annual_check,
    Check.ABNORMAL: not_listed(Fact.ABNORMAL),
    Check.DISHONEST: not_listed(Fact.DISHONEST),
    Check.VIOLATION: not_listed(Fact.VIOLATION),
    Check.CAP: cap,
    Check.OWN_SHARE: own_share,
    Check.REGION: region,
    Check.ONE_PROJECT: one_project,
    Check.NO_DOUBLE: no_double,
}
LABELS: dict[str, Callable[[], str]] = {
    Check.KINDS: lambda: _("申报主体"),
    Check.AGE: lambda: _("成立年限"),
    Check.RATING: lambda: _("评估等级"),
    Check.ANNUAL_CHECK: lambda: _("年检"),
    Check.ABNORMAL: lambda: _("活动异常名录"),
    Check.DISHONEST: lambda: _("严重违法失信名单"),
    Check.VIOLATION: lambda: _("重大违法违规"),
    Check.CAP: lambda: _("申请金额"),
    Check.OWN_SHARE: lambda: _("自筹比例"),
    Check.REGION: lambda: _("登记（备案）地"),
    Check.ONE_PROJECT: lambda: _("项目个数"),
    Check.NO_DOUBLE: lambda: _("不重复资助"),
}


def findings(who: Standing, asked: Iterable[Asked], request: Request) -> list[Finding]:
    """Every answer, in the order people read them: who, then what is asked."""
    found = [
        Finding(_("组织核验"), *verified(who), is_hard=False),
        Finding(_("限制申报"), *bar(who)),
    ]
    if who.kind != ApplicantKind.REGISTERED:
        found.append(Finding(_("代管单位"), *host(who)))
    for one in asked:
        if one.applicant_kind not in ("", who.kind):
            continue
        verdict, words, advice = RULES[one.check](who, one, request)
        found.append(Finding(LABELS[one.check](), verdict, words, advice, one.is_hard, one.origins))
    return found
