"""Which days are worked? Weekends and public holidays off, Tết by the lunar calendar, working Saturdays by decision."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

TET = "Lunar New Year"  # in the English list of the package; a name is fixed so that no locale of a machine matters


def working_days(start: date, end: date) -> int:
    """
    Return the working days in [start, end).

    raises : ValueError, end before start
    source : Labour Code 45/2019/QH14, Article 112; swapped days as the package `holidays` has them

    >>> working_days(date(2026, 2, 9), date(2026, 2, 23))
    5
    """
    if end < start:
        raise ValueError(f"end {end.isoformat()} is before start {start.isoformat()}")
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range((end - start).days))


def is_working_day(day: date) -> bool:
    """Return whether offices work on the day; a Saturday worked in exchange for a day off counts."""
    return bool(_calendar(day.year, "vi").is_working_day(day))


def is_holiday(day: date) -> str | None:
    """Return the Vietnamese name of the public holiday, or None. A plain weekend is no holiday."""
    name: str | None = _calendar(day.year, "vi").get(day)
    return name


def tet(year: int) -> tuple[date, date]:
    """
    Return the first and the last day off of Tết in a year, both inside.

    >>> tet(2026)
    (datetime.date(2026, 2, 16), datetime.date(2026, 2, 20))
    """
    days = [day for day, name in _calendar(year, "en_US").items() if TET in name]
    return min(days), max(days)


@cache
def _calendar(year: int, language: str) -> holidays.HolidayBase:
    # one year a calendar: a package calendar that grows by itself while it is asked is not safe to share
    return holidays.country_holidays("VN", years=year, language=language, expand=False)
