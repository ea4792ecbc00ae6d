"""What one change of a plan costs, and which rules it breaks, without counting the whole plan again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from tramyte.domain.plan import Objective, Tour
from tramyte.rotation.check import fairness, is_return, objective, presence, travel
from tramyte.rotation.problem import Need, Problem
from tramyte.rotation.rules import SINGLE


class Ledger:
    """A plan that keeps R7, with what is needed to price a change at once."""

    def __init__(self, problem: Problem, tours: Sequence[Tour]) -> None:
        self.problem, self.tours = problem, tuple(tours)
        self.there = presence(problem, tours)
        self.own: defaultdict[str, list[Tour]] = defaultdict(list)
        self.away: Counter[tuple[str, str, int]] = Counter()
        self.needs: defaultdict[tuple[str, str, int], list[Need]] = defaultdict(list)
        self.in_force = Counter(tour.key for tour in problem.incumbent)
        self.kept = {tour.key for tour in tours}
        for tour in tours:
            self.own[str(tour.staff)].append(tour)
            self.away.update(self.absences(tour))
        for station in problem.stations:
            for need in station.needs:
                for week in range(need.start, need.end):
                    self.needs[str(station.id), str(need.skill), week].append(need)

    def absences(self, tour: Tour) -> Iterable[tuple[str, str, int]]:
        """Return unit, primary skill and week of each week of a tour inside the campaign."""
        person = self.problem.person_by_id[str(tour.staff)]
        weeks = range(max(0, tour.start), min(self.problem.weeks, tour.end))
        return [(str(person.unit), person.primary, week) for week in weeks]

    def change(self, dropped: Iterable[Tour], added: Iterable[Tour]) -> Objective:
        """Return what the plan costs more, part by part, without some of its tours and with others."""
        gone, come = set(dropped), set(added)
        if self.problem.version > 1:  # people count with each other: the whole plan is counted again
            new = [*(tour for tour in self.tours if tour not in gone), *come]
            return less(objective(self.problem, new), objective(self.problem, self.tours))
        return self.first_price(gone, come)

    def first_price(self, dropped: Iterable[Tour], added: Iterable[Tour]) -> Objective:
        """Return the same without preferences and handover, at once."""
        dropped, added = list(dropped), list(added)
        weights = self.problem.weights
        loads: Counter[str] = Counter()
        ways = returns = 0
        for sign, tours in ((-1, dropped), (1, added)):
            for tour in tours:
                loads[str(tour.staff)] += sign * tour.weeks
                ways += sign * travel(self.problem, tour)
                returns += sign * is_return(self.problem, tour)
        return Objective(
            shortage=self._shortage(dropped, added),
            fairness=sum(self._fairness(staff, more) for staff, more in loads.items()),
            travel=ways,
            start=weights["start_fee"] * (len(added) - len(dropped)),
            return_=-weights["return_bonus"] * returns,
            disruption=self._disruption(dropped, added),
        )

    def _shortage(self, dropped: Iterable[Tour], added: Iterable[Tour]) -> int:
        people: Counter[tuple[str, str, int]] = Counter()
        for sign, tours in ((-1, dropped), (1, added)):
            for tour in tours:
                for week in range(max(0, tour.start), min(self.problem.weeks, tour.end)):
                    people[str(tour.station), str(tour.skill), week] += sign
        cost = 0
        for cell, more in people.items():
            now = self.there[cell]
            cost += sum(need.cost(now + more) - need.cost(now) for need in self.needs.get(cell, ()) if more)
        return cost

    def _fairness(self, staff: str, more: int) -> int:
        person = self.problem.person_by_id[staff]
        now = sum(tour.weeks for tour in self.own[staff])
        return fairness(self.problem, person, now + more) - fairness(self.problem, person, now)

    def _disruption(self, dropped: Iterable[Tour], added: Iterable[Tour]) -> int:
        gone, come = {tour.key for tour in dropped}, {tour.key for tour in added}
        lost = sum(self.in_force[key] for key in (gone & self.kept) - come)
        back = sum(self.in_force[key] for key in come - self.kept)
        return self.problem.weights["disruption"] * (lost - back)

    def broken(self, tour: Tour, dropped: Sequence[Tour] = ()) -> list[str]:
        """Return the rules that one tour more would break once some others are dropped."""
        found = [rule.code for rule in SINGLE if rule.forbids(self.problem, tour)]
        person = self.problem.person_by_id[str(tour.staff)]
        own = [other for other in self.own[str(tour.staff)] if other not in dropped]
        if near(tour, own, person.rest_weeks):
            found.append("R7")
        if len(own) >= person.max_deployments:
            found.append("R8")
        if self.full_weeks(tour, dropped):
            found.append("R9")
        return found

    def full_weeks(self, tour: Tour, dropped: Iterable[Tour] = ()) -> list[int]:
        """Return the weeks of a tour in which its unit can spare nobody more."""
        unit = self.problem.unit_of(tour)
        gone = set(dropped)
        own = [other for other in self.own[str(tour.staff)] if other not in gone]
        already = {cell for other in own for cell in self.absences(other)}  # who is in two places is one person
        home = Counter(cell for other in gone for cell in self.absences(other))
        return [
            cell[2]
            for cell in self.absences(tour)
            if cell not in already and self.away[cell] - home[cell] >= unit.max_away.get(cell[1], 0)
        ]


def near(tour: Tour, others: Iterable[Tour], rest: int) -> list[Tour]:
    """Return the tours that lie nearer to a tour than the weeks of rest."""
    return [other for other in others if tour.start < other.end + rest and other.start < tour.end + rest]


def ordered(problem: Problem, tours: Iterable[Tour]) -> tuple[Tour, ...]:
    """Return tours in order of people and weeks."""
    place = {str(person.id): index for index, person in enumerate(problem.staff)}
    return tuple(sorted(tours, key=lambda tour: (place[str(tour.staff)], tour.start)))


def less(new: Objective, old: Objective) -> Objective:
    """Return what one plan costs more than another, part by part."""
    rows = ((part, value, getattr(old, part)) for part, value in vars(new).items())
    parts: dict[str, Any] = {part: None if value is None else value - was for part, value, was in rows}
    return Objective(**parts)
