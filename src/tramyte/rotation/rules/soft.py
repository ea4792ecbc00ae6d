"""Rules with a price, known to `rotation/2` only: a plan may miss them, and pays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Need, Problem
from tramyte.rotation.rules.rule import Rows, Soft, weeks_of

Cell = tuple[str, str]  # station and skill, as text


class Preferences(Soft):
    """Each week where or when a person would rather not serve costs points; where they like to serve, it earns them."""

    code, weight = "R12", "preference"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        prices = (_preference(problem, tour) for tour in tours)
        return Rows([], [], [(index, points) for index, points in enumerate(prices) if points])

    @classmethod
    def points(cls, problem: Problem, tours: Sequence[Tour]) -> int:
        return sum(_preference(problem, tour) for tour in tours)

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        """Return the tours that cost points; those that are welcome miss nothing."""
        priced = ((tour, _preference(problem, tour)) for tour in tours)
        return [
            Breach(cls.code, str(tour.staff), tour.start, {**cls.words(problem, tour), "points": points})
            for tour, points in priced
            if points > 0
        ]


class Handover(Soft):
    """Where a need asks for it, people who follow each other overlap: one person is there throughout the hand-over."""

    code, weight = "R13", "handover"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """
        For each span, missed + (people there throughout) + (weeks with nobody) >= 1.

        A person is there throughout at most as much as in each of the weeks; a week is empty only if no tour is on.
        """
        rows = _Rows(len(tours))
        for _, need, first, own in _spans(problem, tours):
            weeks = range(first, first + need.handover + 1)
            whole = {staff: rows.variable() for staff in own if all(week in own[staff] for week in weeks)}
            nobody = {week: rows.variable() for week in weeks}
            missed = rows.variable(problem.handover_price)
            rows.add(-1, dict.fromkeys((missed, *whole.values(), *nobody.values()), -1))
            for staff, variable in whole.items():
                for week in weeks:
                    rows.add(0, {variable: 1, **dict.fromkeys(own[staff][week], -1)})
            for week, variable in nobody.items():
                for served in own.values():
                    for index in served.get(week, ()):
                        rows.add(1, {variable: 1, index: 1})
        return Rows(rows.entries, rows.upper, rows.costs)

    @classmethod
    def points(cls, problem: Problem, tours: Sequence[Tour]) -> int:
        if not problem.handover_price:
            return 0
        return problem.handover_price * sum(1 for _ in _missed(problem, tours))

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for (station, skill), need, first, own in _missed(problem, tours):
            weeks = range(first, first + need.handover + 1)
            people = ", ".join(staff for staff in own if any(week in own[staff] for week in weeks))
            words = {
                "station": station,
                "skill": problem.skill_by_id[skill].code,
                "first": first + 1,
                "last": first + need.handover + 1,
                "handover": need.handover,
                "points": problem.handover_price,
            }
            found.append(Breach(cls.code, people, first, words))
        return found


def _preference(problem: Problem, tour: Tour) -> int:
    return problem.person_by_id[str(tour.staff)].preference(tour)


Serving = dict[str, dict[int, list[int]]]  # staff -> week -> tours, of one cell


def _serving(problem: Problem, tours: Iterable[Tour]) -> Mapping[Cell, Serving]:
    """Return who serves the cells that ask for a handover, week by week."""
    found: defaultdict[Cell, Serving] = defaultdict(dict)
    wanted = problem.handovers
    if wanted:
        for index, tour in enumerate(tours):
            cell = str(tour.station), str(tour.skill)
            if cell in wanted:
                own = found[cell].setdefault(str(tour.staff), {})
                for week in weeks_of(problem, tour):
                    own.setdefault(week, []).append(index)
    return found


def _spans(problem: Problem, tours: Iterable[Tour]) -> Iterator[tuple[Cell, Need, int, Serving]]:
    """Yield each span over which a handover can be missed: somebody may serve in each of its weeks."""
    for cell, own in _serving(problem, tours).items():
        until = _until({week for served in own.values() for week in served})
        for need in problem.handovers[cell]:
            for first in need.spans:
                if until.get(first, first) > first + need.handover:
                    yield cell, need, first, own


def _missed(problem: Problem, tours: Iterable[Tour]) -> Iterator[tuple[Cell, Need, int, Serving]]:
    """Yield each span in which somebody serves every week, and nobody all of them."""
    longest: dict[Cell, dict[int, int]] = {}
    for cell, need, first, own in _spans(problem, tours):
        if cell not in longest:
            ends = [_until(served) for served in own.values()]
            longest[cell] = {week: max(end.get(week, week) for end in ends) for week in range(problem.weeks)}
        if longest[cell][first] <= first + need.handover:
            yield cell, need, first, own


def _until(weeks: Iterable[int]) -> dict[int, int]:
    """Return week -> the first week from there on that is not among these."""
    found: dict[int, int] = {}
    for week in sorted(weeks, reverse=True):
        found[week] = found.get(week + 1, week + 1)
    return found


class _Rows:
    """Rows in the making, with variables of their own after those of the tours."""

    def __init__(self, tours: int) -> None:
        self.entries: list[tuple[int, int, int]] = []
        self.upper: list[int] = []
        self.costs: list[tuple[int, int]] = []
        self.next = tours

    def variable(self, points: int = 0) -> int:
        """Return a new variable within [0, 1]."""
        self.next += 1
        if points:
            self.costs.append((self.next - 1, points))
        return self.next - 1

    def add(self, upper: int, row: Mapping[int, int]) -> None:
        """Add a row: sum of coefficient * variable <= upper."""
        self.entries += [(len(self.upper), variable, coefficient) for variable, coefficient in row.items()]
        self.upper.append(upper)
