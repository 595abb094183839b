"""COMMIT may come back with a warning only: it stands here, and on the standby perhaps not.

The server is told to wait for a standby that does not exist, and the wait is cancelled, as an
operator would who wants to go on. Whoever asked must not take that for an answer.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import Message
from config import env
from config.embedded.postgres import Cluster
from config.middleware import CertaintyMiddleware
from tests.factories.timebank import make_bank
from tests.factories.timebank_clearing import make_agreement, make_neighbour
from tests.factories.timebank_ledger import make_account, make_book, make_issuance, make_user
from tests.factories.timebank_orders import give_hours
from timebank.models.ledger import Transfer
from timebank.selectors.audit import differences_in
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.certainty import doubts
from timebank.services.clearing import send_hours
from timebank.services.ledger import post_transfer

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.skipif(not env.uses_embedded_database(), reason="the server is not ours to set up"),
]


@contextmanager
def waiting_for_a_standby_that_is_not_there():
    """Other tests' commits do not wait: they are asynchronous (`synchronous_commit = off`)."""
    with Cluster(env.data_folder()).connect() as superuser:
        superuser.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        superuser.execute("SELECT pg_reload_conf()")
        try:
            yield superuser
        finally:
            superuser.execute("ALTER SYSTEM RESET synchronous_standby_names")
            superuser.execute("SELECT pg_reload_conf()")


def in_a_thread(threads: ThreadPoolExecutor, act) -> Future:
    def run():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit = on")
            return act(), doubts()
        finally:
            connection.close()

    return threads.submit(run)


def cancel_the_wait(superuser, asked: Future) -> None:
    """Cut short whoever waits for the standby now, once, and see that they heard of it."""
    give_up_at = time.monotonic() + 30
    while time.monotonic() < give_up_at and not asked.done():
        waiting = superuser.execute(
            "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        ).fetchall()
        if waiting:
            time.sleep(0.05)  # it waits, and does not merely begin to
            for (pid,) in waiting:
                superuser.execute("SELECT pg_cancel_backend(%s)", [pid])
            time.sleep(0.3)
            return
        time.sleep(0.02)
    pytest.fail("nobody waited for the standby")


def test_commit_that_did_not_reach_its_standby_is_asked_again_until_one_does():
    chen = make_user()
    book = make_book(chen)
    issuance, anan = make_issuance(book), make_account(book)
    ask = partial(
        post_transfer, book=book, from_account=issuance, to_account=anan, amount=60,
        kind="reward", reason="", source="s", key="k", acting_user=chen,
    )  # fmt: skip

    with ThreadPoolExecutor(1) as threads:
        with waiting_for_a_standby_that_is_not_there() as superuser:
            asked = in_a_thread(threads, ask)
            cancel_the_wait(superuser, asked)  # of the posting: in doubt
            cancel_the_wait(superuser, asked)  # of the question after it: in doubt still
            time.sleep(0.3)
            answered_early = asked.done()
        transfer, heard = asked.result(30)  # the standby is not waited for any more

    assert not answered_early
    assert heard == 2
    assert Transfer.objects.get(book=book).pk == transfer.pk
    assert balance_of(anan).posted == 60
    assert differences_in(book) == []


def test_service_that_changes_a_state_and_posts_is_asked_again_whole(cast):
    bank, neighbour = make_bank(), make_neighbour()
    make_agreement(bank, neighbour)
    give_hours(cast.anan, 90, station=cast.stations["nanguanxiang"])
    account, aunt = account_of(cast.anan, bank), make_account(neighbour.book, "桐乡阿姨")
    send = partial(
        send_hours, account, to_account=aunt, minutes=60, reason="", request_key=uuid4(),
        acting_user=cast.anan,
    )  # fmt: skip

    with ThreadPoolExecutor(1) as threads:
        with waiting_for_a_standby_that_is_not_there() as superuser:
            asked = in_a_thread(threads, send)
            cancel_the_wait(superuser, asked)
        crossing, heard = asked.result(30)

    crossing.refresh_from_db()
    assert heard == 1
    assert (crossing.minutes, balance_of(account).posted) == (60, 30)
    assert Transfer.objects.filter(book_id=bank.book_id, kind="outward").count() == 1
    assert differences_in(bank.book) == []


def test_page_does_not_say_done_before_the_standby_has_it(cast):
    """Whatever it was that committed: here it is only what somebody wrote down."""

    def write_and_answer(request):
        Message.objects.create(
            to_user=cast.anan, kind="news", title="明天有活动", body="", key="proof:standby"
        )
        return HttpResponse("办好了")

    def ask():
        request = RequestFactory().post("/somewhere/")
        request.user = cast.anan
        return CertaintyMiddleware(write_and_answer)(request)

    with (
        ThreadPoolExecutor(1) as threads,
        waiting_for_a_standby_that_is_not_there() as superuser,
    ):
        asked = in_a_thread(threads, ask)
        for _try in range(4):  # of the writing, and of each question after it
            cancel_the_wait(superuser, asked)
        told, _heard = asked.result(30)

    assert told.status_code == 503
    assert "暂时不能确认" in told.content.decode()
    assert Message.objects.filter(key="proof:standby").count() == 1
