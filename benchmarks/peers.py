"""The peers, each answering the same question in the same run. All are scored by `tramyte.rotation.check`."""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks import clerk
from benchmarks.outside import ask
from benchmarks.slots import question, tours_of_slots
from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.check import check, objective, unmet
from tramyte.rotation.problem import Problem

Found = tuple[list[Tour], float]  # tours, proven bound on the total (-inf: none)
Mark = tuple[float, float, float | None]  # seconds, total, bound


@dataclass(frozen=True)
class Result:
    """
    What a method found. total: None for no plan; note: why not, or which rules the plan breaks.

    seconds : the method's own, building of models left out for peers, nothing left out for ours
    trace   : (seconds, total, bound) whenever it had something better
    """

    method: str
    total: int | None
    bound: float | None
    seconds: float
    tours: tuple[Tour, ...] = ()
    critical: int = 0
    peak_mb: float | None = None
    note: str = ""
    trace: Sequence[Mark] = field(default=(), repr=False)

    @property
    def gap(self) -> float | None:
        """Own proven gap; None without a plan or a bound."""
        if self.total is None or self.bound is None:
            return None
        return (self.total - self.bound) / max(1, abs(self.total))

    def to_json(self) -> dict[str, Any]:
        """Return all but the tours."""
        shown = {key: getattr(self, key) for key in ("method", "total", "bound", "seconds", "critical", "peak_mb")}
        return {**shown, "gap": self.gap, "tours": len(self.tours), "note": self.note, "trace": list(self.trace)}


def score(problem: Problem, method: str, tours: Sequence[Tour], seconds: float, **more: Any) -> Result:
    """Return the result of these tours, counted by the checker."""
    broken = check(problem, tours)
    rules = ", ".join(sorted({breach.rule for breach in broken}))
    return Result(
        method=method,
        total=None if broken else objective(problem, tours).total,
        bound=more.pop("bound", None),
        seconds=seconds,
        tours=tuple(tours),
        critical=sum(row.critical for row in unmet(problem, tours)),
        note=f"{len(broken)} breaches of {rules}" if broken else "",
        **more,
    )


def run_clerk(problem: Problem) -> Result:
    """Return what a clerk with a spreadsheet does."""
    began = time.monotonic()
    tours = clerk.clerk(problem)
    return score(problem, "clerk", tours, time.monotonic() - began)


def run_best_value(problem: Problem) -> Result:
    """Return the greedy by best value."""
    began = time.monotonic()
    tours = clerk.best_value(problem)
    return score(problem, "best value", tours, time.monotonic() - began)


def run_highs(problem: Problem, seconds: float) -> Result:
    """Return what HiGHS finds on the whole model."""
    asked = {"problem": read.to_json(problem), "seconds": seconds}
    return _outside(problem, "HiGHS MIP", ask("highs.py", asked, limit=seconds), seconds)


def run_cpsat(problem: Problem, seconds: float, *, workers: int = 8) -> Result:
    """Return what CP-SAT finds on the whole model."""
    asked = {"problem": read.to_json(problem), "seconds": seconds, "workers": workers, "rows": "arrays"}
    return _outside(problem, f"CP-SAT {workers}", ask("cpsat.py", asked, limit=seconds), seconds)


def run_timefold(problem: Problem, seconds: float) -> Result:
    """Return what Timefold finds, where Java and the package are."""
    python, missing = timefold_python()
    if missing:
        return Result("Timefold", None, None, 0.0, note=missing)
    reply = ask("timefold_peer.py", {**question(problem), "seconds": seconds}, limit=seconds, python=python)
    if "slots" in reply:
        tours = tours_of_slots(problem, reply["slots"])
        reply["assignments"] = [tour.to_json() for tour in tours]
    found = _outside(problem, "Timefold", reply, seconds)
    differs = found.total is not None and found.total != reply["own"]
    return replace(found, note=f"it counts {reply['own']}") if differs else found


def timefold_python() -> tuple[str, str]:
    """Return the interpreter that has Timefold (TRAMYTE_TIMEFOLD_PYTHON, else this one), and what is missing."""
    python = os.environ.get("TRAMYTE_TIMEFOLD_PYTHON", sys.executable)
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        return python, "not installed (no Java)"
    if python == sys.executable:
        has = importlib.util.find_spec("timefold") is not None
    else:
        has = subprocess.run([python, "-c", "import timefold"], capture_output=True, check=False).returncode == 0
    return python, "" if has else "not installed (no package timefold)"


def _outside(problem: Problem, method: str, reply: dict[str, Any], seconds: float) -> Result:
    bound, took, peak = reply.get("bound"), reply.get("seconds", reply["wall"]), reply.get("peak_mb")
    if reply.get("assignments") is None:
        note = reply.get("error", f"no plan in {seconds:.0f} s")
        return Result(method, None, bound, took, peak_mb=peak, note=note)
    tours = read.tours(reply["assignments"], problem)
    return score(problem, method, tours, took, bound=bound, peak_mb=peak, trace=reply.get("trace", ()))


def lp_bound(problem: Problem, method: str, seconds: float) -> dict[str, Any]:
    """Return {value, seconds, parts, wall}: the LP of the whole problem by HiGHS; method: ipm or simplex."""
    asked = {"problem": read.to_json(problem), "seconds": seconds, "method": method}
    return ask("highs.py", asked, limit=seconds)


def greedy(problem: Problem) -> Found:
    """Return a clerk's plan."""
    return clerk.clerk(problem), -math.inf


def highs(problem: Problem, seconds: float) -> Found:
    """Return plan and bound of HiGHS alone."""
    return _found(problem, ask("highs.py", {"problem": read.to_json(problem), "seconds": seconds}, limit=seconds))


def cpsat(problem: Problem, seconds: float, *, workers: int = 8) -> Found:
    """Return plan and bound of CP-SAT alone, on the rows of `rules.py`."""
    asked = {"problem": read.to_json(problem), "seconds": seconds, "workers": workers, "rows": "rules"}
    return _found(problem, ask("cpsat.py", asked, limit=seconds))


def _found(problem: Problem, reply: dict[str, Any]) -> Found:
    if "error" in reply:
        raise RuntimeError(reply["error"])
    bound, rows = reply["bound"], reply["assignments"]
    tours = list(problem.locked_set) if rows is None else list(read.tours(rows, problem))
    return tours, -math.inf if bound is None else bound
