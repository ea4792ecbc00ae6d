"""Where people may be sent: cells and crews, what a tour there costs and earns, and what people would rather not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Person, Preference, Problem
from tramyte.rotation.solve.actors import Actor, Crew, Kept, crews

Cell = tuple[int, str]  # station index, text of skill
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def kept_tours(problem: Problem, people: Sequence[Actor]) -> Kept:
    """
    Return how often tours stand in the plan in force.

    Left out are locked tours, and those of a role the person may not fill (any more): no plan can keep them.
    """
    seats = {
        str(person.id): (index, seat) for index, actor in enumerate(people) for seat, person in enumerate(actor.people)
    }
    return Counter(
        (*seats[str(tour.staff)], tour)
        for tour in problem.incumbent
        if str(tour.staff) in seats
        and tour.key not in problem.locked_keys
        and str(tour.skill) in map(str, problem.person_by_id[str(tour.staff)].skills)
    )


def cells_of(problem: Problem, people: Sequence[Person], skills: Sequence[str], kept: Iterable[Tour]) -> list[Cell]:
    """Return the cells somebody may be sent to: where a need is, a bonus beats the fare, or the plan in force is."""
    found: dict[Cell, None] = {
        (index, str(need.skill)): None
        for index, station in enumerate(problem.stations)
        for need in station.needs
        if str(need.skill) in skills
    }
    station_at = {str(station.id): index for index, station in enumerate(problem.stations)}
    for person in people:
        for station in _worth_a_trip(problem, person, station_at):
            free = [str(skill) for skill in person.skills if (station, str(skill)) not in found]
            # where a role asks for a handover, to be there in another may be better
            if free and (problem.handover_price or len(free) == len(person.skills)):
                found[station, free[0]] = None
    for tour in kept:
        found[station_at[str(tour.station)], str(tour.skill)] = None
    return list(found)


def _worth_a_trip(problem: Problem, person: Person, station_at: dict[str, int]) -> list[int]:
    """Return the stations where a tour may earn more than it costs though nobody is needed."""
    weights = problem.weights
    found = map(str, person.prior_stations) if weights["return_bonus"] > weights["start_fee"] else ()
    back = [station_at[station] for station in found]
    if not any(wish.points < 0 for wish in person.preferences):
        return back
    if any(wish.points < 0 and wish.station is None for wish in person.preferences):
        welcome: Iterable[int] = range(len(problem.stations))
    else:
        welcome = [station_at[str(wish.station)] for wish in person.preferences if wish.points < 0]
        welcome = [*welcome, *(station_at[str(station)] for station in person.prior_stations)]
    return back + [station for station in welcome if Actor((person,)).reaches(problem, station)]


def crews_of(
    problem: Problem, people: Sequence[Actor], cells: Sequence[Cell], kept: Kept
) -> tuple[list[Crew], dict[int, list[int]]]:
    """Return the crews, and which of them people who go together may fill."""
    in_force = {index for index, _, _ in kept}
    found: dict[Crew, int] = {}
    own: dict[int, list[int]] = {}
    for index, actor in enumerate(people):
        if not actor.is_team:
            continue
        # tours back to back in one cell are one stay of one person
        is_named = index in in_force or (problem.handover_price > 0 and actor.rest_weeks == 0)
        mine = crews(problem, actor, cells, is_named=is_named)
        mine = [crew for crew in mine if max(crew[1]) >= 0 or _may_earn(problem, actor)]
        own[index] = [found.setdefault(crew, len(found)) for crew in mine]
    return list(found), own


def _may_earn(problem: Problem, actor: Actor) -> bool:
    """Return whether a tour may earn more than it costs though nobody is needed."""
    known = problem.weights["return_bonus"] > 0 and any(person.prior_stations for person in actor.people)
    return known or any(wish.points < 0 for person in actor.people for wish in person.preferences)


def places_of(
    people: Sequence[Actor], cells: Sequence[tuple[int, str]], teams: Sequence[Crew], filled: Mapping[int, list[int]]
) -> list[dict[int, list[int]]]:
    """Return station -> rows of each person."""
    at: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, (station, skill) in enumerate(cells):
        at[skill][station].append(index)
    found: list[dict[int, list[int]]] = []
    for index, actor in enumerate(people):
        own: defaultdict[int, list[int]] = defaultdict(list)
        for crew in filled.get(index, ()):
            own[teams[crew][0]].append(len(cells) + crew)
        for skill in () if actor.is_team else map(str, actor.people[0].skills):
            for station, rows in at[skill].items():
                own[station] += rows
        found.append(own)
    return found


def fares(
    problem: Problem, kin: Sequence[tuple[Actor, Sequence[int] | None]], cells: Sequence[Cell], teams: Sequence[Crew]
) -> tuple[Bools, Floats]:
    """
    Return whether each kin reaches each row, and what a tour there costs.

    kin : people alike in unit and travel limit, one of them; or people who go together, and their crews
    """
    reach = np.zeros((len(kin), len(cells) + len(teams)), bool)
    fare = np.zeros(reach.shape)
    weights = problem.weights
    for row, (actor, own) in enumerate(kin):
        if own is not None:
            places = [(len(cells) + crew, teams[crew][0]) for crew in own]
        else:
            places = [(index, station) for index, (station, _) in enumerate(cells) if actor.reaches(problem, station)]
        for column, station in places:
            reach[row, column] = True
            for person in actor.people:
                minutes = problem.minutes(person.unit, problem.stations[station].id) or 0
                fare[row, column] += weights["travel_per_hour"] * 2 * minutes // 60 + weights["start_fee"]
    return reach, fare


def rewards(
    problem: Problem, places: Sequence[dict[int, list[int]]], people: Sequence[Actor]
) -> dict[tuple[int, int], int]:
    """Return {(person, row): bonus} of returns; places: station -> rows, of each person."""
    station_at = {str(station.id): index for index, station in enumerate(problem.stations)}
    worth = problem.weights["return_bonus"]
    found: Counter[tuple[int, int]] = Counter()
    for index, actor in enumerate(people):
        for person in actor.people if worth else ():
            for station in {station_at[str(place)]: None for place in person.prior_stations}:
                for row in places[index].get(station, ()):
                    found[index, row] += worth
    return dict(found)


def credits(
    problem: Problem, cells: Sequence[Cell], teams: Sequence[Crew], places: Sequence[dict[int, list[int]]],
    lengths: Sequence[int], kept: Kept,
) -> dict[tuple[int, int, int, int], int]:  # fmt: skip
    """Return {(person, row, start, length index): credit} of tours of the plan in force that are kept."""
    station_at = {str(station.id): index for index, station in enumerate(problem.stations)}
    found: Counter[tuple[int, int, int, int]] = Counter()
    for (index, seat, tour), times in kept.items():
        if tour.weeks not in lengths or not 0 <= tour.start < problem.weeks:
            continue
        station = station_at[str(tour.station)]
        for row in places[index].get(station, ()):
            filled = row if row < len(cells) else teams[row - len(cells)][1][seat]
            if filled >= 0 and cells[filled] == (station, str(tour.skill)):
                found[index, row, tour.start, lengths.index(tour.weeks)] += times * problem.weights["disruption"]
    return dict(found)


def tolls(problem: Problem, people: Sequence[Actor], lengths: Sequence[int]) -> Floats | None:
    """Return (P, D, T) points of tours wherever, None if nobody minds."""
    found = np.zeros((len(people), len(lengths), problem.weeks))
    for index, actor in enumerate(people):
        asked = [wish for person in actor.people for wish in person.preferences if wish.station is None]
        if asked:
            found[index] = _by_slot(problem, asked, lengths)
    return found if found.any() else None


def wishes(
    problem: Problem, people: Sequence[Actor], places: Sequence[dict[int, list[int]]], lengths: Sequence[int]
) -> dict[tuple[int, int], Floats]:
    """Return {(person, row): (D, T)} points of tours there."""
    station_at = {str(station.id): index for index, station in enumerate(problem.stations)}
    found: dict[tuple[int, int], Floats] = {}
    for index, actor in enumerate(people):
        asked: defaultdict[int, list[Preference]] = defaultdict(list)
        for person in actor.people:
            for wish in person.preferences:
                if wish.station is not None:
                    asked[station_at[str(wish.station)]].append(wish)
        for station, own in asked.items():
            points = _by_slot(problem, own, lengths)
            if points.any():
                found |= {(index, row): points for row in places[index].get(station, ())}
    return found


def _by_slot(problem: Problem, asked: Iterable[Preference], lengths: Sequence[int]) -> Floats:
    """Return (D, T) points of tours of each length from each week."""
    week = np.zeros(problem.weeks)
    for wish in asked:
        week[wish.start : wish.end] += wish.points
    until = np.concatenate([[0.0], np.cumsum(week)])
    found = np.zeros((len(lengths), problem.weeks))
    for index, weeks in enumerate(lengths):
        found[index, : problem.weeks - weeks + 1] = until[weeks:] - until[: problem.weeks - weeks + 1]
    return found
