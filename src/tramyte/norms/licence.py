"""Who needs a licence to practise, and how long does it last?"""

from __future__ import annotations

from datetime import date, timedelta

from tramyte.norms.reader import norm
from tramyte.norms.titles import title


def required(title_code: str, *, on: date, clinical: bool | None = None) -> bool:
    """
    Return whether a person of this title needs a licence.

    clinical : whether the person examines or treats patients; None: as the title usually does
    raises   : KeyError, no such title; NormMissing
    source   : Law 15/2023/QH15, Article 26
    """
    found = title(title_code, on=on)
    if found is None:
        raise KeyError(title_code)
    return found.needs_licence if clinical is None else clinical and found.licence is not None


def last_day(kind: str, issued: date | None, *, expires: date | None = None, on: date) -> date | None:
    """
    Return the last day of validity; None: it has none, or the papers do not tell.

    kind   : gphn, five years from the day of issue unless the paper says otherwise; cchn, without end
    raises : ValueError, unknown kind; NormMissing
    source : Law 15/2023/QH15, Articles 27 and 121
    """
    years_by_kind = norm("licence", on=on).value["validity_years"]
    if kind not in years_by_kind:
        raise ValueError(f"kind is {kind!r}, give one of {', '.join(years_by_kind)}")
    years = years_by_kind[kind]
    if years is None or expires is not None or issued is None:
        return expires
    return _years_later(issued, years) - timedelta(days=1)


def valid_on(kind: str, issued: date | None, *, expires: date | None = None, on: date) -> bool | None:
    """Return whether a licence holds on the day; None: a gphn without any date, so nobody can tell."""
    last = last_day(kind, issued, expires=expires, on=on)
    if issued is not None and on < issued:
        return False
    if last is None:
        return True if norm("licence", on=on).value["validity_years"][kind] is None else None
    return on <= last


def cme_due(cycle_start: date, *, on: date) -> float:
    """
    Return the credit hours that keep pace on the day: even through the cycle, never more than the whole.

    raises : ValueError, the cycle has not begun; NormMissing
    source : Circular 32/2023/TT-BYT, 120 hours in five years
    """
    if on < cycle_start:
        raise ValueError(f"the cycle begins {cycle_start.isoformat()}, after {on.isoformat()}")
    cme = norm("licence", on=on).value["cme"]
    whole = _years_later(cycle_start, cme["years"]) - cycle_start
    return float(cme["hours"] * min(1.0, (on - cycle_start) / whole))


def exam_required(title_code: str, *, on: date, clinical: bool | None = None) -> bool:
    """
    Return whether a first licence for this title wants the competence exam on the day.

    clinical : as in `required`
    raises   : KeyError, no such title; NormMissing
    source   : Law 15/2023/QH15, Article 120
    """
    if not required(title_code, on=on, clinical=clinical):
        return False
    found = title(title_code, on=on)
    from_day = norm("licence", on=on).value["exam_from"]
    first: date = from_day.get(found.licence if found else None, from_day["other"])
    return on >= first


def _years_later(day: date, years: int) -> date:
    # 29 February plus five years is 1 March: the day before is then 28 February, the last day of the fifth year
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
