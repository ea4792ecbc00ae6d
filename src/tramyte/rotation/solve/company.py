"""Who must be kept apart from whom (R14), and where people who follow each other shall overlap (R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tramyte.rotation.problem import Need, Problem
from tramyte.rotation.solve.actors import Actor

Floats = NDArray[np.float64]
Bans = tuple[tuple[int, int, int], ...]  # station index, from, until
Stays = tuple[tuple[str, int, int], ...]  # text of staff, from, until


@dataclass(frozen=True)
class Second:
    """
    What only `rotation/2` knows of a part.

    toll   : (P, D, T) points of a tour then, wherever; None: nobody minds. wish: {(person, row): (D, T)} there
    rivals : of each person, others to be kept apart from; bans: where such others are locked: station, from, until
    groups : people to be kept apart from each other
    hands  : needs with a handover by cell; stays: locked tours there by cell: staff, from, until
    """

    toll: Floats | None = None
    wish: dict[tuple[int, int], Floats] = field(default_factory=dict)
    rivals: tuple[tuple[int, ...], ...] = ()
    bans: tuple[Bans, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    hands: dict[int, tuple[Need, ...]] = field(default_factory=dict)
    stays: dict[int, Stays] = field(default_factory=dict)


def apart(
    problem: Problem, people: Sequence[Actor]
) -> tuple[tuple[tuple[int, ...], ...], tuple[Bans, ...], tuple[tuple[int, ...], ...]]:
    """Return of each person the others to be kept apart from, and where such others are locked; and the groups."""
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for index, actor in enumerate(people):
        for person in actor.people:
            for group in problem.apart_of.get(str(person.id), ()):
                groups[group].add(index)
    station_at = {str(station.id): index for index, station in enumerate(problem.stations)}
    rivals: list[tuple[int, ...]] = []
    bans: list[Bans] = []
    for index, actor in enumerate(people):
        names = {str(person.id) for person in actor.people}
        own = {group for name in names for group in problem.apart_of.get(name, ())}
        others = {str(staff) for group in own for staff in problem.apart[group]} - names
        rivals.append(tuple(sorted({other for group in own for other in groups[group]} - {index})))
        bans.append(
            tuple(
                (station_at[str(tour.station)], tour.start, tour.end)
                for tour in problem.locked_set
                if str(tour.staff) in others
            )
        )
    return tuple(rivals), tuple(bans), tuple(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def handovers(
    problem: Problem, cells: Sequence[tuple[int, str]]
) -> tuple[dict[int, tuple[Need, ...]], dict[int, Stays]]:
    """Return the needs with a handover by cell, and who is locked there, tours that adjoin as one."""
    if not problem.handover_price:
        return {}, {}
    hands: dict[int, tuple[Need, ...]] = {}
    stays: dict[int, Stays] = {}
    for index, (station, skill) in enumerate(cells):
        place = str(problem.stations[station].id)
        if (place, skill) not in problem.handovers:
            continue
        hands[index] = tuple(need for need in problem.handovers[place, skill] if need.spans)
        weeks: defaultdict[str, set[int]] = defaultdict(set)
        for tour in problem.locked_set:
            if (str(tour.station), str(tour.skill)) == (place, skill):
                weeks[str(tour.staff)] |= set(range(max(0, tour.start), min(problem.weeks, tour.end)))
        stays[index] = tuple((staff, *run) for staff, served in weeks.items() for run in runs(served))
    return hands, stays


def runs(weeks: set[int]) -> list[tuple[int, int]]:
    """Return the spans [from, until) of weeks without a break."""
    found: list[tuple[int, int]] = []
    for week in sorted(weeks):
        if found and found[-1][1] == week:
            found[-1] = found[-1][0], week + 1
        else:
            found.append((week, week + 1))
    return found
