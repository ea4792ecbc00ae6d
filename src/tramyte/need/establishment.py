"""The norm lens: how many posts does the circular grant each station, under every reading of its words?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.place import Commune, Facility
from tramyte.domain.register import Register
from tramyte.need.numbers import number
from tramyte.need.standing import Standing, Station, named_places, standing
from tramyte.norms.local import LAW, Law
from tramyte.norms.staffing import Reading, posts, readings, staffing
from tramyte.norms.zones import zone as zone_by_distance

NORM = "staffing_03_2023"


@dataclass(frozen=True)
class Part:
    """One station in the formula: the station of today, or one former station. population: persons."""

    name: str
    population: int
    zone: int


@dataclass(frozen=True)
class Posts:
    """
    The posts under one reading.

    exact : persons, before rounding; posts: whole persons, a half counted up, each former station by itself
    parts : what was put into the formula: one part, or one for each former station
    """

    reading: Reading
    on: date
    parts: tuple[Part, ...]
    exact: float
    posts: int
    law: Law = field(default=LAW, repr=False)

    def formula(self, lang: Lang) -> str:
        """Return the formula with the numbers of this station, as one would write it by hand."""
        rule = self.law.norm(NORM, on=self.on).value
        each = [_formula(part, self.reading, rule, lang) for part in self.parts]
        if len(each) == 1:
            return f"{each[0]} = {number(self.exact, lang)} → {self.posts}"
        whole = (
            posts(part.population, zone=part.zone, on=self.on, reading=self.reading, law=self.law)
            for part in self.parts
        )
        rows = (f"{part.name}: {text} → {own}" for part, text, own in zip(self.parts, each, whole, strict=True))
        return f"{'; '.join(rows)}; = {self.posts}"

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return reading, value and formula."""
        return {
            "coef_on": self.reading.coef_on,
            "step": self.reading.step,
            "rounding": self.reading.rounding,
            "merged": self.reading.merged,
            "zone_of_merged": self.reading.zone_of_merged,
            "zone": self.parts[0].zone if len(self.parts) == 1 else None,
            "exact": round(self.exact, 2),
            "posts": self.posts,
            "formula": self.formula(lang),
        }


@dataclass(frozen=True)
class Establishment:
    """
    Posts of one station under every reading.

    population        : persons; None: unknown, then there is no value
    population_source : catchment, or commune where the commune has this station alone
    zone              : 1-3; None: unknown, then there is no value
    values            : one a reading, the default reading first
    left_out          : codes of messages.csv: which readings the norm names and nobody could compute here, and why
    """

    station: str
    population: int | None
    population_source: str
    zone: int | None
    zone_source: str
    values: tuple[Posts, ...]
    norm_id: str
    left_out: tuple[str, ...] = ()

    @property
    def lo(self) -> int | None:
        """Fewest posts over all readings."""
        return min((value.posts for value in self.values), default=None)

    @property
    def hi(self) -> int | None:
        """Most posts over all readings."""
        return max((value.posts for value in self.values), default=None)

    @property
    def default(self) -> int | None:
        """Posts under the reading that the norm names first."""
        return self.values[0].posts if self.values else None

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return the range, and every reading with its formula."""
        return {
            "lo": self.lo,
            "hi": self.hi,
            "default": self.default,
            "population": self.population,
            "population_source": self.population_source,
            "zone": self.zone,
            "zone_source": self.zone_source,
            "norm": self.norm_id,
            "readings": [value.to_json(lang) for value in self.values],
            "not_computed": self.not_computed(lang),
        }

    def not_computed(self, lang: Lang) -> list[dict[str, str]]:
        """Return the readings that were left out, each with its sentence and the norm that names it."""
        return [
            {"code": code, "text": say(code, lang, norm=self.norm_id), "norm": self.norm_id} for code in self.left_out
        ]


def establishments(register: Register, *, on: date) -> tuple[tuple[Establishment, ...], tuple[Finding, ...]]:
    """
    Return the posts of every station on the day, and what could not be computed.

    raises : NormMissing, no staffing norm on the day
    source : Circular 03/2023/TT-BYT, Article 5
    """
    return grant(standing(register, on=on), register.communes)


def grant(today: Standing, communes: Sequence[Commune]) -> tuple[tuple[Establishment, ...], tuple[Finding, ...]]:
    """Return what `establishments` does for a day already laid out. communes: past ones too."""
    norm_id = today.law.norm(NORM, on=today.on).id
    live = {commune.code: commune for commune in today.register.communes}
    former: dict[str, list[Commune]] = {}
    for commune in communes:
        if commune.successor and commune.end and commune.end <= today.on:
            former.setdefault(commune.successor, []).append(commune)
    together = today.communes
    found, mismatch, blank = [], [], []
    for station in today.stations:
        home = live.get(station.commune)
        alone = len(together[station.commune]) == 1
        population, population_source = _population(station.facility, home if alone else None)
        zone, zone_source = _zone(station.facility, home, on=today.on)
        computed = _by_distance(station.facility, on=today.on)
        if zone and computed and zone != computed:
            mismatch.append((station.code, f"{station.code} ({zone} ≠ {computed})"))
        before = former.get(station.commune, []) if alone else []
        before = before if len(before) > 1 else []
        if before and _parts(before) is None:
            blank.append((station.code, station.code))
        values = tuple(_values(station, population, zone, before, on=today.on, law=today.law))
        left_out = tuple(_left_out(values, before))
        found.append(
            Establishment(
                station.code, population, population_source, zone, zone_source, values, norm_id, left_out
            )
        )  # fmt: skip
    findings = (
        named_places("D030", [(one.station, one.station) for one in found if one.population is None]),
        named_places("D031", [(one.station, one.station) for one in found if one.zone is None]),
        named_places("D032", mismatch),
        named_places("D033", blank),
    )
    return tuple(found), tuple(finding for finding in findings if finding)


def _values(
    station: Station, population: int | None, zone: int | None, former: Sequence[Commune], *, on: date, law: Law
) -> Iterator[Posts]:
    before = _parts(former)
    if population is None or zone is None:
        return
    options = law.norm(NORM, on=on).value["readings"]
    for reading in readings(on=on, law=law):
        if "one_station" in options["merged"] or not before:
            for name, own in _zones(zone, before, options["zone_of_merged"]).items():
                part = Part(station.facility.name, population, own)
                yield _value(replace(reading, merged="one_station", zone_of_merged=name), (part,), on, law)
        if before and "sum_of_former" in options["merged"]:
            yield _value(replace(reading, merged="sum_of_former"), before, on, law)


def _left_out(values: Sequence[Posts], former: Sequence[Commune]) -> Iterator[str]:
    """Yield why the norm's other readings are not among the values; without any value a finding says it all."""
    if not values:
        return
    if len({value.reading.population for value in values}) == 1:
        yield "D035"  # registered or actual: a register holds one population
    if not former:
        yield "D036"
    elif _parts(former) is None:
        yield "D037"


def _value(reading: Reading, parts: tuple[Part, ...], on: date, law: Law) -> Posts:
    exact = sum(staffing(part.population, zone=part.zone, on=on, reading=reading, law=law) for part in parts)
    whole = sum(posts(part.population, zone=part.zone, on=on, reading=reading, law=law) for part in parts)
    return Posts(reading, on, parts, exact, whole, law)


def _parts(former: Sequence[Commune]) -> tuple[Part, ...] | None:
    """Return the former stations; empty: the commune was not merged; None: a population or zone is unknown."""
    parts = [
        Part(one.name, one.population, one.zone)
        for one in sorted(former, key=lambda one: one.code)
        if one.population is not None and one.zone is not None
    ]
    return tuple(parts) if len(parts) == len(former) else None


def _zones(main: int, before: tuple[Part, ...] | None, options: Sequence[str]) -> dict[str, int]:
    """Return reading -> zone of a merged commune, in the order of the norm; a zone that repeats is left out."""
    if not before:
        return {"main": main}
    people = sum(part.population for part in before)
    weighted = int(sum(part.population * part.zone for part in before) / people + 0.5) if people else main
    found: dict[str, int] = {}
    for name, zone in (("worst", max(main, *(part.zone for part in before))), ("weighted", weighted), ("main", main)):
        if name in options and zone not in found.values():
            found[name] = zone
    return found


def _population(facility: Facility, commune: Commune | None) -> tuple[int | None, str]:
    if facility.catchment_population is not None:
        return facility.catchment_population, "catchment"
    if commune is not None and commune.population is not None:
        return commune.population, "commune"
    return None, "unknown"


def _zone(facility: Facility, commune: Commune | None, *, on: date) -> tuple[int | None, str]:
    if facility.zone is not None:
        return facility.zone, "facility"
    computed = _by_distance(facility, on=on)
    if commune is not None and commune.zone is not None:
        return commune.zone, "commune"
    return computed, "computed" if computed else "unknown"


def _by_distance(facility: Facility, *, on: date) -> int | None:
    """Return the zone by terrain and distance; None where a fact that matters is unknown."""
    if facility.terrain is None or facility.km_to_hospital is None:
        return None
    hard = (False, True) if facility.very_hard is None else (facility.very_hard,)
    zones = {zone_by_distance(facility.terrain, one, km=facility.km_to_hospital, on=on) for one in hard}
    return zones.pop() if len(zones) == 1 else None


def _formula(part: Part, reading: Reading, rule: Any, lang: Lang) -> str:
    zone = rule["zones"][part.zone]
    step, above, factor = zone[f"step_{reading.step}"], zone["above"], number(zone["coefficient_percent"] / 100, lang)
    left, right = ("⌊", "⌋") if reading.rounding == "floor" else ("⌈", "⌉")
    added = "0"
    if part.population > above:
        added = f"{left}({number(part.population, lang)} − {number(above, lang)}) / {number(step, lang)}{right}"
    if reading.coef_on == "total":
        return f"({rule['base']} + {added}) × {factor}"
    return f"{rule['base']} × {factor} + {added}"
