"""What became of an issued plan: which of its tours can stand no more, and the problem that changes the fewest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.domain.replan import TourChange
from tramyte.rotation import read as problem_files
from tramyte.rotation.changes import changes
from tramyte.rotation.check import check
from tramyte.rotation.problem import Problem
from tramyte.web import records
from tramyte.web.models import Campaign, Deployment, Issue
from tramyte.web.planning import price_of_change, problem_of, served, tour_of

OVER = ("ended", "confirmed")


@dataclass(frozen=True)
class Broken:
    """A tour of the issued plan that cannot stand any more, and why."""

    deployment: Deployment
    tour: Tour
    change: TourChange


@dataclass(frozen=True)
class Situation:
    """
    An issued plan on a day, beside the problem of the register as it is.

    deployments : what was issued and not cancelled since
    problem     : with the plan in hand as its incumbent, and what was served locked
    """

    campaign: Campaign
    issue: Issue
    on: date
    deployments: tuple[Deployment, ...]
    problem: Problem

    @cached_property
    def by_key(self) -> dict[tuple[str, str, str, int, int], Deployment]:
        """Key of a tour -> its deployment."""
        return {tour_of(one, self.campaign).key: one for one in self.deployments}

    @cached_property
    def broken(self) -> list[Broken]:
        """The tours that cannot stand beside those that must, as they would be dropped: the earliest first."""
        free = self.problem.locked_keys
        lost = [
            row for row in changes(self.problem, ()).each if row.is_lost and row.before and row.before.key not in free
        ]
        found = [Broken(self.by_key[row.before.key], row.before, row) for row in lost if row.before]
        return sorted(found, key=lambda one: (one.tour.start, one.tour.key))

    @cached_property
    def clashing(self) -> list[Breach]:
        """The rules that the other tours break together: a unit whose limit was lowered, somebody without rest."""
        gone = {one.tour.key for one in self.broken}
        stays = {tour.key: tour for tour in self.problem.incumbent if tour.key not in gone}
        return check(self.problem, [*({**stays, **{tour.key: tour for tour in self.problem.locked_set}}).values()])

    @property
    def count(self) -> int:
        """How much of it does not hold."""
        return len(self.broken) + len(self.clashing)


def situation(campaign: Campaign, *, on: date, is_whole: bool = False) -> Situation | None:
    """
    Return how an issued plan stands on a day; None: nothing is issued, or all of it is over.

    is_whole : whether everybody who could go instead is known to the problem, or only those who go: marking is quick
    raises   : BadData, the register cannot be planned any more; NormMissing
    """
    rows = _issued(campaign)
    issue = Issue.objects.filter(province=campaign.province, campaign=campaign.code).order_by("-pk").first()
    if issue is None or not [one for one in rows if one.state not in OVER and one.end > on]:
        return None
    problem, _ = problem_of(campaign, only=None if is_whole else {one.staff for one in rows})
    tours = [tour_of(one, campaign) for one in rows]
    problem = _knowing(problem, tours, campaign)
    return Situation(campaign, issue, on, rows, _in_hand(problem, rows, campaign, on))


def running_campaigns(province: str, *, on: date) -> list[Campaign]:
    """Return the campaigns of a province of which somebody goes, or is gone, on a day or after it."""
    rows = records.rows(Deployment).filter(province=province, state__in=("issued", "arrived"), end__gt=on)
    codes = set(rows.exclude(campaign=None).order_by().values_list("campaign", flat=True).distinct())
    found = records.rows(Campaign).filter(province=province, code__in=codes) if codes else ()
    return sorted(found, key=lambda one: (one.first_monday, one.code))


def _issued(campaign: Campaign) -> tuple[Deployment, ...]:
    rows = records.rows(Deployment).filter(province=campaign.province, campaign=campaign.code)
    return tuple(rows.exclude(state__in=("cancelled", "proposed", "approved")).order_by("start", "staff"))


def _in_hand(problem: Problem, rows: Sequence[Deployment], campaign: Campaign, on: date) -> Problem:
    """
    Return the problem with the issued plan in hand: what is over stands, of what breaks midway the weeks served.

    A lock of the register holds no longer whose person cannot go: that is what shall be told.
    """
    before = served(campaign, on=on)
    stands, force = [tour for tour in problem.locked if _is_able(problem, tour)], []
    for one in rows:
        tour = tour_of(one, campaign)
        if one.state in OVER or one.end <= on:
            stands.append(tour)
            continue
        force.append(tour)
        if tour.start < before and (weeks := _weeks_served(problem, tour, before)) < tour.weeks and weeks:
            stands.append(replace(tour, weeks=weeks))
    weights = {**problem.weights, "disruption": price_of_change(problem)}
    locked = tuple({tour.key: tour for tour in stands}.values())
    return replace(problem, incumbent=tuple(force), locked=locked, frozen_before=before, weights=weights)


def _weeks_served(problem: Problem, tour: Tour, before: int) -> int:
    """Return how many weeks of a tour that has begun stand: all of them, unless the person can serve no longer."""
    person = problem.person_by_id[str(tour.staff)]
    if _is_able(problem, tour):
        return tour.weeks
    last = min(before, tour.end)
    blocked = (week for week in range(tour.start, last) if person.is_unavailable(week, week + 1))
    return next(blocked, last) - tour.start


def _is_able(problem: Problem, tour: Tour) -> bool:
    person = problem.person_by_id[str(tour.staff)]
    return not person.exempt and not person.is_unavailable(tour.start, tour.end)


def _knowing(problem: Problem, tours: Sequence[Tour], campaign: Campaign) -> Problem:
    """Return a problem that knows all whom the plan names: who has gone from the register is there, and exempt."""
    people = {str(tour.staff) for tour in tours} - set(problem.person_by_id)
    places = {str(tour.station) for tour in tours} - set(problem.station_by_id)
    roles = {str(tour.skill) for tour in tours} - set(problem.skill_by_id)
    if not people and not places and not roles:
        return problem
    issues = Issue.objects.filter(province=campaign.province, campaign=campaign.code).select_related("draft__frozen")
    before = [problem_files.problem(one.draft.frozen.problem) for one in issues.order_by("-pk")]
    gone = [_first(before, "person_by_id", code) for code in sorted(people)]
    roles |= {str(skill) for one in gone for skill in one.skills} - set(problem.skill_by_id)
    homes = {str(one.unit) for one in gone} - set(problem.unit_by_id)
    units = (*problem.units, *(_first(before, "unit_by_id", code) for code in sorted(homes)))
    stations = (
        *problem.stations,
        *(replace(_first(before, "station_by_id", code), needs=()) for code in sorted(places)),
    )
    return replace(
        problem, units=units, stations=stations,
        travel_min=tuple(
            tuple(_minutes([problem, *before], str(unit.id), str(place.id)) for place in stations) for unit in units
        ),
        staff=(*problem.staff, *(replace(one, exempt=True) for one in gone)),
        skills=(*problem.skills, *(_first(before, "skill_by_id", code) for code in sorted(roles))),
        fair_target={**dict.fromkeys(homes, 0), **problem.fair_target},
    )  # fmt: skip


def _first(problems: Sequence[Problem], names: str, code: str) -> Any:
    """Return what the newest problem that knows it says of a person, a place or a role."""
    return next(getattr(one, names)[code] for one in problems if code in getattr(one, names))


def _minutes(problems: Sequence[Problem], unit: str, station: str) -> int | None:
    knowing = (one for one in problems if unit in one.unit_by_id and station in one.station_by_id)
    return next((one.minutes(unit, station) for one in knowing), None)
