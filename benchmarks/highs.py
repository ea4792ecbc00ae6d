"""HiGHS on the whole model, as a programme in whole numbers or its LP relaxation; in a process of its own."""

from __future__ import annotations

import math
import time
from typing import Any

import highspy
import numpy as np

from benchmarks.model import Model, build, components, constant, tours_of
from benchmarks.outside import answer
from tramyte.rotation import read

Json = dict[str, Any]


def programme(model: Model, *, whole: bool) -> highspy.HighsLp:
    """Return the model for HiGHS."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.low)
    lp.col_cost_, lp.col_upper_ = np.array(model.cost, float), np.array(model.upper, float)
    lp.col_lower_ = np.zeros(len(model.cost))
    lp.row_lower_, lp.row_upper_ = np.array(model.low, float), np.array(model.high, float)
    start, rows, values = model.matrix()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = start.astype(np.int32), rows.astype(np.int32)
    lp.a_matrix_.value_ = values
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * model.whole
        lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (len(model.cost) - model.whole)
    return lp


def _solver(seconds: float, **options: bool | float | str) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    values = {"output_flag": False, "time_limit": max(0.05, seconds), **options}
    for name, value in values.items():
        solver.setOptionValue(name, value)
    return solver


def relaxed(question: Json) -> Json:
    """Return the LP bound, component by component, and the seconds that HiGHS took; None: not done in time."""
    problem = read.problem(question["problem"])
    models = [model for roles in components(problem) if (model := build(problem, roles)).whole]
    value, took, method = float(constant(problem, models)), 0.0, question["method"]
    parts = []
    for model in models:
        solver = _solver(question["seconds"] - took, solver=method, run_crossover="off")
        solver.passModel(programme(model, whole=False))
        began = time.monotonic()
        solver.run()
        took += time.monotonic() - began
        done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        cost = solver.getInfo().objective_function_value if done else math.nan
        parts.append({"columns": len(model.cost), "seconds": time.monotonic() - began, "done": done})
        value += cost
        if not done:
            break
    return {"value": value if math.isfinite(value) else None, "seconds": took, "parts": parts}


def chosen(question: Json) -> Json:
    """Return the plan, the bound, and when each better plan was found."""
    problem = read.problem(question["problem"])
    model = build(problem)
    base = constant(problem, [model])
    if not model.cost:  # nothing to choose
        standing = [tour.to_json() for tour in problem.locked_set]
        return {"assignments": standing, "bound": base, "seconds": 0.0, "trace": []}
    solver = _solver(question["seconds"], mip_rel_gap=0.0, mip_abs_gap=0.999)  # all costs are whole numbers
    trace: list[tuple[float, float, float | None]] = []

    def better(event: highspy.highs.HighsCallbackEvent) -> None:
        out = event.data_out
        bound = out.mip_dual_bound + base
        trace.append((out.running_time, out.objective_function_value + base, bound if math.isfinite(bound) else None))

    solver.cbMipImprovingSolution += better
    solver.passModel(programme(model, whole=True))
    began = time.monotonic()
    solver.run()
    took, info = time.monotonic() - began, solver.getInfo()
    low = info.mip_dual_bound if model.whole else info.objective_function_value  # without choices it is an LP
    bound = math.ceil(low + base - 1e-6) if math.isfinite(low) else None
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    tours = [*problem.locked_set, *tours_of(problem, model, solver.getSolution().col_value)] if found else None
    return {
        "assignments": None if tours is None else [tour.to_json() for tour in tours],
        "bound": bound,
        "seconds": took,
        "trace": trace,
    }


if __name__ == "__main__":
    answer(lambda question: relaxed(question) if "method" in question else chosen(question))
