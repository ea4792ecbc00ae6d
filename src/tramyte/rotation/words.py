"""Tours in the words of people: who, where, in which role, in which weeks, counted from 1."""

from __future__ import annotations

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem


def words_of(problem: Problem, tour: Tour) -> dict[str, object]:
    """Return a tour as the fields of a sentence."""
    person = problem.person_by_id[str(tour.staff)]
    return {
        "staff": str(person.id),
        "name": person.name or str(person.id),
        "station": problem.station_by_id[str(tour.station)].name or str(tour.station),
        "skill": problem.skill_by_id[str(tour.skill)].code,
        "first": tour.start + 1,
        "last": tour.end,
    }


def stay_of(problem: Problem, tour: Tour) -> str:
    """Return a tour as short as a list needs."""
    return "{name} → {station} ({skill}, {first}–{last})".format(**words_of(problem, tour))
