"""
A problem as arrays, split into parts that share no person, no role and no cap.

Tours that must stand are taken out first: they shift the shortage, the caps and the loads, and close weeks to
their people. What is left is free to choose, so every method below sees one and the same clean problem.
Index letters: P people, J cells (station and role), T weeks, D lengths, U pairs of unit and travel limit, C caps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tramyte.domain.plan import Tour
from tramyte.rotation.check import fairness, presence
from tramyte.rotation.problem import Person, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Columns:
    """Candidate tours: person, cell, start and length index of each, and its own cost (travel, fee, bonuses)."""

    person: Ints
    cell: Ints
    start: Ints
    length: Ints
    cost: Floats

    def take(self, chosen: Ints | Bools) -> Columns:
        """Return some of the columns."""
        return Columns(
            self.person[chosen], self.cell[chosen], self.start[chosen], self.length[chosen], self.cost[chosen]
        )

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Part:
    """
    One independent part.

    price    : (J, T, Y+1) shortage cost of a cell's week with y more people than the locked ones, 0 with Y
    cells    : (station index, text of skill) of each cell
    role     : (J,) index of the cell's skill in `skills`
    reach    : (U, J) whether the pair of unit and travel limit reaches the cell
    fare     : (U, J) travel cost and start fee of a tour
    pair     : (P,) index of the person's pair of unit and travel limit
    holds    : (P, K) whether the person may serve in the role
    cap      : (P,) index of the person's cap; left: (C, T) people who may still be away
    lengths  : (D,) weeks; open: (P, T, D) whether a tour may start then, by every rule on single tours and locks
    rest     : (P,) weeks; most: (P,) tours still allowed; excess: (P, L+1) cost of fairness of so many more weeks
    bonus    : {(person, cell): bonus} return to a known station; kept: {(person, cell, start, length index): bonus}
    """

    problem: Problem
    people: tuple[Person, ...]
    cells: tuple[tuple[int, str], ...]
    skills: tuple[str, ...]
    role: Ints
    price: Floats
    reach: Bools
    fare: Floats
    pair: Ints
    holds: Bools
    cap: Ints
    left: Ints
    lengths: Ints
    open: Bools
    rest: Ints
    most: Ints
    excess: Floats
    bonus: dict[tuple[int, int], int]
    kept: dict[tuple[int, int, int, int], int]

    @property
    def weeks(self) -> int:
        """Length of the campaign."""
        return self.problem.weeks

    def tour(self, person: int, cell: int, start: int, length: int) -> Tour:
        """Return a tour in the ids of the problem."""
        station, skill = self.cells[cell]
        return Tour(
            self.people[person].id,
            self.problem.stations[station].id,
            self.problem.skill_by_id[skill].id,
            start,
            int(self.lengths[length]),
        )

    @property
    def size(self) -> int:
        """How many tours the rules on single tours allow."""
        able = self.holds[:, self.role] & self.reach[self.pair]
        return int((able.sum(axis=1) * self.open.sum(axis=(1, 2))).sum())

    def admits(self, person: int) -> tuple[int, ...]:
        """Return the indices of the lengths that the person's unit admits, the shortest first."""
        durations = self.problem.unit_by_id[str(self.people[person].unit)].durations
        return tuple(index for index, weeks in enumerate(self.lengths) if weeks in durations)

    def own_costs(self, person: Ints, cell: Ints, start: Ints, length: Ints) -> Floats:
        """Return fare less bonuses of each tour."""
        cost: Floats = self.fare[self.pair[person], cell] - self._bonuses(person, cell, start, length)
        return cost

    def _bonuses(self, person: Ints, cell: Ints, start: Ints, length: Ints) -> Floats:
        back = np.zeros((len(self.people), len(self.cells)))
        for (index, place), worth in self.bonus.items():
            back[index, place] = worth
        total: Floats = back[person, cell]
        if self.kept:
            shape = (len(self.people), len(self.cells), self.weeks, len(self.lengths))
            flat = np.ravel_multi_index((person, cell, start, length), shape)
            order = np.argsort(flat)
            for key, worth in self.kept.items():
                at = np.searchsorted(flat, np.ravel_multi_index(key, shape), sorter=order)
                if at < len(flat) and flat[order[at]] == np.ravel_multi_index(key, shape):
                    total[order[at]] += worth
        return total


def parts(problem: Problem) -> list[Part]:
    """Return the independent parts of a problem whose locked tours do not clash."""
    groups = _groups(problem)
    there = presence(problem, problem.locked_set)
    away: Counter[tuple[str, str, int]] = Counter()
    own: defaultdict[str, list[Tour]] = defaultdict(list)
    for tour in problem.locked_set:
        person = problem.person_by_id[str(tour.staff)]
        own[str(tour.staff)].append(tour)
        for week in range(max(0, tour.start), min(problem.weeks, tour.end)):
            away[str(person.unit), person.primary, week] += 1
    return [_part(problem, people, skills, there, away, own) for people, skills in groups]


def _groups(problem: Problem) -> list[tuple[list[Person], list[str]]]:
    """Return people and skills, grouped: two skills belong together if one person holds both."""
    above = {str(skill.id): str(skill.id) for skill in problem.skills}

    def top(skill: str) -> str:
        while above[skill] != skill:
            above[skill] = above[above[skill]]
            skill = above[skill]
        return skill

    for person in problem.staff:
        for skill in person.skills:
            above[top(str(skill))] = top(person.primary)
    skills: defaultdict[str, list[str]] = defaultdict(list)
    people: defaultdict[str, list[Person]] = defaultdict(list)
    for skill in above:
        skills[top(skill)].append(skill)
    for person in problem.staff:
        people[top(person.primary)].append(person)
    return [(people[key], skills[key]) for key in skills]


def _part(
    problem: Problem,
    people: list[Person],
    skills: list[str],
    there: Counter[tuple[str, str, int]],
    away: Counter[tuple[str, str, int]],
    own: defaultdict[str, list[Tour]],
) -> Part:
    kept = _kept(problem, people)
    cells = _cells(problem, people, skills, kept)
    pairs = sorted({(str(person.unit), person.max_travel_min) for person in people})
    caps = sorted({(str(person.unit), person.primary) for person in people})
    lengths = sorted({weeks for person in people for weeks in problem.unit_by_id[str(person.unit)].durations})
    lengths = [weeks for weeks in lengths if weeks <= problem.weeks]
    reach, fare = _fares(problem, pairs, cells)
    bonus, rewards = _rewards(problem, people, cells, lengths, kept)
    holds = [[skill in map(str, person.skills) for skill in skills] for person in people]
    return Part(
        problem=problem,
        people=tuple(people),
        cells=tuple(cells),
        skills=tuple(skills),
        role=np.array([skills.index(skill) for _, skill in cells], np.int64),
        price=_prices(problem, cells, len(people), there),
        reach=reach,
        fare=fare,
        pair=np.array([pairs.index((str(p.unit), p.max_travel_min)) for p in people], np.int64),
        holds=np.array(holds, bool).reshape(len(people), len(skills)),
        cap=np.array([caps.index((str(p.unit), p.primary)) for p in people], np.int64),
        left=_left(problem, caps, away),
        lengths=np.array(lengths, np.int64),
        open=_open(problem, people, lengths, own),
        rest=np.array([p.rest_weeks for p in people], np.int64),
        most=np.array([max(0, p.max_deployments - len(own[str(p.id)])) for p in people], np.int64),
        excess=_excess(problem, people, lengths, own),
        bonus=bonus,
        kept=rewards,
    )


def _rewards(
    problem: Problem,
    people: list[Person],
    cells: list[tuple[int, str]],
    lengths: list[int],
    kept: Counter[tuple[int, Tour]],
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int, int, int], int]]:
    """Return the bonus of each person's return to a cell, and of each tour of the plan in force that is kept."""
    place = {cell: index for index, cell in enumerate(cells)}
    station_at = {str(station.id): index for index, station in enumerate(problem.stations)}
    worth, loss = problem.weights["return_bonus"], problem.weights["disruption"]
    bonus = {
        (index, place[station_at[str(station)], skill]): worth
        for index, person in enumerate(people)
        for station in person.prior_stations
        for skill in map(str, person.skills)
        if worth and (station_at[str(station)], skill) in place
    }
    rewards = {
        (index, place[station_at[str(tour.station)], str(tour.skill)], tour.start, lengths.index(tour.weeks)): (
            times * loss
        )
        for (index, tour), times in kept.items()
        if tour.weeks in lengths and 0 <= tour.start < problem.weeks
    }
    return bonus, rewards


def _kept(problem: Problem, people: list[Person]) -> Counter[tuple[int, Tour]]:
    """
    Return (person index, incumbent tour) -> how often it stands in the plan in force.

    Left out are locked tours, and those of a role the person may not fill (any more): no plan can keep them.
    """
    index_of = {str(person.id): index for index, person in enumerate(people)}
    return Counter(
        (index_of[str(tour.staff)], tour)
        for tour in problem.incumbent
        if str(tour.staff) in index_of
        and tour.key not in problem.locked_keys
        and str(tour.skill) in map(str, people[index_of[str(tour.staff)]].skills)
    )


def _cells(
    problem: Problem, people: list[Person], skills: list[str], kept: Iterable[tuple[int, Tour]]
) -> list[tuple[int, str]]:
    """Return the cells somebody may be sent to: where a need is, a bonus beats the fare, or the plan in force is."""
    found = {
        (index, str(need.skill)): None
        for index, station in enumerate(problem.stations)
        for need in station.needs
        if str(need.skill) in skills
    }
    station_at = {str(station.id): index for index, station in enumerate(problem.stations)}
    if problem.weights["return_bonus"] > problem.weights["start_fee"]:
        for person in people:
            for station in map(str, person.prior_stations):
                if not any((station_at[station], str(skill)) in found for skill in person.skills):
                    found[station_at[station], person.primary] = None
    for _, tour in kept:
        found[station_at[str(tour.station)], str(tour.skill)] = None
    return list(found)


def _prices(
    problem: Problem, cells: list[tuple[int, str]], people: int, there: Counter[tuple[str, str, int]]
) -> Floats:
    """
    Return the (J, T, Y+1) shortage cost of a cell's week with 0..Y people beside the locked ones.

    What even Y people cannot mend is left out: it is the same in every plan, and may be too large for a float.
    """
    most = max((need.count for index, _ in cells for need in problem.stations[index].needs), default=0)
    price = np.zeros((len(cells), problem.weeks, min(most, people) + 1))
    for cell, (index, skill) in enumerate(cells):
        station = problem.stations[index]
        for need in station.needs:
            if str(need.skill) != skill:
                continue
            for week in range(need.start, need.end):
                base = there[str(station.id), skill, week]
                least = need.cost(base + price.shape[2] - 1)
                price[cell, week] += [need.cost(base + more) - least for more in range(price.shape[2])]
    return price


def _fares(problem: Problem, pairs: list[tuple[str, int]], cells: list[tuple[int, str]]) -> tuple[Bools, Floats]:
    """Return whether each pair of unit and travel limit reaches each cell, and what a tour there costs."""
    reach = np.zeros((len(pairs), len(cells)), bool)
    fare = np.zeros((len(pairs), len(cells)))
    for row, (unit, limit) in enumerate(pairs):
        for column, (index, _) in enumerate(cells):
            minutes = problem.minutes(unit, problem.stations[index].id)
            if minutes is not None and minutes <= limit:
                reach[row, column] = True
                fare[row, column] = (
                    problem.weights["travel_per_hour"] * 2 * minutes // 60 + problem.weights["start_fee"]
                )
    return reach, fare


def _left(problem: Problem, caps: list[tuple[str, str]], away: Counter[tuple[str, str, int]]) -> Ints:
    most = [problem.unit_by_id[unit].max_away.get(skill, 0) for unit, skill in caps]
    taken = [[away[unit, skill, week] for week in range(problem.weeks)] for unit, skill in caps]
    return np.array(most, np.int64).reshape(-1, 1) - np.array(taken, np.int64).reshape(len(caps), problem.weeks)


def _open(
    problem: Problem, people: Sequence[Person], lengths: Sequence[int], own: defaultdict[str, list[Tour]]
) -> Bools:
    """Return (P, T, D): whether a free tour of that length may start then."""
    found = np.zeros((len(people), problem.weeks, len(lengths)), bool)
    for index, person in enumerate(people):
        durations = problem.unit_by_id[str(person.unit)].durations
        if person.exempt or problem.unit_by_id[str(person.unit)].max_away.get(person.primary, 0) == 0:
            continue
        busy = [(tour.start - person.rest_weeks, tour.end + person.rest_weeks) for tour in own[str(person.id)]]
        for length, weeks in enumerate(lengths):
            if weeks not in durations:
                continue
            for start in range(problem.frozen_before, problem.weeks - weeks + 1):
                end = start + weeks
                free = all(end <= first or last <= start for first, last in busy)
                found[index, start, length] = free and not person.is_unavailable(start, end)
    return found


def _excess(
    problem: Problem, people: Sequence[Person], lengths: Sequence[int], own: defaultdict[str, list[Tour]]
) -> Floats:
    """Return (P, L+1): cost of fairness of 0..L weeks more than the locked ones."""
    longest = max(lengths, default=0)
    most = [min(problem.weeks, person.max_deployments * longest) for person in people]
    rows = []
    for person in people:
        base = sum(tour.weeks for tour in own[str(person.id)])
        start = fairness(problem, person, base)
        rows.append([fairness(problem, person, base + more) - start for more in range(max(most, default=0) + 1)])
    cost = np.array(rows, float).reshape(len(people), max(most, default=0) + 1)
    return cost if cost.any() else cost[:, :1]
