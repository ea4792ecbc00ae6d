"""
A second engine, slow and plain, written from the text of the problem alone: the oracle of every other one.

It shares no line with the code it judges; rules and costs stand in `oracle`, and here the search for a best plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from tests.rotation.oracle import (
    broken,
    broken_alone,
    broken_company,
    costs,
    crowded,
    every_plan,
    free_tours,
    handover,
    is_locked,
    locked_set,
    same,
    stay,
    unit_of,
    weeks_of,
)
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Person, Problem

__all__ = [
    "best_plan", "broken", "broken_alone", "costs", "every_plan", "free_tours", "is_locked", "locked_set", "optimum",
    "same",
]  # fmt: skip

Cell = tuple[str, str, int]  # station, skill, week


@dataclass(frozen=True)
class Journey:
    """
    All tours of one person. own: what they cost whoever else goes; cells: where they help; away: weeks from home.

    has_company : whether R14 or R15 ask with whom the person goes
    """

    tours: tuple[Tour, ...]
    own: int
    cells: tuple[Cell, ...]
    away: frozenset[int]
    has_company: bool = False


def optimum(problem: Problem) -> int | None:
    """Return the cost of a best plan, None if no plan keeps the rules."""
    plan = best_plan(problem)
    return None if plan is None else costs(problem, plan)["total"]


def best_plan(problem: Problem) -> tuple[Tour, ...] | None:
    """
    Return a best plan, None if there is none: one journey a person, in every combination that can still win.

    A combination is given up when its cost, with every later person helping as if alone, is no better than the best
    known: help never grows when others are there too, since a need's price falls ever more slowly with c.
    """
    journeys = [_journeys(problem, person) for person in problem.staff]
    if not all(journeys):
        return None
    return _Search(problem, journeys).run()


def _journeys(problem: Problem, person: Person) -> list[Journey]:
    """Return every set of tours of one person that holds the locked ones and keeps R1-R8 and R11."""
    locked = [tour for tour in locked_set(problem) if str(tour.staff) == str(person.id)]
    free = [tour for tour in free_tours(problem) if str(tour.staff) == str(person.id)]
    found = []
    for size in range(max(0, person.max_deployments - len(locked)) + 1):
        for added in combinations(free, size):
            own = (*locked, *added)
            if len(own) <= person.max_deployments and not crowded(person, own):
                found.append(_journey(problem, person, own))
    return _cheapest(found)


def _cheapest(journeys: list[Journey]) -> list[Journey]:
    """Of journeys that help in the same cells and are away in the same weeks and places, only the cheapest matters."""
    found: dict[object, Journey] = {}
    for row in journeys:
        key = (row.cells, row.away, frozenset(map(stay, row.tours)) if row.has_company else None)
        known = found.setdefault(key, row)
        if row.own < known.own:
            found[key] = row
    return list(found.values())


def _journey(problem: Problem, person: Person, tours: tuple[Tour, ...]) -> Journey:
    alone = costs(problem, tours)
    nobody = costs(problem, ())
    needed = {(str(s.id), str(n.skill), w) for s in problem.stations for n in s.needs for w in range(n.start, n.end)}
    cells = {(str(tour.station), str(tour.skill), week) for tour in tours for week in weeks_of(tour)}
    shared = ("shortage", "handover")  # what depends on who else goes
    return Journey(
        tours,
        own=alone["total"] - nobody["total"] - sum(alone.get(part, 0) - nobody.get(part, 0) for part in shared),
        cells=tuple(sorted(cells & needed)),
        away=frozenset(week for tour in tours for week in weeks_of(tour)),
        has_company=str(person.id) in {str(it) for group in (*problem.apart, *problem.together) for it in group},
    )


class _Search:
    """The search for the best combination."""

    def __init__(self, problem: Problem, journeys: list[list[Journey]]) -> None:
        self.problem = problem
        self.price = _prices(problem)
        self.present = dict.fromkeys(self.price, 0)
        self.best: tuple[Tour, ...] | None = None
        self.best_cost = 0
        alone = [[(row.own - self._help(row), row) for row in rows] for rows in journeys]
        self.journeys = [sorted(rows, key=lambda row: row[0]) for rows in alone]
        least = [rows[0][0] for rows in self.journeys]
        self.least_after = [sum(least[index + 1 :]) for index in range(len(least))]
        self.chosen: list[Journey] = []

    def run(self) -> tuple[Tour, ...] | None:
        self._place(0, 0)
        return self.best

    def _help(self, journey: Journey) -> int:
        """What one more person saves at each cell, with those chosen so far."""
        return sum(self.price[cell][self.present[cell]] - self.price[cell][self.present[cell] + 1]
                   for cell in journey.cells)  # fmt: skip

    def _place(self, index: int, cost: int) -> None:
        if index == len(self.journeys):
            plan = tuple(tour for row in self.chosen for tour in row.tours)
            cost += handover(self.problem, plan)  # never less than 0, so that giving up early loses nothing
            if self.best is None or cost < self.best_cost:
                self.best, self.best_cost = plan, cost
            return
        for alone, journey in self.journeys[index]:
            if self.best is not None and cost + alone + self.least_after[index] >= self.best_cost:
                return
            if self._leaves_enough_at_home(index, journey) and self._suits_the_others(index, journey):
                step = journey.own - self._help(journey)
                self._add(journey, 1)
                self.chosen.append(journey)
                self._place(index + 1, cost + step)
                self.chosen.pop()
                self._add(journey, -1)

    def _add(self, journey: Journey, one: int) -> None:
        for cell in journey.cells:
            self.present[cell] += one

    def _suits_the_others(self, index: int, journey: Journey) -> bool:
        """R14 and R15 among those who have their journey; who has none yet is asked later."""
        if not journey.has_company:
            return True
        chosen = [*self.chosen, journey]
        names = [str(person.id) for person in self.problem.staff[: index + 1]]
        asked = replace(
            self.problem,
            together=tuple(tuple(it for it in group if str(it) in names) for group in self.problem.together),
        )
        return not broken_company(asked, [tour for row in chosen for tour in row.tours])

    def _leaves_enough_at_home(self, index: int, journey: Journey) -> bool:
        """R9 for one person more."""
        person = self.problem.staff[index]
        limit = unit_of(self.problem, person).max_away.get(str(person.skills[0]), 0)
        mates = [
            row
            for other, row in zip(self.problem.staff, self.chosen, strict=False)
            if (str(other.unit), str(other.skills[0])) == (str(person.unit), str(person.skills[0]))
        ]
        weeks = (week for week in journey.away if 0 <= week < self.problem.weeks)
        return all(1 + sum(week in row.away for row in mates) <= limit for week in weeks)


def _prices(problem: Problem) -> Mapping[Cell, list[int]]:
    """Return the price of each needed cell with 0, 1, 2, ... people there."""
    found: dict[Cell, list[int]] = {}
    for station in problem.stations:
        for need in station.needs:
            for week in range(need.start, need.end):
                row = found.setdefault((str(station.id), str(need.skill), week), [0] * (len(problem.staff) + 1))
                for c in range(len(row)):
                    row[c] += need.w_crit * max(0, need.critical - c) + need.w_norm * max(0, need.count - c)
    return found
