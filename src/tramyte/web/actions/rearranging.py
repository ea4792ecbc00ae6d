"""What joining or splitting units would do, before anybody does it: both sides counted, and every row that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.register import Register
from tramyte.exchange.columns import sheets
from tramyte.web.actions.authorities import contents
from tramyte.web.actions.papers import Paper
from tramyte.web.differences import Differences, differences
from tramyte.web.models import Succession
from tramyte.web.succession import COMMUNE

MEASURES = ("population", "facilities", "people", "posts", "equipment")


@dataclass(frozen=True)
class New:
    """
    A unit that begins on the day.

    kind       : of a commune: xã, phường, đặc khu; of a facility: station, polyclinic
    population : persons; None: of a joined unit the sum of its parts, else unknown
    members    : codes of the facilities (of a commune) or buildings (of a station) that belong to it
    """

    code: str
    name: str
    kind: str
    zone: int | None = None
    population: int | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """
    One unit of the preview, the day before or on the day.

    population : persons; None: not known; codes: measure -> codes of what belongs to it
    """

    code: str
    name: str
    population: int | None
    codes: Mapping[str, frozenset[str]]

    @property
    def values(self) -> dict[str, int | None]:
        """Measure -> figure."""
        return {"population": self.population, **{name: len(found) for name, found in self.codes.items()}}


@dataclass(frozen=True)
class Rearrangement:
    """What joining or splitting would do; `changes` is what the action writes."""

    kind: str
    on: date
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]
    links: tuple[tuple[str, str, str], ...]
    refused: tuple[Finding, ...]
    changes: Differences = field(default_factory=Differences, repr=False)

    @property
    def totals(self) -> dict[str, tuple[int | None, int | None]]:
        """Measure -> before and after, whoever works at two of the units counted once; None: not all is known."""
        return {name: (_total(self.before, name), _total(self.after, name)) for name in MEASURES}

    def details(self) -> dict[str, Any]:
        """Return what the event tells besides the rows."""
        return {"kind": self.kind, "links": [list(link) for link in self.links], "totals": self.totals}


@dataclass
class Draft:
    """Rows of the register that begin or end, while a rearrangement is being laid out."""

    found: Register
    on: date
    paper: Paper
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def put(self, sheet: str, *rows: Any) -> None:
        self.rows.setdefault(sheet, []).extend(rows)

    def follow(self, sheet: str, old: Any, /, **values: Any) -> None:
        """End a row on the day and begin another with these values; one that begins then or later is changed."""
        if old.start is not None and old.start >= self.on:
            self.put(sheet, replace(old, **values))
        else:
            self.put(sheet, replace(old, end=self.on), replace(old, start=self.on, **values))

    def applied(self) -> Register:
        """Return the register as it will be."""
        answer = {}
        for name, rows in self.rows.items():
            key = sheets()[name].key or ("code",)
            by_key = {tuple(getattr(one, part) for part in key): one for one in (*getattr(self.found, name), *rows)}
            answer[name] = tuple(by_key.values())
        return replace(self.found, **answer)


def old_units(
    now: Sequence[Any], every: Sequence[Any], codes: Sequence[str], on: date, *, least: int
) -> tuple[list[Any], list[Finding]]:
    """Return the units that come before, and why they cannot be taken."""
    by_code = {one.code: one for one in now}
    wanted = list(dict.fromkeys(codes))
    refused = [Finding("E620", fields={"unit": code, "on": on}) for code in wanted if code not in by_code]
    old = [by_code[code] for code in wanted if code in by_code]
    refused += [Finding("E624", fields={"unit": f"{one.code} {one.name}", "on": on}) for one in old if one.start == on]
    for code in wanted:
        later = [one.start for one in every if one.code == code and one.start is not None and one.start > on]
        if later:
            refused.append(Finding("E625", fields={"unit": code, "start": min(later)}))
    if len(wanted) < least:
        refused.append(Finding("E622", fields={"least": least}))
    return old, refused


def code_is_free(new: New, now: Sequence[Any], predecessors: Iterable[str]) -> list[Finding]:
    """Return a finding where a unit that is no predecessor has the code, or where code or name is missing."""
    if not new.code or not new.name:
        return [Finding("E626")]
    taken = any(one.code == new.code for one in now) and new.code not in set(predecessors)
    return [Finding("E621", fields={"taken": new.code})] if taken else []


def shared_out(codes: Sequence[str], parts: Sequence[New]) -> list[Finding]:
    """Return a finding for each facility that goes to no part, or to two."""
    homes: dict[str, int] = dict.fromkeys(codes, 0)
    for part in parts:
        for member in part.members:
            homes[member] = homes.get(member, 0) + 1
    wrong = sorted(code for code, times in homes.items() if times != 1 or code not in codes)
    found = [Finding("E627", fields={"count": len(wrong), "facilities": "; ".join(wrong)})] if wrong else []
    return [*found, *([Finding("E622", fields={"least": 2})] if len(parts) < 2 else [])]


def adds_up(whole: int | None, parts: Sequence[New]) -> list[Finding]:
    """Return a finding when the parts do not add up to the whole; an unknown whole wants no parts."""
    total = sum_of(part.population for part in parts)
    if whole == total or (whole is None and all(part.population is None for part in parts)):
        return []
    known = sum(part.population or 0 for part in parts)
    return [Finding("E623", fields={"whole": "—" if whole is None else whole, "parts": known})]


def arrangement(
    kind: str, province: str, draft: Draft, links: tuple[tuple[str, str, str], ...], before: list[str],
    after: list[str], refused: Iterable[Finding] = (), *, machines: Differences | None = None,
) -> Rearrangement:  # fmt: skip
    """Return the preview: both sides counted from the register before and after, and every row that changes."""
    on, whole = draft.on, draft.applied()
    changes = differences(
        Register(**{name: tuple(rows) for name, rows in draft.rows.items()}), province=province, path=f"{province}/",
        on=on,
    )  # fmt: skip
    if machines is not None:
        homes: list[Any] = changes.added.get("facilities", [])
        paths = {one.code: one.path for one in homes}
        moving: list[Any] = machines.added.get("equipment", [])
        for one in moving:
            one.path = paths.get(one.facility, one.path)
        changes.added |= machines.added
        changes.ended |= machines.ended
    for old, new, extent in links:
        row = Succession(
            province=province, path=f"{province}/", kind=kind, predecessor=old, successor=new, extent=extent, on=on,
            decision=draft.paper.words()[:120],
        )  # fmt: skip
        changes.added.setdefault("successions", []).append(row)
    arriving: list[Any] = machines.added.get("equipment", []) if machines else []
    moved = {one.code for one in arriving}
    return Rearrangement(
        kind, on, tuple(_units(kind, draft.found, province, before, on - timedelta(days=1), frozenset())),
        tuple(_units(kind, whole, province, after, on, moved)), links, tuple(refused), changes,
    )  # fmt: skip


def _units(
    kind: str, found: Register, province: str, codes: Sequence[str], on: date, moved: Iterable[str]
) -> Iterator[Unit]:
    """Yield each unit with what it counts on a day. moved: machines that will be at the first unit."""
    now = found.as_of(on)
    there = contents(now, province, on=on)
    parents = {one.code: one.parent for one in now.facilities}
    for number, code in enumerate(codes):
        one: Any = next(
            (row for row in (now.communes if kind == COMMUNE else now.facilities) if row.code == code), None
        )
        if one is None:
            continue
        if kind == COMMUNE:
            inside = [row.code for row in now.facilities if row.commune == code]
        else:
            inside = [
                row for row in parents if row == code or parents[row] == code or parents.get(parents[row] or "") == code
            ]
        rooms = [there[row] for row in inside if row in there]
        machines = {machine for room in rooms for machine in room.equipment} | (set(moved) if number == 0 else set())
        population = one.population if kind == COMMUNE else one.catchment_population
        yield Unit(code, one.name, population, {
            "facilities": frozenset(inside),
            "people": frozenset(person for room in rooms for person in room.people),
            "posts": frozenset(post for room in rooms for post in room.posts), "equipment": frozenset(machines),
        })  # fmt: skip


def refusal(kind: str, on: date, why: Iterable[Finding]) -> Rearrangement:
    """Return a rearrangement that cannot be done, and why."""
    return Rearrangement(kind, on, (), (), (), tuple(why))


def sum_of(values: Iterable[int | None]) -> int | None:
    """Return the sum of figures; None: none is given, or one is not known."""
    found = list(values)
    return None if not found or any(one is None for one in found) else sum(one for one in found if one is not None)


def same(values: Iterable[int | None]) -> int | None:
    """Return the value that all share; None: they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _total(units: Sequence[Unit], name: str) -> int | None:
    if name == "population":
        return sum_of(unit.population for unit in units)
    return len({code for unit in units for code in unit.codes[name]})
