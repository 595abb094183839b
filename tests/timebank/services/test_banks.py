"""Open banks, and accounts in them lazily; the catalogue follows its file."""

import json

import pytest

from accounts.errors import NotAllowed
from accounts.models import Change, Region
from tests.factories.timebank import make_bank, make_confirmed_record
from timebank.errors.records import NoBankHere
from timebank.models import (
    AccountKind,
    ExcludedService,
    LedgerAccount,
    ServiceType,
    TimeBank,
    Unit,
)
from timebank.selectors.banks import bank_serving, banks_of, person_account, station_pool
from timebank.services.banks import account_of, bank_at, open_bank, pool_of
from timebank.services.catalogue import CATALOGUE, load_catalogue

pytestmark = pytest.mark.django_db


def test_bank_opens_with_book_issuance_and_city_pool(cast):
    bank = make_bank()

    accounts = LedgerAccount.objects.filter(book=bank.book_id).order_by("kind")
    assert bank.book.unit == Unit.MINUTE
    assert [(account.kind, account.is_counted) for account in accounts] == [
        (AccountKind.ISSUANCE, False),
        (AccountKind.POOL, True),
    ]
    assert Change.objects.filter(verb="open").count() == 1


def test_opening_again_gives_the_same_bank(cast):
    assert make_bank() == make_bank()

    assert TimeBank.objects.count() == 1


@pytest.mark.parametrize("who", ["anan", "chen", "fan", "shu"])
def test_only_administrators_open_banks(cast, who):
    region = Region.objects.get(code="330481000000")

    with pytest.raises(NotAllowed):
        open_bank("海宁时间银行", region=region, acting_user=getattr(cast, who))


def test_nearest_bank_serves_a_place(cast):
    city = make_bank()
    town = make_bank("330481101000", "许村时间银行")

    assert bank_serving(cast.stations["nanguanxiang"].region) == city
    assert bank_serving(cast.stations["xucun"].region) == town


def test_place_without_bank_says_so(cast):
    with pytest.raises(NoBankHere):
        bank_at(cast.stations["xucun"].region)


def test_accounts_of_two_banks_stand_in_two_books(cast):
    city = make_bank()
    town = make_bank("330481101000", "许村时间银行")
    make_confirmed_record(cast.anan, cast.stations["xucun"], cast.cheng)

    assert person_account(cast.anan, city) is None
    assert person_account(cast.anan, town).posted == 60
    assert banks_of(cast.anan) == [town]


def test_account_is_opened_once(cast):
    bank = make_bank()

    assert account_of(cast.anan, bank) == account_of(cast.anan, bank)


def test_each_station_has_its_own_pool(cast):
    bank = make_bank()
    station = cast.stations["nanguanxiang"]
    assert station_pool(station, bank) is None

    pool = pool_of(station)

    assert pool.kind == AccountKind.POOL
    assert station_pool(station, bank) == pool
    assert pool_of(cast.stations["xucun"]) != pool


def test_catalogue_loads_twice_without_doubles(db):
    count = load_catalogue()

    assert load_catalogue() == count == ServiceType.objects.active().count()
    assert ExcludedService.objects.count() == 7


def test_service_no_longer_in_the_file_stays_inactive(db, tmp_path):
    load_catalogue()
    rows = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    shorter = tmp_path / "catalogue.json"
    shorter.write_text(json.dumps(rows | {"services": rows["services"][:1]}), encoding="utf-8")

    load_catalogue(shorter)

    assert [row.code for row in ServiceType.objects.active()] == ["S01"]
    assert ServiceType.objects.count() == len(rows["services"])
