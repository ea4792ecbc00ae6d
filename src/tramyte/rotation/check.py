"""Every breach of a plan and its exact cost, without any solver: for our plans, edited ones and other people's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Objective, Tour, Unmet
from tramyte.rotation.problem import Need, Person, Problem
from tramyte.rotation.rules import HARD, SETS, SOFT, Handover, Preferences


def check(problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
    """Return every breach of every rule that must hold; an empty list means that the plan holds."""
    return [breach for rule in HARD for breach in rule.breaches(problem, tours)]


def clashes(problem: Problem) -> list[Breach]:
    """Return how the tours that must stand break R7-R9, R14 or R15 among themselves; then no plan exists."""
    return [breach for rule in SETS for breach in rule.breaches(problem, problem.locked_set)]


def misses(problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
    """
    Return what a plan misses of the rules with a price, R12 and R13, each with its `points`; the plan still holds.

    Those of R13 add up to the part `handover`; tours that are welcome make `preference` less than those of R12.
    """
    return [miss for rule in SOFT for miss in rule.breaches(problem, tours)]


def presence(problem: Problem, tours: Iterable[Tour]) -> Counter[tuple[str, str, int]]:
    """Return (station, skill, week) -> people there in that role, ids as text; one with two tours there is one."""
    there = {
        (str(tour.station), str(tour.skill), week, str(tour.staff))
        for tour in tours
        for week in range(max(0, tour.start), min(problem.weeks, tour.end))
    }
    return Counter((station, skill, week) for station, skill, week, _ in there)


def fairness(problem: Problem, person: Person, weeks: int) -> int:
    """Return the price of so many weeks away for one person, the ledger counted in."""
    target = problem.fair_target[str(person.unit)]
    load = person.prior_weeks + weeks
    return problem.weights["fair1"] * max(0, load - target) + problem.weights["fair2"] * max(0, load - 2 * target)


def travel(problem: Problem, tour: Tour) -> int:
    """Return the price of going there and back; a locked tour to a place that cannot be reached costs nothing."""
    minutes = problem.minutes(problem.person_by_id[str(tour.staff)].unit, tour.station)
    return problem.weights["travel_per_hour"] * 2 * (minutes or 0) // 60


def is_return(problem: Problem, tour: Tour) -> bool:
    """Return whether the person has served at this station before."""
    return str(tour.station) in {str(place) for place in problem.person_by_id[str(tour.staff)].prior_stations}


def objective(problem: Problem, tours: Sequence[Tour]) -> Objective:
    """Return the exact cost of a plan by rule, in integers."""
    there = presence(problem, tours)
    loads: defaultdict[str, int] = defaultdict(int)
    for tour in tours:
        loads[str(tour.staff)] += tour.weeks
    kept = {tour.key for tour in tours}
    return Objective(
        shortage=sum(
            need.cost(there[station, skill, week])
            for place in problem.stations
            for need in place.needs
            for station, skill in [(str(place.id), str(need.skill))]
            for week in range(need.start, need.end)
        ),
        fairness=sum(fairness(problem, person, loads[str(person.id)]) for person in problem.staff),
        travel=sum(travel(problem, tour) for tour in tours),
        start=problem.weights["start_fee"] * len(tours),
        return_=-problem.weights["return_bonus"] * sum(is_return(problem, tour) for tour in tours),
        disruption=problem.weights["disruption"] * sum(tour.key not in kept for tour in problem.incumbent),
        preference=Preferences.points(problem, tours) if problem.version > 1 else None,
        handover=Handover.points(problem, tours) if problem.version > 1 else None,
    )


def missing(need: Need, present: int) -> tuple[int, int]:
    """Return the critical and all people missing of one need in one week."""
    return max(0, need.critical - present), max(0, need.count - present)


def unmet(problem: Problem, tours: Sequence[Tour]) -> list[Unmet]:
    """Return one row per need and week with people missing, in order of station, need, week; without reasons."""
    there = presence(problem, tours)
    rows = []
    for station in problem.stations:
        for index, need in enumerate(station.needs):
            for week in range(need.start, need.end):
                critical, count = missing(need, there[str(station.id), str(need.skill), week])
                if count:
                    rows.append(Unmet(station.id, need.skill, index, week, critical, count))
    return rows
