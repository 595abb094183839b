"""Figures of a trial and how they are told: medians with ranges, ratios with targets."""

import json
import os
import platform
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection

EXACT_BELOW = 10  # figures smaller than this keep three decimals


@dataclass
class Figures:
    """What was measured, by name; a name has one unit and a value per round."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str) -> None:
        self.values[name].append(value)
        self.units[name] = unit

    def median(self, name: str) -> float:
        return median(self.values[name])

    def ratio(self, one: str, other: str) -> float | None:
        """One median over another; None where either was not measured or is nothing."""
        if one not in self.values or other not in self.values or not self.median(other):
            return None
        return self.median(one) / self.median(other)

    def results(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "unit": self.units[name],
                "median": _rounded(median(values)),
                "low": _rounded(min(values)),
                "high": _rounded(max(values)),
            }
            for name, values in self.values.items()
        ]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be: at least, at most, or exactly this."""

    name: str
    target: str
    value: float | None
    met: bool

    @classmethod
    def at_least(cls, name: str, bound: float, value: float | None) -> "Target":
        return cls(name, f">= {bound:g}", value, value is not None and value >= bound)

    @classmethod
    def at_most(cls, name: str, bound: float, value: float | None) -> "Target":
        return cls(name, f"<= {bound:g}", value, value is not None and value <= bound)

    def as_json(self) -> dict[str, Any]:
        value = None if self.value is None else _rounded(self.value)
        return {"name": self.name, "target": self.target, "value": value, "met": self.met}


def as_json(
    command: str,
    *,
    ok: bool,
    seconds: float,
    figures: Figures,
    targets: list[Target],
    **more: Any,
) -> str:
    """The shape that every command with `--json` prints."""
    report = {
        "command": command,
        "ok": ok,
        "machine": machine(),
        "seconds": round(seconds, 1),
        "results": figures.results(),
        "targets": [target.as_json() for target in targets],
        **more,
    }
    return json.dumps(report, ensure_ascii=False, indent=2, default=str)


def as_text(figures: Figures, targets: list[Target]) -> str:
    lines = [
        f"{row['name']:<42} {row['median']:>12,} {row['unit']:<12}"
        f" ({row['low']:,} to {row['high']:,})"
        for row in figures.results()
    ]
    for row in (target.as_json() for target in targets):
        verdict = "met" if row["met"] else "not met" if row["value"] is not None else "not measured"
        lines.append(f"{row['name']:<58} {row['target']:>10}  {row['value']}  {verdict}")
    return "\n".join(lines)


def machine() -> str:
    """What it ran on, and how busy that was already."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone() or ("?",)
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return (
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"PostgreSQL {version}, load {load}"
    )


def _rounded(value: float) -> float:
    return round(value, 3) if abs(value) < EXACT_BELOW else round(value, 1)
