"""Recognition in the demo: as whom the bank certifies, certificates issued and one revoked."""

from datetime import date, timedelta

from config.demo.cast import Cast, system_user
from timebank.models import CertificatePolicy, ServiceRecord, TimeBank
from timebank.selectors.certificates import Scope
from timebank.services.certificates import (
    issue_certificate,
    revoke_certificate,
    set_certificate_policy,
)


def load_recognition(cast: Cast, bank: TimeBank, *, today: date) -> None:
    """The bank is no recording body yet, so it issues 平台志愿服务记录."""
    set_certificate_policy(
        bank,
        starts_on=today - timedelta(days=700),
        standing=CertificatePolicy.Standing.PLATFORM,
        issuer="海宁时间银行（演示）",
        responsible="范科长",
        contact="服务台电话（演示）",
        marked=[
            ServiceRecord.Provenance.SELF_REPORTED,
            ServiceRecord.Provenance.BACKFILLED,
            ServiceRecord.Provenance.LAPSED,
        ],
        acting_user=system_user(),
    )
    issue_certificate(cast.anan, bank=bank, acting_user=cast.anan)
    this_year = Scope(since=today.replace(month=1, day=1))
    early = issue_certificate(cast.anan, bank=bank, scope=this_year, acting_user=cast.anan)
    revoke_certificate(
        early, reason="示范：本人要求改按全部时间重开", acting_user=cast.people["fan"]
    )
    issue_certificate(cast.people["zhu"], bank=bank, acting_user=cast.people["chen"])
