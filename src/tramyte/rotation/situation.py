"""What stops each person from serving in each week of a plan: one table for everybody, so that counting is quick."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Person, Problem

REASONS = ("R2", "R5", "R6", "R4", "R3", "R1", "R7", "R8", "R9", "COST")
STAGES = ("R3", "R1", "R7", "R9", "COST")  # how far the best tour over a week comes; R8 is asked before R9

Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]


class Situation:
    """
    A plan with what the reasons need to know: everybody's tours, and how many are away.

    P people in the order of the problem, T weeks, D lengths of tours.
    """

    def __init__(self, problem: Problem, tours: Sequence[Tour]) -> None:
        self.problem = problem
        self.own: defaultdict[str, list[Tour]] = defaultdict(list)
        self.away: Counter[tuple[str, str, int]] = Counter()
        self.index = {str(person.id): index for index, person in enumerate(problem.staff)}
        self._row = {str(station.id): index for index, station in enumerate(problem.stations)}
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
        return next(iter(self.count([self.index[str(person.id)]], station, skill, week)))

    def count(self, people: Sequence[int], station: str, skill: str, week: int) -> dict[str, int]:
        """Return how many of some people each reason stops, in order of REASONS."""
        near = self._near[self._row[station], people]
        found = np.where(self._may[skill][people], self._before[people, week], REASONS.index("R2"))
        late = np.where(near, self._after[people, week], REASONS.index("R4"))
        counted = np.bincount(np.where(found < 0, late, found), minlength=len(REASONS)).tolist()
        return {code: number for code, number in zip(REASONS, counted, strict=True) if number}

    @cached_property
    def _may(self) -> dict[str, Bools]:
        """Skill -> (P,) whether the licence allows the role."""
        roles = [{str(skill) for skill in person.skills} for person in self.problem.staff]
        return {skill: np.array([skill in own for own in roles], dtype=np.bool_) for skill in self.problem.skill_by_id}

    @cached_property
    def _near(self) -> Bools:
        """(S, P) whether the station can be reached in the person's time."""
        problem = self.problem
        units = {str(unit.id): index for index, unit in enumerate(problem.units)}
        minutes = np.array([[-1 if cell is None else cell for cell in row] for row in problem.travel_min], np.int64)
        own = minutes.reshape(len(units), len(problem.stations))[[units[str(p.unit)] for p in problem.staff]]
        most = np.array([person.max_travel_min for person in problem.staff], np.int64)
        near: Bools = ((own >= 0) & (own <= most[:, None])).T
        return near

    @cached_property
    def _gone(self) -> Bools:
        """(P, T) weeks in which the person cannot be sent."""
        return self._table((index, span) for index, person in enumerate(self.problem.staff)
                           for span in person.unavailable)  # fmt: skip

    @cached_property
    def _before(self) -> Bytes:
        """(P, T) index of R5 or R6, -1 where neither applies."""
        found = np.where(self._gone, REASONS.index("R6"), -1).astype(np.int8)
        found[[person.exempt for person in self.problem.staff]] = REASONS.index("R5")
        return found

    @cached_property
    def _after(self) -> Bytes:
        """(P, T) index of the reason that stops every tour over that week, wherever it leads."""
        people = self.problem.staff
        best = self._best
        codes = np.array([REASONS.index(code) for code in STAGES], np.int8)
        found: Bytes = codes[best]
        spent = np.array([len(self.own[str(p.id)]) >= p.max_deployments for p in people], dtype=np.bool_)
        found[spent[:, None] & (best >= STAGES.index("R9"))] = REASONS.index("R8")
        return found

    @cached_property
    def _best(self) -> Bytes:
        """(P, T) how far the best tour over each week comes, as an index of STAGES."""
        problem, weeks = self.problem, self.problem.weeks
        best = np.zeros((len(problem.staff), weeks), np.int8)
        walls = [_sums(table) for table in (self._gone, self._near_own, self._full)]
        lengths = {length for unit in problem.units for length in unit.durations if length <= weeks}
        for length in sorted(lengths):
            able = np.array([length in problem.unit_by_id[str(p.unit)].durations for p in problem.staff], np.int8)
            stage = np.repeat(able[:, None], weeks - length + 1, axis=1)
            stage[:, : problem.frozen_before] = 0
            for number, wall in enumerate(walls, start=1):
                stage += (stage == number) & (wall[:, length:] == wall[:, :-length])
            for offset in range(length):
                covered = best[:, offset : offset + stage.shape[1]]
                np.maximum(covered, stage, out=covered)
        return best

    @cached_property
    def _near_own(self) -> Bools:
        """(P, T) weeks of the person's tours, and of the rest before and after."""
        return self._table(
            (index, (tour.start - person.rest_weeks, tour.end + person.rest_weeks))
            for index, person in enumerate(self.problem.staff)
            for tour in self.own[str(person.id)]
        )

    @cached_property
    def _full(self) -> Bools:
        """(P, T) weeks in which the person's unit can spare nobody more."""
        problem = self.problem
        rows: dict[tuple[str, str], list[bool]] = {}
        for person in problem.staff:
            unit, skill = key = str(person.unit), person.primary
            most = problem.unit_by_id[unit].max_away.get(skill, 0)
            if key not in rows:
                rows[key] = [self.away[unit, skill, week] >= most for week in range(problem.weeks)]
        found = [rows[str(person.unit), person.primary] for person in problem.staff]
        return np.array(found, dtype=np.bool_).reshape(len(problem.staff), problem.weeks)

    def _table(self, spans: Iterable[tuple[int, tuple[int, int]]]) -> Bools:
        table = np.zeros((len(self.problem.staff), self.problem.weeks), dtype=np.bool_)
        for index, (start, end) in spans:
            table[index, max(0, start) : max(0, end)] = True
        return table


def _sums(table: Bools) -> NDArray[np.int64]:
    """Return (P, T+1) sums of the weeks before each."""
    return np.concatenate([np.zeros((len(table), 1), np.int64), np.cumsum(table, axis=1)], axis=1)
