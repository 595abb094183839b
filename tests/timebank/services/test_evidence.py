"""What a record must rest on before somebody confirms it, as the policy of its source says."""

from dataclasses import replace

import pytest

from accounts.models import Change
from tests.factories.timebank import ASKED, day, make_bank, make_record
from tests.factories.timebank_photos import give_photo
from timebank.errors.records import EvidenceMissing, WordMissing
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.record_decisions import confirm_record
from timebank.terms import provenance

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def station(cast, bank):
    return cast.stations["nanguanxiang"]


def terms_of_self_reports(monkeypatch, **facts):
    """From today on the policy says something else about what people report themselves."""
    terms = provenance.PROVENANCE_TERMS[-1]
    rows = tuple(
        replace(row, **facts) if row.provenance == "self_reported" else row for row in terms.rows
    )
    changed = replace(terms, since=day(30), rows=rows)
    monkeypatch.setattr(provenance, "PROVENANCE_TERMS", (*provenance.PROVENANCE_TERMS, changed))


def test_without_evidence_somebody_says_how_they_know(cast, bank, station):
    bare = make_record(cast.anan, station)
    shown = give_photo(make_record(cast.zhu, station))

    with pytest.raises(WordMissing, match="现场照片，或服务对象的服务码"):
        confirm_record(bare, acting_user=cast.chen)

    confirm_record(shown, acting_user=cast.chen)
    confirm_record(bare, word=ASKED, acting_user=cast.chen)
    bare.refresh_from_db()
    assert bare.verified_how == ASKED
    assert Change.objects.filter(verb="confirm", object_id=bare.pk).get().reason == ASKED
    assert (
        balance_of(account_of(cast.anan, bank)).posted
        == balance_of(account_of(cast.zhu, bank)).posted
        == 60
    )


def test_the_policy_refuses_what_has_no_evidence(cast, bank, station, monkeypatch):
    terms_of_self_reports(monkeypatch, without=provenance.Without.REFUSED)
    record = make_record(cast.anan, station)

    with pytest.raises(EvidenceMissing, match="请退回"):
        confirm_record(record, word=ASKED, acting_user=cast.chen)

    confirm_record(give_photo(record), acting_user=cast.chen)
    assert balance_of(account_of(cast.anan, bank)).posted == 60


def test_the_policy_lets_hours_of_a_source_bring_nothing(cast, bank, station, monkeypatch):
    terms_of_self_reports(monkeypatch, redeemable=provenance.Redeemable.NEVER)
    record = make_record(cast.anan, station)

    record = confirm_record(record, word=ASKED, acting_user=cast.chen)

    assert (record.minutes, record.credit_minutes, record.credit) == (60, 0, None)
    assert balance_of(account_of(cast.anan, bank)).posted == 0
