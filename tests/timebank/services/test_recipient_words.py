"""The recipient's code or card as the second person for what a coordinator wrote down."""

import pytest

from accounts.errors import NotAllowed, OutOfTurn, Overtaken
from accounts.models import Change, Message, Person, Role, Station
from accounts.models.messages import OutboxItem
from accounts.services.roles import grant_role
from config.demo.cast import XIASHI
from tests.factories.timebank import ASKED, at, make_bank, make_record, make_service
from timebank.errors.presence import CardUnknown
from timebank.errors.records import (
    AskedOftenEnough,
    CardIsNoWitness,
    HeldForLook,
    NothingAsked,
    NumberNotChecked,
    NumberOfSomebodyNear,
    OwnEntry,
    RecipientNotReachable,
)
from timebank.models import RecipientWord, Relation, ServiceRecord
from timebank.selectors.recipients import records_at_card
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.numbers import check_number, told_of
from timebank.services.recipient_words import (
    ask_recipient,
    hear_card,
    hear_code,
    obstacle_to_asking,
)
from timebank.services.recipients import RecipientDetails, add_recipient
from timebank.services.record_decisions import confirm_record
from timebank.services.record_entries import enter_record
from timebank.services.service_cards import make_card, token_of_card

pytestmark = pytest.mark.django_db
PHONE = "+8610000008888"


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def bai(cast):
    person = Person.objects.get(real_name="白秀英")
    Person.objects.filter(pk=person.pk).update(phone="10000008888")
    check_number(person, phone=PHONE, acting_user=cast.dai)
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def entry(cast, bank, bai):
    """陈站长 writes down what 安安 did for 白奶奶, who has a phone of her own."""
    service = make_service(
        cast.stations["nanguanxiang"], recipient=bai, for_whom="", late_reason="本人打电话来说"
    )
    return enter_record(cast.anan, service, acting_user=cast.chen)


def _minutes(cast, bank):
    return balance_of(account_of(cast.anan, bank)).posted


def test_code_from_the_recipients_phone_confirms_what_the_station_wrote_down(cast, bank, entry):
    with pytest.raises(OwnEntry):
        confirm_record(entry, word=ASKED, acting_user=cast.chen)

    word = ask_recipient(entry, acting_user=cast.chen)
    wrong = hear_code(entry, f"{(int(word.code) + 1) % 10_000:04d}", acting_user=cast.chen)
    right = hear_code(entry, word.code, acting_user=cast.chen)

    sent = OutboxItem.objects.get()
    assert (sent.to, word.sent_to) == (PHONE, "100****8888")
    assert word.code in sent.body
    assert "1 小时" in sent.body
    assert (wrong.is_right, wrong.tries_left, right.is_right) == (False, 4, True)
    entry.refresh_from_db()
    assert entry.state == "confirmed"
    assert entry.provenance == "recipient_code"
    assert (entry.confirmed_by.kind, entry.led_by) == ("system", cast.chen.display_name)
    assert _minutes(cast, bank) == 60
    heard = RecipientWord.objects.get(record=entry)
    assert (heard.how, heard.told_by) == ("code", cast.chen)
    assert Change.objects.filter(verb="confirm_by_word").get().acting_user == cast.chen
    told = set(Message.objects.filter(to_user=cast.anan).values_list("kind", flat=True))
    assert told == {"record_entered", "record_confirmed"}
    with pytest.raises(OutOfTurn):
        hear_code(entry, word.code, acting_user=cast.chen)
    assert _minutes(cast, bank) == 60


def test_code_is_guessed_five_times_and_sent_three_times_at_most(cast, entry):
    with pytest.raises(NothingAsked):
        hear_code(entry, "0000", acting_user=cast.chen)
    for _sending in range(3):
        word = ask_recipient(entry, acting_user=cast.chen)
    with pytest.raises(AskedOftenEnough):
        ask_recipient(entry, acting_user=cast.chen)
    wrong = f"{(int(word.code) + 1) % 10_000:04d}"
    for left in (4, 3, 2, 1, 0):
        assert hear_code(entry, wrong, acting_user=cast.chen).tries_left == left

    with pytest.raises(AskedOftenEnough):
        hear_code(entry, word.code, acting_user=cast.chen)

    entry.refresh_from_db()
    assert entry.state == "submitted"


def test_number_of_somebody_near_is_not_the_recipients(cast, bai, entry):
    home = cast.stations["nanguanxiang"]
    grant_role(cast.dai, Role.Kind.COORDINATOR, station=home, acting_user=cast.guan)
    Station.objects.filter(pk=home.pk).update(phone="13900000009")
    Person.objects.filter(user=cast.anan).update(phone="100-0000-5555")
    for phone, refusal in (
        ("", RecipientNotReachable),
        ("12", RecipientNotReachable),
        (cast.chen.phone, NumberOfSomebodyNear),
        (cast.anan.phone, NumberOfSomebodyNear),
        # the volunteer's other number, another coordinator's, the station's, each written its way
        ("+86 10000005555", NumberOfSomebodyNear),
        (f" {cast.dai.phone.removeprefix('+86')} ", NumberOfSomebodyNear),
        ("139 0000 0009", NumberOfSomebodyNear),
    ):
        Person.objects.filter(pk=bai.pk).update(phone=phone)
        record = ServiceRecord.objects.get(pk=entry.pk)

        assert isinstance(obstacle_to_asking(record, cast.chen), refusal), phone
        with pytest.raises(refusal):
            ask_recipient(record, acting_user=cast.chen)


def test_number_is_the_recipients_only_by_the_word_of_somebody_else(cast, bank):
    home = cast.stations["nanguanxiang"]
    invented = RecipientDetails(real_name="何必真", phone="100 0000 6666")
    number = "+8610000006666"
    person = add_recipient(invented, region=home.region, acting_user=cast.chen)
    service = make_service(home, recipient=person, for_whom="")
    record = enter_record(cast.anan, service, acting_user=cast.chen)

    with pytest.raises(NumberNotChecked):
        ask_recipient(record, acting_user=cast.chen)
    check_number(person, phone=number, acting_user=cast.chen)
    with pytest.raises(NumberNotChecked):
        ask_recipient(record, acting_user=cast.chen)
    with pytest.raises(NotAllowed):
        check_number(person, phone=number, acting_user=cast.anan)
    with pytest.raises(Overtaken):
        check_number(person, phone=PHONE, acting_user=cast.dai)
    check_number(person, phone=number, acting_user=cast.dai)

    assert obstacle_to_asking(record, cast.chen) is None
    assert [one.told_by for one in told_of(person)] == [cast.chen, cast.dai]
    Person.objects.filter(pk=person.pk).update(phone="10000005554")
    record = ServiceRecord.objects.get(pk=record.pk)
    assert isinstance(obstacle_to_asking(record, cast.chen), NumberNotChecked)


def test_number_a_neighbour_wrote_down_is_nobodys_word(cast, bank):
    home = cast.stations["nanguanxiang"]
    person = add_recipient(
        RecipientDetails(real_name="何必真", phone="10000006666"),
        region=home.region,
        acting_user=cast.fang,
    )

    assert told_of(person) == []


def test_nobody_near_the_volunteer_brings_or_gives_the_word(cast, bank, bai, entry):
    home = cast.stations["nanguanxiang"]
    nobody_named = make_record(cast.fang, home)
    of_zhu = Person.objects.get(user=cast.zhu)
    Person.objects.filter(pk=of_zhu.pk).update(phone="10000007777")
    for_kin = enter_record(
        cast.anan,
        make_service(home, recipient=of_zhu, for_whom="", started_at=at(8), ended_at=at(9)),
        acting_user=cast.chen,
    )
    Relation.objects.create(declared_by=cast.anan, relative=cast.zhu, kind="kin")

    for record, person in (
        (entry, cast.dai),
        (entry, cast.fan),
        (nobody_named, cast.chen),
        (for_kin, cast.chen),
    ):
        with pytest.raises(NotAllowed):
            ask_recipient(record, acting_user=person)


def test_card_speaks_only_where_somebody_else_made_it(cast, bank, bai, entry):
    own = make_card(bai, acting_user=cast.chen)
    with pytest.raises(CardIsNoWitness):
        hear_card(entry, token_of_card(own), acting_user=cast.chen)
    card = make_card(bai, acting_user=cast.dai)
    with pytest.raises(CardUnknown):
        hear_card(entry, token_of_card(own), acting_user=cast.chen)
    assert records_at_card(card, cast.chen) == [entry]
    assert records_at_card(card, cast.fang) == []

    hear_card(entry, token_of_card(card), acting_user=cast.chen)

    entry.refresh_from_db()
    assert (entry.state, entry.provenance) == ("confirmed", "recipient_code")
    assert (entry.recipient_word.how, entry.recipient_word.card) == ("card", card)
    assert _minutes(cast, bank) == 60


def test_coordinators_own_service_is_confirmed_by_whom_it_was_for(cast, bank, bai):
    service = make_service(cast.stations["nanguanxiang"], recipient=bai, for_whom="")
    record = enter_record(cast.chen, service, acting_user=cast.chen)

    word = ask_recipient(record, acting_user=cast.chen)
    hear_code(record, word.code, acting_user=cast.chen)

    record.refresh_from_db()
    assert record.state == "confirmed"
    assert record.confirmed_by != cast.chen


def test_held_record_waits_for_a_look_and_no_word_frees_it(cast, bank, bai):
    long = make_service(
        cast.stations["nanguanxiang"],
        recipient=bai,
        for_whom="",
        started_at=at(8),
        ended_at=at(18),
        late_reason="值夜陪护",
    )
    record = enter_record(cast.anan, long, acting_user=cast.chen)

    with pytest.raises(HeldForLook):
        ask_recipient(record, acting_user=cast.chen)


def test_card_is_made_by_the_towns_workers_too(cast, bank, bai):
    assert bai.region.code.startswith(XIASHI[:9])
    assert make_card(bai, acting_user=cast.dai).made_by == cast.dai
    with pytest.raises(NotAllowed):
        make_card(bai, acting_user=cast.xu)
