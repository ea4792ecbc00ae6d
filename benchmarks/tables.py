"""Tables for people, and the same rows as JSON: medians and worst over seeds, a dash where there is nothing."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

Row = dict[str, Any]


@dataclass
class Table:
    """One question, its rows as they come, and what was summed up."""

    question: str
    settings: Row
    rows: list[Row] = field(default_factory=list)
    summary: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, **row: Any) -> None:
        """Take one row, and say it at once: runs are long."""
        self.rows.append(row)
        print("  " + "  ".join(f"{key} {shown(value)}" for key, value in row.items()), file=sys.stderr, flush=True)

    def text(self) -> str:
        """Return the table."""
        settings = ", ".join(f"{key} {shown(value)}" for key, value in self.settings.items())
        lines = [f"## {self.question}", f"({settings})", ""]
        lines += lined(self.rows)
        if self.summary:
            lines += ["", *lined(self.summary)]
        return "\n".join([*lines, *(f"· {note}" for note in self.notes), ""])

    def to_json(self) -> Row:
        """Return everything."""
        return {
            "question": self.question,
            "settings": self.settings,
            "rows": self.rows,
            "summary": self.summary,
            "notes": self.notes,
        }


def lined(rows: Sequence[Row]) -> list[str]:
    """Return rows under their keys, in columns."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    cells = [keys, *([shown(row.get(key)) for key in keys] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(keys))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]


def shown(value: object) -> str:
    """Return a value as a table has it; None is a dash."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return " ".join(map(shown, value))
    return str(value)


def percent(share: float | None, digits: int = 2) -> str | None:
    """Return a share in per cent."""
    return None if share is None else f"{share:.{digits}%}"


def middle(values: Iterable[float | None]) -> float | None:
    """Return the median; a run that never got there counts as worse than all others."""
    found = [float("inf") if value is None else value for value in values]
    value = median(found) if found else None
    return None if value is None or value == float("inf") else value


def worst(values: Iterable[float | None]) -> float | None:
    """Return the largest; None if one run never got there."""
    found = list(values)
    return None if not found or None in found else max(value for value in found if value is not None)


def rank(values: Iterable[float], share: float) -> float:
    """Return the value below which that share of all lies, the next one up."""
    order = sorted(values)
    return order[min(len(order) - 1, int(share * len(order)))]


def save(tables: Sequence[Table], path: Path) -> None:
    """Write all tables as one JSON file."""
    machine = {"python": platform.python_version(), "system": platform.system(), "machine": platform.machine()}
    data = {"machine": machine, "tables": [table.to_json() for table in tables]}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")
