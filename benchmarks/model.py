"""
The whole problem as one linear programme, for the peers: arrays, sparse rows, nothing of our solver.

z[p, k, t, d]    person p is away in role k from week t for d weeks, the station left open
y[c, k, s, t, d] people of class c (one unit, one travel limit) who go to station s then;  sum of z = sum of y
x[tour]          the tours of a person whose price is that person's own: return bonus, incumbent
n, e             people missing, one variable for each run of equal prices; weeks above the fair share

It has the same optimum and the same LP bound as one column a tour, with about a third of the columns. Tours that must
stand are taken out: they leave the people present, the weeks taken, and their cost behind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tramyte.domain.plan import Tour
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Person, Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Link = tuple[str, int, str, int, int]  # unit, travel limit, role, start, weeks
INFINITE = float("inf")


@dataclass
class Model:
    """
    Columns from 0 to `upper`, the first `whole` of them integers, and rows `low <= sum of values <= high`.

    at_zero : objective of the empty choice less the model's cost there: add it to the model's cost
    """

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    whole: int = 0
    at_zero: int = 0
    free: dict[tuple[str, str, int, int], int] = field(default_factory=dict)  # (person, role, start, weeks) -> z
    going: list[tuple[int, Link, str]] = field(default_factory=list)  # (y, link, station)
    own: dict[int, Tour] = field(default_factory=dict)  # x -> tour

    def column(self, cost: float, upper: float) -> int:
        """Add a column; return its number."""
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, columns: Iterable[int], values: Iterable[float], low: float, high: float) -> None:
        """Add a row."""
        before = len(self.columns)
        self.columns.extend(columns)
        self.values.extend(values)
        self.rows.extend([len(self.low)] * (len(self.columns) - before))
        self.low.append(low)
        self.high.append(high)

    def matrix(self) -> tuple[Ints, Ints, Floats]:
        """Return the matrix by columns: start of each, rows, values."""
        column = np.array(self.columns, np.int64)
        order = np.argsort(column, kind="stable")
        start = np.searchsorted(column[order], np.arange(len(self.cost) + 1))
        return start, np.array(self.rows, np.int64)[order], np.array(self.values, float)[order]


class World:
    """A problem with the tours that must stand taken out: who is still free when, and what is still missing where."""

    def __init__(self, problem: Problem, roles: frozenset[str] | None = None) -> None:
        self.problem = problem
        self.locked: defaultdict[str, list[Tour]] = defaultdict(list)
        for tour in problem.locked_set:
            self.locked[str(tour.staff)].append(tour)
        self.staff = [person for person in problem.staff if roles is None or str(person.skills[0]) in roles]
        self.lengths = {str(unit.id): unit.durations for unit in problem.units}
        self.row = {str(unit.id): index for index, unit in enumerate(problem.units)}
        self.present = self._present()
        self.away = self._away()
        self.price = self._prices(roles)

    def _weeks(self, tour: Tour) -> range:
        return range(max(0, tour.start), min(self.problem.weeks, tour.end))

    def _present(self) -> Counter[tuple[str, str, int]]:
        there = {
            (str(tour.station), str(tour.skill), week, person)
            for person, own in self.locked.items()
            for tour in own
            for week in self._weeks(tour)
        }
        return Counter((station, skill, week) for station, skill, week, _ in there)

    def _away(self) -> Counter[tuple[str, str, int]]:
        gone = {
            (str(self.problem.person_by_id[person].unit), self.problem.person_by_id[person].primary, week, person)
            for person, own in self.locked.items()
            for tour in own
            for week in self._weeks(tour)
        }
        return Counter((unit, skill, week) for unit, skill, week, _ in gone)

    def _prices(self, roles: frozenset[str] | None) -> dict[tuple[str, str], dict[int, list[int]]]:
        """Return for each cell (station, role) and week what one more person saves, and the next, and so on."""
        found: dict[tuple[str, str], dict[int, list[int]]] = {}
        for station in self.problem.stations:
            for role in {str(need.skill) for need in station.needs}:
                if roles is not None and role not in roles:
                    continue
                needs = [need for need in station.needs if str(need.skill) == role]
                weeks = sorted({week for need in needs for week in range(need.start, need.end)})
                for week in weeks:
                    here = [need for need in needs if need.start <= week < need.end]
                    have, most = self.present[str(station.id), role, week], max(need.count for need in here)
                    saves = [sum(n.cost(c) - n.cost(c + 1) for n in here) for c in range(have, max(have, most))]
                    found.setdefault((str(station.id), role), {})[week] = [one for one in saves if one]
        return found

    def left(self, unit: str, primary: str, week: int) -> int:
        """Return how many more people of a primary skill the unit can miss."""
        return self.problem.unit_by_id[unit].max_away.get(primary, 0) - self.away[unit, primary, week]

    def turns(self, person: Person) -> int:
        """Return how many tours the person can still make."""
        return 0 if person.exempt else person.max_deployments - len(self.locked[str(person.id)])

    def spans(self, person: Person) -> Iterator[tuple[int, int]]:
        """Yield every (start, weeks) in which the person could be away, tours that stand counted in."""
        unit = str(person.unit)
        for weeks in self.lengths[unit] if self.turns(person) > 0 else ():
            for start in range(self.problem.frozen_before, self.problem.weeks - weeks + 1):
                end = start + weeks
                near = any(
                    start < tour.end + person.rest_weeks and tour.start < end + person.rest_weeks
                    for tour in self.locked[str(person.id)]
                )
                full = any(self.left(unit, person.primary, week) <= 0 for week in range(start, end))
                if not near and not full and not person.is_unavailable(start, end):
                    yield start, weeks

    def saves(self, cell: tuple[str, str], start: int, end: int) -> bool:
        """Return whether one more person in these weeks would be of any use."""
        weeks = self.price.get(cell, {})
        return any(weeks.get(week) for week in range(start, end))

    def reaches(self, person: Person, station: str) -> bool:
        """Return whether the station is near enough (R4)."""
        minutes = self.problem.minutes(person.unit, station)
        return minutes is not None and minutes <= person.max_travel_min


def components(problem: Problem) -> list[frozenset[str]]:
    """Return the sets of roles that no person joins: each is a problem of its own."""
    group = {str(skill.id): frozenset([str(skill.id)]) for skill in problem.skills}
    for person in problem.staff:
        joined = frozenset().union(*(group[str(skill)] for skill in person.skills))
        group.update(dict.fromkeys(joined, joined))
    return list(dict.fromkeys(group.values()))


def build(problem: Problem, roles: frozenset[str] | None = None) -> Model:
    """Return the model of the whole problem, or of a component of it; its `at_zero` leaves the other parts out."""
    return _Builder(World(problem, roles)).run()


def constant(problem: Problem, models: Sequence[Model]) -> int:
    """Return what the objective has beside the costs of these models, which together hold everybody."""
    return objective(problem, problem.locked_set).total - sum(model.at_zero for model in models)


class _Builder:
    def __init__(self, world: World) -> None:
        self.world, self.problem, self.model = world, world.problem, Model()
        self.cover: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
        self.spans = {str(person.id): list(world.spans(person)) for person in world.staff}

    def run(self) -> Model:
        links = self._free()
        self._going(links)
        self._own()
        self.model.whole = len(self.model.cost)
        self.columns_of = self._columns_of()
        self._shortage()
        self._person_rows()
        self._away_rows()
        return self.model

    def _free(self) -> dict[Link, list[int]]:
        links: defaultdict[Link, list[int]] = defaultdict(list)
        by_role: defaultdict[str, list[str]] = defaultdict(list)
        for station, role in self.world.price:
            by_role[role].append(station)
        for person in self.world.staff:
            for role in map(str, dict.fromkeys(person.skills)):
                near = [station for station in by_role[role] if self.world.reaches(person, station)]
                for start, weeks in self.spans[str(person.id)]:
                    if any(self.world.saves((station, role), start, start + weeks) for station in near):
                        z = self.model.column(0.0, 1.0)
                        self.model.free[str(person.id), role, start, weeks] = z
                        links[str(person.unit), person.max_travel_min, role, start, weeks].append(z)
        return links

    def _going(self, links: dict[Link, list[int]]) -> None:
        prices = self.problem.weights
        near: dict[tuple[str, int], list[tuple[str, str, int]]] = {}
        for unit, limit, _, _, _ in links:
            if (unit, limit) not in near:
                far = [(cell, self.problem.minutes(unit, cell[0])) for cell in self.world.price]
                near[unit, limit] = [(*cell, one) for cell, one in far if one is not None and one <= limit]
        for link, free in links.items():
            unit, limit, role, start, weeks = link
            ys = []
            for station, wanted, minutes in near[unit, limit]:
                if wanted == role and self.world.saves((station, role), start, start + weeks):
                    fare = prices["travel_per_hour"] * 2 * minutes // 60
                    y = self.model.column(prices["start_fee"] + fare, len(free))
                    ys.append(y)
                    self.model.going.append((y, link, station))
                    for week in range(start, start + weeks):
                        self.cover[station, role, week].append(y)
            self.model.row([*free, *ys], [1.0] * len(free) + [-1.0] * len(ys), 0.0, 0.0)

    def _own(self) -> None:
        """Tours with a price of their own. A role nobody needs there can pay by its bonus alone."""
        found: dict[tuple[str, str, str, int, int], Tour] = {}
        ids = {str(station.id): station.id for station in self.problem.stations}
        for person in self.world.staff:
            for place in person.prior_stations if self.problem.weights["return_bonus"] else ():
                for skill in person.skills if self.world.reaches(person, str(place)) else ():
                    for start, weeks in self.spans[str(person.id)]:
                        tour = Tour(person.id, ids[str(place)], skill, start, weeks)
                        found.setdefault(tour.key, tour)
        people = {str(person.id): person for person in self.world.staff}
        for tour in self.problem.incumbent:
            holder = people.get(str(tour.staff))
            can = holder is not None and (tour.start, tour.weeks) in self.spans[str(holder.id)]
            may = holder is not None and can and str(tour.skill) in map(str, holder.skills)
            if holder is not None and may and self.world.reaches(holder, str(tour.station)):
                found.setdefault(tour.key, tour)
        for tour in found.values():
            x = self.model.column(own_price(self.problem, tour), 1.0)
            self.model.own[x] = tour
            for week in range(tour.start, tour.end):
                self.cover[str(tour.station), str(tour.skill), week].append(x)

    def _shortage(self) -> None:
        for (station, role), weeks in self.world.price.items():
            for week, saves in weeks.items():
                self.model.at_zero += sum(saves)
                steps = Counter(saves)
                missing = [self.model.column(price, count) for price, count in steps.items()]
                columns = [*self.cover[station, role, week], *missing]
                if saves:
                    self.model.row(columns, [1.0] * len(columns), len(saves), INFINITE)

    def _columns_of(self) -> dict[str, list[tuple[int, int, int]]]:
        found: dict[str, list[tuple[int, int, int]]] = {str(person.id): [] for person in self.world.staff}
        for (person, _, start, weeks), z in self.model.free.items():
            found[person].append((z, start, weeks))
        for x, tour in self.model.own.items():
            found[str(tour.staff)].append((x, tour.start, tour.weeks))
        return found

    def _person_rows(self) -> None:
        """Rest cliques, number of tours, weeks above once and twice the fair share."""
        for person in self.world.staff:
            own = self.columns_of[str(person.id)]
            locked = self.world.locked[str(person.id)]
            load = person.prior_weeks + sum(tour.weeks for tour in locked)
            target = self.problem.fair_target[str(person.unit)]
            for week in sorted({start for _, start, _ in own}):
                clique = [c for c, start, weeks in own if start <= week < start + weeks + person.rest_weeks]
                if len(clique) > 1:
                    self.model.row(clique, [1.0] * len(clique), -INFINITE, 1.0)
            if own:
                self.model.row([c for c, _, _ in own], [1.0] * len(own), -INFINITE, self.world.turns(person))
            for times, name in ((1, "fair1"), (2, "fair2")):
                price, above = self.problem.weights[name], load - times * target
                if price and own:
                    self.model.at_zero += price * max(0, above)
                    e = self.model.column(price, INFINITE)
                    values = [-float(weeks) for _, _, weeks in own]
                    self.model.row([e, *(c for c, _, _ in own)], [1.0, *values], above, INFINITE)

    def _away_rows(self) -> None:
        away: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
        for person in self.world.staff:
            for c, start, weeks in self.columns_of[str(person.id)]:
                for week in range(start, start + weeks):
                    away[str(person.unit), person.primary, week].append(c)
        for (unit, primary, week), columns in away.items():
            self.model.row(columns, [1.0] * len(columns), -INFINITE, self.world.left(unit, primary, week))


def own_price(problem: Problem, tour: Tour) -> float:
    """Return fare, fee, bonus, and what is saved by keeping an incumbent tour."""
    person, prices = problem.person_by_id[str(tour.staff)], problem.weights
    fare = prices["travel_per_hour"] * 2 * (problem.minutes(person.unit, tour.station) or 0) // 60
    bonus = prices["return_bonus"] * (str(tour.station) in map(str, person.prior_stations))
    kept = prices["disruption"] * sum(tour.key == other.key for other in problem.incumbent)
    return prices["start_fee"] + fare - bonus - kept


def tours_of(problem: Problem, model: Model, values: Sequence[float]) -> list[Tour]:
    """Return the tours of a whole-number solution; people and stations of one link are paired in order."""
    units = {str(person.id): person for person in problem.staff}
    stations = {str(station.id): station.id for station in problem.stations}
    skills = {str(skill.id): skill.id for skill in problem.skills}
    going: defaultdict[Link, list[str]] = defaultdict(list)
    for y, link, station in model.going:
        going[link] += [station] * round(values[y])
    found = [tour for x, tour in model.own.items() if values[x] > 0.5]
    for (name, role, start, weeks), z in model.free.items():
        if values[z] > 0.5:
            person = units[name]
            station = going[str(person.unit), person.max_travel_min, role, start, weeks].pop()
            found.append(Tour(person.id, stations[station], skills[role], start, weeks))
    return found
