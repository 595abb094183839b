"""Refusals about what other apps suggest to a station."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoStationNear(Refusal):
    """No open station in the community or its town. Facts: place."""

    code = "no_station_near"
    sentence = _(
        "%(place)s和所在镇（街道）还没有开放的时间银行站点，暂时不能列入菜单。请换一个去向，或先开设站点。"
    )


class NoSuchService(Refusal):
    """The kind of service is not in the catalogue, or no longer. Facts: code."""

    code = "no_such_service"
    sentence = _("服务目录里没有编号 %(service)s 的类别，请重新选一类。")
