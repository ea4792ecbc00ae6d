"""
A problem as arrays, split into parts that share no person, no role and no cap.

Tours that must stand are taken out first: they shift the shortage, the caps and the loads, and close weeks to
their people. What is left is free to choose, so every method below sees one and the same clean problem.
People who go together are one of P (`actors.py`); what they fill are crews: rows are the J cells, then the crews.
Index letters: P people, J cells (station and role), T weeks, D lengths, U pairs of unit and travel limit, C caps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tramyte.domain.plan import Tour
from tramyte.rotation.check import fairness, presence
from tramyte.rotation.problem import Person, Problem
from tramyte.rotation.solve.actors import Actor, Crew, actors, homes_of, idle_role, kin_of
from tramyte.rotation.solve.company import Second, apart, handovers
from tramyte.rotation.solve.places import (
    cells_of,
    credits,
    crews_of,
    fares,
    kept_tours,
    places_of,
    rewards,
    tolls,
    wishes,
)  # fmt: skip

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
    reach    : (U, rows) whether the pair of unit and travel limit reaches the row
    fare     : (U, rows) travel cost and start fee of a tour
    pair     : (P,) index of the person's pair of unit and travel limit; some have one of their own
    holds    : (P, K) whether the person may serve in the role; people who go together hold none, they fill crews
    cap      : (P,) index of the person's cap or, from C, home; left: (C, T) people who may still be away
    lengths  : (D,) weeks; open: (P, T, D) whether a tour may start then, by every rule on single tours and locks
    rest     : (P,) weeks; most: (P,) tours still allowed; excess: (P, L+1) cost of fairness of so many more weeks
    bonus    : {(person, row): bonus} return to a known station; kept: {(person, row, start, length index): bonus}
    crews    : what people who go together fill; homes: the caps of each such set of people
    """

    problem: Problem
    people: tuple[Actor, ...]
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
    crews: tuple[Crew, ...] = ()
    homes: tuple[tuple[int, ...], ...] = ()
    second: Second = field(default_factory=Second)

    @property
    def weeks(self) -> int:
        """Length of the campaign."""
        return self.problem.weeks

    @property
    def rows(self) -> int:
        """How many cells and crews there are."""
        return len(self.cells) + len(self.crews)

    @cached_property
    def station(self) -> Ints:
        """(rows,) Index of the station of each cell and crew."""
        return np.array([place for place, _ in (*self.cells, *self.crews)], np.int64)

    def tours(self, person: int, row: int, start: int, length: int) -> list[Tour]:
        """Return a tour in the ids of the problem; of people who go together, the tour of each."""
        station, filled = (self.cells[row][0], (row,)) if row < len(self.cells) else self.crews[row - len(self.cells)]
        found = []
        for who, cell in zip(self.people[person].people, filled, strict=True):
            skill = self.cells[cell][1] if cell >= 0 else idle_role(who, self.cells, station)
            place, role = self.problem.stations[station].id, self.problem.skill_by_id[skill].id
            found.append(Tour(who.id, place, role, start, int(self.lengths[length])))
        return found

    def seats(self, row: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the cells that tours at these rows fill: index of the tour, cell, which of the people."""
        index = np.arange(len(row))
        if not self.crews:
            return index, row, np.zeros_like(index)
        start, cells, seats = self.crew_cells
        is_cell = row < len(self.cells)
        crew = np.where(is_cell, 0, row - len(self.cells))
        sizes = np.where(is_cell, 1, start[crew + 1] - start[crew])
        owner = np.repeat(index, sizes)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        at = np.where(is_cell[owner], len(cells) - 1, start[crew[owner]] + within)
        return owner, np.where(is_cell[owner], row[owner], cells[at]), seats[at]

    @cached_property
    def crew_cells(self) -> tuple[Ints, Ints, Ints]:
        """Where the cells of each crew begin; the cells; which of the people fills each; zeros at the end."""
        rows = [[(cell, seat) for seat, cell in enumerate(crew) if cell >= 0] for _, crew in self.crews]
        flat = np.array([*(entry for row in rows for entry in row), (0, 0)], np.int64)
        return np.cumsum([0, *map(len, rows)]), flat[:, 0], flat[:, 1]

    def caps_of(self, person: Ints) -> tuple[Ints, Ints]:
        """Return the caps under which people are: index of the person asked, cap."""
        index, cap = np.arange(len(person)), self.cap[person]
        if not self.homes:
            return index, cap
        caps = [(place,) for place in range(len(self.left))] + list(self.homes)
        pairs = [(asked, own) for asked, home in enumerate(cap.tolist()) for own in caps[home]]
        flat = np.array(pairs, np.int64).reshape(-1, 2)
        return flat[:, 0], flat[:, 1]

    @property
    def size(self) -> int:
        """How many tours the rules on single tours allow."""
        able = (self.holds[:, self.role] & self.reach[self.pair, : len(self.cells)]).sum(axis=1)
        able += self.reach[self.pair, len(self.cells) :].sum(axis=1)
        return int((able * self.open.sum(axis=(1, 2))).sum())

    def admits(self, person: int) -> tuple[int, ...]:
        """Return the indices of the lengths that the person's unit admits, the shortest first."""
        durations = self.people[person].durations(self.problem)
        return tuple(index for index, weeks in enumerate(self.lengths) if weeks in durations)

    @cached_property
    def _back(self) -> Floats:
        """(P, rows) Bonus of a return."""
        found = np.zeros((len(self.people), self.rows))
        for key, worth in self.bonus.items():
            found[key] = worth
        return found

    def own_costs(self, person: Ints, row: Ints, start: Ints, length: Ints) -> Floats:
        """Return fare less bonuses of each tour, and what people would rather not."""
        cost: Floats = self.fare[self.pair[person], row].astype(float)
        cost -= self._back[person, row]
        place = person * self.rows + row
        if self.kept:
            slots, slot = len(self.lengths) * self.weeks, length * self.weeks + start
            kept = {
                (who * self.rows + at) * slots + size * self.weeks + week: it
                for (who, at, week, size), it in self.kept.items()
            }
            cost -= _looked_up(place * slots + slot, kept)
        if self.second.toll is not None:
            cost += self.second.toll[person, length, start]
        if self.second.wish:
            keys = {who * self.rows + at: index + 1 for index, (who, at) in enumerate(self.second.wish)}
            table = np.stack([np.zeros((len(self.lengths), self.weeks)), *self.second.wish.values()])
            cost += table[_looked_up(place, keys).astype(np.int64), length, start]
        return cost


def _looked_up(keys: Ints, worth: Mapping[int, int]) -> Floats:
    """Return the worth of each key, 0 where there is none; worth: at least one."""
    known = np.array(sorted(worth))
    found = np.searchsorted(known, keys).clip(max=len(known) - 1)
    values = np.array([worth[int(key)] for key in known], float)
    return np.where(known[found] == keys, values[found], 0.0)


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
    """Return people and skills, grouped: two skills belong together if one person holds both, or one group."""
    above = {str(skill.id): str(skill.id) for skill in problem.skills}

    def top(skill: str) -> str:
        while above[skill] != skill:
            above[skill] = above[above[skill]]
            skill = above[skill]
        return skill

    for person in problem.staff:
        for skill in person.skills:
            above[top(str(skill))] = top(person.primary)
    for group in (*problem.apart, *problem.together):
        for staff in group[1:]:
            first, other = (problem.person_by_id[str(name)].primary for name in (group[0], staff))
            above[top(other)] = top(first)
    skills: defaultdict[str, list[str]] = defaultdict(list)
    people: defaultdict[str, list[Person]] = defaultdict(list)
    for skill in above:
        skills[top(skill)].append(skill)
    for person in problem.staff:
        people[top(person.primary)].append(person)
    return [(people[key], skills[key]) for key in skills]


def _part(
    problem: Problem,
    staff: list[Person],
    skills: list[str],
    there: Counter[tuple[str, str, int]],
    away: Counter[tuple[str, str, int]],
    own: defaultdict[str, list[Tour]],
) -> Part:
    people = actors(problem, staff)
    kept = kept_tours(problem, people)
    cells = cells_of(problem, staff, skills, [tour for _, _, tour in kept])
    teams, filled = crews_of(problem, people, cells, kept)
    kin, pair = kin_of(people, filled)
    caps = sorted({(str(person.unit), person.primary) for person in staff})
    homes, cap = homes_of(people, caps)
    lengths = sorted({weeks for actor in people for weeks in actor.durations(problem)})
    lengths = [weeks for weeks in lengths if weeks <= problem.weeks]
    reach, fare = fares(problem, kin, cells, teams)
    holds = [[not who.is_team and skill in map(str, who.people[0].skills) for skill in skills] for who in people]
    places = places_of(people, cells, teams, filled)
    return Part(
        problem=problem,
        people=tuple(people),
        cells=tuple(cells),
        skills=tuple(skills),
        role=np.array([skills.index(skill) for _, skill in cells], np.int64),
        price=_prices(problem, cells, len(staff), there),
        reach=reach,
        fare=fare,
        pair=np.array(pair, np.int64),
        holds=np.array(holds, bool).reshape(len(people), len(skills)),
        cap=np.array(cap, np.int64),
        left=_left(problem, caps, away),
        lengths=np.array(lengths, np.int64),
        open=_open(problem, people, lengths, own),
        rest=np.array([actor.rest_weeks for actor in people], np.int64),
        most=np.array([_most(actor, own) for actor in people], np.int64),
        excess=_excess(problem, people, lengths, own),
        bonus=rewards(problem, places, people),
        kept=credits(problem, cells, teams, places, lengths, kept),
        crews=tuple(teams),
        homes=tuple(homes),
        second=_second(problem, people, cells, places, lengths),
    )


def _most(actor: Actor, own: Mapping[str, list[Tour]]) -> int:
    """Return how many tours are still allowed, to each of those who go together."""
    return min(max(0, who.max_deployments - len(own.get(str(who.id), ()))) for who in actor.people)


def _second(
    problem: Problem,
    people: Sequence[Actor],
    cells: Sequence[tuple[int, str]],
    places: Sequence[dict[int, list[int]]],
    lengths: Sequence[int],
) -> Second:
    if problem.version == 1:
        return Second()
    rivals, bans, groups = apart(problem, people)
    hands, stays = handovers(problem, cells)
    toll, wish = tolls(problem, people, lengths), wishes(problem, people, places, lengths)
    return Second(toll, wish, rivals, bans, groups, hands, stays)


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


def _left(problem: Problem, caps: list[tuple[str, str]], away: Counter[tuple[str, str, int]]) -> Ints:
    most = [problem.unit_by_id[unit].max_away.get(skill, 0) for unit, skill in caps]
    taken = [[away[unit, skill, week] for week in range(problem.weeks)] for unit, skill in caps]
    return np.array(most, np.int64).reshape(-1, 1) - np.array(taken, np.int64).reshape(len(caps), problem.weeks)


def _open(
    problem: Problem, people: Sequence[Actor], lengths: Sequence[int], own: defaultdict[str, list[Tour]]
) -> Bools:
    """Return (P, T, D): whether a free tour of that length may start then."""
    found = np.zeros((len(people), problem.weeks, len(lengths)), bool)
    for index, actor in enumerate(people):
        if any(
            person.exempt or problem.unit_by_id[str(person.unit)].max_away.get(person.primary, 0) == 0
            for person in actor.people
        ):
            continue
        busy = [
            (tour.start - actor.rest_weeks, tour.end + actor.rest_weeks)
            for person in actor.people
            for tour in own[str(person.id)]
        ]
        durations = actor.durations(problem)
        for length, weeks in enumerate(lengths):
            if weeks not in durations:
                continue
            for start in range(problem.frozen_before, problem.weeks - weeks + 1):
                end = start + weeks
                free = all(end <= first or last <= start for first, last in busy)
                found[index, start, length] = free and not any(who.is_unavailable(start, end) for who in actor.people)
    return found


def _excess(
    problem: Problem, people: Sequence[Actor], lengths: Sequence[int], own: defaultdict[str, list[Tour]]
) -> Floats:
    """Return (P, L+1): cost of fairness of 0..L weeks more than the locked ones."""
    longest = max(lengths, default=0)
    loads = [min(problem.weeks, who.max_deployments * longest) for actor in people for who in actor.people]
    most = max(loads, default=0)
    cost = np.zeros((len(people), most + 1))
    for index, actor in enumerate(people):
        for person in actor.people:
            base = sum(tour.weeks for tour in own[str(person.id)])
            start = fairness(problem, person, base)
            cost[index] += [fairness(problem, person, base + more) - start for more in range(most + 1)]
    return cost if cost.any() else cost[:, :1]
