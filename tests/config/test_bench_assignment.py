"""The bench of the assignment at its smallest size."""

import json

from django.core.management import call_command


def test_bench_tells_cost_bound_and_targets(capsys):
    call_command("bench_assignment", "--json", "--sizes", "40x10")

    report = json.loads(capsys.readouterr().out)
    (size,) = report["results"]
    assert size["is_optimal"]
    assert size["bound"] <= size["cost"]
    assert size["peak_megabytes"] > 0
    assert {target["name"]: target["met"] for target in report["targets"]} == {"40 x 10: gap": True}
