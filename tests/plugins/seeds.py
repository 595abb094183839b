"""Chance under control: every run prints the seed that repeats it, and how far it looked.

`--hypothesis-seed=N` repeats a run. The long tests (`-m long`) run the same properties with full
figures; without it they run at reduced size.
"""

import random

import hypothesis
import pytest
from hypothesis import HealthCheck, core

hypothesis.settings.register_profile(
    "short",
    max_examples=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis.settings.register_profile(
    "long", hypothesis.settings.get_profile("short"), max_examples=1000
)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if (given := getattr(config, "workerinput", {}).get("seed")) is not None:
        core.global_force_seed = given
    elif core.global_force_seed is None:
        core.global_force_seed = random.SystemRandom().randrange(2**32)
    runs_long = config.option.markexpr.strip() == "long"
    hypothesis.settings.load_profile("long" if runs_long else "short")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """The processes of one run share its seed."""
    node.workerinput["seed"] = core.global_force_seed


def pytest_report_header() -> str:
    figures = hypothesis.settings.default
    assert figures is not None
    return (
        f"hypothesis: --hypothesis-seed={core.global_force_seed}, "
        f"up to {figures.max_examples} examples each"
    )


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.write_line(f"seed: --hypothesis-seed={core.global_force_seed}")
