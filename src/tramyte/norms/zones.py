"""Which zone of the national criteria is a commune in, by terrain and distance?"""

from __future__ import annotations

from datetime import date

from tramyte.norms.reader import norm


def zone(terrain: str, very_hard: bool, km: float, *, on: date) -> int:
    """
    Return the zone, 1 (easy) to 3 (hard).

    terrain   : mountain, remote, border, island, plain, midland
    very_hard : the way is very hard; counts in mountain, remote, border and island only
    km        : station to the nearest hospital, health centre or polyclinic, km
    raises    : ValueError, unknown terrain or a distance below zero; NormMissing
    source    : Decision 1300/QĐ-BYT (2023), zones

    >>> zone("mountain", True, 3.0, on=date(2026, 1, 8))
    3
    """
    if not km >= 0:
        raise ValueError(f"km is {km}, give a distance from 0")
    found = norm("health_zones", on=on).value
    if terrain in found["high"]["terrains"]:
        edge = found["high"]["zone_3_from_km_very_hard" if very_hard else "zone_3_from_km"]
        return 3 if km >= edge else 2
    if terrain in found["low"]["terrains"]:
        if km >= found["low"]["zone_3_from_km"]:
            return 3
        return 2 if km >= found["low"]["zone_2_from_km"] else 1
    known = ", ".join((*found["high"]["terrains"], *found["low"]["terrains"]))
    raise ValueError(f"terrain is {terrain!r}, give one of {known}")
