"""Why a need stays unmet, and a plan laid out for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tramyte.domain.plan import LoadLine, NeedLine, Plan, PlanReport, Tour, TourLine, Unmet
from tramyte.rotation.check import check, fairness, is_return, presence, travel, unmet
from tramyte.rotation.problem import Person, Problem

REASONS = ("R2", "R5", "R6", "R4", "R3", "R1", "R7", "R8", "R9", "COST")


class Situation:
    """A plan with what the reasons need to know: everybody's tours, and how many are away."""

    def __init__(self, problem: Problem, tours: Sequence[Tour]) -> None:
        self.problem = problem
        self.own: defaultdict[str, list[Tour]] = defaultdict(list)
        self.away: Counter[tuple[str, str, int]] = Counter()
        self.roles = {str(person.id): {str(skill) for skill in person.skills} for person in problem.staff}
        self.by_week: dict[tuple[str, int], str] = {}
        for tour in tours:
            person = problem.person_by_id[str(tour.staff)]
            self.own[str(tour.staff)].append(tour)
            for week in range(max(0, tour.start), min(problem.weeks, tour.end)):
                self.away[str(person.unit), person.primary, week] += 1

    def reason(self, person: Person, station: str, skill: str, week: int) -> str:
        """
        Return the first of REASONS that keeps a person from serving a station in a role in one week.

        R2 role, R5 exempt, R6 not available that week, R4 too far, R3 no tour over that week fits into the weeks
        still open, R1 none of the admissible lengths fits between unavailable weeks, R7 too near his other tours,
        R8 no tour left, R9 too many of his unit away, COST nothing forbids it: it costs more than it gives.
        """
        who = str(person.id)
        if skill not in self.roles[who]:
            return "R2"
        if person.exempt:
            return "R5"
        if person.is_unavailable(week, week + 1):
            return "R6"
        minutes = self.problem.minutes(person.unit, station)
        if minutes is None or minutes > person.max_travel_min:
            return "R4"
        if (who, week) not in self.by_week:  # the same for every station
            self.by_week[who, week] = self._reason_of_weeks(person, week)
        return self.by_week[who, week]

    def _reason_of_weeks(self, person: Person, week: int) -> str:
        problem, own = self.problem, self.own[str(person.id)]
        unit = problem.unit_by_id[str(person.unit)]
        spans = [
            (start, start + weeks)
            for weeks in unit.durations
            for start in range(max(problem.frozen_before, week - weeks + 1), min(week, problem.weeks - weeks) + 1)
        ]
        if not spans:
            return "R3"
        spans = [span for span in spans if not person.is_unavailable(*span)]
        if not spans:
            return "R1"
        rest = person.rest_weeks
        spans = [(a, b) for a, b in spans if all(b + rest <= tour.start or tour.end + rest <= a for tour in own)]
        if not spans:
            return "R7"
        if len(own) >= person.max_deployments:
            return "R8"
        most = unit.max_away.get(person.primary, 0)
        taken = self.away
        if all(any(taken[str(unit.id), person.primary, w] >= most for w in range(a, b)) for a, b in spans):
            return "R9"
        return "COST"


def explained(problem: Problem, tours: Sequence[Tour]) -> tuple[Unmet, ...]:
    """
    Return the unmet needs, each with its reasons counted over the staff of the skill's cadre.

    A person belongs to the cadre of the primary skill and is counted once, under the first reason that applies.
    """
    situation = Situation(problem, tours)
    by_cadre: defaultdict[str, list[Person]] = defaultdict(list)
    for person in problem.staff:
        by_cadre[problem.skill_by_id[person.primary].cadre].append(person)
    rows = []
    for row in unmet(problem, tours):
        people = by_cadre[problem.skill_by_id[str(row.skill)].cadre]
        found = Counter(situation.reason(person, str(row.station), str(row.skill), row.week) for person in people)
        reasons = {code: found[code] for code in REASONS if found[code]}
        rows.append(Unmet(row.station, row.skill, row.need, row.week, row.critical, row.count, reasons))
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
