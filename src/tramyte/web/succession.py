"""What became of communes and facilities: who came before whom, under which names, and what their figures add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from tramyte.domain.register import Register
from tramyte.domain.work import ServiceCount
from tramyte.sample.places import REFORM, former
from tramyte.web import records
from tramyte.web.memory import MEMORY
from tramyte.web.models import Commune, Facility, Succession
from tramyte.web.models.base import FIRST_ON

COMMUNE, FACILITY = "commune", "facility"
TABLES = ("communes", "facilities", "successions")  # that say what became of places


@dataclass(frozen=True)
class Link:
    """
    One predecessor and one successor.

    kind   : commune, facility; extent: full, part
    on     : first day of the successor
    """

    kind: str
    predecessor: str
    successor: str
    extent: str
    on: date
    decision: str | None = None


def links(province: str, *, known: datetime | None = None) -> tuple[Link, ...]:
    """Return every link of a province, oldest first: those recorded, and those that a commune's row names."""
    rows = records.rows(Succession, known=known).filter(province=province)
    found = {
        (row.kind, row.predecessor, row.successor, row.on): Link(
            row.kind, row.predecessor, row.successor, row.extent, row.on, row.decision
        )
        for row in rows
    }
    listed = records.rows(Commune, known=known).filter(province=province, successor__isnull=False, end__isnull=False)
    for code, successor, on in listed.values_list("code", "successor", "end"):
        found.setdefault((COMMUNE, code, successor, on), Link(COMMUNE, code, successor, "full", on))
    return tuple(sorted(found.values(), key=lambda link: (link.on, link.kind, link.predecessor, link.successor)))


def before(code: str, *, kind: str, at: date, on: date, known: Iterable[Link]) -> dict[str, str]:
    """
    Return who stood on one day where a commune or facility stands on a later one: code -> extent, full or part.

    at    : the day looked back to; on: the day on which `code` is in force
    known : of `links`. A unit that took others in and goes on is its own predecessor too; one that began on such a day
            is named as well, and has no rows before it.
    """
    found = {code: "full"}
    days: dict[date, list[Link]] = {}
    for link in known:
        if link.kind == kind and at < link.on <= on:
            days.setdefault(link.on, []).append(link)
    for day in sorted(days, reverse=True):
        after, found = found, {}
        gone = {link.predecessor for link in days[day]}  # whose code may name another unit from this day on
        for successor, extent in after.items():
            came = [link for link in days[day] if link.successor == successor]
            own = [] if came and successor in gone else [(successor, "full")]
            for one, share in [*own, *((link.predecessor, link.extent) for link in came)]:
                whole = extent == share == "full" or found.get(one) == "full"
                found[one] = "full" if whole else "part"
    return found


def former_names(province: str, on: date, *, known: datetime | None = None) -> dict[str, tuple[str, ...]]:
    """
    Return code of a commune or facility in force on the day -> every name it, or a predecessor, had before.

    Where the register lists no predecessor of a commune, the names are those of the decree of July 2025.
    """
    return MEMORY.recall(  # type: ignore[no-any-return]
        ("former", province, on, known), TABLES, lambda: _former_names(province, on, known)
    )


def _former_names(province: str, on: date, known: datetime | None) -> dict[str, tuple[str, ...]]:
    linked = links(province, known=known)
    found: dict[str, tuple[str, ...]] = {}
    for kind, model in ((COMMUNE, Commune), (FACILITY, Facility)):
        rows = records.rows(model, known=known).filter(province=province)
        spans = list(rows.values_list("code", "name", "start", "end"))
        live = {code: name for code, name, start, end in spans if _in_force(start, end, on)}
        past: dict[str, set[str]] = {}
        for code, name, _, end in spans:
            if end is not None and end <= on:
                past.setdefault(code, set()).add(name)
        came: dict[str, list[str]] = {}
        for link in linked:
            if link.kind == kind and link.on <= on:
                came.setdefault(link.successor, []).append(link.predecessor)
        for code, name in live.items():
            names = {old for one in _behind(code, came) for old in past.get(one, ())} - {name}
            if names:
                found[code] = tuple(sorted(names))
    if on >= REFORM:
        for code, names_by_decree in _by_decree(province).items():
            found.setdefault(code, names_by_decree)
    return found


def _behind(code: str, came: Mapping[str, list[str]]) -> set[str]:
    """Return a code and all that came before it."""
    seen, waiting = {code}, [code]
    while waiting:
        for one in came.get(waiting.pop(), ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return seen


@cache
def _by_decree(province: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in former(province):
        found.setdefault(row.successor, []).append(row.full_name)
    return {code: tuple(names) for code, names in found.items()}


def _in_force(start: date | None, end: date | None, on: date) -> bool:
    return (start is None or start <= on) and (end is None or on < end)


def joined(found: Register, province: str, on: date, *, known: datetime | None = None) -> Register:
    """
    Return a register whose services of earlier months stand with who took over: counts of one month are added up.

    A building that goes on as a point keeps its own; of one that closed nothing is lost. What came over in part only
    cannot be divided, and stays where it was. Blank and a number make the number: the blank month shows elsewhere.
    """
    live = {one.code for one in found.facilities}
    closed = {one.facility for one in found.service_counts} - live
    if not closed:
        return found
    after = {
        link.predecessor: link.successor
        for link in links(province, known=known)
        if link.kind == FACILITY and link.extent == "full" and link.on <= on and link.predecessor != link.successor
    }
    rows: dict[tuple[str, date, str], ServiceCount] = {}
    for row in found.service_counts:
        code, seen = row.facility, {row.facility}
        while code in closed and code in after and after[code] not in seen:
            code = after[code]
            seen.add(code)
        key = code, row.month, row.service
        other = rows.get(key)
        counts = [one.count for one in (other, row) if one is not None and one.count is not None]
        rows[key] = replace(row if other is None else other, facility=code, count=sum(counts) if counts else None)
    return replace(found, service_counts=tuple(rows.values()))


@dataclass(frozen=True)
class Part:
    """What one unit adds to a sum. value: None, unknown; is_whole: False, only a part of it came over."""

    code: str
    name: str
    value: float | None
    is_whole: bool = True


@dataclass(frozen=True)
class Sum:
    """A figure of one unit for a day or month before it began: its predecessors, each visible, and their sum."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> float | None:
        """The sum of what is known; None: nothing is. A unit that came over in part cannot be divided: left out."""
        values = [part.value for part in self.parts if part.value is not None and part.is_whole]
        return sum(values) if values else None

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that the sum is without: unknown, or not whole."""
        return tuple(part for part in self.parts if part.value is None or not part.is_whole)


def added(units: Mapping[str, str], values: Mapping[str, float | None], names: Mapping[str, str]) -> Sum:
    """
    Return the sum of a figure over units, and each part of it.

    units : code -> extent, of `before`; values: code -> figure; a unit that has none stays out, one that is blank shows
    """
    return Sum(
        tuple(
            Part(code, names.get(code, code), values[code], extent == "full")
            for code, extent in sorted(units.items())
            if code in values
        )
    )


def names_of(province: str, kind: str, *, known: datetime | None = None) -> dict[str, str]:
    """Return code -> the last name a unit had, of all units of a province, past ones too."""
    model: Any = Commune if kind == COMMUNE else Facility
    rows = records.rows(model, known=known).filter(province=province).order_by(*FIRST_ON)
    return dict(rows.values_list("code", "name"))
