"""
The problem as Timefold gets it: every person has as many slots as tours, a slot holds one whole number or nothing.

The number says where, when, how long and at what price, so that constraints need arithmetic only; object value ranges
of that size crash the package. What must stand is taken out, as in `model.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.model import World, own_price
from tramyte.domain.plan import Tour
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Person, Problem

LENGTH, PRICE, ZERO = 64, 8192, 4096  # base of weeks, of prices; price of a free tour
LONGEST = 1024


def question(problem: Problem) -> dict[str, Any]:
    """Return slots, options, cells and caps in whole numbers."""
    world = World(problem)
    cells = _cells(problem)
    caps: dict[tuple[str, str], int] = {}
    people = []
    for person in problem.staff:
        options = _options(world, cells, person)
        locked = sum(tour.weeks for tour in world.locked[str(person.id)])
        cap = caps.setdefault((str(person.unit), person.primary), len(caps))
        if options:
            load = person.prior_weeks + locked
            own = {"slots": world.turns(person), "options": options, "cap": cap, "rest": person.rest_weeks}
            people.append({**own, "load": load, "target": problem.fair_target[str(person.unit)]})
    saves = [
        [cells[cell], week, one, rank]
        for cell, weeks in world.price.items()
        for week, steps in weeks.items()
        for rank, one in enumerate(steps, start=1)
    ]
    left = [[cap, week, world.left(*key, week)] for key, cap in caps.items() for week in range(problem.weeks)]
    return {
        "base": objective(problem, problem.locked_set).total,
        "people": people,
        "saves": saves,
        "caps": left,
        "fair": [problem.weights["fair1"], problem.weights["fair2"]],
    }


def _cells(problem: Problem) -> dict[tuple[str, str], int]:
    """Number every (station, role)."""
    keys = ((str(station.id), str(skill.id)) for station in problem.stations for skill in problem.skills)
    return {key: index for index, key in enumerate(keys)}


def _options(world: World, cells: dict[tuple[str, str], int], person: Person) -> list[int]:
    found = []
    roles = set(map(str, person.skills))
    near = [cell for cell in world.price if cell[1] in roles and world.reaches(person, cell[0])]
    kept = Counter(tour.key for tour in world.problem.incumbent if str(tour.staff) == str(person.id))
    for start, weeks in world.spans(person):
        for cell in near:
            tour = Tour(person.id, cell[0], cell[1], start, weeks)
            if world.saves(cell, start, start + weeks) or tour.key in kept:
                price = int(own_price(world.problem, tour))
                found.append(((cells[cell] * LONGEST + start) * LENGTH + weeks) * PRICE + price + ZERO)
    return found


def tours_of_slots(problem: Problem, slots: Sequence[tuple[int, int]]) -> list[Tour]:
    """Return the tours of (index of the person among those with options, number) pairs, and those that must stand."""
    world, cells = World(problem), list(_cells(problem))
    movable = [person for person in problem.staff if _options(world, _cells(problem), person)]
    stations = {str(station.id): station.id for station in problem.stations}
    skills = {str(skill.id): skill.id for skill in problem.skills}
    found = list(problem.locked_set)
    for index, number in slots:
        rest, weeks = divmod(number // PRICE, LENGTH)
        cell, start = divmod(rest, LONGEST)
        station, role = cells[cell]
        found.append(Tour(movable[index].id, stations[station], skills[role], start, weeks))
    return found
