"""
May this person go from one day to another? Rule by rule: what it rests on, the value read, the day it clears.

In: the papers of a person and the terms of a tour, no database. Out: one verdict a rule. Values of the law come from
`norms`, on the day of the terms. Of an absence it is never said whether it is an exemption: that stays masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from tramyte.domain.errors import NormMissing
from tramyte.domain.people import Absence, Appointment, Licence, Staff
from tramyte.domain.work import PastTour, Sender
from tramyte.norms import instruments, licence, norm, titles
from tramyte.norms.days import working_days
from tramyte.norms.retirement import retirement
from tramyte.rotation.away import Horizon, Papers, merged, weeks_away

Span = tuple[date, date | None]  # half-open; None: without end
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
TO_OTHERS = ("N105", "N106", "N107")  # findings on a term that are told by a rule of their own, or are no more than use


@dataclass(frozen=True)
class File:
    """
    What the register says of one person.

    skills   : codes, the primary one first; sender: of the unit, None: it sends nobody
    tours    : served, or signed: [start, end) of each is taken
    max_away : people of the primary skill who may be away from the unit at once; None: nobody has said
    others   : when colleagues of the same primary skill are away
    longer   : colleagues of the same primary skill who have waited longer for their turn
    places   : how many of them are asked for, which is how many go first; None: not known
    """

    person: Staff
    appointments: tuple[Appointment, ...] = ()
    absences: tuple[Absence, ...] = ()
    licences: tuple[Licence, ...] = ()
    tours: tuple[PastTour, ...] = ()
    skills: tuple[str, ...] = ()
    sender: Sender | None = None
    max_away: int | None = None
    others: tuple[tuple[date, date], ...] = ()
    longer: int = 0
    places: int | None = None

    @property
    def last(self) -> date | None:
        """The day after the last tour; None: never sent."""
        return max((one.end for one in self.tours), default=None)


class Drive(Protocol):
    """What is asked of a campaign: a record of the domain has it, and so has its row in the database."""

    @property
    def first_monday(self) -> Any:
        """Monday of week 1."""

    @property
    def weeks(self) -> Any:
        """Its length."""

    @property
    def instrument(self) -> Any:
        """How people are sent."""

    @property
    def rest_weeks(self) -> Any:
        """Weeks at home between two tours."""


@dataclass(frozen=True)
class Terms:
    """
    A tour that is thought of: [start, end).

    skill : as what; None: as whatever the person can do
    on    : the day on which the law is asked
    """

    start: date
    end: date
    on: date
    instrument: str = "support"
    skill: str | None = None
    rest_weeks: int = 0

    @property
    def weeks(self) -> int:
        """Its length, a begun week counted whole."""
        return -((self.start - self.end).days // 7)


@dataclass(frozen=True)
class Verdict:
    """
    What one rule says.

    holds   : None: nobody can tell
    basis   : name of the norm it rests on, "register" or "campaign"
    code    : message code of the value read, said with the fields
    clears  : the first day on which it would hold; None: it holds, or no day is known
    is_soft : it asks for a reason, and forbids nothing
    """

    rule: str
    holds: bool | None
    basis: str
    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    clears: date | None = None
    is_soft: bool = False

    @property
    def stops(self) -> bool:
        """Whether the person cannot go by it."""
        return self.holds is False and not self.is_soft


def eligibility(file: File, terms: Terms) -> tuple[Verdict, ...]:
    """
    Return what every rule says of a person and a tour, always all of them, in one order.

    raises : NormMissing, there is no law of licences or instruments on the day
    """
    return tuple(rule(file, terms) for rule in RULES.values())


def exempt_until(born: date, *, on: date) -> date:
    """
    Return the first day on which a child exempts nobody any more, by the law of the day.

    raises : NormMissing
    source : Decision 14/2013/QĐ-TTg; Law on public employees

    >>> exempt_until(date(2023, 2, 28), on=date(2026, 1, 8))
    datetime.date(2026, 2, 28)
    """
    months = max(row["child_months_below"] or 0 for row in norm("exemptions", on=on).value.values())
    years, zero_based_month = divmod(born.month - 1 + months, 12)
    first = date(born.year + years, zero_based_month + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=born.day - 1), following)


def free_weeks(file: File, campaign: Drive, *, on: date) -> tuple[tuple[int, int], ...]:
    """Return the half-open spans of weeks of a campaign in which a person could be sent, long enough for a tour."""
    shortest = file.sender.tour_weeks_min if file.sender else 1
    if not file.appointments:
        return ()
    papers = Papers(file.appointments[0], file.absences, file.licences, file.tours)
    horizon = Horizon(campaign.first_monday, campaign.weeks)
    rest = timedelta(weeks=campaign.rest_weeks)
    resting = [horizon.touched((one.start - rest, one.end + rest)) for one in file.tours]
    away = weeks_away(file.person, papers, horizon=horizon, on=on, needs_licence=needs_licence(file, on=on))
    found, first = [], 0
    for start, end in (*merged((*away.unavailable, *resting)), (campaign.weeks, campaign.weeks)):
        if start - first >= shortest:
            found.append((first, start))
        first = end
    return tuple(found)


def first_terms(file: File, campaign: Drive, *, on: date, skill: str | None = None) -> Terms:
    """Return the first tour of a campaign that the papers leave room for; where they leave none, that of week 1."""
    shortest, longest = (file.sender.tour_weeks_min, file.sender.tour_weeks_max) if file.sender else (1, campaign.weeks)
    free = free_weeks(file, campaign, on=on)
    week, room = (free[0][0], free[0][1] - free[0][0]) if free else (0, shortest)
    start = campaign.first_monday + week * WEEK
    end = start + min(longest, room) * WEEK
    return Terms(start, end, on, campaign.instrument, skill, campaign.rest_weeks)


def needs_licence(file: File, *, on: date) -> bool:
    """Return whether the title of a person asks for a licence; of an unknown title nothing is asked."""
    code = file.person.title_code or ""
    return code in titles.titles(on=on) and licence.required(code, on=on)


def _service(file: File, terms: Terms) -> Verdict:
    """The person is in service at the unit on every day."""
    spans = [(one.start or date.min, one.end) for one in file.appointments]
    gap = _uncovered(spans, terms.start, terms.end)
    ends = [day for day in (file.person.end, file.person.contract_end and file.person.contract_end + DAY) if day]
    begins = max([one for one in (file.person.start, gap) if one] or [date.min])
    if ends and min(ends) < terms.end:
        return Verdict("service", False, "register", "UI_ca_service_ends", {"day": min(ends) - DAY})
    if (file.person.start or date.min) > terms.start or gap is not None:
        later = min((start for start, _ in spans if start >= begins), default=None)
        return Verdict("service", False, "register", "UI_ca_service_not", {"day": begins}, later)
    return Verdict("service", True, "register", "UI_ca_service_whole")


def _retirement(file: File, terms: Terms) -> Verdict:
    """The age of retirement is not reached before the last day."""
    person = file.person
    try:
        last = retirement(person.birth_year, person.birth_month, sex=person.sex, on=terms.on).last_day
    except NormMissing:
        return Verdict("retirement", None, "retirement", "UI_ca_retires_unknown")
    return Verdict("retirement", last >= terms.end - DAY, "retirement", "UI_ca_retires", {"day": last})


def _absence(file: File, terms: Terms) -> Verdict:
    """The person is neither absent nor exempt on any day."""
    spans = [(one.start, one.end) for one in file.absences]
    hit = [(one.start, one.end, one.paper) for one in file.absences if _meet((one.start, one.end), terms)]
    if not hit:
        return Verdict("absence", True, "exemptions", "UI_ca_present")
    start, end, paper = min(hit, key=lambda one: one[0])
    fields = {"start": start, "end": end - DAY if end else None, "paper": paper or "—"}
    return Verdict("absence", False, "exemptions", "UI_ca_absent", fields, _clear(spans, terms))


def _licence(file: File, terms: Terms) -> Verdict:
    """A licence is valid on every day, where the title asks for one."""
    if not needs_licence(file, on=terms.on):
        return Verdict("licence", True, "licence", "UI_ca_licence_none")
    spans = list(_valid(file.licences, terms.on))
    gap = _uncovered(spans, terms.start, terms.end)
    known = [end - DAY for start, end in spans if end and start < terms.end]
    if gap is None:
        last = max(known, default=None) if all(end for _, end in spans) else None
        return Verdict(
            "licence", True, "licence", "UI_ca_licence_until" if last else "UI_ca_licence_open", {"day": last}
        )
    later = min((start for start, _ in spans if start > gap), default=None)
    if not spans:
        return Verdict("licence", False, "licence", "UI_ca_licence_missing")
    code = "UI_ca_licence_ends" if known else "UI_ca_licence_later"
    return Verdict("licence", False, "licence", code, {"day": max(known, default=later)}, later)


def _scope(file: File, terms: Terms) -> Verdict:
    """What the person is verified for fits what is asked."""
    fields = {"skills": file.skills, "skill": terms.skill}
    if not file.skills:
        return Verdict("scope", False, "licence", "UI_ca_scope_none", fields)
    fits = terms.skill is None or terms.skill in file.skills
    return Verdict("scope", fits, "licence", "UI_ca_scope", fields)


def _minimum(file: File, terms: Terms) -> Verdict:
    """The unit keeps its minimum: of one primary skill no more are away at once than it can spare."""
    most = file.max_away
    fields = {"most": most, "skill": file.skills[0] if file.skills else None}
    if file.sender is None:
        return Verdict("minimum", None, "sender_minimum", "UI_ca_no_sender")
    if not most:
        return Verdict("minimum", False, "sender_minimum", "UI_ca_spares_nobody", {**fields, "most": 0})
    away = _most_at_once(file.others, terms.start, terms.end)
    if away < most:
        return Verdict("minimum", True, "sender_minimum", "UI_ca_spares", {**fields, "away": away})
    length = terms.end - terms.start
    days = sorted({end for _, end in file.others if end > terms.start})
    later = next((day for day in days if _most_at_once(file.others, day, day + length) < most), None)
    return Verdict("minimum", False, "sender_minimum", "UI_ca_spares", {**fields, "away": away}, later)


def _overlap(file: File, terms: Terms) -> Verdict:
    """No other tour of the person has a day in common with it."""
    spans: list[Span] = [(one.start, one.end) for one in file.tours]
    hit = [one for one in file.tours if _meet((one.start, one.end), terms)]
    if not hit:
        return Verdict("overlap", True, "register", "UI_ca_no_overlap")
    fields = {"start": hit[0].start, "end": hit[0].end - DAY}
    return Verdict("overlap", False, "register", "UI_ca_overlaps", fields, _clear(spans, terms))


def _length(file: File, terms: Terms) -> Verdict:
    """The length fits the unit, and the limits of the instrument."""
    found = instruments.fits(terms.instrument, start=terms.start, end=terms.end, on=terms.on)
    wrong = [one for one in found if one.code not in TO_OTHERS]
    if file.sender is None:
        return Verdict("length", not wrong, "instruments", "UI_ca_length_weeks", {"weeks": terms.weeks})
    low, high = file.sender.tour_weeks_min, file.sender.tour_weeks_max
    fields = {"weeks": terms.weeks, "low": low, "high": high}
    return Verdict("length", not wrong and low <= terms.weeks <= high, "instruments", "UI_ca_length", fields)


def _rest(file: File, terms: Terms) -> Verdict:
    """Between two tours lie the weeks of rest of the campaign."""
    rest = timedelta(weeks=terms.rest_weeks)
    before = [one.end for one in file.tours if one.end <= terms.start]
    after = [one.start for one in file.tours if one.start >= terms.end]
    fields = {"weeks": terms.rest_weeks, "day": max(before) - DAY if before else None}
    if (before and max(before) + rest > terms.start) or (after and terms.end + rest > min(after)):
        clears = max(before) + rest if before and max(before) + rest > terms.start else None
        return Verdict("rest", False, "campaign", "UI_ca_rest", fields, clears)
    return Verdict("rest", True, "campaign", "UI_ca_rest" if before else "UI_ca_rest_first", fields)


def _days(file: File, terms: Terms) -> Verdict:
    """Days worked on all batches of the duty stay within the limit, where the instrument has one."""
    found = instruments.instrument(terms.instrument, on=terms.on)
    if found.working_days_max is None:
        return Verdict("days", True, "instruments", "UI_ca_days_free", {"name_vi": found.vi, "name_en": found.en})
    served = sum(working_days(one.start, one.end) for one in file.tours if one.instrument == terms.instrument)
    total = served + working_days(terms.start, terms.end)
    fields = {"days": total, "low": found.working_days_min, "high": found.working_days_max}
    return Verdict("days", total <= found.working_days_max, "instruments", "UI_ca_days", fields)


def _order(file: File, terms: Terms) -> Verdict:
    """Who has waited longest goes first; out of turn asks for a reason and forbids nothing."""
    fields = {"day": file.last - DAY if file.last else None, "longer": file.longer}
    code = "UI_ca_order" if file.last else "UI_ca_order_never"
    places = file.places if file.places is not None else file.max_away
    if places is None:
        return Verdict("order", None, "campaign", code, fields, is_soft=True)
    return Verdict("order", file.longer < max(1, places), "campaign", code, fields, is_soft=True)


RULES: Mapping[str, Callable[[File, Terms], Verdict]] = {
    "service": _service, "retirement": _retirement, "absence": _absence, "licence": _licence, "scope": _scope,
    "minimum": _minimum, "overlap": _overlap, "length": _length, "rest": _rest, "days": _days, "order": _order,
}  # fmt: skip


def _meet(span: Span, terms: Terms) -> bool:
    start, end = span
    return start < terms.end and (end is None or terms.start < end)


def _clear(spans: Iterable[Span], terms: Terms) -> date | None:
    """Return the first day from which a tour of the same length meets none of the spans; None: there is none."""
    length, day = terms.end - terms.start, terms.start
    for start, end in sorted(spans, key=lambda one: one[0]):
        if start < day + length and (end is None or day < end):
            if end is None:
                return None
            day = end
    return day


def _uncovered(spans: Iterable[Span], start: date, end: date) -> date | None:
    """Return the first day of [start, end) that no span covers; None: all are."""
    day = start
    for begins, ends in sorted(spans, key=lambda one: one[0]):
        if begins > day:
            return day
        if ends is None:
            return None
        day = max(day, ends)
        if day >= end:
            return None
    return day if day < end else None


def _valid(licences: Iterable[Licence], on: date) -> Iterable[Span]:
    """Return when licences hold; one of which nobody knows when it ends covers no day."""
    for row in licences:
        last = licence.last_day(row.kind, row.issued, expires=row.expires, on=on)
        if last is not None:
            yield row.issued or date.min, last + DAY
        elif licence.valid_on(row.kind, None, on=on):
            yield row.issued or date.min, None


def _most_at_once(spans: Iterable[tuple[date, date]], start: date, end: date) -> int:
    """Return how many spans share a day within [start, end), at most."""
    there = [one for one in spans if one[0] < end and start < one[1]]
    days = {start, *(one[0] for one in there if one[0] > start)}
    return max((sum(1 for a, b in there if a <= day < b) for day in days), default=0)
