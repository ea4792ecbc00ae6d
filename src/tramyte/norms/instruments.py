"""By which instrument is a person moved, and does the term fit it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tramyte.domain.errors import NormMissing
from tramyte.domain.finding import Finding
from tramyte.norms.days import working_days
from tramyte.norms.reader import norm

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Instrument:
    """
    One way of moving a person; the ways are never mixed.

    has_term       : whether it ends on a day; a transfer does not
    returns_home   : whether the person goes back to the sending unit
    months_min, months_max : limits of the term, calendar months; None: the law sets none
    working_days_min, working_days_max : limits in days actually worked, where the law counts those
    usual_weeks    : (fewest, most) by practice, not by law; None: no practice recorded
    who            : cadres it is meant for; empty: anybody
    basis          : law, provincial_plan, plan_of_authority, decision_of_unit
    """

    code: str
    vi: str
    en: str
    has_term: bool
    returns_home: bool
    months_min: int | None
    months_max: int | None
    working_days_min: int | None
    working_days_max: int | None
    usual_weeks: tuple[int, int] | None
    who: tuple[str, ...]
    basis: str
    pays: str
    norm_id: str

    def __repr__(self) -> str:
        return f"<Instrument {self.code}: {self.vi}>"


def instrument(code: str, *, on: date) -> Instrument:
    """
    Return one instrument as it stood on the day.

    code   : support, rotation, secondment, transfer, reception, manager_rotation, concurrent
    raises : NormMissing, no such instrument on the day
    """
    found = norm("instruments", on=on)
    if code not in found.value:
        raise NormMissing("instruments", on, f"code {code!r}, known: {', '.join(found.value)}")
    row: Mapping[str, Any] = found.value[code]
    months = row["months"] or {"min": None, "max": None}
    days = row.get("working_days", {"min": None, "max": None})
    weeks = row.get("usual_weeks")
    return Instrument(
        code=code,
        vi=row["vi"],
        en=row["en"],
        has_term=row["months"] is not None,
        returns_home=row["returns_home"],
        months_min=months["min"],
        months_max=months["max"],
        working_days_min=days["min"],
        working_days_max=days["max"],
        usual_weeks=(weeks["min"], weeks["max"]) if weeks else None,
        who=() if isinstance(row["who"], str) else row["who"],
        basis=row["basis"],
        pays=row["pays"],
        norm_id=found.id,
    )


def fits(code: str, *, start: date, end: date | None, on: date, other_days: int = 0) -> tuple[Finding, ...]:
    """
    Return what is wrong with the term [start, end) under the instrument; nothing, when it fits.

    other_days : working days of other batches of the same duty, served or planned; batches add up (rotation)
    raises     : NormMissing
    source     : Decision 14/2013/QĐ-TTg; Circular 18/2014/TT-BYT, Article 6; Law on public employees
    """
    found = instrument(code, on=on)
    if not found.has_term:
        return () if end is None else (_finding("N101", found, "warning", end=_day(end)),)
    if end is None:
        return (_finding("N102", found),)
    if end <= start:
        return (_finding("N103", found, start=_day(start), end=_day(end)),)
    if found.working_days_min is not None and found.working_days_max is not None:
        return _by_working_days(found, start, end, other_days)
    if found.months_max is not None and end > (limit := _months_later(start, found.months_max)):
        return (_finding("N104", found, months=found.months_max, last=_day(limit - timedelta(days=1))),)
    return _by_practice(found, start, end)


def _by_working_days(found: Instrument, start: date, end: date, other_days: int) -> tuple[Finding, ...]:
    low, high = found.working_days_min, found.working_days_max
    total = working_days(start, end) + other_days
    if high is not None and total > high:
        return (_finding("N105", found, days=total, most=high),)
    if low is None or total >= low:
        return ()
    # Six calendar months across Tết hold fewer than 132 working days: the duty is not done, yet the term is lawful.
    is_long_enough = found.months_min is not None and end >= _months_later(start, found.months_min)
    return (
        _finding("N106", found, "warning" if is_long_enough else "error", days=total, fewest=low, short=low - total),
    )


def _by_practice(found: Instrument, start: date, end: date) -> tuple[Finding, ...]:
    if found.usual_weeks is None:
        return ()
    low, high = found.usual_weeks
    days = (end - start).days
    # Monday to Friday is a week of work, so a week may end two days early
    if days < low * DAYS_A_WEEK - 2 or days > high * DAYS_A_WEEK:
        return (_finding("N107", found, "warning", days=days, low=low, high=high),)
    return ()


def _finding(code: str, found: Instrument, severity: Any = "error", **fields: object) -> Finding:
    return Finding(code, fields={"name_vi": found.vi, "name_en": found.en, **fields}, severity=severity)


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _months_later(day: date, months: int) -> date:
    """Return the same day some months on; the 31st falls on the first of the month after a short one."""
    years, zero_based_month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, zero_based_month + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following)
