"""What every rule has: its code, its sentence, and both sayings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem


class Rows(NamedTuple):
    """
    Sparse rows  sum of coefficient * x[variable] <= upper[row]. Each entry is (row, variable, coefficient).

    Variables are the tours, 0 or 1. A soft rule may add its own after them, within [0, 1] and free to be at their
    best; costs: (variable, points) of what is paid for.
    """

    entries: list[tuple[int, int, int]]
    upper: list[int]
    costs: Sequence[tuple[int, int]] = ()


class Rule:
    """
    One rule: its code, the sentence a planner reads (the class docstring), and both sayings.

    weight : None, it must hold; else the part of the objective that tells what it costs
    """

    code = ""
    weight: str | None = None

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        """Return whether the rule forbids this tour by itself, whatever else is in the plan."""
        raise AssertionError(f"{cls.__name__} says nothing of single tours")

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """Return what the solver must keep: here x = 0 for every forbidden tour."""
        bad = [index for index, tour in enumerate(tours) if cls.forbids(problem, tour)]
        return Rows([(row, index, 1) for row, index in enumerate(bad)], [0] * len(bad))

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        """Return every breach, in words. A tour that must stand breaks no rule on single tours."""
        return [
            Breach(cls.code, str(tour.staff), tour.start, cls.words(problem, tour))
            for tour in tours
            if cls.forbids(problem, tour) and tour.key not in problem.locked_keys
        ]

    @classmethod
    def words(cls, problem: Problem, tour: Tour) -> dict[str, object]:
        """Return the values of the sentence."""
        person = problem.person_by_id[str(tour.staff)]
        return {
            "name": person.name or str(person.id),
            "station": str(tour.station),
            "skill": problem.skill_by_id[str(tour.skill)].code,
            "weeks": tour.weeks,
            "first": tour.start + 1,  # sentences count weeks from 1
            "last": tour.end,
        }


class Soft(Rule):
    """A rule that may be broken at a price."""

    @classmethod
    def points(cls, problem: Problem, tours: Sequence[Tour]) -> int:
        """Return the part of the objective."""
        raise AssertionError(f"{cls.__name__} has no price")


def weeks_of(problem: Problem, tour: Tour) -> range:
    """Return the weeks of a tour inside the campaign; only a locked tour can reach outside."""
    return range(max(0, tour.start), min(problem.weeks, tour.end))
