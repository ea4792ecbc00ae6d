"""The same problem with all but a few people held to their tours: what is left to choose is small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tramyte.domain.plan import Id, Tour
from tramyte.rotation.check import presence
from tramyte.rotation.problem import Need, Person, Problem


def around(problem: Problem, tours: Sequence[Tour], people: Collection[Id]) -> Problem:
    """
    Return the problem in which everybody but some people, and those who must go with them, is held to a plan's tours.

    The tours of the others are locked and their number is all they may have, so nothing of theirs can be added,
    dropped or moved; nothing else changes. Every plan of the result is one of the problem, with the same breaches
    and the same cost, part by part; the plan given is one of them if it keeps the rules.
    """
    free = {str(person) for person in people}
    free |= {mate for person in free for mate in problem.mates.get(person, ())}
    held = [tour for tour in tours if str(tour.staff) not in free]
    count = Counter(str(tour.staff) for tour in held)
    staff = tuple(
        person if str(person.id) in free else replace(person, max_deployments=count[str(person.id)])
        for person in problem.staff
    )
    locked = {tour.key: tour for tour in (*problem.locked, *held)}
    return replace(problem, staff=staff, locked=tuple(locked.values()))


def pared(problem: Problem) -> Problem:
    """
    Return the problem without what no choice can touch: the solver is done in a fraction of the time.

    People who may have no tour beside their locked ones go, and so do needs that nobody else can serve; what they
    serve is taken off the needs. Only those stay who are counted against one limit of their unit with somebody who
    may still choose. The tours left to choose are the same; the costs of all plans fall by the same number.
    """
    if problem.version > 1:  # there people count with each other
        return problem
    own = Counter(str(tour.staff) for tour in problem.locked_set)
    free = [person for person in problem.staff if own[str(person.id)] < person.max_deployments]
    caps = {(str(person.unit), person.primary) for person in free}
    staff = tuple(person for person in problem.staff if (str(person.unit), person.primary) in caps)
    kept = {str(person.id) for person in staff}
    gone = presence(problem, (tour for tour in problem.locked_set if str(tour.staff) not in kept))
    reach = _reach(problem, free)
    stations = tuple(
        replace(station, needs=tuple(
            part for need in station.needs if (cell := (str(station.id), str(need.skill))) in reach
            for part in _left(need, [gone[*cell, week] for week in range(need.start, need.end)])
        ))
        for station in problem.stations
    )  # fmt: skip
    return replace(
        problem,
        staff=staff,
        stations=stations,
        locked=tuple(tour for tour in problem.locked if str(tour.staff) in kept),
        incumbent=tuple(tour for tour in problem.incumbent if str(tour.staff) in kept),
    )


def _reach(problem: Problem, people: Iterable[Person]) -> set[tuple[str, str]]:
    """Return the stations and roles that somebody of these can serve."""
    farthest: dict[tuple[str, str], int] = {}
    for person in people:
        for skill in map(str, person.skills):
            key = str(person.unit), skill
            farthest[key] = max(person.max_travel_min, farthest.get(key, 0))
    return {
        (str(station.id), skill)
        for (unit, skill), most in farthest.items()
        for station in problem.stations
        if (minutes := problem.minutes(unit, station.id)) is not None and minutes <= most
    }


def _left(need: Need, served: Sequence[int]) -> Iterator[Need]:
    """Yield what is left of a need when so many are there week by week, equal weeks joined."""
    for count, weeks in groupby(range(len(served)), key=served.__getitem__):
        own = list(weeks)
        if count < need.count:
            start = need.start + own[0]
            yield replace(need, start=start, end=start + len(own), count=need.count - count,
                          critical=max(0, need.critical - count))  # fmt: skip
