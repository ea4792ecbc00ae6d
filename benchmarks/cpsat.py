"""CP-SAT on the whole model, its rows those of `rules.py`. Reads a question on standard input, writes the answer."""

from __future__ import annotations

import json
import math
import sys
import time

from ortools.sat.python import cp_model

from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules import SETS, SINGLE


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


def answer(problem: Problem, seconds: float, workers: int) -> tuple[list[Tour], float]:
    """Return the tours and the bound of CP-SAT."""
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


def main() -> None:
    """Read {problem, seconds, workers}; write {assignments, bound}."""
    asked = json.load(sys.stdin)
    tours, bound = answer(read.problem(asked["problem"]), asked["seconds"], asked["workers"])
    json.dump(
        {"assignments": [tour.to_json() for tour in tours], "bound": bound if math.isfinite(bound) else None},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
