"""综合得分 in words: the rule as the call states it, one sentence for each part."""

from django.utils.translation import gettext as _

from accounts.templatetags.kit import moment, yuan
from ventures.models import CompositeTerms, Round, Rubric
from ventures.selectors.bonuses import kind_in_words, kinds_of
from ventures.selectors.composites import composite_terms_of, part_names, percents_of


def lines_of(round: Round) -> list[str]:
    """The rule as the call states it, one sentence each; none where the sheets alone decide."""
    terms = composite_terms_of(round)
    if terms is None:
        return []
    names = part_names()
    shares = " + ".join(f"{names[name]} {share}%" for name, share in percents_of(terms).items())
    lines = [
        _(
            "综合得分 = %(shares)s。每部分先折成百分制，保留两位小数，再按占比相加，"
            "四舍五入到两位小数。"
        )
        % {"shares": shares}
    ]
    if terms.has_defence:
        lines += _defence_lines(terms)
    if terms.has_vote:
        lines.append(
            _(
                "公众投票：实名核验过的人每人投一次，最多选 %(most)d 个项目；%(rule)s。"
                "截止以前谁都查不到票数；谁投了谁、投给谁，分开保存，对不上。"
            )
            % {"most": terms.choices, "rule": terms.get_vote_rule_display()}
        )
    if terms.has_pledges:
        assert terms.pledges_until is not None, "pledges_have_their_measure"
        lines.append(
            _(
                "配资承诺：%(until)s 前交来签章的承诺书并经核实的才算；承诺到 %(full)s 得满分，"
                "%(rule)s。承诺不是到账的钱，不记入资金账簿。"
            )
            % {
                "until": moment(terms.pledges_until),
                "full": yuan(terms.pledge_full_fen),
                "rule": terms.get_pledge_rule_display(),
            }
        )
    return lines + _bonus_lines(round, terms)


def above_in_words(round: Round) -> str:
    """That there are points above the hundred, and which; nothing where there are none."""
    terms = composite_terms_of(round)
    lines = _bonus_lines(round, terms) if terms is not None else []
    return lines[-1] if lines else ""


def _bonus_lines(round: Round, terms: CompositeTerms) -> list[str]:
    kinds = kinds_of(round)
    lines, names = [], [kind_in_words(kind) for kind in kinds]
    if kinds:
        lines.append(
            _("加分项：%(kinds)s。由一位经办人提出、写明理由，另一位同意才算。")
            % {"kinds": _("、").join(names)}
        )
    if terms.pledge_bonus:
        most = {"most": terms.pledge_bonus}
        lines.append(_("配资承诺不占比例，折成分以后最多加 %(most)d 分。") % most)
        names.insert(0, _("配资承诺加分（最多 %(most)d 分）") % most)
    if names:
        lines.append(
            _("总分 = 综合得分 + %(names)s，可以超过 100 分；名次、及格线都按总分算。")
            % {"names": " + ".join(names)}
        )
    return lines


def _defence_lines(terms: CompositeTerms) -> list[str]:
    rubric = terms.defence_rubric
    assert rubric is not None, "defence_has_its_criteria"
    items = _("、").join(
        f"{one.name} {one.max_points.normalize():f}" for one in rubric.criteria.all()
    )
    lines = []
    if terms.shortlist is not None:
        lines.append(
            _("书面评审前 %(count)d 名入围答辩（同名次的都入围），没有入围的不参加综合排名。")
            % {"count": terms.shortlist}
        )
    lines.append(
        _(
            "现场答辩：出场次序当众抽签，抽签的种子公开，谁都可以重抽核对；按%(items)s打分，"
            "每个项目至少 %(least)d 名评委，%(way)s，折成百分制；评委交齐同时亮分，亮分以后不能改；"
            "缺席的答辩记 0 分。"
        )
        % {"items": items, "least": terms.least_judges, "way": _way(rubric)}
    )
    return lines


def _way(rubric: Rubric) -> str:
    if rubric.aggregate == Rubric.Aggregate.TRIMMED_MEAN:
        return _("%(count)d 名及以上评委去掉一个最高分和一个最低分后平均") % {
            "count": rubric.drop_from
        }
    return str(Rubric.Aggregate(rubric.aggregate).label)
