"""The turns ledger: who was away how long, how far and in what places, across campaigns, with the plan looked at."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from tramyte.rotation.problem import Problem
from tramyte.web import records
from tramyte.web.models import Appointment, Campaign, Commune, Deployment, Facility, PastTour, Sender, Staff, Travel
from tramyte.web.models.base import FIRST_ON, in_force
from tramyte.web.planning import SERVING, Sheet

YEARS = 2
BANDS = ((0, 10), (11, 20), (21, 30), (31, None))  # days away in these months
HARD_ZONE = 3  # zone of places that are hard to reach and to live in
Who = tuple[str, str, str]  # name, unit, name of the unit


@dataclass(frozen=True)
class Stay:
    """One tour of somebody, served, issued or planned. start, end: half-open; hard: at a place of zone III."""

    start: date
    end: date
    minutes: int | None
    is_hard: bool
    is_planned: bool


@dataclass(frozen=True)
class Turns:
    """
    One person in the ledger, in its window.

    days, planned, hard : days away; of them those of the plan looked at; those at hard places
    minutes             : of travel one way, all tours together; None: of no tour it is known
    last                : the last day away before the plan; None: never, as far as is recorded
    """

    staff: str
    name: str
    unit: str
    unit_name: str
    days: int
    planned: int
    hard: int
    tours: int
    minutes: int | None
    last: date | None

    @property
    def band(self) -> int:
        """Index of BANDS."""
        return next(index for index, (_, high) in enumerate(BANDS) if high is None or self.days <= high)


@dataclass(frozen=True)
class UnitTurns:
    """A sending unit in the ledger: its people, their days together, the fewest and the most of one person."""

    unit: str
    name: str
    people: int
    days: int
    planned: int
    hard: int
    least: int
    most: int

    @property
    def mean(self) -> float:
        """Days of one person on average: the sum of days by people."""
        return round(self.days / self.people, 1)


def window(campaign: Campaign) -> tuple[date, date]:
    """Return the 24 months that count: they end with the last week of the campaign; half-open."""
    end = campaign.first_monday + timedelta(weeks=campaign.weeks)
    year = end.year - YEARS
    return date(year, end.month, min(end.day, monthrange(year, end.month)[1])), end


def ledger(campaign: Campaign, sheet: Sheet | None) -> list[Turns]:
    """
    Return everybody who may be sent, whoever was away least first.

    sheet : the plan that is counted in; None: what is served and issued alone
    """
    start, end = window(campaign)
    people = _people(campaign, sheet)
    stays = _stays(campaign, sheet, people)
    rows = [_turns(staff, *who, stays.get(staff, ()), start, end) for staff, who in people.items()]
    return sorted(rows, key=lambda one: (one.days, one.staff))


def _people(campaign: Campaign, sheet: Sheet | None) -> dict[str, Who]:
    """Return person -> name, unit, name of the unit: those of the problem, else who works at a unit that sends."""
    if sheet is not None:
        units = sheet.problem.unit_by_id
        return {
            str(one.id): (one.name or str(one.id), str(one.unit), units[str(one.unit)].name or str(one.unit))
            for one in sheet.problem.staff
        }
    on, province = campaign.first_monday, campaign.province
    senders = set(records.rows(Sender).filter(province=province).values_list("facility", flat=True))
    jobs = records.rows(Appointment).filter(in_force(on), province=province, facility__in=senders)
    home = dict(jobs.order_by("share").values_list("staff", "facility"))
    names, found = _names(province, senders), {}
    for one in records.rows(Staff).filter(province=province, code__in=home):
        at = str(home[one.code])
        found[str(one.code)] = f"{one.family_names} {one.given_name}".strip(), at, names.get(at, at)
    return found


def _names(province: str, codes: Iterable[str]) -> dict[str, str]:
    rows = Facility.objects.filter(province=province, code__in=list(codes)).order_by(*FIRST_ON)
    return dict(rows.values_list("code", "name"))


def _stays(campaign: Campaign, sheet: Sheet | None, people: Mapping[str, Who]) -> dict[str, list[Stay]]:
    """Return person -> tours served, issued, and of the plan; what the plan says of its campaign counts once."""
    way, hard = _ways(campaign, sheet), _hard(campaign.province)
    found: defaultdict[str, dict[date, Stay]] = defaultdict(dict)

    def add(staff: str, station: str, start: date, end: date, *, is_planned: bool = False) -> None:
        if staff in people:
            minutes = way(people[staff][1], station)
            found[staff][start] = Stay(start, end, minutes, station in hard, is_planned)

    fields = ("staff", "facility", "start", "end")
    for row in records.rows(PastTour).filter(province=campaign.province).values_list(*fields):
        add(*row)
    issued = records.rows(Deployment).filter(province=campaign.province, state__in=SERVING)
    if sheet is not None:
        issued = issued.exclude(campaign=campaign.code)
    for row in issued.values_list(*fields):
        add(*row)
    for tour in sheet.tours if sheet else ():
        first = campaign.first_monday + timedelta(weeks=tour.start)
        add(str(tour.staff), str(tour.station), first, first + timedelta(weeks=tour.weeks), is_planned=True)
    return {staff: list(rows.values()) for staff, rows in found.items()}


def _ways(campaign: Campaign, sheet: Sheet | None) -> Callable[[str, str], int | None]:
    """Return (unit, station) -> minutes one way: of the problem, else of the register; None: not known."""
    rows = records.rows(Travel).filter(province=campaign.province)
    known = {(sender, place): minutes for sender, place, minutes in rows.values_list("sender", "facility", "minutes")}
    problem: Problem | None = sheet.problem if sheet else None

    def way(unit: str, station: str) -> int | None:
        if problem and unit in problem.unit_by_id and station in problem.station_by_id:
            return problem.minutes(unit, station)
        return known.get((unit, station))

    return way


def _hard(province: str) -> set[str]:
    """Return the facilities of zone III, by themselves or by their commune, and those said to be very hard."""
    communes = Commune.objects.filter(province=province, zone=HARD_ZONE).values_list("code", flat=True)
    own = Q(zone=HARD_ZONE) | Q(very_hard=True) | Q(zone=None, commune__in=list(communes))
    return set(Facility.objects.filter(own, province=province).values_list("code", flat=True))


def _turns(staff: str, name: str, unit: str, unit_name: str, stays: Sequence[Stay], start: date, end: date) -> Turns:
    inside = [one for one in stays if one.start < end and one.end > start]
    minutes = [one.minutes for one in inside if one.minutes is not None]
    past = [one.end - timedelta(days=1) for one in stays if not one.is_planned]
    return Turns(
        staff, name, unit, unit_name, days=_days(inside, start, end),
        planned=_days([one for one in inside if one.is_planned], start, end),
        hard=_days([one for one in inside if one.is_hard], start, end), tours=len(inside),
        minutes=sum(minutes) if minutes else (0 if not inside else None), last=max(past, default=None),
    )  # fmt: skip


def _days(stays: Iterable[Stay], start: date, end: date) -> int:
    """
    Return the days of stays within [start, end); a day in two of them is one day.

    >>> day = date(2026, 1, 5)
    >>> _days([Stay(day, day + timedelta(7), 1, False, False)] * 2, day, day + timedelta(5))
    5
    """
    spans = sorted((max(one.start, start), min(one.end, end)) for one in stays)
    merged: list[tuple[date, date]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return sum((last - first).days for first, last in merged)


def by_unit(rows: Iterable[Turns]) -> list[UnitTurns]:
    """Return the ledger by sending unit, whichever sends its people least first."""
    groups: defaultdict[str, list[Turns]] = defaultdict(list)
    for row in rows:
        groups[row.unit].append(row)
    found = [
        UnitTurns(
            unit, own[0].unit_name, len(own), sum(one.days for one in own), sum(one.planned for one in own),
            sum(one.hard for one in own), min(one.days for one in own), max(one.days for one in own),
        )
        for unit, own in groups.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.mean, one.unit))
