"""
In which weeks can a person not be sent? Leave, licence, contract and retirement, in whole weeks of the campaign.

A tour is made of whole weeks: one day that cannot be served takes its week away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tramyte.domain.errors import NormMissing
from tramyte.domain.finding import Finding
from tramyte.domain.people import Absence, Appointment, Licence, Staff
from tramyte.domain.work import PastTour
from tramyte.norms import licence
from tramyte.norms.retirement import retirement

Days = tuple[date | None, date | None]  # half-open, None is open
Span = tuple[int, int]  # half-open weeks of the campaign

ALWAYS: Days = (None, None)


@dataclass(frozen=True)
class Horizon:
    """The weeks of a campaign. first: Monday of week 1; weeks: length."""

    first: date
    weeks: int

    @property
    def end(self) -> date:
        """The first day after the campaign."""
        return self.first + timedelta(weeks=self.weeks)

    def touched(self, days: Days) -> Span:
        """Return the weeks that share a day with a span of days, inside the campaign; (0, 0): none."""
        start, end = days
        first = 0 if start is None else max(0, (start - self.first).days // 7)
        last = self.weeks if end is None else min(self.weeks, -((self.first - end).days // 7))
        return (first, last) if first < last and not (start and end and end <= start) else (0, 0)

    def is_whole(self, spans: Sequence[Span]) -> bool:
        """Return whether merged spans cover every week."""
        return tuple(spans) == ((0, self.weeks),)


@dataclass(frozen=True)
class Papers:
    """What the register says of one person."""

    appointment: Appointment
    absences: tuple[Absence, ...] = ()
    licences: tuple[Licence, ...] = ()
    past_tours: tuple[PastTour, ...] = ()


@dataclass(frozen=True)
class Weeks:
    """unavailable: spans of weeks, merged, in order; exempt: by decision, in every week; findings: warnings."""

    unavailable: tuple[Span, ...]
    exempt: bool
    findings: tuple[Finding, ...]


def weeks_away(person: Staff, papers: Papers, *, horizon: Horizon, on: date, needs_licence: bool) -> Weeks:
    """
    Return the weeks a person cannot be sent, and what a planner should know about them.

    on     : day on which the law is asked
    raises : NormMissing, no law of retirement or licences on the day
    """
    findings: list[Finding] = []
    named = {"name": person.name, "staff": person.code}
    exempt = merged(horizon.touched((row.start, row.end)) for row in papers.absences if row.outcome == "exempt")
    unlicensed = list(_unlicensed(papers.licences, horizon, on)) if needs_licence else []
    if horizon.is_whole(merged(horizon.touched(days) for days in unlicensed)):
        findings.append(Finding("P321", "licences", "", named, "warning"))
    last_day = _last_day(person, on)
    retired = _from_day_after(last_day) if last_day else ALWAYS
    if horizon.is_whole([horizon.touched(retired)]):
        findings.append(Finding("P322", "staff", "", {**named, "day": last_day or "–"}, "warning"))
    spans: list[Days] = [
        *((row.start, row.end) for row in papers.absences),
        *unlicensed,
        retired,
        *_outside(person.start, person.end),
        *_outside(papers.appointment.start, papers.appointment.end),
        *([_from_day_after(person.contract_end)] if person.contract_end else []),
        *((tour.start, tour.end) for tour in papers.past_tours),
    ]
    return Weeks(merged(map(horizon.touched, spans)), horizon.is_whole(exempt), tuple(findings))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """
    Return spans in order, without empty ones, those that meet made one.

    >>> merged([(4, 5), (0, 2), (3, 3), (1, 4)])
    ((0, 5),)
    """
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def _unlicensed(licences: Iterable[Licence], horizon: Horizon, on: date) -> Iterator[Days]:
    """Days of the campaign that no licence covers. One of which nobody knows when it ends covers none."""
    day = horizon.first
    for start, end in sorted(_valid(licences, on), key=lambda days: days[0] or date.min):
        if start is not None and start > day:
            yield day, start
        if end is None:
            return
        day = max(day, end)
    if day < horizon.end:
        yield day, None


def _valid(licences: Iterable[Licence], on: date) -> Iterator[Days]:
    for row in licences:
        last = licence.last_day(row.kind, row.issued, expires=row.expires, on=on)
        if last is not None:
            yield row.issued, last + timedelta(days=1)
        elif licence.valid_on(row.kind, None, on=on):
            yield row.issued, None


def _last_day(person: Staff, on: date) -> date | None:
    """The last day at work by the law of retirement; None: born before the first cohort of its table."""
    try:
        return retirement(person.birth_year, person.birth_month, sex=person.sex, on=on).last_day
    except NormMissing:
        return None


def _from_day_after(day: date) -> Days:
    return day + timedelta(days=1), None


def _outside(start: date | None, end: date | None) -> Iterator[Days]:
    if start is not None:
        yield None, start
    if end is not None:
        yield end, None
