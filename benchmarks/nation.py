"""34 provinces, 3,321 stations, 15,001 people: one plan and one bound each, in two processes at a time."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from benchmarks.instances import national
from benchmarks.ours import run_ours
from benchmarks.outside import peak_mb
from benchmarks.tables import Table, percent
from tramyte.rotation import read


def _solve(file: dict[str, Any], seconds: float) -> dict[str, Any]:
    problem = read.problem(file)
    found = run_ours(problem, seconds, workers=1)
    row = {"province": problem.name, "stations": len(problem.stations), "people": len(problem.staff)}
    return {**row, **found.to_json(), "trace": None, "peak": peak_mb()}


def nation(seed: int, minutes: float, *, processes: int = 2, share: float = 1.0) -> Table:
    """How good are the plans of a whole country after so many minutes? Time goes to provinces by their people."""
    problems = national(seed, share=share)
    everybody = sum(len(problem.staff) for problem in problems)
    settings = {"seed": seed, "minutes": minutes, "processes": processes, "people": everybody}
    table = Table("nation: 34 provinces, how good, how soon, how large?", settings)
    order = sorted(problems, key=lambda problem: -len(problem.staff))
    began = time.monotonic()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        budget = minutes * 60 * 0.95 * processes
        asked = [
            pool.submit(_solve, read.to_json(problem), budget * len(problem.staff) / everybody) for problem in order
        ]
        rows = [one.result() for one in asked]
    took = time.monotonic() - began
    for row in rows:
        keys = ("province", "stations", "people", "total", "bound", "seconds", "critical", "peak", "note")
        table.add(**{key: row[key] for key in keys}, gap=percent(row["gap"]))
    _sum_up(table, rows, took, processes)
    return table


def _sum_up(table: Table, rows: list[dict[str, Any]], took: float, processes: int) -> None:
    have = [row for row in rows if row["total"] is not None and row["bound"] is not None]
    total, bound = sum(row["total"] for row in have), sum(row["bound"] for row in have)
    own = peak_mb()
    peaks = [row["peak"] for row in rows if row["peak"] is not None]
    memory = None if own is None or not peaks else own + processes * max(peaks)
    table.summary.append({
        "provinces with plan and bound": f"{len(have)} of {len(rows)}", "total": total, "bound": bound,
        "gap": percent((total - bound) / max(1, total)), "minutes": took / 60, "memory, MB at most": memory,
    })  # fmt: skip
    table.notes.append("Memory: this process, and as many as run at once times the largest of them.")
