"""The bench of the award walk at a small size."""

import json

from django.core.management import call_command


def test_bench_tells_seconds_baseline_and_target(capsys):
    call_command("bench_award_walk", "--json", "--proposals", "200", "--times", "2")

    report = json.loads(capsys.readouterr().out)
    assert report["ok"]
    assert {row["name"] for row in report["results"]} == {"walk", "record", "greedy"}
    assert report["targets"][0]["met"]
    assert 0 < report["funded"] < 200
