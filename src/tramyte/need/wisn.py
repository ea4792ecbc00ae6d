"""
WISN, the arithmetic: how many full-time people does the work of a year ask for? Pure functions on arrays.

Source: WHO, Workload Indicators of Staffing Need, User's Manual, steps 3-8. C cadres, F facilities, A activities.
An unknown count is NaN, never zero, and stays unknown to the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding

Floats = npt.NDArray[np.float64]
Period = Literal["day", "week", "month", "year"]
Unit = Literal["minute", "hour", "day", "share"]


@dataclass(frozen=True)
class WorkingTime:
    """
    What one full-time person can work in a year.

    days : working days/year after leave and holidays; hours_per_day : hours; days_per_week : days
    """

    days: float
    hours_per_day: float
    days_per_week: float

    @property
    def minutes(self) -> float:
        """Available working time, minutes/year."""
        return float(self.days * self.hours_per_day * 60)

    @property
    def weeks(self) -> float:
        """Working weeks/year."""
        return self.days / self.days_per_week


def available_working_time(
    weeks: float, days_per_week: float, *, hours_per_day: float, days_off: Mapping[str, float]
) -> WorkingTime:
    """
    Return the available working time of one full-time person.

    weeks         : weeks/year               hours_per_day : hours
    days_per_week : working days/week        days_off      : reason -> working days/year (holidays, leave, sick ...)
    returns       : WorkingTime, `minutes` in minutes/year
    raises        : BadData, nothing is left to work
    source        : WHO, WISN User's Manual, step 3

    >>> available_working_time(52, 5, hours_per_day=8, days_off={"holiday": 11, "leave": 14}).minutes
    112800.0
    """
    days = weeks * days_per_week - sum(days_off.values())
    if days <= 0 or hours_per_day <= 0:
        raise BadData([Finding("D020", "norms", "wisn", {"days": days, "hours": hours_per_day})])
    return WorkingTime(days, hours_per_day, days_per_week)


def yearly_minutes(amount: float, *, unit: Unit, period: Period, time: WorkingTime) -> float:
    """
    Return an allowance in the one unit in which allowances are added: minutes/year of one person.

    amount  : in `unit` each `period`; a share is of the available working time, whatever the period
    returns : minutes/year
    source  : WHO, WISN User's Manual, step 6: daily time counts on working days, weekly time in working weeks

    >>> time = available_working_time(52, 5, hours_per_day=8, days_off={"holiday": 11, "leave": 14})
    >>> [yearly_minutes(2, unit="hour", period=period, time=time) for period in ("day", "week", "month", "year")]
    [28200.0, 5640.0, 1440.0, 120.0]
    """
    if unit == "share":
        return amount * time.minutes
    minutes = {"minute": 1.0, "hour": 60.0, "day": 60.0 * time.hours_per_day}[unit]
    return amount * minutes * {"day": time.days, "week": time.weeks, "month": 12.0, "year": 1.0}[period]


def standard_workload(unit_minutes: npt.ArrayLike, *, time: WorkingTime) -> Floats:
    """
    Return how many services one full-time person gives in a year doing nothing else.

    unit_minutes : (A,) float > 0, minutes/service; NaN: no standard
    returns      : (A,) float, services/year/FTE; NaN stays NaN
    source       : WHO, WISN User's Manual, step 5
    """
    minutes = np.asarray(unit_minutes, dtype=float)
    if (minutes <= 0).any():
        raise BadData([Finding("D021", "norms", "activity_standards", {"value": float(np.nanmin(minutes))})])
    return np.asarray(time.minutes / minutes)


def allowance_factor(shares: npt.ArrayLike, *, cadres: Sequence[str] = ()) -> Floats:
    """
    Return the category allowance factor of each cadre, from its own support shares and nobody else's.

    shares  : (C, B) float >= 0, share of available working time of each support activity; 0 where a cadre has none
    cadres  : (C,) names for the finding
    returns : (C,) float >= 1, CAF = 1 / (1 - CAS)
    raises  : BadData, support takes all the time (CAS >= 100 %): refused, never taken as 1; or a share is below 0
    source  : WHO, WISN User's Manual, step 6

    >>> allowance_factor([[0.1, 0.1], [0.5, 0.0]])
    array([1.25, 2.  ])
    """
    table = np.atleast_2d(np.asarray(shares, dtype=float))
    standard = table.sum(axis=1)
    bad = ~((standard < 1) & (table >= 0).all(axis=1))
    if bad.any():
        names = dict(enumerate(cadres))
        raise BadData(
            [
                Finding(
                    "D022",
                    "norms",
                    "wisn_allowances",
                    {"cadre": names.get(row, row), "percent": _percent(standard[row])},
                )
                for row in map(int, np.flatnonzero(bad))
            ]
        )
    return np.asarray(1 / (1 - standard))


def individual_allowance(minutes: npt.ArrayLike, people: npt.ArrayLike, *, time: WorkingTime) -> Floats:
    """
    Return the individual allowance factor: FTE spent on duties that only some people of the cadre have.

    minutes : (B,) float >= 0, minutes/year of each person who has the duty
    people  : (F, B) float >= 0, people who have it
    returns : (F,) float, FTE
    source  : WHO, WISN User's Manual, step 6
    """
    table = np.atleast_2d(np.asarray(people, dtype=float))
    return np.asarray(table @ np.asarray(minutes, dtype=float) / time.minutes)


def required_fte(services: npt.ArrayLike, standard: npt.ArrayLike, *, allowance: float, extra: npt.ArrayLike) -> Floats:
    """
    Return the FTE each facility needs in one cadre.

    services  : (F, A) float, services/year; NaN: unknown   allowance : float >= 1, category allowance factor
    standard  : (A,) float > 0, services/year/FTE           extra     : (F,) float, FTE, individual allowance
    returns   : (F,) float, FTE, not rounded; NaN where a count is unknown
    raises    : BadData, an activity in use (also one whose count is unknown) has no standard, or allowance is below 1
    source    : WHO, WISN User's Manual, steps 5-7

    >>> required_fte([[4000, 200]], [2000, 400], allowance=1.25, extra=[0.2])
    array([3.325])
    """
    table = np.atleast_2d(np.asarray(services, dtype=float))
    per_fte = np.asarray(standard, dtype=float)
    used = (table != 0).any(axis=0)
    bad = used & ~(per_fte > 0)
    if bad.any():
        raise BadData(
            [Finding("D023", "norms", "activity_standards", {"activity": int(row)}) for row in np.flatnonzero(bad)]
        )
    if not allowance >= 1:
        raise BadData([Finding("D024", "norms", "wisn_allowances", {"value": allowance})])
    work = (table[:, used] / per_fte[used]).sum(axis=1)
    return np.asarray(work * allowance + np.asarray(extra, dtype=float))


def ratio(existing: npt.ArrayLike, required: npt.ArrayLike) -> Floats:
    """
    Return existing over required FTE.

    existing, required : (F,) float, FTE
    returns            : (F,) float; NaN, not 0 and not infinity, where nothing is required or the need is unknown
    """
    have, want = np.asarray(existing, dtype=float), np.asarray(required, dtype=float)
    out = np.full(np.broadcast(have, want).shape, np.nan)
    return np.asarray(np.divide(have, want, out=out, where=want > 0))


def pressure(ratios: npt.ArrayLike, *, classes: Sequence[tuple[str, float]]) -> list[str | None]:
    """
    Return the class of workload pressure of each ratio.

    ratios  : (F,) float, existing/required
    classes : (name, least ratio) from the lowest pressure to the highest; a ratio falls in the first it reaches
    returns : (F,) name; None where the ratio is n/a

    >>> pressure([1.2, 0.95, 0.2, float("nan")], classes=[("none", 1.0), ("low", 0.9), ("high", 0.0)])
    ['none', 'low', 'high', None]
    """
    return [
        next((name for name, least in classes if value >= least), None) for value in np.asarray(ratios, dtype=float)
    ]


@dataclass(frozen=True)
class Ratios:
    """
    Two means that papers mix up, both by name.

    mean_of_ratios : mean over facilities of existing/required, every facility alike; None: no facility has a ratio
    ratio_of_sums  : all existing over all required FTE of the same facilities; None likewise
    facilities     : how many have a ratio
    """

    mean_of_ratios: float | None
    ratio_of_sums: float | None
    facilities: int

    def to_json(self) -> dict[str, float | int | None]:
        """Return the object, four decimals."""
        return {
            "mean_of_ratios": None if self.mean_of_ratios is None else round(self.mean_of_ratios, 4),
            "ratio_of_sums": None if self.ratio_of_sums is None else round(self.ratio_of_sums, 4),
            "facilities": self.facilities,
        }


def both_ratios(existing: npt.ArrayLike, required: npt.ArrayLike) -> Ratios:
    """
    Return the mean of ratios and the ratio of sums over the facilities that have a ratio.

    >>> both_ratios([1, 4, 2], [2, 2, 0])
    Ratios(mean_of_ratios=1.25, ratio_of_sums=1.25, facilities=2)
    """
    have, want = np.asarray(existing, dtype=float), np.asarray(required, dtype=float)
    each = ratio(have, want)
    known = ~np.isnan(each)
    if not known.any():
        return Ratios(None, None, 0)
    return Ratios(float(each[known].mean()), float(have[known].sum() / want[known].sum()), int(known.sum()))


def yearly_count(months: Sequence[float], *, spread: float) -> tuple[float, float, float]:
    """
    Return lo, mid and hi services/year from the months that are known.

    months  : (M,) float, services/month; NaN: unknown, left out, never taken as zero
    spread  : standard errors of the monthly mean on either side
    returns : 12 x (mean - band, mean, mean + band), not below 0; three NaN when no month is known;
              with a single known month the band is unknown: lo and hi are NaN

    >>> yearly_count([10, 10, float("nan"), 10], spread=1.96)
    (120.0, 120.0, 120.0)
    """
    known = np.asarray([month for month in months if month == month], dtype=float)
    if not known.size:
        return (np.nan, np.nan, np.nan)
    mid = float(12 * known.mean())
    if known.size == 1:
        return (np.nan, mid, np.nan)
    band = float(12 * spread * known.std(ddof=1) / np.sqrt(known.size))
    return (max(0.0, mid - band), mid, mid + band)


def _percent(share: float) -> float:
    return round(float(share) * 100, 1)
