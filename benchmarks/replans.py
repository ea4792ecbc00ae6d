"""Somebody is ill, or some stations need more. How soon is there a plan again, how good, and who else must move?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from benchmarks import events
from benchmarks.instances import preset
from benchmarks.ours import run_ours
from benchmarks.peers import Result, score
from benchmarks.tables import Table, percent, rank, worst
from tramyte.domain.plan import Tour
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Problem

Strike = Callable[[Problem, Sequence[Tour], int], events.Event]
STRIKES: dict[str, Strike] = {
    "3 % ill": lambda problem, plan, seed: events.ill(problem, plan, seed, share=0.03),
    "1 % ill": lambda problem, plan, seed: events.ill(problem, plan, seed, share=0.01),
    "licence lost": events.licence_lost,
    "surge": events.surge,
}


def repair(event: events.Event, seconds: float) -> Result:
    """Return the plan after the event: the one place that says how a plan is mended."""
    return run_ours(event.problem, seconds)


def kept(event: events.Event) -> Result:
    """Return the plan in force without the tours that the event ends: to do nothing."""
    stand = {tour.key for tour in event.problem.locked_set}
    tours = [tour for tour in event.in_force if tour.key not in event.lost and tour.key not in stand]
    return score(event.problem, "nothing", [*event.problem.locked_set, *tours], 0.0)


def replans(
    size: str,
    seeds: Sequence[int],
    *,
    first: float,
    again: float,
    limit: float,
    times: int = 3,
    strikes: Sequence[str] = ("3 % ill",),
) -> Table:
    """
    first : seconds for the plan in force; again: for a full re-solve to compare with; limit: for the repair
    times : events for each seed and kind
    """
    settings = {"preset": size, "seeds": list(seeds), "plan": first, "repair": limit, "re-solve": again}
    table = Table(f"{size}: how soon is there a plan again, and who must move?", settings)
    for seed in seeds:
        problem = preset(size, seed)
        plan = run_ours(problem, first).tours
        for name in strikes:
            for number in range(times):
                _one(table, STRIKES[name](problem, plan, seed * 100 + number), name, seed, limit, again)
    for name in strikes:
        rows = [row for row in table.rows if row["event"] == name]
        seconds = [row["seconds"] for row in rows]
        table.summary.append({
            "event": name, "seconds p50": rank(seconds, 0.5), "p95": rank(seconds, 0.95),
            "left critical that a re-solve avoids": sum(max(0, row["critical"] - row["full_critical"]) for row in rows),
            "tours touched, worst": percent(worst(row["share"] for row in rows)),
            "over the re-solve, worst": percent(worst(row["over"] for row in rows)),
        })  # fmt: skip
    table.notes.append(
        "Touched: tours in force that the event does not end and that are not kept. Seconds: the call, with "
        "everything in it. Over: cost above that of the full re-solve; below 0, the repair is better."
    )
    return table


def _one(table: Table, event: events.Event, name: str, seed: int, limit: float, again: float) -> None:
    began = time.monotonic()
    mended = repair(event, limit)
    seconds = time.monotonic() - began
    full, idle = run_ours(event.problem, again), kept(event)
    total, best = mended.total or 0, full.total or 1
    touched = event.touched(mended.tours)
    table.add(
        event=name, seed=seed, struck=event.struck, lost=len(event.lost), seconds=round(seconds, 2),
        nothing=objective(event.problem, idle.tours).total, idle_critical=idle.critical, total=mended.total,
        critical=mended.critical, touched=touched, share=touched / max(1, len(event.in_force)), full=full.total,
        full_critical=full.critical, full_touched=event.touched(full.tours), over=total / best - 1,
    )  # fmt: skip
