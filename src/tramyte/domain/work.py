"""What is asked, counted and promised: services, requirements, senders, locks, campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ServiceCount:
    """
    How many services a facility gave in a month.

    month : first day of the month
    count : services; None is unknown, which is not zero
    state : draft, reviewed, verified
    """

    facility: str
    month: date
    service: str
    count: int | None = None
    source: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class StatedTotal:
    """
    A total that a paper states, kept beside what the rows count to.

    measure : staff, staff_medical, staff_other, doctors, communes, stations, points, ...
    """

    measure: str
    on: date
    value: int
    source: str | None = None


@dataclass(frozen=True)
class PastTour:
    """A tour served or under way: the fairness ledger, and the people there on deployment."""

    staff: str
    facility: str
    skill: str
    start: date
    end: date
    instrument: str
    decision: str | None = None


@dataclass(frozen=True)
class Requirement:
    """
    How many people of a skill a station wants in the weeks first..last (1-based, both in).

    w_crit, w_norm : price of one missing critical or normal person-week; None: from the campaign's weights
    source         : norm, wisn, target, request, surge (raised for an emergency)
    """

    facility: str
    skill: str
    first_week: int
    last_week: int
    count: int
    critical: int = 0
    w_crit: int | None = None
    w_norm: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Sender:
    """
    A unit that sends people.

    tier                           : P provincial, M medical centre, or any label
    tour_weeks_min, tour_weeks_max : admissible length of a tour, weeks, both in
    fair_target_weeks              : weeks away that count as a fair share
    """

    facility: str
    tier: str
    tour_weeks_min: int
    tour_weeks_max: int
    fair_target_weeks: int


@dataclass(frozen=True)
class AwayLimit:
    """How many staff of one primary skill may be away from a sending unit in any week."""

    facility: str
    skill: str
    max_away: int


@dataclass(frozen=True)
class Lock:
    """A tour that must stand in the plan, word for word. week: 1-based week of the campaign."""

    staff: str
    facility: str
    skill: str
    week: int
    weeks: int


@dataclass(frozen=True)
class Travel:
    """Minutes one way from a sending unit to a station; None: it cannot be reached."""

    sender: str
    facility: str
    minutes: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Campaign:
    """
    One drive.

    first_monday : Monday of week 1
    weeks        : length, weeks
    instrument   : support (tăng cường) or rotation (luân phiên có thời hạn)
    max_tours, rest_weeks, max_travel_min : limits for everybody, weeks and minutes
    """

    code: str
    name: str
    province: str
    first_monday: date
    weeks: int
    instrument: str
    max_tours: int
    rest_weeks: int
    max_travel_min: int
    as_of: date | None = None


@dataclass(frozen=True)
class Weight:
    """One price of the objective, an integer >= 0, by its code (w_crit, fair1, ...)."""

    code: str
    value: int
