"""What would fill a need that stays unmet, at which price: each way is priced by planning again around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from tramyte.domain.errors import BadData, Infeasible
from tramyte.domain.explanation import Change, Move, Relaxation
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Id, Objective, Tour, Unmet
from tramyte.rotation.around import around, pared
from tramyte.rotation.check import check, fairness, missing, presence
from tramyte.rotation.ledger import Ledger, ordered
from tramyte.rotation.options import Option, options, relaxed, worded
from tramyte.rotation.problem import Need, Person, Problem, Station
from tramyte.rotation.rules import SETS
from tramyte.rotation.solve import solve
from tramyte.rotation.words import words_of

TOUCHING_LOCKS = ("R3", "R5", "R6")  # to allow it may lengthen a locked tour, or bring back one of the plan in force
OF_ONE_RULE = 2  # ways tried of each set of rules
LITTLE = 10  # of the points of the week: a gain up to that share is nothing
WIDER = 3  # times as many people may move for what a plan can gain anyway
COUNTED = ("R7", "R8", "R9")  # rules in which a locked tour counts: the others let it stand


@dataclass(frozen=True)
class Effort:
    """
    How far to look. The same effort gives the same answer.

    people : who may move at most; only: their ids, where the caller knows better
    solves : plans made around the need: one without it, one without any change, one for each way; work: limit of each
    """

    people: int = 24
    only: tuple[Id, ...] = ()
    solves: int = 9
    work: int = 1000
    seed: int = 0


def relaxations(
    problem: Problem,
    tours: Sequence[Tour],
    *,
    station: Id,
    need: int,
    week: int,
    most: int = 5,
    effort: Effort | None = None,
) -> tuple[Relaxation, ...]:
    """
    Return the cheapest ways to have one more person for one week of a need that is unmet, the cheapest first.

    need    : index in the station's list; most: ways returned
    returns : each keeps every rule of `relaxed(problem, row.changes)`; none: nobody is missing, or nobody can come
    raises  : Infeasible, the plan itself breaks a rule; BadData, the problem has groups of people, which count together
    """
    if problem.apart or problem.together:
        raise BadData([Finding("G411", "together" if problem.together else "apart")])
    if broken := check(problem, tours):
        raise Infeasible(broken)
    cell = problem.station_by_id[str(station)], need, week
    return _Search(problem, tours, cell, effort or Effort()).run(most)


class _Search:
    """One unmet week of one need."""

    def __init__(self, problem: Problem, tours: Sequence[Tour], cell: tuple[Station, int, int], effort: Effort) -> None:
        place, need, self.week = cell
        self.problem, self.effort = problem, effort
        self.hand = self.tours = tuple(tours)  # the plan asked about, and the one that ways start from
        self.station, self.need = str(place.id), place.needs[need]
        self.asked = self.ledger = Ledger(problem, tours)
        self.present = self._there(self.ledger)
        self.found: dict[tuple[Change, ...], tuple[int, int, tuple[Tour, ...]]] = {}

    def run(self, most: int) -> tuple[Relaxation, ...]:
        """Price a few ways, and return them in order."""
        if not (self.need.start <= self.week < self.need.end and self.present < self.need.count):
            return ()
        ways = self._ways()
        if self._improve(ways):
            ways = self._ways()
        anyway = -self._price(self.tours).total
        if self._there(self.ledger) > self.present:
            self._note((), self.tours)
        else:
            self._move_people(ways)
            for way in _shortlist(ways, self.effort.solves - 2):
                self._allow(way, ways)
        ranked = sorted(self.found.items(), key=lambda row: (row[1][1], len(row[0])))
        chosen: list[tuple[Change, ...]] = []
        for changes, _ in ranked:
            if not any(set(cheaper) <= set(changes) for cheaper in chosen):  # to allow more for more is no answer
                chosen.append(changes)
        return tuple(self._told(changes, self.found[changes][2], anyway) for changes in chosen[:most])

    def _there(self, ledger: Ledger) -> int:
        return ledger.there[self.station, str(self.need.skill), self.week]

    def _ways(self) -> list[Option]:
        return options(self.ledger, station=self.problem.station_by_id[self.station].id,
                       skill=self.problem.skill_by_id[str(self.need.skill)].id, week=self.week)  # fmt: skip

    def _improve(self, ways: Sequence[Option]) -> bool:
        """
        Plan again around the need without asking for it; return whether that is worth anything.

        What a plan in hand could gain anyway is so told apart from what a way gains; for little nobody else is moved.
        """
        people = dict.fromkeys(self._people(ways))
        for way in _shortlist(ways, self.effort.solves - 2):
            people.update(dict.fromkeys(self._people(ways, way)))
        plan = self._planned(around(self.problem, self.tours, list(people)[: WIDER * self.effort.people]), 0)
        week = self.need.cost(self.present) - self.need.cost(self.present + 1)
        if -self._price(plan).total <= week // LITTLE:
            return False
        self.tours, self.ledger = plan, Ledger(self.problem, plan)
        return True

    def _move_people(self, ways: Sequence[Option]) -> None:
        """Allow nothing: only move people, the need made dearer than anything else."""
        for way in ways:
            if not way.changes and self._note_direct(way):
                break
        self._plan_again((), around(self.problem, self.tours, self._people(ways)))

    def _plan_again(self, changes: tuple[Change, ...], held: Problem) -> None:
        """Plan again for those who are not held, and keep what fills the week."""
        plan = self._planned(held, 1)
        if sum(map(self._covers, plan)) > self.present:
            self._note(self._needed(changes, plan), plan)

    def _planned(self, held: Problem, more: int) -> tuple[Tour, ...]:
        """Return a plan for those who are not held, so many more in the week made dearer than anything else."""
        small = self._staying(pared(held))
        kept = {str(person.id) for person in small.staff}
        there = sum(self._covers(tour) for tour in self.tours if str(tour.staff) in kept)
        wanted = Need(self.need.skill, self.week, self.week + 1, there + more, 0, 0, _more_than_all(small))
        stations = tuple(
            replace(place, needs=(*place.needs, wanted)) if str(place.id) == self.station else place
            for place in small.stations
        )
        again = solve(replace(small, stations=stations), work=self.effort.work, seed=self.effort.seed).assignments
        found = [*(tour for tour in held.locked_set if str(tour.staff) not in kept), *again]
        return ordered(self.problem, [tour for tour in found if str(tour.staff) in self.problem.person_by_id])

    def _staying(self, small: Problem) -> Problem:
        """Return the problem with one point on each tour that does not stay, so that nobody moves for nothing."""
        if self.problem.incumbent:
            return small  # there the price of change is the planner's
        kept = {str(person.id) for person in small.staff}
        tours = tuple(tour for tour in self.hand if str(tour.staff) in kept)
        return replace(small, incumbent=tours, weights={**small.weights, "disruption": 1})

    def _covers(self, tour: Tour) -> bool:
        cell = str(tour.station), str(tour.skill)
        return cell == (self.station, str(self.need.skill)) and tour.start <= self.week < tour.end

    def _allow(self, way: Option, ways: Sequence[Option]) -> None:
        """Let one tour break its rules, and plan again around it."""
        if not self._note_direct(way):
            return
        free = self._people(ways, way)
        loose = relaxed(self.problem, (change for change in way.changes if change.rule in COUNTED))
        loose = around(loose, self.tours, free)
        loose = replace(loose, locked=(*loose.locked, way.tour))
        for change in way.changes:
            if change.rule == "R9":
                loose = _only_in(loose, change)
        self._plan_again(way.changes, loose)

    def _note_direct(self, way: Option) -> bool:
        """Keep the plan in which nothing else moves, so that there is one; return whether it holds."""
        tours = ordered(self.problem, [*(tour for tour in self.tours if tour not in way.dropped), way.tour])
        unsure = self.problem.version > 1 or any(change.rule in TOUCHING_LOCKS for change in way.changes)
        if unsure and check(relaxed(self.problem, way.changes), tours):
            return False
        self._note(way.changes, tours)
        return True

    def _needed(self, changes: tuple[Change, ...], tours: tuple[Tour, ...]) -> tuple[Change, ...]:
        """Return the changes a plan cannot do without: others may have moved so that one is not needed any more."""
        for change in changes:
            rest = tuple(other for other in changes if other is not change)
            if change.rule in COUNTED and _holds(relaxed(self.problem, rest), tours):
                changes = rest
        return changes

    def _note(self, changes: tuple[Change, ...], tours: tuple[Tour, ...]) -> None:
        """Keep a plan if it is the best for what it needs to be allowed; one point on each tour that does not stay."""
        rise = self._price(tours).total
        worth = rise if self.problem.incumbent else rise + len(set(self.hand) - set(tours))
        if changes not in self.found or worth < self.found[changes][0]:
            self.found[changes] = worth, rise, tours

    def _price(self, tours: tuple[Tour, ...]) -> Objective:
        """Return what a plan costs more than the one asked about, part by part."""
        old, new = set(self.hand), set(tours)
        return self.asked.change(old - new, new - old)

    def _people(self, ways: Sequence[Option], way: Option | None = None) -> list[str]:
        """Return who may move: those who can come, those in their way, and those who could stand in for them."""
        if self.effort.only:
            return [*map(str, self.effort.only), *([str(way.tour.staff)] if way else [])]
        found: dict[str, None] = {}
        best = [way] if way else [row for row in ways if not row.changes][:4]
        near = sorted(self.tours, key=lambda tour: abs(tour.start - self.week))
        found.update((str(row.tour.staff), None) for row in best)
        for row in best:
            home = self._home(row.tour)
            mates = [t for t in near if self._home(t) == home and t.start < row.tour.end and row.tour.start < t.end]
            found.update((str(tour.staff), None) for tour in mates[: self.effort.people // 4])
        cell = self.station, str(self.need.skill)
        found.update((str(t.staff), None) for t in near if (str(t.station), str(t.skill)) == cell)
        found.update((str(row.tour.staff), None) for row in ways[: self.effort.people] if not row.changes)
        for row in best:
            for tour in row.dropped:
                found.update((name, None) for name in self._stand_ins(tour)[: self.effort.people // 6])
        found.update((str(row.tour.staff), None) for row in ways)
        return list(found)[: self.effort.people]

    def _home(self, tour: Tour) -> tuple[str, str]:
        person = self.problem.person_by_id[str(tour.staff)]
        return str(person.unit), person.primary

    def _stand_ins(self, tour: Tour) -> list[str]:
        """Return who could serve a tour as it is, the cheapest first."""
        others = [
            replace(tour, staff=person.id)
            for person in self.problem.staff
            if str(tour.skill) in map(str, person.skills) and str(person.id) != str(tour.staff)
        ]
        able = [other for other in others if not self.ledger.broken(other)]
        return [
            str(other.staff) for other in sorted(able, key=lambda other: self.ledger.first_price([tour], [other]).total)
        ]

    def _told(self, changes: tuple[Change, ...], tours: tuple[Tour, ...], anyway: int) -> Relaxation:
        """Say what a plan costs, who moves, and which other weeks change."""
        if broken := check(relaxed(self.problem, changes), tours):
            raise AssertionError(f"what is allowed does not suffice: {broken[0]}")
        rows = self._gaps(tours)
        old, new = {tour.key for tour in self.hand}, {tour.key for tour in tours}
        moved = [(tour, False) for tour in self.hand if tour.key not in new]
        moved += [(tour, True) for tour in tours if tour.key not in old]
        place = {str(person.id): index for index, person in enumerate(self.problem.staff)}
        moved.sort(key=lambda row: (place[str(row[0].staff)], row[1], row[0].start))
        fewer = (replace(row, critical=-row.critical, count=-row.count) for row in rows if row.count < 0)
        return Relaxation(
            changes=tuple(worded(self.problem, change) for change in changes),
            price=self._price(tours),
            tours=tours,
            moves=tuple(Move(tour, is_new, words_of(self.problem, tour)) for tour, is_new in moved),
            opened=tuple(row for row in rows if row.count > 0),
            closed=tuple(fewer),
            anyway=anyway,
        )

    def _gaps(self, tours: Sequence[Tour]) -> list[Unmet]:
        """Return each week of a need in which more, or fewer, are missing than now, with the difference."""
        after, rows = presence(self.problem, tours), []
        for station in self.problem.stations:
            for index, need in enumerate(station.needs):
                for week in range(need.start, need.end):
                    cell = str(station.id), str(need.skill), week
                    old, new = missing(need, self.asked.there[cell]), missing(need, after[cell])
                    if old != new:
                        rows.append(Unmet(station.id, need.skill, index, week, new[0] - old[0], new[1] - old[1]))
        return rows


def _shortlist(ways: Iterable[Option], most: int) -> list[Option]:
    """Return the most promising ways: those that need little first, a few of each kind, one of each change."""
    best: dict[object, Option] = {}
    for way in ways:
        if way.changes:
            best.setdefault(way.kind, way)
    count: dict[object, int] = {}
    chosen = []
    for way in sorted(best.values(), key=lambda row: (len(row.changes), row.price)):
        rules = tuple(change.rule for change in way.changes)
        count[rules] = count.get(rules, 0) + 1
        others_decide = any(not change.is_planners for change in way.changes)
        if count[rules] <= (1 if others_decide else OF_ONE_RULE):
            chosen.append(way)
    return chosen[: max(0, most)]


def _only_in(problem: Problem, change: Change) -> Problem:
    """
    Return the problem with the one person more who may be away held at home in all weeks but those of the change.

    The file knows one limit for the whole campaign: a person who does not exist is away in the other weeks.
    """
    nowhere, nobody = "\0nowhere", f"\0{change.unit}\0{change.skill}"
    skill, unit = cast("Id", change.skill), cast("Id", change.unit)
    spans = [span for span in ((0, change.start), (change.end, problem.weeks)) if span[0] < span[1]]
    person = Person(nobody, unit, (skill,), len(spans), 0, 0)
    return replace(
        problem,
        staff=(*problem.staff, person),
        stations=(*problem.stations, Station(nowhere, ())),
        travel_min=tuple((*row, None) for row in problem.travel_min),
        locked=(*problem.locked, *(Tour(nobody, nowhere, skill, start, end - start) for start, end in spans)),
    )


def _more_than_all(problem: Problem) -> int:
    """Return more points than any two plans of a problem can lie apart."""
    weights, weeks = problem.weights, problem.weeks
    ways = [cell for row in problem.travel_min for cell in row if cell is not None]
    a_tour = (
        weights["start_fee"] + weights["return_bonus"] + weights["travel_per_hour"] * 2 * max(ways, default=0) // 60
    )
    total = 1 + weights["disruption"] * len(problem.incumbent)
    for station in problem.stations:
        total += sum(need.cost(0) * (need.end - need.start) for need in station.needs)
    for person in problem.staff:
        total += fairness(problem, person, 2 * weeks) + a_tour * min(person.max_deployments, weeks)
    return total


def _holds(problem: Problem, tours: Sequence[Tour]) -> bool:
    return not any(rule.breaches(problem, tours) for rule in SETS)
