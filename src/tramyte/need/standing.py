"""Who and what stands on the day: stations, the commune each belongs to, the people with an appointment there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tramyte.domain.finding import Finding
from tramyte.domain.people import Staff
from tramyte.domain.place import Commune, Facility
from tramyte.domain.register import Register, roots
from tramyte.domain.week import in_force
from tramyte.norms.local import LAW, Law

NAMED = 60  # people spelled out in one sentence; `fields` always holds every code


@dataclass(frozen=True)
class Station:
    """
    A station, or a polyclinic, with no station or polyclinic above it, and all that rolls up to it.

    commune : code of the commune in force on the day (an old code is followed to its successor); commune_name: "" where
              the register does not list it
    members : codes of its buildings: itself, its points, its child stations; sorted
    """

    facility: Facility
    commune: str
    members: tuple[str, ...]
    commune_name: str = ""

    @property
    def code(self) -> str:
        """The code of the station itself."""
        return self.facility.code

    def __repr__(self) -> str:
        return f"<Station {self.facility.name}, {self.code}, {len(self.members)} buildings>"


@dataclass(frozen=True)
class Standing:
    """
    The register on one day.

    register : what is in force on the day; past tours, service counts and totals are all there
    stations : sorted by code
    fte      : station code -> staff code -> share of working time there; people on deployment are not in it
    staff    : staff code -> person, in force on the day
    findings : people with an appointment that counts nowhere, stations and communes that do not meet, and why
    known    : False: the register has no row of appointments at all; then who works where is unknown, and not nobody
    law      : the norms as the province reads them, for whoever asks what is needed
    """

    on: date
    register: Register
    stations: tuple[Station, ...]
    fte: Mapping[str, Mapping[str, float]]
    staff: Mapping[str, Staff]
    findings: tuple[Finding, ...]
    known: bool = True
    law: Law = LAW

    @property
    def communes(self) -> dict[str, tuple[Station, ...]]:
        """Commune code -> its stations; only communes that have one."""
        found: dict[str, list[Station]] = defaultdict(list)
        for station in self.stations:
            found[station.commune].append(station)
        return {code: tuple(found[code]) for code in sorted(found)}


def standing(register: Register, *, on: date, law: Law = LAW) -> Standing:
    """Return stations, communes and people as they stand on the day."""
    today = register.as_of(on)
    rolled = roots(today.facilities)
    staff = {person.code: person for person in today.staff}
    fte, findings = _people(today, rolled, staff, on=on)
    live = commune_on(register.communes, on=on)
    stations = _stations(today, rolled, live)
    known = bool(register.appointments) or not stations
    silent = () if known else (Finding("D006", "appointments", "", {"count": len(stations)}, "warning"),)
    return Standing(on, today, stations, fte, staff, (*silent, *findings, *_communes(today, stations)), known, law)


def _people(
    today: Register, rolled: Mapping[str, str], staff: Mapping[str, Staff], *, on: date
) -> tuple[dict[str, dict[str, float]], tuple[Finding, ...]]:
    """Return station -> staff -> share of time, and who has an appointment that counts nowhere."""
    deployed = deployed_there(today, on=on)
    kinds = {facility.code: facility.kind for facility in today.facilities}
    fte: dict[str, dict[str, float]] = {code: {} for code in sorted(set(rolled.values()))}
    guests, nowhere = [], []
    for row in today.appointments:
        if row.staff not in staff:
            continue
        if (row.staff, row.facility) in deployed:
            guests.append(row.staff)
        elif row.facility in rolled:
            there = fte[rolled[row.facility]]
            there[row.staff] = there.get(row.staff, 0.0) + row.share
        elif kinds.get(row.facility, "point") == "point":  # no station in force answers for the building
            nowhere.append(row.staff)
    findings = (named("D001", guests, staff), named("D002", nowhere, staff))
    return fte, tuple(finding for finding in findings if finding)


def _stations(today: Register, rolled: Mapping[str, str], live: Mapping[str, str]) -> tuple[Station, ...]:
    names = {commune.code: commune.name for commune in today.communes}
    facilities = {facility.code: facility for facility in today.facilities}
    members: dict[str, list[str]] = defaultdict(list)
    for building, station in rolled.items():
        members[station].append(building)
    found = []
    for code in sorted(members):
        commune = live.get(facilities[code].commune, facilities[code].commune)
        found.append(Station(facilities[code], commune, tuple(sorted(members[code])), names.get(commune, "")))
    return tuple(found)


def _communes(today: Register, stations: Sequence[Station]) -> Iterator[Finding]:
    """Yield the stations whose commune is not in force, and the communes in force without a station."""
    listed, with_station = {commune.code for commune in today.communes}, {station.commune for station in stations}
    astray = [(row.code, f"{row.code} ({row.commune})") for row in stations if row.commune not in listed]
    empty = [(row.code, f"{row.code} {row.name}") for row in today.communes if row.code not in with_station]
    for code, places, sheet in (("D004", astray, "facilities"), ("D005", empty, "communes")):
        if finding := named_places(code, places, sheet=sheet):
            yield finding


def deployed_there(register: Register, *, on: date) -> set[tuple[str, str]]:
    """
    Return (staff, facility) of everybody on deployment on the day.

    A transfer is not one of them: who is transferred belongs to the new place.
    """
    return {
        (tour.staff, tour.facility)
        for tour in register.past_tours
        if tour.instrument != "transfer" and in_force(tour, on)
    }


def commune_on(communes: Sequence[Commune], *, on: date) -> dict[str, str]:
    """
    Return commune code -> code in force on the day, old codes followed to their successor.

    A new commune keeps the code of one predecessor, so a code that is in force stands for itself.
    """
    live = {commune.code for commune in communes if in_force(commune, on)}
    after = {commune.code: commune.successor for commune in communes if commune.successor and commune.code not in live}
    found = {code: code for code in live}
    for code in after:
        seen, current = {code}, after[code]
        while current in after and current not in seen:
            seen.add(current)
            current = after[current]
        found[code] = current if current in live else code
    return found


def named(code: str, people: Iterable[str], staff: Mapping[str, Staff], **fields: object) -> Finding | None:
    """Return the warning `code` that names every one of the people, or None when there is nobody."""
    codes = sorted(set(people))
    if not codes:
        return None
    who = "; ".join(f"{one} {staff[one].name}" if one in staff else one for one in codes[:NAMED])
    more = f"; … (+{len(codes) - NAMED})" if len(codes) > NAMED else ""
    return Finding(code, "staff", "", {"count": len(codes), "staff": codes, "who": who + more, **fields}, "warning")


def named_places(
    code: str, places: Iterable[tuple[str, str]], *, sheet: str = "facilities", **fields: object
) -> Finding | None:
    """Return the warning `code` that names every place, from (code, words); None when there is no place."""
    rows = sorted(set(places))
    if not rows:
        return None
    more = f"; … (+{len(rows) - NAMED})" if len(rows) > NAMED else ""
    who = "; ".join(words for _code, words in rows[:NAMED]) + more
    codes = sorted({place for place, _words in rows})
    return Finding(code, sheet, "", {"count": len(codes), "places": codes, "who": who, **fields}, "warning")
