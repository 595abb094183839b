"""The trials of the ledger at their smallest: they run, say what was asked in the common shape, and
the bank test's checker notices a ledger that was broken on purpose."""

import json

import pytest

from config.trials.bank import Journal, Movement, Reading
from config.trials.bank_check import check
from config.trials.ground import Ground
from config.trials.report import Figures, Target, as_text
from tests.config.processes import manage, own_room
from tests.factories.timebank_ledger import give, make_account, make_book, make_issuance, make_user
from timebank.services.holds import place_hold, release_hold
from timebank.services.ledger import post_transfer

SHAPE = {"command", "ok", "machine", "seconds", "results", "targets"}


def run(*words: str) -> tuple[int, dict]:
    with own_room() as room:
        done = manage(*words, "--json", folder=room / "data", seconds=600)
        left = [path.name for path in room.iterdir() if path.name != "data"]
    assert done.stdout, done.stderr[-3000:]
    assert left == [], "the servers' folder is thrown away"
    return done.returncode, json.loads(done.stdout)


def value(report: dict, name: str) -> float:
    (row,) = [row for row in report["results"] if row["name"] == name]
    return row["median"]


@pytest.mark.long
def test_bank_test_loses_nothing_when_its_database_is_killed():
    code, report = run("bank_test", "--seconds", "3", "--clients", "4", "--kill-db", "1")

    assert set(report) >= SHAPE
    assert (code, report["command"], report["ok"], report["found"]) == (0, "bank_test", True, {})
    assert value(report, "kills") == 1
    assert value(report, "acknowledged") > 0
    assert value(report, "full reads") > 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("broken", "noticed"),
    [
        ("no-idempotency", "duplicated"),
        ("no-lock", "reads not conserving the total"),
    ],
)
def test_bank_test_notices_a_broken_ledger(broken, noticed):
    code, report = run(
        "bank_test", "--seconds", "10", "--clients", "8", "--kill-db", "2", "--broken", broken
    )

    assert (code, report["ok"]) == (0, True), "caught is what should be"
    assert noticed in report["found"]


@pytest.mark.long
def test_bench_ledger_measures_every_case_and_judges_every_target():
    code, report = run(
        *("bench_ledger", "--rounds", "1", "--seconds", "1"),
        *("--growth", "--entries", "20000", "40000"),
    )

    assert set(report) >= SHAPE
    assert (code, report["command"], report["ok"]) == (0, "bench_ledger", True)
    # An age may be nothing; what was done in a second, or cost, may not.
    assert all(row["median"] > 0 for row in report["results"] if row["unit"] != "s")
    assert all(target["value"] is not None for target in report["targets"])
    assert set(report["targets"][0]) == {"name", "target", "value", "met"}


def test_figures_keep_every_round_and_ratios_are_of_medians():
    figures = Figures()
    for one, other in ((100, 50), (300, 60), (200, 40)):
        figures.add("one", one, "per second")
        figures.add("other", other, "per second")

    assert figures.ratio("one", "other") == 4
    assert figures.ratio("one", "never measured") is None
    assert figures.results()[0] == {
        "name": "one", "unit": "per second", "median": 200, "low": 100, "high": 300,
    }  # fmt: skip
    missed = Target.at_least("one / other", 5, figures.ratio("one", "other"))
    assert missed.as_json() == {
        "name": "one / other", "target": ">= 5", "value": 4.0, "met": False,
    }  # fmt: skip
    assert "not met" in as_text(figures, [missed])
    assert Target.at_most("lost", 0, 0).met
    assert not Target.at_least("unmeasured", 1, None).met


@pytest.mark.django_db
def test_checker_names_every_broken_promise():
    """What was told against what stands: each movement here is wrong in its own way but the first
    two."""
    chen = make_user()
    book = make_book(chen)
    anan, bai = make_account(book), make_account(book, "白奶奶")
    give(anan, 100, acting_user=chen)
    ground = Ground(book, chen, [anan, bai], make_issuance(book), bai, None)
    facts = {"payer": anan.pk, "payee": bai.pk, "amount": 5}

    def posted(source: str, key: str, amount: int = 5) -> int:
        return post_transfer(
            book=book, from_account=anan, to_account=bai, amount=amount, kind="use", reason="",
            source=source, key=key, acting_user=chen,
        ).pk  # fmt: skip

    hold = place_hold(
        anan, amount=5, to_account=bai, source="back", key="back", reason="", acting_user=chen
    )
    release_hold(hold, key="back:x", reason="", acting_user=chen)
    journal = Journal(
        movements=[
            Movement("good", how="at_once", answer=posted("good", "good"), **facts),
            Movement("back", how="released", answer=hold.pk, **facts),
            Movement("lost", how="at_once", answer=1, **facts),
            Movement("twice", how="at_once", answer=posted("twice", "twice:1"), **facts),
            Movement("other", how="at_once", answer=posted("other", "other", 6), **facts),
            Movement("refused", how="at_once", refused="not_enough_hours", **facts),
            Movement("silent", how="at_once", **facts),
            Movement("unsure", how="at_once", answer=posted("unsure", "unsure"),
                     told_otherwise=["not_enough_hours"], **facts),
        ],
        readings=[Reading(100, 0), Reading(99, 0), Reading(100, 1)],
    )  # fmt: skip
    posted("twice", "twice:2")
    posted("refused", "refused")

    verdict = check(journal, ground, total=100)

    assert verdict.counts() == {
        "acknowledged lost": 1,
        "duplicated": 1,
        "altered": 1,
        "moved though refused": 1,
        "told otherwise when asked again": 1,
        "never answered": 1,
        "reads not conserving the total": 1,
        "reads with somebody below the floor": 1,
        "differences in the recount": 0,
    }
    assert (verdict.lost, verdict.duplicated, verdict.altered) == (["lost"], ["twice"], ["other"])
    assert not verdict.holds
