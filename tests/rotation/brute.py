"""
A second engine, slow and plain, written from the text of the problem alone: the oracle of every other one.

It shares no line with the code it judges: of a problem it reads the fields, never a method.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Person, Problem, Station, Unit

Cell = tuple[str, str, int]  # station, skill, week


def same(a: Tour, b: Tour) -> bool:
    """Return whether two tours are the same tour: ids are equal when their text is."""
    return (str(a.staff), str(a.station), str(a.skill), a.start, a.weeks) == (
        str(b.staff), str(b.station), str(b.skill), b.start, b.weeks,
    )  # fmt: skip


def person_of(problem: Problem, tour: Tour) -> Person:
    """Return who goes."""
    return next(person for person in problem.staff if str(person.id) == str(tour.staff))


def unit_of(problem: Problem, person: Person) -> Unit:
    """Return where a person is sent from."""
    return next(unit for unit in problem.units if str(unit.id) == str(person.unit))


def minutes(problem: Problem, tour: Tour) -> int | None:
    """Return the minutes one way of a tour."""
    units = [str(unit.id) for unit in problem.units]
    stations = [str(station.id) for station in problem.stations]
    return problem.travel_min[units.index(str(person_of(problem, tour).unit))][stations.index(str(tour.station))]


def weeks_of(tour: Tour) -> range:
    """Return the weeks of a tour."""
    return range(tour.start, tour.start + tour.weeks)


def is_away_day(person: Person, tour: Tour) -> bool:
    """Return whether a week of the tour is one the person cannot serve."""
    return any(week in range(a, b) for a, b in person.unavailable for week in weeks_of(tour))


def locked_set(problem: Problem) -> list[Tour]:
    """Return what must stand: the locked tours, and the incumbent ones before the frozen week that R5 and R6 allow."""
    found: list[Tour] = []
    kept = [
        tour
        for tour in problem.incumbent
        if tour.start < problem.frozen_before
        and not person_of(problem, tour).exempt
        and not is_away_day(person_of(problem, tour), tour)
    ]
    for tour in (*problem.locked, *kept):
        if not any(same(tour, other) for other in found):
            found.append(tour)
    return found


def is_locked(problem: Problem, tour: Tour) -> bool:
    """Return whether a tour must stand."""
    return any(same(tour, other) for other in locked_set(problem))


def broken_alone(problem: Problem, tour: Tour) -> set[str]:
    """Return the rules of R1-R6 and R11 that one tour breaks by itself, locked or not."""
    person = person_of(problem, tour)
    one_way = minutes(problem, tour)
    kept = {
        "R1": tour.weeks in unit_of(problem, person).durations,
        "R2": str(tour.skill) in [str(skill) for skill in person.skills],
        "R3": tour.start >= 0 and tour.start + tour.weeks <= problem.weeks,
        "R4": one_way is not None and one_way <= person.max_travel_min,
        "R5": not person.exempt,
        "R6": not is_away_day(person, tour),
        "R11": not problem.frozen_before or tour.start >= problem.frozen_before,
    }
    return {rule for rule, good in kept.items() if not good}


def broken(problem: Problem, plan: Sequence[Tour]) -> set[str]:
    """Return the codes of the rules that a plan breaks."""
    found: set[str] = set()
    for tour in plan:
        if not is_locked(problem, tour):
            found |= broken_alone(problem, tour)
    for person in problem.staff:
        own = [tour for tour in plan if str(tour.staff) == str(person.id)]
        if crowded(person, own):
            found.add("R7")
        if len(own) > person.max_deployments:
            found.add("R8")
    for unit in problem.units:
        for skill in problem.skills:
            limit = unit.max_away.get(str(skill.id), 0)
            if any(people_away(problem, plan, unit, str(skill.id), week) > limit for week in range(problem.weeks)):
                found.add("R9")
    if not all(any(same(tour, other) for other in plan) for tour in locked_set(problem)):
        found.add("R10")
    return found


def crowded(person: Person, own: Sequence[Tour]) -> bool:
    """Return whether two tours of a person lie nearer than the weeks of rest (R7)."""
    order = sorted(own, key=lambda tour: tour.start)
    return any(later.start < first.start + first.weeks + person.rest_weeks for first, later in combinations(order, 2))


def people_away(problem: Problem, plan: Sequence[Tour], unit: Unit, primary: str, week: int) -> int:
    """Return how many people of a primary skill a unit misses in a week, whatever role they fill."""
    who = {str(tour.staff) for tour in plan if week in weeks_of(tour)}
    return sum(
        str(person.id) in who and str(person.unit) == str(unit.id) and str(person.skills[0]) == primary
        for person in problem.staff
    )


def present(plan: Sequence[Tour], station: Station, skill: str, week: int) -> int:
    """Return c: people of a role at a station in a week."""
    return len({
        str(tour.staff)
        for tour in plan
        if (str(tour.station), str(tour.skill)) == (str(station.id), skill) and week in weeks_of(tour)
    })  # fmt: skip


def shortage(problem: Problem, plan: Sequence[Tour]) -> int:
    """Return the price of the people missing."""
    total = 0
    for station in problem.stations:
        for need in station.needs:
            for week in range(need.start, need.end):
                c = present(plan, station, str(need.skill), week)
                total += need.w_crit * max(0, need.critical - c) + need.w_norm * max(0, need.count - c)
    return total


def costs(problem: Problem, plan: Sequence[Tour]) -> dict[str, int]:
    """Return the objective, term by term, under the names of the plan file."""
    price = problem.weights
    fairness = travel = returns = 0
    for person in problem.staff:
        load = person.prior_weeks + sum(tour.weeks for tour in plan if str(tour.staff) == str(person.id))
        target = problem.fair_target[str(person.unit)]
        fairness += price["fair1"] * max(0, load - target) + price["fair2"] * max(0, load - 2 * target)
    for tour in plan:
        travel += price["travel_per_hour"] * 2 * (minutes(problem, tour) or 0) // 60
        returns += str(tour.station) in [str(place) for place in person_of(problem, tour).prior_stations]
    lost = sum(not any(same(tour, other) for other in plan) for tour in problem.incumbent)
    parts = {
        "shortage": shortage(problem, plan),
        "fairness": fairness,
        "travel": travel,
        "start": price["start_fee"] * len(plan),
        "return": -price["return_bonus"] * returns,
        "disruption": price["disruption"] * lost,
    }
    return {"total": sum(parts.values()), **parts}


def free_tours(problem: Problem) -> list[Tour]:
    """Return every tour that breaks no rule by itself and is not locked already."""
    return [
        tour
        for person in problem.staff
        for station in problem.stations
        for skill in problem.skills
        for weeks in unit_of(problem, person).durations
        for start in range(problem.weeks - weeks + 1)
        if not broken_alone(problem, tour := Tour(person.id, station.id, skill.id, start, weeks))
        and not is_locked(problem, tour)
    ]


def every_plan(problem: Problem) -> Iterator[tuple[Tour, ...]]:
    """Yield every admissible plan, one subset of the tours after the other: for two or three people at most."""
    locked, free = locked_set(problem), free_tours(problem)
    for subset in chain.from_iterable(combinations(free, size) for size in range(len(free) + 1)):
        plan = (*locked, *subset)
        if not broken(problem, plan):
            yield plan


@dataclass(frozen=True)
class Journey:
    """All tours of one person. own: what they cost whoever else goes; cells: where they help; away: weeks from home."""

    tours: tuple[Tour, ...]
    own: int
    cells: tuple[Cell, ...]
    away: frozenset[int]


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
    """Of journeys that help in the same cells and leave home in the same weeks, only the cheapest can matter."""
    found: dict[object, Journey] = {}
    for row in journeys:
        known = found.setdefault((row.cells, row.away), row)
        if row.own < known.own:
            found[row.cells, row.away] = row
    return list(found.values())


def _journey(problem: Problem, person: Person, tours: tuple[Tour, ...]) -> Journey:
    alone = costs(problem, tours)
    nobody = costs(problem, ())
    needed = {(str(s.id), str(n.skill), w) for s in problem.stations for n in s.needs for w in range(n.start, n.end)}
    cells = {(str(tour.station), str(tour.skill), week) for tour in tours for week in weeks_of(tour)}
    return Journey(
        tours,
        own=alone["total"] - alone["shortage"] - nobody["total"] + nobody["shortage"],
        cells=tuple(sorted(cells & needed)),
        away=frozenset(week for tour in tours for week in weeks_of(tour)),
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
            if self.best is None or cost < self.best_cost:
                self.best, self.best_cost = tuple(tour for row in self.chosen for tour in row.tours), cost
            return
        for alone, journey in self.journeys[index]:
            if self.best is not None and cost + alone + self.least_after[index] >= self.best_cost:
                return
            if self._leaves_enough_at_home(index, journey):
                step = journey.own - self._help(journey)
                self._add(journey, 1)
                self.chosen.append(journey)
                self._place(index + 1, cost + step)
                self.chosen.pop()
                self._add(journey, -1)

    def _add(self, journey: Journey, one: int) -> None:
        for cell in journey.cells:
            self.present[cell] += one

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
