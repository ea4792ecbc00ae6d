"""
CP-SAT on the whole problem, in a process of its own: highspy and ortools cannot be loaded into one.

Two models: on the arrays of `model.py`, which holds large provinces; and on the rows of `rules.py`, the second opinion
of tests, which shares no line with the first.
"""

from __future__ import annotations

import math
import time
from typing import Any

from ortools.sat.python import cp_model

from benchmarks.model import build, constant, tours_of
from benchmarks.outside import answer
from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules import SETS, SINGLE

Json = dict[str, Any]


def candidates(problem: Problem) -> list[Tour]:
    """Return every tour that the rules on single tours allow and that a plan could want, locked ones first."""
    wanted = [(station.id, need.skill) for station in problem.stations for need in station.needs]
    wanted = list({(str(station), str(skill)): (station, skill) for station, skill in wanted}.values())
    found = {tour.key: tour for tour in (*problem.locked_set, *problem.incumbent)}
    for person in problem.staff:
        places = [(station, person.skills[0]) for station in person.prior_stations]
        for station, skill in (*wanted, *places):
            for weeks in problem.unit_by_id[str(person.unit)].durations:
                for start in range(problem.frozen_before, problem.weeks - weeks + 1):
                    tour = Tour(person.id, station, skill, start, weeks)
                    found.setdefault(tour.key, tour)
    locked = problem.locked_keys
    return [
        tour for tour in found.values() if tour.key in locked or not any(rule.forbids(problem, tour) for rule in SINGLE)
    ]


def by_rules(problem: Problem, seconds: float, workers: int) -> tuple[list[Tour], float]:
    """Return tours and bound, one variable a tour, on the rows of `rules.py`: a second opinion for small problems."""
    began = time.monotonic()
    tours = candidates(problem)
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in tours]
    for index, tour in enumerate(tours):
        if tour.key in problem.locked_keys:
            model.add(x[index] == 1)
    for rule in SETS:
        rows = rule.rows(problem, tours)
        sums: list[list[cp_model.LinearExprT]] = [[] for _ in rows.upper]
        for row, index, value in rows.entries:
            sums[row].append(value * x[index])
        for terms, upper in zip(sums, rows.upper, strict=True):
            model.add(cp_model.LinearExpr.sum(terms) <= upper)
    model.minimize(cp_model.LinearExpr.sum(_costs(problem, tours, x, model)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.monotonic() - began))
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return list(problem.locked_set), -math.inf
    return [tour for tour, var in zip(tours, x, strict=True) if solver.value(var)], solver.best_objective_bound


def _costs(
    problem: Problem, tours: list[Tour], x: list[cp_model.IntVar], model: cp_model.CpModel
) -> list[cp_model.LinearExprT]:
    alone = objective(problem, ())
    base = alone.total - alone.shortage - alone.fairness
    terms: list[cp_model.LinearExprT] = [base]
    there: dict[tuple[str, str, int], list[cp_model.IntVar]] = {}
    weeks: dict[str, list[cp_model.LinearExprT]] = {}
    for index, tour in enumerate(tours):
        one = objective(problem, (tour,))
        terms.append((one.travel + one.start + one.return_ + one.disruption - alone.disruption) * x[index])
        weeks.setdefault(str(tour.staff), []).append(tour.weeks * x[index])
        for week in range(max(0, tour.start), min(problem.weeks, tour.end)):
            there.setdefault((str(tour.station), str(tour.skill), week), []).append(x[index])
    for station in problem.stations:
        for need in station.needs:
            for week in range(need.start, need.end):
                present = cp_model.LinearExpr.sum(there.get((str(station.id), str(need.skill), week), []))
                for count, price in ((need.critical, need.w_crit), (need.count, need.w_norm)):
                    missing = model.new_int_var(0, count, "")
                    model.add(missing >= count - present)
                    terms.append(price * missing)
    for person in problem.staff:
        load = person.prior_weeks + cp_model.LinearExpr.sum(weeks.get(str(person.id), []))
        target = problem.fair_target[str(person.unit)]
        for times, name in ((1, "fair1"), (2, "fair2")):
            above = model.new_int_var(0, 10_000_000, "")
            model.add(above >= load - times * target)
            terms.append(problem.weights[name] * above)
    return terms


def whole(problem: Problem, seconds: float, workers: int) -> Json:
    """Return plan and bound on the arrays of `model.py`; the limit starts when the model is built."""
    arrays = build(problem)
    model = cp_model.CpModel()
    most = [10_000_000 if upper == math.inf else int(upper) for upper in arrays.upper]
    x = [model.new_int_var(0, upper, "") for upper in most]
    rows: list[tuple[list[cp_model.IntVar], list[int]]] = [([], []) for _ in arrays.low]
    for row, column, value in zip(arrays.rows, arrays.columns, arrays.values, strict=True):
        rows[row][0].append(x[column])
        rows[row][1].append(int(value))
    for (columns, values), low, high in zip(rows, arrays.low, arrays.high, strict=True):
        total = cp_model.LinearExpr.weighted_sum(columns, values)
        model.add_linear_constraint(
            total, -10_000_000 if low == -math.inf else int(low), 10_000_000 if high == math.inf else int(high)
        )
    model.minimize(cp_model.LinearExpr.weighted_sum(x, [int(cost) for cost in arrays.cost]))
    base = constant(problem, [arrays])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    watch = _Watch(base)
    began = time.monotonic()
    status = solver.solve(model, watch)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    tours = [*problem.locked_set, *tours_of(problem, arrays, [solver.value(one) for one in x])] if found else None
    bound = solver.best_objective_bound + base
    return {
        "assignments": None if tours is None else [tour.to_json() for tour in tours],
        "bound": math.ceil(bound - 1e-6) if math.isfinite(bound) else None,
        "seconds": time.monotonic() - began,
        "trace": watch.trace,
    }


class _Watch(cp_model.CpSolverSolutionCallback):
    """Notes when each better plan was found."""

    def __init__(self, base: int) -> None:
        super().__init__()
        self.base = base
        self.trace: list[tuple[float, float, float]] = []

    def on_solution_callback(self) -> None:
        """Note one plan."""
        self.trace.append((self.wall_time, self.objective_value + self.base, self.best_objective_bound + self.base))


def reply(asked: Json) -> Json:
    """Answer {problem, seconds, workers, rows}: rows "rules" takes those of `rules.py`, else those of `model.py`."""
    problem = read.problem(asked["problem"])
    if asked["rows"] != "rules":
        return whole(problem, asked["seconds"], asked["workers"])
    tours, bound = by_rules(problem, asked["seconds"], asked["workers"])
    return {
        "assignments": [tour.to_json() for tour in tours],
        "bound": bound if math.isfinite(bound) else None,
    }


if __name__ == "__main__":
    answer(reply)
