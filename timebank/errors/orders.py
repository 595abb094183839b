"""Refusals of the menu, of service orders and of the pool."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import day, hours, moment
from timebank.errors.ledger import NotEnoughHours


class NotEnoughHoursForOrder(NotEnoughHours):
    """Somebody's own minutes do not cover the order. Facts: as for `NotEnoughHours`, listing."""

    sentence = _(
        "可用时间不够：这项服务需要 %(needed)s，您现在最多可用 %(available)s。"
        "可以换一项用时更短的服务，或者先参加服务积累时间；急需帮助请联系站点，由爱心时间库支持。"
    )
    sentence_with_held = _(
        "可用时间不够：这项服务需要 %(needed)s。您有 %(posted)s，其中 %(held)s 已留给别的服务，"
        "现在最多能用 %(available)s。可以换一项用时更短的服务，或者先参加服务积累时间；"
        "急需帮助请联系站点，由爱心时间库支持。"
    )


class PoolTooLow(NotEnoughHours):
    """The station's pool does not cover the order. Facts: as for `NotEnoughHours`."""

    sentence = _(
        "爱心时间库的时间不够：这项服务需要 %(needed)s，库里现在最多可用 %(available)s。"
        "可以换一项用时更短的服务，或者请志愿者向爱心时间库捐赠时间。"
    )
    sentence_with_held = _(
        "爱心时间库的时间不够：这项服务需要 %(needed)s。库里有 %(posted)s，"
        "其中 %(held)s 已留给别的服务，现在最多能用 %(available)s。"
        "可以换一项用时更短的服务，或者请志愿者向爱心时间库捐赠时间。"
    )


class NotOnMenu(Refusal):
    """The menu item is paused or closed, or its station is. Facts: listing, title."""

    code = "not_on_menu"
    sentence = _("“%(title)s”现在不能点单，可能刚刚暂停或下架。请回到菜单另选一项。")


class NotForThisRecipient(Refusal):
    """The menu item is meant for others than this recipient. Facts: listing, audience."""

    code = "not_for_this_recipient"
    sentence = _("这项服务的对象是：%(audience)s。需要帮助请联系站点，由站点安排。")


class WindowPassed(Refusal):
    """The time the recipient asked for has passed. Facts: ended_at."""

    code = "window_passed"
    sentence = _("希望的服务时间已经过去。请与点单人另约时间，重新点单。")


class ListingNotInsured(Refusal):
    """A service with a risk goes onto the menu only while it is insured. Facts: service."""

    code = "listing_not_insured"
    sentence = _(
        "“%(service)s”有一定风险，上架前要先登记意外保险（公司、保单号、有效期），"
        "而且没有过期（志愿服务条例第十七条）。请点“修改”补上。"
    )


class InsuranceMissing(Refusal):
    """A service with a risk, and no insurance on record. Facts: station, phone."""

    code = "insurance_missing"
    sentence = _(
        "这项服务有一定风险，还没有登记意外保险，现在不能安排。"
        "请等%(station)s（%(phone)s）登记保险，或另选一项服务。"
    )


class InsuranceOver(Refusal):
    """The insurance does not reach the day. Facts: insured_until, station, phone."""

    code = "insurance_over"
    sentence = _(
        "这项服务的意外保险只到 %(insured_until)s，那一天还没有保险。"
        "请约在这之前，或等%(station)s（%(phone)s）续保。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"insured_until": day(self.facts["insured_until"])}


class ServiceBegun(Refusal):
    """The agreed time of a taken order has begun. Facts: order, began_at, station, phone."""

    code = "service_begun"
    sentence = _(
        "约定的时间 %(began_at)s 已经开始，志愿者可能已经到门口，不能自己取消。"
        "请打电话给%(station)s（%(phone)s）核实后取消，或请志愿者退回这一单。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"began_at": moment(self.facts["began_at"])}


class AlreadyPromised(Refusal):
    """The volunteer has taken another order for the same time. Facts: order, other."""

    code = "already_promised"
    sentence = _("这段时间已经接了另一单“%(other)s”，不能同时去两处。可以先把那一单退回。")


class ServiceCodeLocked(Refusal):
    """The service code was typed wrongly five times. Facts: order."""

    code = "service_code_locked"
    kind = Kind.TOO_MANY
    sentence = _("服务码已输错 5 次，不能再试。请不填服务码提交，由站点电话回访后确认。")


class ServedBeforeAsked(Refusal):
    """The service is said to lie long before the order. Facts: served_from, earliest."""

    code = "served_before_asked"
    sentence = _("服务时间早于点单：这一单最早可以填 %(earliest)s。请核对日期。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"earliest": moment(self.facts["earliest"])}


class FeedbackGiven(Refusal):
    """The recipient's word on this order is already there. Facts: order."""

    code = "feedback_given"
    sentence = _("这一单已经评价过了，每一单只评价一次。")


class NotUsualForThis(Refusal):
    """The minutes lie outside what this kind of service takes. Facts: service_type, least, most."""

    code = "not_usual_for_this"
    sentence = _("“%(service_type)s”每次用时应在 %(least)s 到 %(most)s 之间。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "least": hours(self.facts["least"]),
            "most": hours(self.facts["most"]),
        }


class NotSuitable(Refusal):
    """The volunteer is not of this place, or is the one who asked. Facts: volunteer, order."""

    code = "not_suitable"
    sentence = _("这位志愿者不能接这一单：不在本镇（街道）服务，或者就是点单人、服务对象本人。")


class PaperMissing(Refusal):
    """The service asks for a training or certificate the volunteer has not. Facts: order,
    qualification."""

    code = "paper_missing"
    sentence = _(
        "接这一单要有：%(qualification)s，而且服务那天还有效。请带证书到站点查验登记，再来接单。"
    )


class VolunteerWithoutPaper(Refusal):
    """The station assigns somebody without what the service asks for. Facts: order,
    qualification."""

    code = "volunteer_without_paper"
    sentence = _(
        "这位志愿者没有服务那天有效的“%(qualification)s”，不能派给他。"
        "请另选一位，或先查验证书、登记资质。"
    )


class GiftTooLarge(NotEnoughHours):
    """More is to be given than the person has. Facts: as for `NotEnoughHours`."""

    sentence = _("可用时间不够：想捐 %(needed)s，您现在最多可捐 %(available)s。")
    sentence_with_held = _(
        "可用时间不够：想捐 %(needed)s。您有 %(posted)s，其中 %(held)s 已留给别的服务，"
        "现在最多能捐 %(available)s。"
    )
