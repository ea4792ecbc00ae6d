"""
Who chooses: one person, or people who go together (R15) and so choose as one.

People who go together fill a crew: one station, a cell for each of them, or -1 in a role that nobody needs there.
A crew is one more place to go to, as a cell is; it earns what its cells earn. Nothing else knows that they are many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Person, Problem

Crew = tuple[int, tuple[int, ...]]  # station index, cell of each person or -1
Kept = Counter[tuple[int, int, Tour]]  # actor, seat, tour -> how often it stands in the plan in force


@dataclass(frozen=True)
class Actor:
    """One person, or people who go together."""

    people: tuple[Person, ...]

    @property
    def is_team(self) -> bool:
        """Whether they are several."""
        return len(self.people) > 1

    @property
    def limits(self) -> tuple[str, int]:
        """Unit and travel limit of the first."""
        return str(self.people[0].unit), self.people[0].max_travel_min

    @property
    def rest_weeks(self) -> int:
        """Weeks at home between two tours."""
        return max(person.rest_weeks for person in self.people)

    def durations(self, problem: Problem) -> tuple[int, ...]:
        """Return the lengths that all their units admit, in the order of the first."""
        first, *others = (problem.unit_by_id[str(person.unit)].durations for person in self.people)
        return tuple(weeks for weeks in first if all(weeks in other for other in others))

    def reaches(self, problem: Problem, station: int) -> bool:
        """Return whether the way is short enough for everybody."""
        ways = [(problem.minutes(person.unit, problem.stations[station].id), person) for person in self.people]
        return all(minutes is not None and minutes <= person.max_travel_min for minutes, person in ways)


def actors(problem: Problem, people: Sequence[Person]) -> list[Actor]:
    """Return who chooses, in the order of people; people who go together stand where the first of them stands."""
    found: dict[str, Actor] = {}
    for person in people:
        names = (str(person.id), *problem.mates.get(str(person.id), ()))
        if not any(name in found for name in names):
            found[str(person.id)] = Actor(tuple(problem.person_by_id[name] for name in names))
    return list(found.values())


def crews(problem: Problem, actor: Actor, cells: Sequence[tuple[int, str]], *, is_named: bool) -> list[Crew]:
    """
    Return what people who go together may fill, at every station that they reach.

    is_named : whether it matters who of them fills which cell; else of equal ones one is enough
    """
    at: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for index, (station, skill) in enumerate(cells):
        at[station][skill] = index
    found: list[Crew] = []
    for station in range(len(problem.stations)):
        if not actor.reaches(problem, station):
            continue
        ways: dict[tuple[int, ...], tuple[int, ...]] = {(): ()}
        for person in actor.people:
            options = _options(problem, person, at[station])
            longer = [(*way, cell) for way in ways.values() for cell in options]
            ways = {(way if is_named else tuple(sorted(way))): way for way in longer}
        found += [(station, way) for way in ways.values()]
    return found


def _options(problem: Problem, person: Person, there: dict[str, int]) -> list[int]:
    """Return the cells a person may fill, and -1 for a role nobody needs there, where that may be better."""
    found = [there[skill] for skill in map(str, person.skills) if skill in there]
    is_idle = any(str(skill) not in there for skill in person.skills)
    return found + ([-1] if is_idle and (problem.handover_price or not found) else [])


def idle_role(person: Person, cells: Sequence[tuple[int, str]], station: int) -> str:
    """Return a role of a person that is no cell at a station."""
    return next(skill for skill in map(str, person.skills) if (station, skill) not in cells)


def kin_of(
    people: Sequence[Actor], filled: Mapping[int, list[int]]
) -> tuple[list[tuple[Actor, list[int] | None]], list[int]]:
    """Return one of people alike in unit and travel limit, then all who go together; and everybody's place there."""
    alone = {actor.limits: actor for actor in people if not actor.is_team}
    pairs = sorted(alone)
    teams = {index: len(pairs) + place for place, index in enumerate(filled)}
    kin: list[tuple[Actor, list[int] | None]] = [(alone[pair], None) for pair in pairs]
    kin += [(people[index], filled[index]) for index in filled]
    return kin, [teams[index] if actor.is_team else pairs.index(actor.limits) for index, actor in enumerate(people)]


def homes_of(people: Sequence[Actor], caps: list[tuple[str, str]]) -> tuple[list[tuple[int, ...]], list[int]]:
    """Return the caps of people who go together, and where everybody's cap is: among caps, then among those."""
    homes: dict[tuple[int, ...], int] = {}
    found = []
    for actor in people:
        own = tuple(sorted(caps.index((str(person.unit), person.primary)) for person in actor.people))
        found.append(len(caps) + homes.setdefault(own, len(homes)) if actor.is_team else own[0])
    return list(homes), found
