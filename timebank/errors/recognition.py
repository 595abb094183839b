"""Refusals around the catalogue, certificates and stars."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.templatetags.kit import day


class NobodyIssues(Refusal):
    """The bank has not said yet as whom it certifies. Facts: bank."""

    code = "nobody_issues"
    sentence = _("%(bank)s还没有规定由谁出具证明，请联系市级经办人。")


class NothingToCertify(Refusal):
    """No confirmed record in what was asked for. Facts: none."""

    code = "nothing_to_certify"
    sentence = _("这个范围里没有已确认的服务记录，开不出证明。换一个时间段或服务类别再试。")


class IdentityUnchecked(Refusal):
    """A 志愿服务记录证明 names somebody whose document nobody has seen. Facts: none."""

    code = "identity_unchecked"
    sentence = _("开具证明前要先实名核验一次。请带身份证到所在站点，由站长当面查验。")


class RevokedBefore(Refusal):
    """The certificate is revoked already. Facts: number."""

    code = "revoked_before"
    sentence = _("证明 %(number)s 已经作废，不用再办。")


class RevokedCertificate(Refusal):
    """Nobody prints a certificate that no longer holds. Facts: number."""

    code = "revoked_certificate"
    sentence = _("证明 %(number)s 已经作废，不能再打印。需要时请重新开具一份。")


class TooManyInBatch(Refusal):
    """A batch is longer than one task should carry. Facts: count, most."""

    code = "too_many_in_batch"
    sentence = _("一次最多开具 %(most)d 人，现在是 %(count)d 人。请分几次办理。")


class HoursGoneSince(Refusal):
    """The hours a star was proposed for are no longer there. Facts: level."""

    code = "hours_gone_since"
    sentence = _("志愿者现在的服务时长已达不到 %(level)d 星的标准，不能评定。")


class NotBackdated(Refusal):
    """A local rule holds from today on at the earliest. Facts: starts_on."""

    code = "not_backdated"
    sentence = _("不能从 %(starts_on)s 开始：已经过去的日子按当时的规定办。请填今天或以后。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"starts_on": day(self.facts["starts_on"])}
