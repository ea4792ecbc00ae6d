"""Rules on sets of tours: what one person, one sending unit or one group may do at most, and what must stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules.rule import Rows, Rule, weeks_of


class Rest(Rule):
    """Between two tours of one person lie the weeks of rest, and nobody is in two places."""

    code = "R7"

    @classmethod
    def rows(cls, problem: Problem, tours: Sequence[Tour]) -> Rows:
        """Of the tours of one person whose weeks and rest contain one start, at most one is chosen."""
        cliques = []
        for staff, own in _by_person(tours).items():
            rest = problem.person_by_id[staff].rest_weeks
            for week in sorted({tours[index].start for index in own}):
                cliques.append([index for index in own if tours[index].start <= week < tours[index].end + rest])
        return _at_most((clique, 1) for clique in cliques)

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for staff, order in _in_order(tours).items():
            rest = problem.person_by_id[staff].rest_weeks
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
        return _at_most((own, problem.person_by_id[staff].max_deployments) for staff, own in _by_person(tours).items())

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for staff, order in _in_order(tours).items():
            most = problem.person_by_id[staff].max_deployments
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
        return _at_most(
            (own, _spare(problem, unit, skill)) for (unit, skill, _), own in sorted(_away(problem, tours).items())
        )

    @classmethod
    def breaches(cls, problem: Problem, tours: Sequence[Tour]) -> list[Breach]:
        found = []
        for (unit, skill, week), own in sorted(_away(problem, tours).items()):
            most = _spare(problem, unit, skill)
            if len(own) <= most:
                continue
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


def _at_most(groups: Iterable[tuple[Sequence[int], int]]) -> Rows:
    """Return rows by which at most so many tours of each group are chosen, of groups that have more."""
    larger = [(group, most) for group, most in groups if len(group) > most]
    entries = [(row, index, 1) for row, (group, _) in enumerate(larger) for index in group]
    return Rows(entries, [most for _, most in larger])


def _by_person(tours: Sequence[Tour]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, tour in enumerate(tours):
        found[str(tour.staff)].append(index)
    return found


def _in_order(tours: Sequence[Tour]) -> dict[str, list[Tour]]:
    """Return the tours of each person in order of weeks."""
    own = {staff: [tours[index] for index in found] for staff, found in _by_person(tours).items()}
    return {staff: sorted(each, key=lambda tour: (tour.start, tour.end)) for staff, each in own.items()}


def _spare(problem: Problem, unit: str, skill: str) -> int:
    """Return how many people of a primary skill a unit can spare in a week."""
    return problem.unit_by_id[unit].max_away.get(skill, 0)


def _away(problem: Problem, tours: Iterable[Tour]) -> dict[tuple[str, str, int], list[int]]:
    """Return (unit, primary skill, week) -> tours of the people away then, by text."""
    found: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    for index, tour in enumerate(tours):
        person = problem.person_by_id[str(tour.staff)]
        for week in weeks_of(problem, tour):
            found[str(person.unit), person.primary, week].append(index)
    return found
