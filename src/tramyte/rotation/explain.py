"""Why a need stays unmet, and a plan laid out for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tramyte.domain.plan import LoadLine, NeedLine, Plan, PlanReport, Tour, TourLine, Unmet
from tramyte.rotation.check import check, fairness, is_return, presence, travel, unmet
from tramyte.rotation.problem import Problem
from tramyte.rotation.situation import REASONS, Situation

__all__ = ["REASONS", "Situation", "explained", "report"]


def explained(problem: Problem, tours: Sequence[Tour]) -> tuple[Unmet, ...]:
    """
    Return the unmet needs, each with its reasons counted over the staff of the skill's cadre.

    A person belongs to the cadre of the primary skill and is counted once, under the first reason that applies.
    """
    situation = Situation(problem, tours)
    by_cadre: defaultdict[str, list[int]] = defaultdict(list)
    for index, person in enumerate(problem.staff):
        by_cadre[problem.skill_by_id[person.primary].cadre].append(index)
    rows = []
    for row in unmet(problem, tours):
        people = by_cadre[problem.skill_by_id[str(row.skill)].cadre]
        reasons = situation.count(people, str(row.station), str(row.skill), row.week)
        rows.append(replace(row, reasons=reasons))
    return tuple(rows)


def report(problem: Problem, plan: Plan, *, as_of: date | None = None, source: str = "") -> PlanReport:
    """Return the plan laid out for people: every document is written from this."""
    tours = plan.assignments
    return PlanReport(
        name=problem.name,
        weeks=problem.weeks,
        first_monday=problem.week0,
        plan=plan,
        tours=tuple(_tour_line(problem, tour) for tour in tours),
        needs=tuple(_need_lines(problem, tours)),
        loads=tuple(_load_lines(problem, tours)),
        breaches=tuple(check(problem, tours)),
        travel=problem.travel_note,
        synthetic=problem.synthetic,
        as_of=as_of,
        source=source,
    )


def _tour_line(problem: Problem, tour: Tour) -> TourLine:
    person = problem.person_by_id[str(tour.staff)]
    unit = problem.unit_by_id[str(person.unit)]
    start, end = problem.day(tour.start), problem.day(tour.end)
    return TourLine(
        tour=tour,
        staff_name=person.name or str(person.id),
        unit=str(unit.id),
        unit_name=unit.name or unit.code,
        station_name=problem.station_by_id[str(tour.station)].name or str(tour.station),
        skill_name=_skill_name(problem, str(tour.skill)),
        travel_minutes=problem.minutes(person.unit, tour.station) or 0,
        is_locked=tour.key in problem.locked_keys,
        start_date=start,
        end_date=end - timedelta(days=1) if end else None,
        costs={
            "travel": travel(problem, tour),
            "start": problem.weights["start_fee"],
            "return": -problem.weights["return_bonus"] * is_return(problem, tour),
            "preference": person.preference(tour),
        },
    )


def _need_lines(problem: Problem, tours: Sequence[Tour]) -> Iterable[NeedLine]:
    there = presence(problem, tours)
    for station in problem.stations:
        for index, need in enumerate(station.needs):
            for week in range(need.start, need.end):
                served = there[str(station.id), str(need.skill), week]
                yield NeedLine(
                    str(station.id), station.name or str(station.id), str(need.skill),
                    _skill_name(problem, str(need.skill)), index, week, need.count, need.critical, served,
                    need.cost(served),
                )  # fmt: skip


def _load_lines(problem: Problem, tours: Sequence[Tour]) -> Iterable[LoadLine]:
    weeks: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for tour in tours:
        weeks[str(tour.staff)] += tour.weeks
        count[str(tour.staff)] += 1
    for person in problem.staff:
        key = str(person.id)
        unit = problem.unit_by_id[str(person.unit)]
        yield LoadLine(
            key, person.name or key, str(unit.id), unit.name or unit.code, person.prior_weeks, weeks[key],
            problem.fair_target[str(unit.id)], count[key], fairness(problem, person, weeks[key]),
        )  # fmt: skip


def _skill_name(problem: Problem, skill: str) -> str:
    return problem.skill_by_id[skill].name or problem.skill_by_id[skill].code
