"""Rules on single tours: each forbids tours one by one, whatever else is in the plan."""

from __future__ import annotations

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules.rule import Rule


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
