"""Why this tour: what else its person could do, and who else could serve it, each with its exact price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tramyte.domain.explanation import Alternative, TourAlternatives
from tramyte.domain.plan import Tour
from tramyte.rotation.check import check, fairness
from tramyte.rotation.ledger import Ledger
from tramyte.rotation.options import giving_way
from tramyte.rotation.problem import Person, Problem
from tramyte.rotation.situation import REASONS
from tramyte.rotation.words import stay_of, words_of

MOVABLE = {"R7", "R8", "R9"}  # rules that dropping another tour of the same person can satisfy
ANYWHERE = {"R2", "R4"}  # rules that depend on role and station


def alternatives(problem: Problem, tours: Sequence[Tour], *, tour: Tour, most: int = 3) -> TourAlternatives:
    """
    Return what else could be done about one tour of a plan, everything else staying as it is.

    tours   : a plan that keeps the rules; tour: one of them
    most    : alternatives of each kind, the cheapest first
    returns : each keeps every rule, but that a locked tour must stand; a price is objective(new) - objective(old)
    """
    return _Question(problem, tours, tour, most).answer()


class _Question:
    """One tour of one plan."""

    def __init__(self, problem: Problem, tours: Sequence[Tour], tour: Tour, most: int) -> None:
        self.problem, self.tours, self.tour, self.most = problem, tuple(tours), tour, most
        self.ledger = Ledger(problem, tours)
        self.person = problem.person_by_id[str(tour.staff)]

    def answer(self) -> TourAlternatives:
        others, reasons = self._others()
        return TourAlternatives(
            self.tour,
            self.tour.key in self.problem.locked_keys,
            tuple(self._of_person()),
            tuple(others),
            reasons,
            words_of(self.problem, self.tour),
        )

    def _of_person(self) -> Iterator[Alternative]:
        """Yield not going, then the best other weeks, stations and roles."""
        yield from self._best("home", [()])
        own = str(self.tour.skill)
        weeks, stations, roles = [], [], []
        for skill in dict.fromkeys(map(str, self.person.skills)):
            for tour in self._tours_of(skill):
                if str(tour.skill) != own:
                    roles.append(tour)
                elif str(tour.station) != str(self.tour.station):
                    stations.append(tour)
                else:
                    weeks.append(tour)
        for kind, found in (("weeks", weeks), ("station", stations), ("role", roles)):
            yield from self._best(kind, [(tour,) for tour in found])

    def _best(self, kind: str, ways: Iterable[tuple[Tour, ...]]) -> list[Alternative]:
        """Return the cheapest ways of one kind in which only the person of the tour does something else."""
        found = [Alternative(kind, self.ledger.first_price([self.tour], added), added, (self.tour,)) for added in ways]
        return self._cheapest(found)

    def _cheapest(self, found: Iterable[Alternative]) -> list[Alternative]:
        """Return the cheapest alternatives that hold, with their exact price and their words."""
        rows: list[Alternative] = []
        for row in sorted(found, key=lambda row: row.change.total):
            if len(rows) == self.most:
                break
            if self._holds(row):
                change = self.ledger.change(row.dropped, row.added)
                rows.append(replace(row, change=change, fields=self._words(row)))
        return sorted(rows, key=lambda row: row.change.total)

    def _holds(self, row: Alternative) -> bool:
        """Ask the check where more than one person is concerned: elsewhere only tours that hold are proposed."""
        if self.problem.version == 1 and row.kind != "trade":
            return True
        tours = [*(tour for tour in self.tours if tour not in row.dropped), *row.added]
        own = str(self.tour.staff), self.tour.start
        return all(breach.rule == "R10" and (breach.staff, breach.week) == own for breach in check(self.problem, tours))

    def _words(self, row: Alternative) -> dict[str, object]:
        words = words_of(self.problem, row.added[0] if row.added else self.tour)
        return {
            **words,
            "other": self.person.name or str(self.person.id),
            "dropped": ", ".join(stay_of(self.problem, tour) for tour in row.dropped if tour != self.tour),
        }

    def _tours_of(self, skill: str) -> list[Tour]:
        """Return tours of the person in one role: at the own station all, elsewhere the best of each station."""
        role = self.problem.skill_by_id[skill].id
        spans = [span for span in self._spans() if not self._broken_anywhere(*span)]
        far = [self._is_far(str(station.id)) for station in self.problem.stations]
        if not spans:
            return []
        saved = self._saved(skill)
        value = np.stack([saved[:, end] - saved[:, start] for start, end in spans], axis=1)  # (S, spans)
        value -= np.array([self._load(end - start) for start, end in spans])
        best = np.argmax(value, axis=1)
        found = []
        for index, station in enumerate(self.problem.stations):
            here = str(station.id) == str(self.tour.station) and skill == str(self.tour.skill)
            mine = range(len(spans)) if here else [int(best[index])]
            if not far[index]:
                found += [Tour(self.person.id, station.id, role, a, b - a) for a, b in (spans[n] for n in mine)]
        known = {tour.key for tour in found}
        found += [tour for tour in self._in_force(skill, spans, far) if tour.key not in known]
        return [tour for tour in found if tour.key != self.tour.key]

    def _in_force(self, skill: str, spans: Collection[tuple[int, int]], far: Sequence[bool]) -> Iterator[Tour]:
        """Yield the person's tours of the plan in force that could be taken up again: they may be worth it."""
        places = {str(station.id) for station, is_far in zip(self.problem.stations, far, strict=True) if not is_far}
        for tour in {tour.key: tour for tour in self.problem.incumbent}.values():
            mine = str(tour.staff) == str(self.person.id) and str(tour.skill) == skill
            if mine and str(tour.station) in places and (tour.start, tour.end) in spans:
                yield tour

    def _spans(self) -> Iterator[tuple[int, int]]:
        for weeks in self.problem.unit_by_id[str(self.person.unit)].durations:
            for start in range(self.problem.frozen_before, self.problem.weeks - weeks + 1):
                yield start, start + weeks

    def _broken_anywhere(self, start: int, end: int) -> bool:
        """Return whether a rule forbids these weeks wherever they are served."""
        tour = replace(self.tour, start=start, weeks=end - start)
        return bool(set(self.ledger.broken(tour, [self.tour])) - ANYWHERE)

    def _is_far(self, station: str) -> bool:
        minutes = self.problem.minutes(self.person.unit, station)
        return minutes is None or minutes > self.person.max_travel_min

    def _load(self, weeks: int) -> int:
        """Return the price of the person's load with a tour of so many weeks in place of this one."""
        own = sum(tour.weeks for tour in self.ledger.own[str(self.person.id)]) - self.tour.weeks
        return fairness(self.problem, self.person, own + weeks)

    def _saved(self, skill: str) -> NDArray[np.int64]:
        """Return (S, T+1): shortage that the person would save at each station before each week."""
        row = {str(station.id): index for index, station in enumerate(self.problem.stations)}
        saved = np.zeros((len(row), self.problem.weeks + 1), np.int64)
        for (station, role, week), needs in self.ledger.needs.items():
            if role == skill:
                here = (station, role) == (str(self.tour.station), str(self.tour.skill))
                now = self.ledger.there[station, role, week] - (here and self.tour.start <= week < self.tour.end)
                saved[row[station], week + 1] = sum(need.cost(now) - need.cost(now + 1) for need in needs)
        return np.cumsum(saved, axis=1)

    def _others(self) -> tuple[list[Alternative], dict[str, int]]:
        """Return who else could go, and everybody else of the cadre counted by the first rule that stops them."""
        cadre = self.problem.skill_by_id[str(self.tour.skill)].cadre
        count: Counter[str] = Counter()
        free: list[Alternative] = []
        swaps: list[Alternative] = []
        for person in self.problem.staff:
            if person is self.person:
                continue
            tour = replace(self.tour, staff=person.id)
            broken = {"R3" if code == "R11" else code for code in self.ledger.broken(tour, [self.tour])}
            reason = next((code for code in REASONS if code in broken), "COST")
            if self.problem.skill_by_id[person.primary].cadre == cadre:
                count[reason] += 1
            if not broken:
                free.append(Alternative("free", self.ledger.first_price([self.tour], [tour]), (tour,), (self.tour,)))
            elif broken <= MOVABLE:
                swaps += self._swaps(person, tour)
        reasons = {code: count[code] for code in REASONS if count[code]}
        return sorted([*self._cheapest(free), *self._cheapest(swaps)], key=lambda row: row.change.total), reasons

    def _swaps(self, person: Person, tour: Tour) -> Iterator[Alternative]:
        """Yield going in place of other tours of one's own, and the person of this tour taking one over."""
        dropped = (self.tour, *giving_way(self.ledger, person, tour))
        if len(dropped) > 1 and not self.ledger.broken(tour, dropped):
            yield Alternative("swap", self.ledger.first_price(dropped, [tour]), (tour,), dropped)
            if len(dropped) == 2:
                back = replace(dropped[1], staff=self.person.id)
                if not self.ledger.broken(back, dropped):
                    yield Alternative("trade", self.ledger.first_price(dropped, [tour, back]), (tour, back), dropped)
