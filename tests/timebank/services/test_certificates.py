"""Certificates: free, true, found by nobody who has not got one, and fallen with their records."""

import secrets
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing, TooManyTries
from accounts.models import Message
from tests.factories.timebank import at, make_bank, make_confirmed_record, make_record
from tests.factories.timebank_recognition import check_identity_of, make_certificate, make_policy
from timebank.errors.recognition import (
    IdentityUnchecked,
    NobodyIssues,
    NothingToCertify,
    RevokedBefore,
)
from timebank.models import Certificate, CertificateBatch, CertificateRevocation, ServiceRecord
from timebank.selectors.certificates import (
    LETTERS,
    Scope,
    by_number,
    by_token,
    normalised_number,
    standing_of,
)
from timebank.services.certificate_batches import ask_for_batch, make_batch
from timebank.services.certificate_checks import MOST_MISSES, certificate_by_number
from timebank.services.certificate_papers import certificate_pdf, paper_of
from timebank.services.certificates import issue_certificate, revoke_certificate
from timebank.services.corrections import reverse_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def record(cast, bank):
    make_policy(bank)
    return make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)


@pytest.fixture
def certificate(cast, bank, record):
    return make_certificate(cast.anan, bank)


def again(certificate):
    return standing_of(Certificate.objects.with_standing().get(pk=certificate.pk))


def test_only_confirmed_records_in_scope_are_certified(cast, bank, record):
    station = cast.stations["nanguanxiang"]
    make_record(cast.anan, station, started_at=at(9), ended_at=at(10))
    older = make_confirmed_record(
        cast.anan, station, cast.chen, started_at=at(9, days_ago=3), ended_at=at(11, days_ago=3)
    )
    others = make_confirmed_record(cast.zhu, station, cast.chen)

    whole = make_certificate(cast.anan, bank)
    until = timezone.localdate() - timedelta(days=2)
    part = make_certificate(cast.anan, bank, scope=Scope(until=until))

    assert (whole.minutes, whole.services) == (180, 2)
    assert (part.minutes, part.services, part.last_on) == (
        120,
        1,
        timezone.localdate(older.ended_at),
    )
    assert not whole.lines.filter(record=others).exists()
    line = whole.snapshot["lines"][1]
    assert {"activity", "on", "place", "what", "minutes", "unit", "led_by"} <= set(line)
    assert len(whole.token) >= 43
    with pytest.raises(NothingToCertify):
        issue_certificate(cast.anan, bank=bank, scope=Scope(group="没有"), acting_user=cast.anan)


def test_who_issues_and_as_whom(cast, bank):
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    with pytest.raises(NobodyIssues):
        issue_certificate(cast.anan, bank=bank, acting_user=cast.anan)
    make_policy(bank, standing="recorder")
    with pytest.raises(IdentityUnchecked):
        issue_certificate(cast.anan, bank=bank, acting_user=cast.anan)
    check_identity_of(cast.anan, cast.chen)
    for stranger in (cast.zhu, cast.cheng, cast.ding):
        with pytest.raises(NotAllowed):
            issue_certificate(cast.anan, bank=bank, acting_user=stranger)

    own = make_certificate(cast.anan, bank)
    printed = make_certificate(cast.anan, bank, acting_user=cast.chen)

    assert own.snapshot["standing"] == printed.snapshot["standing"] == "recorder"
    assert Message.objects.filter(to_user=cast.anan, kind="certificate_issued").count() == 1


def test_what_the_policy_leaves_out_or_marks(cast, bank, record):
    with pytest.raises(NotAllowed):
        make_policy(bank, acting_user=cast.chen)
    make_policy(bank, marked=[record.provenance], acting_user=cast.fan)
    marked = make_certificate(cast.anan, bank)
    make_policy(bank, left_out=[record.provenance], acting_user=cast.fan)

    assert "自报" in paper_of(marked)["rows"][0][1]
    with pytest.raises(NothingToCertify):
        make_certificate(cast.anan, bank)


def test_a_number_that_was_not_issued_never_validates(certificate):
    """Every letter changed to every other, every swap of neighbours, thousands made up."""
    letters = certificate.number.replace("-", "")[2:]
    forged = {
        letters[:place] + other + letters[place + 1 :]
        for place in range(len(letters))
        for other in LETTERS
    } | {
        letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
        for place in range(len(letters) - 1)
    }
    forged -= {letters}
    made_up = ["".join(secrets.choice(LETTERS) for _place in letters) for _try in range(2_000)]
    tokens = [secrets.token_urlsafe(32) for _try in range(20)]
    tokens += [certificate.token[:-1], certificate.token.swapcase(), certificate.number, ""]

    assert [number for number in forged if normalised_number(number)] == []
    assert [number for number in made_up if by_number(number, "安")] == []
    assert [token for token in tokens if by_token(token)] == []


def test_typed_number_needs_a_name_or_the_code(cast, certificate):
    typed = certificate.number.lower().replace("-", " ")
    name = cast.anan.person.real_name

    assert by_number(typed, certificate.check_code) == certificate
    assert by_number(typed, name[0]) == by_number(typed, name) == certificate
    for wrong in ("", "王", name[-1] + "x", "000000x", "%"):
        assert by_number(typed, wrong) is None


def test_an_altered_snapshot_or_line_does_not_hold(certificate):
    assert standing_of(certificate).is_valid
    certificate.snapshot["minutes"] += 60
    assert standing_of(certificate).state == "broken"
    for statement in (
        "UPDATE timebank_certificate SET minutes = 6000",
        "DELETE FROM timebank_certificaterevocation",
        "DELETE FROM timebank_certificateline",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_reversal_of_a_record_revokes_what_rests_on_it(cast, bank, record, certificate):
    reverse_record(record, reason="登记错了人", acting_user=cast.fan)

    told = again(certificate)
    assert told.state == "revoked"
    assert told.since is not None
    assert "登记错了人" in told.reason
    assert Message.objects.filter(to_user=cast.anan, kind="certificate_revoked").count() == 1


def test_a_certificate_never_outlives_its_record_however_that_fell(record, certificate):
    ServiceRecord.objects.filter(pk=record.pk).update(state="reversed")

    assert again(certificate).state == "revoked"


def test_an_officer_revokes_once_and_says_why(cast, certificate):
    with pytest.raises(ReasonMissing):
        revoke_certificate(certificate, reason=" ", acting_user=cast.fan)
    for stranger in (cast.anan, cast.chen, cast.xu, cast.shu):
        with pytest.raises(NotAllowed):
            revoke_certificate(certificate, reason="不实", acting_user=stranger)
    revoke_certificate(certificate, reason="不实", acting_user=cast.fan)
    with pytest.raises(RevokedBefore):
        revoke_certificate(certificate, reason="再来", acting_user=cast.fan)

    assert CertificateRevocation.objects.get().reason == "不实"
    assert not again(certificate).is_valid


def test_trying_numbers_is_slowed_down(certificate):
    cache.clear()
    for _try in range(MOST_MISSES):
        assert certificate_by_number("ZM-2222-2222-2222", "王", address="10.0.0.1") is None
    with pytest.raises(TooManyTries):
        certificate_by_number(certificate.number, certificate.check_code, address="10.0.0.1")
    found = certificate_by_number(certificate.number, certificate.check_code, address="10.0.0.2")
    assert found == certificate
    cache.clear()


def test_paper_is_the_same_again(cast, certificate):
    before = paper_of(certificate)
    cast.anan.person.real_name = "改了名"
    cast.anan.person.save()

    assert paper_of(Certificate.objects.with_standing().get(pk=certificate.pk)) == before
    assert certificate_pdf(certificate).startswith(b"%PDF")


def test_batch_of_a_team(cast, bank, record, settings):
    body = cast.organisations["enze"]
    with pytest.raises(NotAllowed):
        ask_for_batch([cast.anan], organisation=body, scope=Scope(), acting_user=cast.anan)
    batch = ask_for_batch(
        [cast.anan, cast.en], organisation=body, scope=Scope(), acting_user=cast.en
    )

    make_batch(batch.pk)
    made = make_batch(batch.pk)

    assert (made.state, made.done) == (CertificateBatch.State.READY, 1)
    assert [one["name"] for one in made.left_out] == [cast.en.display_name]
    assert made.file.read().startswith(b"%PDF")
    assert Certificate.objects.filter(batch=made).count() == 1
    assert Message.objects.filter(to_user=cast.en, kind="certificates_ready").count() == 1
