"""How long is the way from a sending unit to a station? What the province measured, else the great circle."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.domain.place import Facility
from tramyte.domain.work import Travel
from tramyte.norms.reader import norm

EARTH_KM = 6371.0088  # mean radius of the Earth, IUGG
MEASURED, UNKNOWN = "P392", "P393"


class Ways(NamedTuple):
    """
    minutes: [unit][station] one way, None: cannot be reached; note: the method; findings: warnings.

    The note is Vietnamese, as papers want it; `PlanReport.travel_in` tells it again in another language.
    """

    minutes: tuple[tuple[int | None, ...], ...]
    note: str
    findings: tuple[Finding, ...]


def ways(units: Sequence[Facility], stations: Sequence[Facility], *, measured: Sequence[Travel], on: date) -> Ways:
    """
    Return the minutes one way between each unit and station, and say how they were found.

    measured : rows of the province; they go before every estimate, and a blank one means: cannot be reached
    on       : day on which the factors of norm `detour` are asked
    raises   : NormMissing
    """
    known = {(row.sender, row.facility): row.minutes for row in measured}
    factors: Mapping[str, Mapping[str, float]] = norm("detour", on=on).value
    counts: Counter[tuple[str, float, float]] = Counter()
    lost: dict[str, Facility] = {}
    rows = []
    for unit in units:
        row: list[int | None] = []
        for station in stations:
            pair = unit.code, station.code
            road = factors.get(station.terrain or "unknown", factors["unknown"])
            nowhere = [place for place in (unit, station) if place.lon is None or place.lat is None]
            if pair in known:
                row.append(known[pair])
                counts[MEASURED, 0, 0] += 1
            elif nowhere:
                row.append(None)
                counts[UNKNOWN, 0, 0] += 1
                lost.update({place.code: place for place in nowhere})
            else:
                hours = great_circle_km(unit, station) * road["factor"] / road["km_per_hour"]
                row.append(math.ceil(round(60 * hours, 6)))
                counts["P391", road["factor"], road["km_per_hour"]] += 1
        rows.append(tuple(row))
    findings = tuple(
        Finding("P320", "facilities", "", {"name": place.name, "facility": place.code}, "warning")
        for place in lost.values()
    )
    return Ways(tuple(rows), _note(counts), findings)


def great_circle_km(a: Facility, b: Facility) -> float:
    """Return the kilometres between two places with coordinates, by the haversine formula."""
    lon_a, lat_a, lon_b, lat_b = (math.radians(degrees or 0.0) for degrees in (a.lon, a.lat, b.lon, b.lat))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def _note(counts: Mapping[tuple[str, float, float], int]) -> str:
    fields: list[tuple[str, dict[str, Any]]] = [
        (code, {"factor": _number(factor), "speed": _number(speed), "pairs": _number(pairs)})
        for (code, factor, speed), pairs in sorted(counts.items())
    ]
    return "; ".join(say(code, "vi", **words) for code, words in fields)


def _number(value: float) -> str:
    """1.8 as 1,8 and 4932 as 4.932, as Vietnamese writes numbers."""
    return f"{value:,.10g}".translate(str.maketrans(",.", ".,"))
