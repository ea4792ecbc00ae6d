"""Locked tours that cannot all stand: which few clash, under which rules, and what to unlock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tramyte.domain.explanation import Clash, Clashes
from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules import SETS, Together
from tramyte.rotation.words import stay_of

ONE_MORE_HURTS = tuple(rule for rule in SETS if rule is not Together)  # without a tour fewer of these are broken


def minimal_clashes(problem: Problem) -> Clashes:
    """
    Return the clashes among the tours that must stand, each as small as can be, and what to unlock.

    Found by deletion: a tour without which the rest still clashes is left out. Clashes share no tour; each group
    of people that no rule joins to another is searched by itself until nothing clashes any more. Tours of people who
    must serve together (R15) are told by themselves: there too few are locked, not too many.
    """
    each: list[Clash] = []
    mend: list[Tour] = []
    for group in _groups(problem):
        rest = group
        while _broken(problem, rest):
            clash = _minimal(problem, rest)
            each.append(_told(problem, clash, _broken(problem, clash)))
            rest = [tour for tour in rest if tour not in clash]
        mend += _mend(problem, group)
    each += [_told(problem, own, Together.breaches(problem, own)) for own in _lonely(problem, problem.locked_set)]
    while alone := list(_lonely(problem, [tour for tour in problem.locked_set if tour not in mend])):
        mend += dict.fromkeys(tour for own in alone for tour in own)
    return Clashes(tuple(each), tuple(mend), tuple(stay_of(problem, tour) for tour in mend))


def _told(problem: Problem, tours: Sequence[Tour], breaches: Sequence[Breach]) -> Clash:
    return Clash(tuple(tours), tuple(breaches), tuple(stay_of(problem, tour) for tour in tours))


def _lonely(problem: Problem, tours: Iterable[Tour]) -> Iterator[tuple[Tour, ...]]:
    """Yield the tours of people who must serve together, where one of them is missing."""
    for group in problem.together:
        names = {str(name) for name in group}
        own: defaultdict[tuple[str, int, int], list[Tour]] = defaultdict(list)
        for tour in tours:
            if str(tour.staff) in names:
                own[str(tour.station), tour.start, tour.weeks].append(tour)
        yield from (tuple(row) for row in own.values() if {str(tour.staff) for tour in row} != names)


def _groups(problem: Problem) -> Iterable[list[Tour]]:
    """Return the tours that must stand, by unit and primary skill: the rules join no others, but in `rotation/2`."""
    if problem.version > 1:
        return [list(problem.locked_set)]
    groups: defaultdict[tuple[str, str], list[Tour]] = defaultdict(list)
    for tour in problem.locked_set:
        person = problem.person_by_id[str(tour.staff)]
        groups[str(person.unit), person.primary].append(tour)
    return groups.values()


def _broken(problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
    return [breach for rule in ONE_MORE_HURTS for breach in rule.breaches(problem, tours)]


def _minimal(problem: Problem, tours: Sequence[Tour]) -> list[Tour]:
    """Return some of the tours that clash, such that without any one of them the others do not."""
    kept = list(tours)
    size = len(kept)
    while size:  # whole blocks first: most tours have no part in it
        start = 0
        while start < len(kept):
            fewer = [*kept[:start], *kept[start + size :]]
            if _broken(problem, fewer):
                kept = fewer
            else:
                start += size
        size //= 2
    return kept


def _mend(problem: Problem, tours: Sequence[Tour]) -> list[Tour]:
    """Return tours without which the others can stand, and each of which clashes with those."""
    if not _broken(problem, tours):
        return []
    kept: list[Tour] = []
    for tour in tours:
        if not _broken(problem, [*kept, tour]):
            kept.append(tour)
    return [tour for tour in tours if tour not in kept]
