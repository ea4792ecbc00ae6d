"""Which zone of the national criteria is a commune in, by terrain and distance?"""

from __future__ import annotations

from datetime import date

from tramyte.domain.finding import Finding
from tramyte.norms.reader import norm


def zone(terrain: str, very_hard: bool, *, km: float, on: date) -> int:
    """
    Return the zone, 1 (easy) to 3 (hard).

    terrain   : mountain, remote, border, island, plain, midland
    very_hard : the way is very hard; counts in mountain, remote, border and island only
    km        : station to the nearest hospital, health centre or polyclinic, km
    raises    : ValueError, unknown terrain or a distance below zero; NormMissing
    source    : Decision 1300/QĐ-BYT (2023), zones

    >>> zone("mountain", True, km=3.0, on=date(2026, 1, 8))
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


def mismatch(
    official: int | None, *, terrain: str | None, very_hard: bool | None, km: float | None, on: date
) -> tuple[Finding, ...]:
    """
    Return a warning where the zone of the province's list is not the one that terrain and distance give.

    The list is official; what is not given is not compared. raises: as `zone`.
    """
    if official is None or terrain is None or km is None:
        return ()
    found = zone(terrain, bool(very_hard), km=km, on=on)
    if found == official:
        return ()
    km_en = f"{km:g}"
    fields = {"official": official, "zone": found, "km_en": km_en, "km_vi": km_en.replace(".", ",")}
    return (Finding("N110", fields=fields, severity="warning"),)
