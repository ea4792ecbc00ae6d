"""
The rules and the cost of a plan, slow and plain, written from the text of the problem alone.

It shares no line with the code it judges: of a problem it reads the fields, never a method. `brute` finds best plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Person, Problem, Station, Unit


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
    """
    Return what must stand: the locked tours, and the incumbent ones before the frozen week that R5 and R6 allow, also
    to all those who go together.
    """
    found: list[Tour] = []
    kept = [
        tour
        for tour in problem.incumbent
        if tour.start < problem.frozen_before
        and not person_of(problem, tour).exempt
        and not is_away_day(person_of(problem, tour), tour)
    ]
    stands = [
        tour
        for tour in kept
        if all(
            any((str(other.staff), stay(other)) == (mate, stay(tour)) for other in (*problem.locked, *kept))
            for mate in mates(problem, tour)
        )
    ]
    for tour in (*problem.locked, *stands):
        if not any(same(tour, other) for other in found):
            found.append(tour)
    return found


def stay(tour: Tour) -> tuple[str, int, int]:
    """Return what people who go together have in common."""
    return str(tour.station), tour.start, tour.weeks


def mates(problem: Problem, tour: Tour) -> list[str]:
    """Return who must go wherever the person of a tour goes."""
    groups = [[str(staff) for staff in group] for group in problem.together]
    return [other for group in groups if str(tour.staff) in group for other in group if other != str(tour.staff)]


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
    return found | broken_company(problem, plan)


def broken_company(problem: Problem, plan: Sequence[Tour]) -> set[str]:
    """Return which of R14 and R15 a plan breaks: people who must not, or must, serve together."""
    found: set[str] = set()
    for group in problem.apart:
        for one, other in combinations([str(staff) for staff in group], 2):
            for week in range(problem.weeks):
                if places(plan, one, week) & places(plan, other, week):
                    found.add("R14")
    for group in problem.together:
        tours = [
            {(stay(tour), is_locked(problem, tour)) for tour in plan if str(tour.staff) == str(staff)}
            for staff in group
        ]
        if any(own != tours[0] for own in tours):
            found.add("R15")
    return found


def places(plan: Sequence[Tour], staff: str, week: int) -> set[str]:
    """Return where a person serves in a week."""
    return {str(tour.station) for tour in plan if str(tour.staff) == staff and week in weeks_of(tour)}


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


def preference(problem: Problem, plan: Sequence[Tour]) -> int:
    """Return the points of all preferences, week by week."""
    return sum(
        wish.points
        for tour in plan
        for week in weeks_of(tour)
        for wish in person_of(problem, tour).preferences
        if wish.start <= week < wish.end and (wish.station is None or str(wish.station) == str(tour.station))
    )


def handover(problem: Problem, plan: Sequence[Tour]) -> int:
    """Return the price of the handovers that are missed."""
    return problem.weights.get("handover", 0) * sum(
        is_missed(problem, plan, station, str(need.skill), range(first, first + need.handover + 1))
        for station in problem.stations
        for need in station.needs
        for first in range(need.start, need.end - need.handover)
        if need.handover > 0
    )


def is_missed(problem: Problem, plan: Sequence[Tour], station: Station, skill: str, span: range) -> bool:
    """Return whether somebody is there in every week of a span, and nobody in all of them."""
    throughout = [
        person
        for person in problem.staff
        if all(present([t for t in plan if str(t.staff) == str(person.id)], station, skill, week) for week in span)
    ]
    return all(present(plan, station, skill, week) for week in span) and not throughout


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
    if problem.schema == "rotation/2":
        parts |= {"preference": preference(problem, plan), "handover": handover(problem, plan)}
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
