"""Refusals to whoever has a tie to what is judged (回避)."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal


class RecusedFromProposal(Refusal):
    """The person would see it by duty, but is tied to its applicant or host. Facts: code, who."""

    code = "recused_from_proposal"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "按回避规定，您不能查看或办理申报书 %(code)s：您是（或两年内曾是）申报组织或代管单位的人。"
        "这份申报书由%(who)s办理。"
    )


class RecusedFromRound(Refusal):
    """The person is tied to a proposal that competes in the round. Fact: who."""

    code = "recused_from_round"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "按回避规定，您不能办理本轮的评审和立项，公示前也看不到得分和名单："
        "您和本轮的申报方有关系，见“我的回避”。本轮的评审与立项由%(who)s办理。"
    )


class RecusedFromExtending(Refusal):
    """The person is tied to somebody who takes part in the round, draft or not. Fact: who."""

    code = "recused_from_extending"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "按回避规定，您不能延长本轮的截止时间：您是（或两年内曾是）本轮申报组织或其代管单位的人。"
        "由%(who)s决定。"
    )
