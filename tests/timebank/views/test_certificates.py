"""Pages of certificates: a pasted list of a class, the limit on checks, what a stranger is told."""

import pytest
from django.core.cache import cache

from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_recognition import make_certificate, make_policy
from timebank.models import CertificateBatch
from timebank.services.certificate_checks import MOST_MISSES

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(cast):
    bank = make_bank()
    make_policy(bank)
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    return make_certificate(cast.anan, bank)


def test_station_pastes_the_numbers_of_a_class(cast, client, certificate):
    station = cast.stations["nanguanxiang"]
    client.force_login(cast.chen)
    phone = cast.anan.phone.removeprefix("+86")
    sent = {"whose": f"station:{station.pk}", "agreed": "on"}

    unknown = client.post("/time/certificates/batches/", sent | {"lines": "某人 10099999999"})
    empty = client.post("/time/certificates/batches/", sent)
    asked = client.post("/time/certificates/batches/", sent | {"lines": f"安安 {phone}\n{phone}"})

    assert (unknown.status_code, empty.status_code, asked.status_code) == (422, 422, 302)
    assert "某人" in unknown.content.decode()
    batch = CertificateBatch.objects.get()
    assert (batch.people, batch.total) == ([cast.anan.pk], 1)
    assert client.get(asked.url).status_code == 200


def test_a_stranger_reads_the_least_that_answers(cast, client, certificate):
    told = client.get(f"/c/{certificate.token}/").content.decode()

    assert certificate.number in told
    assert cast.anan.person.real_name not in told
    assert "白奶奶" not in told
    assert certificate.check_code not in told


def test_tries_from_one_address_end(client, certificate):
    cache.clear()
    answers = [client.get("/c/nobodys/").status_code for _try in range(MOST_MISSES + 1)]
    cache.clear()

    assert set(answers[:-1]) == {404}
    assert answers[-1] == 429
