"""A small month: what is simulated adds up, and pages ask few questions of the database."""

import pytest
from django.core.management import CommandError, call_command

from config.management.commands.simulate_month import figures_of, targets_of
from config.trials.month import simulate
from timebank.models import Book, HonourStanding, LedgerAccount, ServiceRecord
from timebank.selectors.audit import differences_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_a_small_month_adds_up():
    month = simulate(volunteers=300, seed=1, rounds=3, say=lambda words: None)

    confirmed = ServiceRecord.objects.confirmed()
    assert month.records == confirmed.count() > 500
    assert month.minutes == sum(confirmed.values_list("credit_minutes", flat=True))
    credited = LedgerAccount.objects.filter(kind="person").values_list("posted", flat=True)
    assert sum(credited) == month.minutes
    invented = confirmed.filter(provenance="check_in").count()
    assert invented == month.flags["no_presence"] > 0  # all of them and nobody else
    assert differences_in(Book.objects.get(owner_key__startswith="timebank:")) == []
    assert HonourStanding.objects.exists()
    assert month.questions["board"] == 1
    assert month.questions["statement"] <= 12
    assert {row["name"] for row in figures_of(month).results()} >= {"records", "memory at most"}
    assert len(targets_of(month)) == 2


def test_it_refuses_any_database_but_its_own():
    with pytest.raises(CommandError):
        call_command("simulate_month")

    assert not ServiceRecord.objects.exists()
