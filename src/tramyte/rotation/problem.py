"""
The rotation problem: one frozen input, checked once when it is read.

What only `rotation/2` knows: preferences of a person, the handover of a need and its weight, `apart`, `together`.

A problem replays without a database, and any plan can be checked against it without a solver. Ids are text or
integers and are equal when their text is; everything inside looks them up by text and writes them back as given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tramyte.domain.plan import Id, Tour

SCHEMA, SECOND = "rotation/1", "rotation/2"
WEIGHTS = ("fair1", "fair2", "travel_per_hour", "start_fee", "return_bonus", "disruption")


@dataclass(frozen=True)
class Skill:
    """A role people can be sent in. cadre: doctor, preventive, allied, ..."""

    id: Id
    code: str
    cadre: str
    name: str = ""


@dataclass(frozen=True)
class Unit:
    """A sending unit. durations: admissible weeks of a tour; max_away: text of skill id -> people away at most."""

    id: Id
    code: str
    tier: str
    durations: tuple[int, ...]
    max_away: Mapping[str, int]
    name: str = ""


@dataclass(frozen=True)
class Need:
    """
    In each week of [start, end) `count` people are wanted, the first `critical` of them critically.

    handover : weeks that people who follow each other shall share; 0: none
    """

    skill: Id
    start: int
    end: int
    count: int
    critical: int
    w_crit: int
    w_norm: int
    handover: int = 0

    @property
    def spans(self) -> Iterable[int]:
        """The first week of each span of handover + 1 weeks in which one person shall serve throughout (R13)."""
        return range(self.start, self.end - self.handover) if self.handover else ()

    def cost(self, present: int) -> int:
        """Return the price of a week with so many people present."""
        return self.w_crit * max(0, self.critical - present) + self.w_norm * max(0, self.count - present)


@dataclass(frozen=True)
class Station:
    """A station and what it needs."""

    id: Id
    needs: tuple[Need, ...]
    name: str = ""


@dataclass(frozen=True)
class Preference:
    """Each week of [start, end) at a station, None: anywhere, costs so many points; below 0 it is welcome."""

    station: Id | None
    start: int
    end: int
    points: int


@dataclass(frozen=True)
class Person:
    """
    One person who may be sent.

    skills      : roles the licence allows, the primary one first
    unavailable : half-open spans of weeks
    rest_weeks  : weeks at home between two tours; max_travel_min: minutes one way
    """

    id: Id
    unit: Id
    skills: tuple[Id, ...]
    max_deployments: int
    rest_weeks: int
    max_travel_min: int
    unavailable: tuple[tuple[int, int], ...] = ()
    exempt: bool = False
    prior_weeks: int = 0
    prior_stations: tuple[Id, ...] = ()
    name: str = ""
    preferences: tuple[Preference, ...] = ()

    @property
    def primary(self) -> str:
        """Text of the primary skill, by which the unit counts who is away."""
        return str(self.skills[0])

    def is_unavailable(self, start: int, end: int) -> bool:
        """Return whether a week of [start, end) is one the person cannot serve."""
        return any(a < end and start < b for a, b in self.unavailable if a < b)

    def preference(self, tour: Tour) -> int:
        """Return the points of the person's preferences for a tour, week by week; all that apply add up."""
        return sum(
            wish.points * max(0, min(wish.end, tour.end) - max(wish.start, tour.start))
            for wish in self.preferences
            if wish.station is None or str(wish.station) == str(tour.station)
        )


@dataclass(frozen=True)
class Problem:
    """
    Everything the solver may know. travel_min: [unit][station] minutes one way, None: unreachable.

    locked, incumbent, frozen_before: what must stand, the plan in force, and the week before which it is fixed.
    travel_note names how travel was measured; synthetic marks made-up people.
    apart, together : groups of people who must not, who must serve together
    schema : what the file called itself; `version` is what the problem is
    raw : the file as it was read, unknown keys and all
    """

    name: str
    weeks: int
    skills: tuple[Skill, ...]
    units: tuple[Unit, ...]
    stations: tuple[Station, ...]
    staff: tuple[Person, ...]
    travel_min: tuple[tuple[int | None, ...], ...]
    locked: tuple[Tour, ...]
    weights: Mapping[str, int]
    fair_target: Mapping[str, int]
    incumbent: tuple[Tour, ...] = ()
    frozen_before: int = 0
    week0: date | None = None
    travel_note: str = ""
    synthetic: bool = False
    apart: tuple[tuple[Id, ...], ...] = ()
    together: tuple[tuple[Id, ...], ...] = ()
    schema: str = field(default=SCHEMA, compare=False)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def skill_by_id(self) -> dict[str, Skill]:
        """Skill by the text of its id."""
        return {str(skill.id): skill for skill in self.skills}

    @cached_property
    def unit_by_id(self) -> dict[str, Unit]:
        """Unit by the text of its id."""
        return {str(unit.id): unit for unit in self.units}

    @cached_property
    def station_by_id(self) -> dict[str, Station]:
        """Station by the text of its id."""
        return {str(station.id): station for station in self.stations}

    @cached_property
    def person_by_id(self) -> dict[str, Person]:
        """Person by the text of the id."""
        return {str(person.id): person for person in self.staff}

    @cached_property
    def _row(self) -> dict[str, int]:
        return {str(unit.id): index for index, unit in enumerate(self.units)}

    @cached_property
    def _column(self) -> dict[str, int]:
        return {str(station.id): index for index, station in enumerate(self.stations)}

    @cached_property
    def version(self) -> int:
        """2 if the file said so, or if anything is used that only `rotation/2` knows; else 1."""
        used = (
            self.apart
            or self.together
            or self.handover_price
            or any(person.preferences for person in self.staff)
            or any(need.handover for station in self.stations for need in station.needs)
        )
        return 2 if used or self.schema == SECOND else 1

    @property
    def handover_price(self) -> int:
        """Points of each handover that is missed."""
        return self.weights.get("handover", 0)

    @cached_property
    def handovers(self) -> dict[tuple[str, str], tuple[Need, ...]]:
        """(station, skill) -> the needs there that ask for a handover, ids as text."""
        found: defaultdict[tuple[str, str], list[Need]] = defaultdict(list)
        for station in self.stations:
            for need in station.needs:
                if need.handover:
                    found[str(station.id), str(need.skill)].append(need)
        return {cell: tuple(needs) for cell, needs in found.items()}

    @cached_property
    def apart_of(self) -> dict[str, tuple[int, ...]]:
        """Text of a person's id -> indices of the groups of `apart` that name the person."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for index, group in enumerate(self.apart):
            for staff in group:
                found[str(staff)].append(index)
        return {staff: tuple(groups) for staff, groups in found.items()}

    @cached_property
    def mates(self) -> dict[str, tuple[str, ...]]:
        """Text of a person's id -> those who serve with the person, always; only who has any is named."""
        return {
            str(staff): tuple(str(other) for other in group if str(other) != str(staff))
            for group in self.together
            for staff in group
        }

    def minutes(self, unit: Id, station: Id) -> int | None:
        """Return minutes one way, None if the station cannot be reached."""
        return self.travel_min[self._row[str(unit)]][self._column[str(station)]]

    def unit_of(self, tour: Tour) -> Unit:
        """Return the unit that sends the person of a tour."""
        return self.unit_by_id[str(self.person_by_id[str(tour.staff)].unit)]

    @cached_property
    def locked_set(self) -> tuple[Tour, ...]:
        """
        Return the tours that must stand: `locked`, and every incumbent tour that starts before `frozen_before`
        and that R5 and R6 still allow to the person and, under R15, to everybody who goes along. Any other is lost.
        """
        stands = {tour.key: tour for tour in self.locked}
        frozen = [tour for tour in self.incumbent if tour.start < self.frozen_before and self._is_able(tour)]
        stays: defaultdict[str, set[tuple[str, int, int]]] = defaultdict(set)
        for tour in (*self.locked, *frozen):
            stays[str(tour.staff)].add(tour.stay)
        for tour in frozen:
            if all(tour.stay in stays[mate] for mate in self.mates.get(str(tour.staff), ())):
                stands.setdefault(tour.key, tour)
        return tuple(stands.values())

    def _is_able(self, tour: Tour) -> bool:
        person = self.person_by_id[str(tour.staff)]
        return not person.exempt and not person.is_unavailable(tour.start, tour.end)

    @cached_property
    def locked_keys(self) -> frozenset[tuple[str, str, str, int, int]]:
        """Keys of the tours that must stand."""
        return frozenset(tour.key for tour in self.locked_set)

    def day(self, week: int) -> date | None:
        """Return the Monday of a week, None for a problem without dates."""
        return self.week0 + timedelta(weeks=week) if self.week0 else None

    def __repr__(self) -> str:
        return (
            f"<Problem {self.name}: {len(self.staff)} people, {len(self.stations)} stations, {self.weeks} weeks, "
            f"{len(self.locked_set)} locked>"
        )
