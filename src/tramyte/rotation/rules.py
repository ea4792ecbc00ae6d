"""
The rules of a plan, each said twice: `forbids`/`rows` tell the solver, `breaches` tells a person.

A rule on single tours forbids them one by one (its row is x = 0); a rule on sets of tours gives sparse rows
(row, tour, coefficient, upper bound). Tests draw random plans and ask both sides the same question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem


class Rows(NamedTuple):
    """Sparse rows  sum of coefficient * x[tour] <= upper[row]. Each entry is (row, tour index, coefficient)."""

    entries: list[tuple[int, int, int]]
    upper: list[int]


class Rule:
    """One rule: its code, the sentence a planner reads (the class docstring), and both sayings."""

    code = ""

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
            if tour.key not in problem.locked_keys and cls.forbids(problem, tour)
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


class TourLength(Rule):
    """A tour lasts as many weeks as its sending unit allows."""

    code = "R1"

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        return tour.weeks not in problem.unit_of(tour).durations

    @classmethod
    def words(cls, problem: Problem, tour: Tour) -> dict[str, object]:
        allowed = ", ".join(str(weeks) for weeks in problem.unit_of(tour).durations)
        return {**super().words(problem, tour), "allowed": allowed}


class LicensedRole(Rule):
    """A person serves only in roles the licence allows."""

    code = "R2"

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        skills = problem.person_by_id[str(tour.staff)].skills
        return str(tour.skill) not in {str(skill) for skill in skills}


class InsideCampaign(Rule):
    """A tour begins and ends inside the campaign."""

    code = "R3"

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        return tour.start < 0 or tour.end > problem.weeks

    @classmethod
    def words(cls, problem: Problem, tour: Tour) -> dict[str, object]:
        return {**super().words(problem, tour), "horizon": problem.weeks}


class WithinReach(Rule):
    """Nobody travels longer than agreed, and nobody to a station that cannot be reached."""

    code = "R4"

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        person = problem.person_by_id[str(tour.staff)]
        minutes = problem.minutes(person.unit, tour.station)
        return minutes is None or minutes > person.max_travel_min

    @classmethod
    def words(cls, problem: Problem, tour: Tour) -> dict[str, object]:
        person = problem.person_by_id[str(tour.staff)]
        minutes = problem.minutes(person.unit, tour.station)
        read = "–" if minutes is None else minutes
        return {**super().words(problem, tour), "minutes": read, "limit": person.max_travel_min}


class Exempt(Rule):
    """Who is exempt is never sent."""

    code = "R5"

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        return problem.person_by_id[str(tour.staff)].exempt


class Available(Rule):
    """No week of a tour falls on leave, training, or after a licence or a career has ended."""

    code = "R6"

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        return problem.person_by_id[str(tour.staff)].is_unavailable(tour.start, tour.end)


class NotFrozen(Rule):
    """Weeks already decided do not change: a new tour starts at or after the first open week."""

    code = "R11"

    @classmethod
    def forbids(cls, problem: Problem, tour: Tour) -> bool:
        return tour.key not in problem.locked_keys and tour.start < problem.frozen_before and problem.frozen_before > 0

    @classmethod
    def words(cls, problem: Problem, tour: Tour) -> dict[str, object]:
        return {**super().words(problem, tour), "first_open": problem.frozen_before + 1}


class Rest(Rule):
    """Between two tours of one person lie the weeks of rest, and nobody is in two places."""

    code = "R7"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """Of the tours of one person whose weeks and rest contain one start, at most one is chosen."""
        entries: list[tuple[int, int, int]] = []
        row = 0
        for staff, own in _by_person(tours).items():
            rest = problem.person_by_id[staff].rest_weeks
            for week in sorted({tours[index].start for index in own}):
                clique = [index for index in own if tours[index].start <= week < tours[index].end + rest]
                if len(clique) > 1:
                    entries += [(row, index, 1) for index in clique]
                    row += 1
        return Rows(entries, [1] * row)

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for staff, own in _by_person(tours).items():
            rest = problem.person_by_id[staff].rest_weeks
            order = sorted((tours[index] for index in own), key=lambda tour: (tour.start, tour.end))
            reach = order[0]
            for tour in order[1:]:
                if tour.start < reach.end + rest:
                    other = {"other": str(reach.station), "other_first": reach.start + 1, "other_last": reach.end}
                    words = {**cls.words(problem, tour), **other, "rest": rest}
                    found.append(Breach(cls.code, staff, tour.start, words))
                if tour.end > reach.end:
                    reach = tour
        return found


class FewTours(Rule):
    """Nobody leaves home more often than allowed in one campaign."""

    code = "R8"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        entries: list[tuple[int, int, int]] = []
        upper: list[int] = []
        for staff, own in _by_person(tours).items():
            most = problem.person_by_id[staff].max_deployments
            if len(own) > most:
                entries += [(len(upper), index, 1) for index in own]
                upper.append(most)
        return Rows(entries, upper)

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for staff, own in _by_person(tours).items():
            most = problem.person_by_id[staff].max_deployments
            order = sorted((tours[index] for index in own), key=lambda tour: tour.start)
            if len(order) > most:
                stays = "; ".join(f"{tour.station} ({tour.start + 1}–{tour.end})" for tour in order)
                words = {**cls.words(problem, order[most]), "tours": len(order), "most": most, "stays": stays}
                found.append(Breach(cls.code, staff, order[most].start, words))
        return found


class MinimumAtHome(Rule):
    """A sending unit never has more people of one primary skill away than it can spare."""

    code = "R9"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """Tours are counted for people: under R7 nobody has two in one week."""
        entries: list[tuple[int, int, int]] = []
        upper: list[int] = []
        for (unit, skill, _), own in sorted(_away(problem, tours).items()):
            most = problem.unit_by_id[unit].max_away.get(skill, 0)
            if len(own) > most:
                entries += [(len(upper), index, 1) for index in own]
                upper.append(most)
        return Rows(entries, upper)

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for (unit, skill, week), own in sorted(_away(problem, tours).items()):
            most = problem.unit_by_id[unit].max_away.get(skill, 0)
            people = list(dict.fromkeys(str(tours[index].staff) for index in own))  # who is in two places is one person
            if len(people) > most:
                words = {
                    "unit": problem.unit_by_id[unit].name or unit,
                    "skill": problem.skill_by_id[skill].code,
                    "away": len(people),
                    "most": most,
                }
                found.append(Breach(cls.code, ", ".join(people), week, words))
        return found


class Locked(Rule):
    """Every tour that must stand, stands, word for word."""

    code = "R10"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """A locked tour that is no candidate gives an empty row with a negative bound: no plan at all."""
        place = {tour.key: index for index, tour in enumerate(tours)}
        entries = [(row, place[tour.key], -1) for row, tour in enumerate(problem.locked_set) if tour.key in place]
        return Rows(entries, [-1] * len(problem.locked_set))

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        keys = {tour.key for tour in tours}
        return [
            Breach(cls.code, str(tour.staff), tour.start, cls.words(problem, tour))
            for tour in problem.locked_set
            if tour.key not in keys
        ]


RULES: tuple[type[Rule], ...] = (
    TourLength, LicensedRole, InsideCampaign, WithinReach, Exempt, Available, Rest, FewTours, MinimumAtHome,
    Locked, NotFrozen,
)  # fmt: skip
SINGLE: tuple[type[Rule], ...] = (TourLength, LicensedRole, InsideCampaign, WithinReach, Exempt, Available, NotFrozen)
SETS: tuple[type[Rule], ...] = (Rest, FewTours, MinimumAtHome)


def _by_person(tours: Sequence[Tour]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, tour in enumerate(tours):
        found[str(tour.staff)].append(index)
    return found


def _away(problem: Problem, tours: Iterable[Tour]) -> dict[tuple[str, str, int], list[int]]:
    """Return (unit, primary skill, week) -> tours of the people away then, by text."""
    found: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    for index, tour in enumerate(tours):
        person = problem.person_by_id[str(tour.staff)]
        for week in _weeks(problem, tour):
            found[str(person.unit), person.primary, week].append(index)
    return found


def _weeks(problem: Problem, tour: Tour) -> Iterator[int]:
    """Weeks of a tour inside the campaign; only a locked tour can reach outside."""
    return iter(range(max(0, tour.start), min(problem.weeks, tour.end)))
