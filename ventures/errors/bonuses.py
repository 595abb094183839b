"""Refusals of points above the hundred."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class BonusOutOfRange(Refusal):
    """More or fewer points than the call says of this kind. Facts: kind, least, most."""

    code = "bonus_out_of_range"
    sentence = _("“%(kind)s”只能加 %(least)d 到 %(most)d 分，按半分填；要取消已有的加分就填 0。")


class BonusWaiting(Refusal):
    """Of this kind one already waits for the second person. Facts: code, kind."""

    code = "bonus_waiting"
    sentence = _("%(code)s 的“%(kind)s”已经有一条在等另一人同意，请先收回或由另一人处理。")


class BonusUnchanged(Refusal):
    """It has so many points of this kind already. Facts: code, kind."""

    code = "bonus_unchanged"
    sentence = _("%(code)s 的“%(kind)s”现在就是这个分，不用另提。")


class NobodyAgreesToBonus(Refusal):
    """It needs a second person, and there is none without a tie."""

    code = "nobody_agrees_to_bonus"
    sentence = _(
        "加分要由另一位与本轮没有关系的经办人同意（本级没有就由上一级），现在没有这样的人。"
        "请系统管理员或上一级经办人再任命一位，可以是分管领导。"
    )


class OwnBonusNotAgreed(Refusal):
    """Who proposes a bonus does not agree to it. Facts: who."""

    code = "own_bonus_not_agreed"
    sentence = _("提出的人不能自己同意，请由%(who)s处理。")


class BonusesOver(Refusal):
    """The list was prepared or the meeting has decided: the order stands."""

    code = "bonuses_over"
    sentence = _("名单已经拟定或已经集体决策，加分不能再改。")


class BonusesNotBegun(Refusal):
    """Before review begins nobody has points of any sort."""

    code = "bonuses_not_begun"
    sentence = _("评审还没有开始，开始以后再提出加分。")
