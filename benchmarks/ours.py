"""Our solver as a user calls it, its progress noted: when was which plan there, with which proof?"""

from __future__ import annotations

import inspect
import time
from collections.abc import Sequence
from threading import Event
from typing import Any

from benchmarks.peers import Mark, Result, score
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve import Progress, solve


def run_ours(
    problem: Problem, seconds: float, *, seed: int = 1, until: float | None = None, workers: int = 2
) -> Result:
    """
    Return what `solve` finds in so many seconds; building, checks and explanations are inside its time.

    until : stop as soon as the proven gap is no larger, for times to a gap
    """
    stop, trace = Event(), list[Mark]()
    began = time.monotonic()

    def note(now: Progress) -> None:
        total, bound = getattr(now, "total", None), getattr(now, "bound", None)
        if total is not None:
            trace.append((time.monotonic() - began, total, bound))
            if until is not None and bound is not None and total - bound <= until * max(1, abs(total)):
                stop.set()

    more: dict[str, Any] = {"workers": workers} if "workers" in inspect.signature(solve).parameters else {}
    plan = solve(problem, seconds=seconds, seed=seed, stop=stop, progress=note, **more)
    took = time.monotonic() - began
    trace.append((took, plan.objective.total, plan.bound))
    return score(problem, "tramyte", plan.assignments, took, bound=plan.bound, trace=trace)


def at(trace: Sequence[Mark], seconds: float) -> tuple[float | None, float | None]:
    """Return the best total and the best bound known after so many seconds; None: none yet."""
    seen = [mark for mark in trace if mark[0] <= seconds]
    bounds = [bound for _, _, bound in seen if bound is not None]
    return min((total for _, total, _ in seen), default=None), max(bounds, default=None)


def time_to_gap(trace: Sequence[Mark], gap: float) -> float | None:
    """Return the seconds until the proven gap was at most that; None: never."""
    for seconds, _, _ in trace:
        total, bound = at(trace, seconds)
        if total is not None and bound is not None and total - bound <= gap * max(1, abs(total)):
            return seconds
    return None


def time_to_bound(trace: Sequence[Mark], bound: float) -> float | None:
    """Return the seconds until the proven bound was at least that; None: never."""
    return next((seconds for seconds, _, known in trace if known is not None and known >= bound), None)
