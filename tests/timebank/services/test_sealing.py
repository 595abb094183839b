"""The seal: exact bytes, a chain per book, words that can be erased under it, tampering located."""

import json
import struct
from hashlib import sha256

import pytest
from django.db import connections, transaction

from tests.factories.timebank_ledger import give, make_account, make_book, make_user
from timebank.errors.ledger import KeyUsedForOther
from timebank.models.ledger import Hold, Transfer
from timebank.models.sealing import Block, Erasure, Head
from timebank.selectors.audit import (
    PublishedBlock,
    differences_from_published,
    differences_in,
    unsealed_in,
)
from timebank.services.holds import place_hold, settle_hold
from timebank.services.ledger import post_transfer, reverse_transfer
from timebank.services.sealing import (
    erase_reason,
    heads_now,
    publish_heads,
    published_heads,
    seal_book,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def chen():
    return make_user()


@pytest.fixture
def book(chen):
    """Seven transfers: five rewards, a settled hold, a reversal."""
    book = make_book(chen, owner_key="test:seal")
    anan, bai = make_account(book, "安安"), make_account(book, "白奶奶")
    gifts = [give(anan, 60, acting_user=chen) for _number in range(5)]
    hold = place_hold(
        anan, amount=20, to_account=bai, source="o:1", key="h", reason="陪白奶奶就医",
        acting_user=chen,
    )  # fmt: skip
    settle_hold(hold, key="s", acting_user=chen)
    reverse_transfer(gifts[-1], reason="记错了人", key="r", acting_user=chen)
    return book


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def owner(statement, *, walls=False):
    """What a superuser can do who switches the walls off."""
    with connections["owner"].cursor() as cursor:
        if not walls:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET search_path = ledger, public")
        try:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
        finally:
            cursor.execute("RESET session_replication_role")
            cursor.execute("RESET search_path")


def rules(book):
    return {(one.rule, one.subject) for one in differences_in(book)}


def whole(number):
    return struct.pack(">q", number)


def text(words):
    raw = words.encode()
    return whole(len(raw)) + raw


def test_golden_bytes_of_a_transfer_and_a_block():
    """The same hash everywhere and for ever: a row with all its figures given, by hand."""
    salt = bytes(range(16))
    reason = sha256(salt + "为白奶奶理发".encode()).digest()
    leaf = sha256(
        b"qicai:transfer:1"
        + b"".join(whole(n) for n in (900, 901, 1, 77, 1_000_000, 2_000_000, 7, 0, 0, 0))
        + text("reward") + text("timebank.record:5") + text("2026-1") + reason
        + whole(2)
        + b"".join(whole(n) for n in (903, 910, -60, 0, 0))
        + b"".join(whole(n) for n in (904, 911, 60, 1, 60))
    ).digest()  # fmt: skip
    owner(
        """
        INSERT INTO transfer (id, book_id, kind, reason, source, policy_version, happened_at,
                              recorded_at, acting_user_id, reason_salt, epoch, xid)
        VALUES (901, 900, 'reward', '为白奶奶理发', 'timebank.record:5', '2026-1',
                '2000-01-01 00:00:01+00', '2000-01-01 00:00:02+00', 7,
                '\\x000102030405060708090a0b0c0d0e0f', 1, '77');
        INSERT INTO entry (id, book_id, transfer_id, account_id, amount, balance_after, seq)
        VALUES (904, 900, 901, 911, 60, 60, 1), (903, 900, 901, 910, -60, NULL, NULL)
        """
    )

    (row,) = owner(
        """
        SELECT leaf, ledger.hash_of_block(900, 1, '2000-01-01 00:00:03+00',
                                          decode(repeat('00', 32), 'hex'), leaf)
          FROM ledger.leaves(900, 0, 1000)
        """
    )

    assert [bytes(one).hex() for one in row] == [
        leaf.hex(),
        sha256(
            b"qicai:block:1"
            + b"".join([whole(900), whole(1), whole(3_000_000), bytes(32), whole(1), leaf])
        ).hexdigest(),
    ]
    assert leaf.hex() == GOLDEN_LEAF


GOLDEN_LEAF = "b3de8bf0289821e9aba00fd2c017b675b53278783eaa45d2991276b340946e1d"


def test_blocks_chain_and_bear_out(book):
    assert unsealed_in(book) == 7

    assert seal_book(book, block_size=3) == 7
    assert seal_book(book, block_size=3) == 0

    blocks = list(Block.objects.filter(book=book).order_by("number"))
    assert [len(block.transfers) for block in blocks] == [3, 3, 1]
    assert bytes(blocks[0].previous_hash) == bytes(32)
    assert bytes(blocks[2].previous_hash) == bytes(blocks[1].hash)
    head = Head.objects.get(book=book)
    assert (head.number, head.transfers, bytes(head.hash)) == (3, 7, bytes(blocks[2].hash))
    assert unsealed_in(book) == 0
    assert differences_in(book) == []


def test_what_a_running_transaction_wrote_waits_though_its_number_is_low(book, chen):
    """A late committer with a low id must not slip past the seal."""
    anan = make_account(book, "诸阿姨")
    with transaction.atomic():
        give(anan, 1, acting_user=chen)  # its number is taken, its transaction is running
        owner("SELECT 1")
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT ledger.seal(%s)", [book.pk])
            assert cursor.fetchone() == (7,)
    assert seal_book(book) == 1

    assert differences_in(book) == []


def test_reason_is_erased_and_the_seal_holds(book, chen):
    seal_book(book)
    settled = Transfer.objects.get(book=book, kind="use")

    erased = erase_reason(settled, why="本人要求", acting_user=chen)
    again = erase_reason(settled, why="本人要求", acting_user=chen)

    assert (erased.reason, erased.is_reason_erased, again.pk) == ("", True, erased.pk)
    assert Hold.objects.get(pk=settled.hold_id).reason == ""
    assert "就医" not in str(owner("SELECT * FROM transfer, hold, hold_resolution"))
    assert Erasure.objects.get(transfer=settled.pk).why == "本人要求"
    assert differences_in(book) == []
    for statement in (
        "UPDATE ledger.transfer SET reason = 'x' WHERE kind = 'reward'",
        "UPDATE ledger.transfer SET reason_hash = NULL",
        "UPDATE ledger.idempotency_key SET request_hash = 'x'",
        "UPDATE ledger.block SET number = number",
    ):
        with pytest.raises(Exception, match=r"refused|never rewritten"):
            owner(statement, walls=True)


def test_erased_request_is_not_answered_to_a_guess(book, chen):
    account = make_account(book, "方爷爷")
    facts = {
        "book": book, "from_account": make_account(book, "队", floor=None), "to_account": account,
        "amount": 5, "kind": "gift", "source": "t", "key": "k:9", "acting_user": chen,
    }  # fmt: skip
    transfer = post_transfer(reason="看病", **facts)
    erase_reason(transfer, why="本人要求", acting_user=chen)

    with pytest.raises(KeyUsedForOther):
        post_transfer(reason="看病", **facts)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE transfer SET acting_user_id = acting_user_id + 1 WHERE id = {id}",
         "sealed_transfer_is_unchanged"),
        ("UPDATE transfer SET reason = '别的话' WHERE id = {id}", "sealed_transfer_is_unchanged"),
        ("UPDATE entry SET amount = amount * 2 WHERE transfer_id = {id}",
         "sealed_transfer_is_unchanged"),
        ("DELETE FROM entry WHERE transfer_id = {id}; DELETE FROM transfer WHERE id = {id}",
         "sealed_transfer_is_unchanged"),
        ("INSERT INTO transfer SELECT * FROM (SELECT (jsonb_populate_record(t, jsonb_build_object("
         "'id', 999999))).* FROM transfer t WHERE id = {id}) s", "settled_transfer_is_sealed"),
        ("UPDATE block SET transfers = transfers[2:2] || transfers[1:1] || transfers[3:]"
         " WHERE number = 1", "sealed_transfer_is_unchanged"),
        ("UPDATE block SET sealed_at = sealed_at - interval '1 day' WHERE number = 2",
         "block_has_its_hash"),
        ("DELETE FROM block WHERE number = 2", "block_follows_the_one_before"),
        ("UPDATE head SET hash = previous_hash FROM block WHERE block.number = 3",
         "head_is_the_last_block"),
    ],
)  # fmt: skip
def test_tampering_with_sealed_rows_is_named(book, statement, rule):
    seal_book(book, block_size=3)
    second = Transfer.objects.filter(book=book).order_by("pk")[1]

    owner(statement.format(id=second.pk))

    named = [subject for name, subject in rules(book) if name == rule]
    assert named
    if rule == "sealed_transfer_is_unchanged":
        assert f"transfer {second.pk} in block 1" in named


def test_heads_are_published_outside_and_betray_a_chain_made_anew(book):
    seal_book(book, block_size=3)

    published = publish_heads()
    assert [one.number for one in published] == [3]
    assert publish_heads() == []
    assert [row["hash"] for row in published_heads()] == [heads_now()[-1].hash]
    json.dumps(published_heads())

    owner("DELETE FROM block; DELETE FROM head;"
          " UPDATE transfer SET acting_user_id = 1 WHERE kind = 'use'")  # fmt: skip
    seal_book(book, block_size=3)
    outside = [PublishedBlock(r["book"], r["number"], r["hash"]) for r in published_heads()]

    assert [one.rule for one in differences_from_published(outside)] == ["published_head_stands"]


@pytest.fixture
def restored():
    """As after a restore: the cluster is another one, and its transaction numbers start low."""
    yield lambda: owner(
        "UPDATE epoch SET system_identifier = 1; UPDATE head SET xid = '900000000000'"
    )
    owner("ALTER TABLE transfer ALTER epoch SET DEFAULT 1")


def test_restored_ledger_begins_a_new_epoch_and_seals_what_was_left(book, chen, restored):
    seal_book(book)
    give(make_account(book, "刘姐"), 5, acting_user=chen)
    restored()

    seal_book(book)
    give(make_account(book, "小林"), 5, acting_user=chen)
    sealed = seal_book(book)

    assert sealed == 1
    assert owner("SELECT DISTINCT epoch FROM transfer ORDER BY 1") == [(1,), (2,)]
    assert unsealed_in(book) == 0
    assert differences_in(book) == []
