"""The scene's recognition: 安安's certificate, one that was revoked, a batch of 恩泽社,
a star."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Consent
from accounts.services.consents import give_consent
from config.demo.cast import Cast
from tests.factories.timebank_history import bring, history_table, make_history
from tests.factories.timebank_recognition import make_certificate, make_policy, training
from timebank.models import CertificateBatch, StarGrant, StarThreshold, TimeBank
from timebank.services.certificates import revoke_certificate
from timebank.services.dossier import enter
from timebank.services.exchange import make_exchange


def recognition_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    bank = TimeBank.objects.select_related("book", "region").get(region__code="330481000000")
    make_policy(bank)
    held = make_certificate(cast.anan, bank)
    yield "certificate-anan", {"pk": held.pk}
    yield "certificate-public", {"token": held.token}
    yield "certificate-nobodys", {"token": "x" * 43}
    revoked = make_certificate(cast.anan, bank)
    revoke_certificate(revoked, reason="登记有误", acting_user=cast.fan)
    yield "certificate-revoked", {"pk": revoked.pk}
    batch = CertificateBatch.objects.create(
        organisation=cast.organisations["enze"], language="zh-hans", asked_by=cast.en
    )
    yield "batch-enze", {"pk": batch.pk}
    star = StarGrant.objects.create(
        bank=bank,
        volunteer=cast.anan,
        level=1,
        threshold=StarThreshold.objects.get(level=1),
        minutes=6000,
    )
    yield "star-anan", {"pk": star.pk}
    for verb in ("grant", "decline"):
        yield f"star-anan-{verb}", {"pk": star.pk, "verb": verb}
    for kind in ("training", "commendation", "nonsense"):
        yield f"kind-{kind}", {"kind": kind}
    entry = enter(cast.anan, training(), acting_user=cast.chen)
    yield "entry-anan", {"pk": entry.pk}
    for verb in ("confirm", "refuse", "withdraw", "nonsense"):
        yield f"entry-anan-{verb}", {"pk": entry.pk, "verb": verb}
    for origin in ("zhejiang", "nonsense"):
        yield f"sample-{origin}", {"origin": origin}
    table = history_table((cast.anan, "河道巡护", "2025-03-05 08:30", "2025-03-05 10:30", "2"))
    history = make_history(cast.stations["nanguanxiang"], table, cast.chen)
    yield "history-chen", {"pk": history.pk}
    for verb in ("propose", "approve", "refuse", "withdraw", "undo", "nonsense"):
        yield f"history-chen-{verb}", {"pk": history.pk, "verb": verb}
    strange = [["谁", "联系", "干了啥", "何时", "多久"], ["安安", "1", "巡护", "2025-03-05", "2"]]
    unnamed = bring(cast.stations["nanguanxiang"], strange, cast.chen)
    yield "history-unnamed", {"pk": unnamed.pk}
    give_consent(cast.anan, Consent.Purpose.EXCHANGE, acting_user=cast.anan)
    yield "exchange", {"pk": make_exchange(bank, acting_user=cast.fan).pk}
