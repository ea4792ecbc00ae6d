"""Rules on groups of people, known to `rotation/2` only: who must not, and who must, serve together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules.rule import Rows, Rule, weeks_of


class Apart(Rule):
    """People who must be kept apart never serve at one station in the same week."""

    code = "R14"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """Of the tours of one group over one week at one station, at most one is chosen; R7 keeps a person to one."""
        there: defaultdict[tuple[int, str, int], list[int]] = defaultdict(list)
        for index, tour in enumerate(tours):
            for group in problem.apart_of.get(str(tour.staff), ()):
                for week in weeks_of(problem, tour):
                    there[group, str(tour.station), week].append(index)
        cliques = [own for own in there.values() if len({str(tours[index].staff) for index in own}) > 1]
        return Rows([(row, index, 1) for row, own in enumerate(cliques) for index in own], [1] * len(cliques))

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found: dict[tuple[object, ...], Breach] = {}
        for group in _companies(problem, tours):
            for one, other in combinations(group, 2):
                both = range(max(one.start, other.start, 0), min(one.end, other.end, problem.weeks))
                if both and str(one.staff) != str(other.staff):
                    people = f"{one.staff}, {other.staff}"
                    words = {"station": str(one.station), "first": both[0] + 1, "last": both[-1] + 1}
                    found[one.key, other.key] = Breach(cls.code, people, both[0], words)
        return list(found.values())


class Together(Rule):
    """People who must serve together have the same tours: one station, one first week, one length, each their role."""

    code = "R15"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """Round the group, each goes at most as often as the next: all the same. R7 keeps a person to one tour."""
        entries: list[tuple[int, int, int]] = []
        row = 0
        for group, places in _stays(problem, tours):
            for own in places.values():
                for one, following in zip(group, (*group[1:], group[0]), strict=True):
                    entries += [(row, index, 1) for index in own.get(one, ())]
                    entries += [(row, index, -1) for index in own.get(following, ())]
                    row += 1
        return Rows(entries, [0] * row)

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for group, places in _stays(problem, tours):
            for (station, start, weeks, _), own in places.items():
                if missing := [staff for staff in group if staff not in own]:
                    words = {"station": station, "first": start + 1, "last": start + weeks}
                    words["without"] = ", ".join(missing)
                    found.append(Breach(cls.code, ", ".join(own), start, words))
        return found


def _companies(problem: Problem, tours: Sequence[Tour]) -> list[list[Tour]]:
    """Return the tours of each group that must be kept apart, station by station."""
    found: defaultdict[tuple[int, str], list[Tour]] = defaultdict(list)
    if problem.apart:
        for tour in tours:
            for group in problem.apart_of.get(str(tour.staff), ()):
                found[group, str(tour.station)].append(tour)
    return [sorted(own, key=lambda tour: tour.start) for own in found.values()]


Stay = tuple[str, int, int, bool]  # station, start, weeks, must it stand
Places = dict[Stay, dict[str, list[int]]]  # stay -> person -> tours


def _stays(problem: Problem, tours: Sequence[Tour]) -> Iterator[tuple[tuple[str, ...], Places]]:
    """
    Yield each group that must serve together, with its stays: who has which tours there.

    A tour that must stand and one that need not are never the same stay: a lock holds for a whole group or for nobody.
    """
    own: defaultdict[str, list[int]] = defaultdict(list)
    if problem.together:
        for index, tour in enumerate(tours):
            own[str(tour.staff)].append(index)
    for group in problem.together:
        places: Places = {}
        people = tuple(str(staff) for staff in group)
        for staff in people:
            for index in own.get(staff, ()):
                stay = (*tours[index].stay, tours[index].key in problem.locked_keys)
                places.setdefault(stay, {}).setdefault(staff, []).append(index)
        yield people, places
