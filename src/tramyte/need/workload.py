"""The workload lens: WISN for every station and cadre, from the monthly counts of services; blank is not zero."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np

from tramyte.domain.finding import Finding
from tramyte.domain.register import Register
from tramyte.need import wisn
from tramyte.need.cadres import cadre_of
from tramyte.need.standing import Standing, named_places, standing
from tramyte.norms.local import LAW, Law

NORMS = ("working_time", "activity_standards", "wisn_allowances", "workload_pressure", "service_codes")
BANDS = ("low", "usual", "high")


@dataclass(frozen=True)
class Yearly:
    """
    One service of one station in a year, from the months that are known.

    band   : lo, mid, hi services/year; NaN: unknown
    months : known months of the building that reported least; window: months asked for
    """

    band: tuple[float, float, float]
    months: int
    window: int


@dataclass(frozen=True)
class Workload:
    """
    Required FTE of one cadre at one station.

    lo, mid, hi  : FTE; None: unknown, or nothing to do (see state); lo and hi also need two known months
    state        : known, unknown (a count is blank or nothing was reported), no_need (all counts are 0)
    existing     : FTE there on the day, without people on deployment; NaN: unknown
    services     : service -> services/year that went in
    not_reported : services with a standard for the cadre that the station never reported: left out, so need is at least
    allowance    : individual allowance, FTE a station whatever its services; part of lo, mid, hi, and no need by itself
    """

    station: str
    cadre: str
    existing: float
    state: str
    lo: float | None
    mid: float | None
    hi: float | None
    ratio: float | None
    pressure: str | None
    services: Mapping[str, float]
    not_reported: tuple[str, ...]
    norm_ids: tuple[str, ...]
    allowance: float = 0.0

    @property
    def difference(self) -> float | None:
        """Existing less required FTE: below 0 is short; None where either is unknown."""
        return None if self.mid is None else _known(self.existing - self.mid)

    def to_json(self) -> dict[str, Any]:
        """Return the object, FTE with two decimals; n/a is null."""
        return {
            "state": self.state,
            "lo": _round(self.lo),
            "mid": _round(self.mid),
            "hi": _round(self.hi),
            "existing": _round(self.existing),
            "difference": _round(self.difference),
            "ratio": _round(self.ratio),
            "pressure": self.pressure,
            "services": {service: _round(count) for service, count in self.services.items()},
            "not_reported": list(self.not_reported),
            "individual_allowance": _round(self.allowance),
        }


@dataclass(frozen=True)
class WorkloadReport:
    """
    WISN of all stations.

    rows   : by station, then cadre in the order of the norm
    ratios : cadre -> mean of ratios and ratio of sums, both named
    minutes_per_year : available working time of one person; factors: cadre -> category allowance factor
    """

    rows: tuple[Workload, ...]
    ratios: Mapping[str, wisn.Ratios]
    minutes_per_year: float
    factors: Mapping[str, float]
    norm_ids: tuple[str, ...]
    findings: tuple[Finding, ...]

    def of(self, station: str) -> dict[str, Workload]:
        """Return cadre -> row of one station."""
        return self._by_station.get(station, {})

    @cached_property
    def _by_station(self) -> dict[str, dict[str, Workload]]:
        found: dict[str, dict[str, Workload]] = {}
        for row in self.rows:
            found.setdefault(row.station, {})[row.cadre] = row
        return found

    def to_json(self) -> dict[str, Any]:
        """Return what holds for all stations; the rows stand with their stations."""
        return {
            "available_working_time_minutes": self.minutes_per_year,
            "category_allowance_factor": {cadre: round(value, 4) for cadre, value in self.factors.items()},
            "ratios": {cadre: value.to_json() for cadre, value in self.ratios.items()},
            "norms": list(self.norm_ids),
        }


@dataclass(frozen=True)
class Standards:
    """
    The assumptions of the day.

    minutes       : cadre -> service -> band -> minutes/service
    factors       : cadre -> category allowance factor; extra: cadre -> individual allowance, FTE a station
    aliases       : code of a report -> service; None: part of another service, not counted again
    """

    time: wisn.WorkingTime
    minutes: Mapping[str, Mapping[str, Mapping[str, float]]]
    factors: Mapping[str, float]
    extra: Mapping[str, float]
    services: frozenset[str]
    aliases: Mapping[str, str | None]
    classes: tuple[tuple[str, float], ...]
    spread: float
    months: int
    norm_ids: tuple[str, ...]


def workload(register: Register, *, on: date) -> WorkloadReport:
    """
    Return the FTE that the services of the last twelve whole months ask for.

    raises : NormMissing; BadData, support takes all the time of a cadre
    source : WHO, Workload Indicators of Staffing Need, User's Manual
    """
    today = standing(register, on=on)
    return weigh(today, cadres=cadre_of(today)[0])


def weigh(today: Standing, *, cadres: Mapping[str, str]) -> WorkloadReport:
    """Return what `workload` does, for a day already laid out. cadres: staff code -> cadre, for the existing FTE."""
    rules = standards(on=today.on, law=today.law)
    counts, findings = yearly_services(today, rules)
    rows: dict[str, list[Workload]] = {}
    ratios = {}
    for cadre in rules.minutes:
        existing = [
            sum(share for code, share in today.fte[station.code].items() if cadres.get(code) == cadre)
            if today.known
            else np.nan
            for station in today.stations
        ]
        rows[cadre] = _cadre(cadre, [station.code for station in today.stations], existing, counts, rules)
        mids = [np.nan if row.mid is None else row.mid for row in rows[cadre]]
        ratios[cadre] = wisn.both_ratios(existing, mids)
    in_order = tuple(row for group in zip(*rows.values(), strict=True) for row in group)
    return WorkloadReport(in_order, ratios, rules.time.minutes, rules.factors, rules.norm_ids, findings)


def standards(*, on: date, law: Law = LAW) -> Standards:
    """Return working time, unit times and allowances of the day, every allowance in minutes/year."""
    found = {name: law.norm(name, on=on) for name in NORMS}
    year, services, allowances, reading, codes = (found[name].value for name in NORMS)
    time = wisn.available_working_time(
        year["weeks"], year["days_per_week"], hours_per_day=year["hours_per_day"], days_off=year["days_off"]
    )
    minutes: dict[str, dict[str, Mapping[str, float]]] = {}
    for service, row in services.items():
        for cadre, band in row["minutes"].items():
            minutes.setdefault(cadre, {})[service] = band
    return Standards(
        time=time,
        minutes=minutes,
        factors=_factors(allowances["category"], tuple(minutes), time),
        extra=_extra(allowances["individual"], tuple(minutes), time),
        services=frozenset(services),
        aliases={code: row["activity"] for code, row in codes.items()},
        classes=tuple((row["code"], row["least"]) for row in reading["classes"]),
        spread=reading["standard_errors"],
        months=reading["months"],
        norm_ids=tuple(found[name].id for name in NORMS),
    )


def yearly_services(today: Standing, rules: Standards) -> tuple[dict[str, dict[str, Yearly]], tuple[Finding, ...]]:
    """Return station -> service -> count of a year, and findings: blank months, blank services, unknown services."""
    window = last_months(today.on, rules.months)
    series = _series(today, rules, window)
    found: dict[str, dict[str, Yearly]] = {}
    gaps, silent = [], []
    for station in today.stations:
        mine: dict[str, list[Yearly]] = defaultdict(list)
        for member in station.members:
            for service in sorted(rules.services):
                if (member, service) in series:
                    mine[service].append(_yearly(series[member, service], window, rules.spread))
        found[station.code] = {service: _sum(parts) for service, parts in mine.items()}
        fewest = min(found[station.code].values(), key=lambda year: year.months / year.window, default=None)
        if fewest and fewest.months < fewest.window:
            gaps.append((station.code, f"{station.code} {fewest.months}/{fewest.window}"))
        if not mine:
            silent.append((station.code, station.code))
    findings = (
        named_places("D040", gaps, sheet="service_counts", window=len(window)),
        named_places("D041", silent, sheet="service_counts", window=len(window)),
        _strange(today, rules, series),
        _never(found, rules),
    )
    return found, tuple(finding for finding in findings if finding)


def _series(today: Standing, rules: Standards, window: Sequence[date]) -> dict[tuple[str, str], dict[date, float]]:
    """Return (building, service) -> month -> count; where a code and its alias are both given, the code counts."""
    series: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    for row in sorted(today.register.service_counts, key=lambda row: row.service in rules.services):
        month, service = row.month.replace(day=1), rules.aliases.get(row.service, row.service)
        if month in window and service is not None:
            series[row.facility, service][month] = np.nan if row.count is None else float(row.count)
    return series


def last_months(on: date, months: int) -> tuple[date, ...]:
    """
    Return the first days of the last whole months before the day, oldest first.

    >>> [day.isoformat() for day in last_months(date(2026, 1, 31), 2)]
    ['2025-11-01', '2025-12-01']
    """
    last = on.year * 12 + on.month - 1
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(last - months, last))


def _yearly(known: Mapping[date, float], window: Sequence[date], spread: float) -> Yearly:
    months = [known.get(month, np.nan) for month in window]
    return Yearly(wisn.yearly_count(months, spread=spread), sum(month == month for month in months), len(window))


def _sum(parts: Sequence[Yearly]) -> Yearly:
    """Add up the buildings of a station; one unknown building makes the sum unknown. Bands add up: the cautious way."""
    lo, mid, hi = (float(sum(part.band[index] for part in parts)) for index in range(3))
    return Yearly((lo, mid, hi), min(part.months for part in parts), parts[0].window)


def _cadre(
    cadre: str,
    stations: Sequence[str],
    existing: Sequence[float],
    counts: Mapping[str, Mapping[str, Yearly]],
    rules: Standards,
) -> list[Workload]:
    services = list(rules.minutes[cadre])
    need = []
    for index, band in enumerate(BANDS):
        table = [
            [counts[station][service].band[index] if service in counts[station] else 0.0 for service in services]
            for station in stations
        ]
        standard = wisn.standard_workload([rules.minutes[cadre][name][band] for name in services], time=rules.time)
        need.append(
            wisn.required_fte(
                np.reshape(np.asarray(table, dtype=float), (len(stations), len(services))), standard,
                allowance=rules.factors[cadre], extra=np.full(len(stations), rules.extra[cadre]),
            )
        )  # fmt: skip
    return [
        _row(cadre, station, existing[number], (need[0][number], need[1][number], need[2][number]), counts, rules)
        for number, station in enumerate(stations)
    ]


def _row(
    cadre: str,
    station: str,
    existing: float,
    need: tuple[float, float, float],
    counts: Mapping[str, Mapping[str, Yearly]],
    rules: Standards,
) -> Workload:
    reported = {name: counts[station][name].band[1] for name in rules.minutes[cadre] if name in counts[station]}
    missing = tuple(name for name in rules.minutes[cadre] if name not in reported)
    # whoever has nothing to do needs nobody: a fixed allowance alone is no need
    idle = all(count == 0 for count in reported.values())
    state = "unknown" if not reported or need[1] != need[1] else "no_need" if idle else "known"
    lo, mid, hi = (_known(value) if state == "known" else None for value in need)
    ratio = None if mid is None else _known(existing / mid)
    (pressure,) = wisn.pressure([np.nan if ratio is None else ratio], classes=rules.classes)
    return Workload(
        station, cadre, existing, state, lo, mid, hi, ratio, pressure, reported, missing, rules.norm_ids,
        rules.extra[cadre],
    )  # fmt: skip


def _factors(
    category: Mapping[str, Sequence[Mapping[str, Any]]], cadres: Sequence[str], time: wisn.WorkingTime
) -> dict[str, float]:
    """Return cadre -> category allowance factor; each cadre has its own row of shares, padded with zeros."""
    rows = [[_minutes(item, time) / time.minutes for item in category.get(cadre, ())] for cadre in cadres]
    width = max(map(len, rows))
    shares = [row + [0.0] * (width - len(row)) for row in rows]
    return dict(zip(cadres, map(float, wisn.allowance_factor(shares, cadres=cadres)), strict=True))


def _extra(individual: Sequence[Mapping[str, Any]], cadres: Sequence[str], time: wisn.WorkingTime) -> dict[str, float]:
    """Return cadre -> FTE of duties that only some people have, once a station."""
    found = dict.fromkeys(cadres, 0.0)
    for item in individual:
        (fte,) = wisn.individual_allowance([_minutes(item, time)], [[item["persons"]]], time=time)
        found[item["cadre"]] += float(fte)
    return found


def _minutes(item: Mapping[str, Any], time: wisn.WorkingTime) -> float:
    return wisn.yearly_minutes(
        item["amount"], unit=cast(wisn.Unit, item["unit"]), period=cast(wisn.Period, item["period"]), time=time
    )


def _strange(today: Standing, rules: Standards, series: Mapping[tuple[str, str], object]) -> Finding | None:
    """Return a finding that names the services of stations for which there is no standard, or None."""
    buildings = {member for station in today.stations for member in station.members}
    found = sorted(key for key in series if key[0] in buildings and key[1] not in rules.services)
    number = Counter(service for _building, service in found)
    services = "; ".join(f"{service}: {number[service]}" for service in sorted(number))
    places = [(building, building) for building, _service in found]
    return named_places("D042", places, sheet="service_counts", services=services)


def _never(found: Mapping[str, Mapping[str, Yearly]], rules: Standards) -> Finding | None:
    """Return a finding that says how many stations never reported each service, or None."""
    reporting = [services for services in found.values() if services]
    missing = {name: sum(name not in services for services in reporting) for name in sorted(rules.services)}
    words = "; ".join(f"{name}: {number}" for name, number in missing.items() if number)
    return Finding("D043", "service_counts", "", {"services": words}, "warning") if words else None


def _known(value: float) -> float | None:
    return None if value != value else float(value)


def _round(value: float | None) -> float | None:
    return None if value is None or value != value else round(value, 2)
