"""Recognition in the demo: as whom the bank certifies, certificates issued and one revoked."""

from datetime import date, timedelta

from accounts.models import Consent, User
from config.demo.cast import Cast
from timebank.models import CertificatePolicy, ServiceRecord, StarGrant, TimeBank
from timebank.selectors.certificates import Scope
from timebank.services.certificates import (
    issue_certificate,
    revoke_certificate,
    set_certificate_policy,
)
from timebank.services.honour_boards import draw_boards
from timebank.services.stars import decide_star, propose_stars


def load_recognition(cast: Cast, bank: TimeBank, volunteers: list[User], *, today: date) -> None:
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
        acting_user=cast.people["system"],
    )
    issue_certificate(cast.anan, bank=bank, acting_user=cast.anan)
    this_year = Scope(since=today.replace(month=1, day=1))
    early = issue_certificate(cast.anan, bank=bank, scope=this_year, acting_user=cast.anan)
    revoke_certificate(
        early, reason="示范：本人要求改按全部时间重开", acting_user=cast.people["fan"]
    )
    issue_certificate(cast.people["zhu"], bank=bank, acting_user=cast.people["fan"])
    _stars(cast)
    _opt_in(cast, volunteers)
    draw_boards()


def _stars(cast: Cast) -> None:
    """What hours have reached is proposed; the first levels are judged, the rest wait."""
    propose_stars()
    fan = cast.people["fan"]
    for grant in StarGrant.objects.proposed().filter(level=1).order_by("id")[:4]:
        decide_star(grant, "grant", acting_user=fan)


def _opt_in(cast: Cast, volunteers: list[User]) -> None:
    """Two in five of the crowd, and two of the cast, agree to be thanked in public."""
    people = [cast.people["anan"], cast.people["zhu"], *volunteers[::5], *volunteers[1::5]]
    Consent.objects.bulk_create(
        [
            Consent(user=person, purpose=Consent.Purpose.HONOUR, recorded_by=person)
            for person in {person.pk: person for person in people}.values()
        ],
        ignore_conflicts=True,
    )
