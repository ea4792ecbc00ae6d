"""
How good is a plan after equal time: ours, a clerk's, HiGHS alone, CP-SAT alone?

Run `make bench`, or `python benchmarks/rotation.py --size small --seeds 1 2 3 --seconds 60 [FILE ...]`. Every plan is
scored by the same checker; a peer that breaks a rule or finds nothing says so. Read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.instances import province
from benchmarks.peers import Found, cpsat, greedy, highs
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve import solve

SIZES = {
    "tiny": {"stations": 8, "staff": 24, "weeks": 8},
    "small": {"stations": 45, "staff": 108, "weeks": 12},
    "full": {"stations": 124, "staff": 900, "weeks": 26},
}


def ours(problem: Problem, seconds: float) -> Found:
    """Our solver."""
    plan = solve(problem, seconds=seconds, seed=1)
    return list(plan.assignments), plan.bound


def measure(name: str, problem: Problem, seconds: float) -> None:
    """Print one line a method: objective, its ratio to ours, bound, gap, seconds."""
    methods: dict[str, Callable[[], Found]] = {
        "tramyte": lambda: ours(problem, seconds),
        "greedy": lambda: greedy(problem),
        "HiGHS MIP": lambda: highs(problem, seconds),
        "CP-SAT 8": lambda: cpsat(problem, seconds),
    }
    reference = math.nan
    for method, run in methods.items():
        began = time.monotonic()
        tours, bound = run()
        took = time.monotonic() - began
        total = objective(problem, tours).total
        broken = check(problem, tours)
        if method == "tramyte":
            reference = total
        note = f"  {len(broken)} breaches" if broken else ""
        gap = f"{(total - bound) / max(1, abs(total)):8.2%}" if math.isfinite(bound) else "       –"
        shown = f"{bound:>10.0f}" if math.isfinite(bound) else "         –"
        ratio = total / max(1, reference)
        print(f"{name:28} {method:10} {total:>10} {ratio:>7.3f}x {shown} {gap} {took:7.1f} s{note}", flush=True)


def main() -> None:
    """Measure the asked problems, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="problem files; none: made-up provinces")
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--seeds", nargs="*", type=int, default=[11, 12, 13])
    parser.add_argument("--seconds", type=float, default=30.0)
    asked = parser.parse_args()
    problems = [read.problem(path.read_bytes()) for path in asked.files] or [
        province(seed, **SIZES[asked.size]) for seed in asked.seeds
    ]
    print(f"{'problem':28} {'method':10} {'objective':>10} {'ratio':>8} {'bound':>10} {'gap':>8} {'time':>9}")
    for problem in problems:
        measure(problem.name, problem, asked.seconds)


if __name__ == "__main__":
    main()
