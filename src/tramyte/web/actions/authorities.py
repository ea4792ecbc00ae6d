"""Who administers and who guides: many facilities handed over under one decision, and put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from tramyte.domain.finding import Finding
from tramyte.domain.place import Authority, Commune, Facility
from tramyte.domain.register import Register
from tramyte.web import records
from tramyte.web.actions import papers
from tramyte.web.actions.papers import Paper
from tramyte.web.differences import Differences, differences
from tramyte.web.models import Account, Equipment, Event
from tramyte.web.roles import Permission

Line = Literal["managing", "supervising"]
LINES: tuple[Line, ...] = ("managing", "supervising")
NEEDED = ("communes", "facilities", "authorities", "posts", "staff", "appointments")


def committee(commune: Commune) -> str:
    """
    Return the People's Committee of a commune.

    >>> committee(Commune("01234", "Xã Yên Thành", "08", "xã"))
    'Ủy ban nhân dân xã Yên Thành'
    """
    return f"Ủy ban nhân dân {commune.name[:1].lower()}{commune.name[1:]}"


def answers_to(facility: str, above: Mapping[str, str | None], lines: Mapping[str, Authority]) -> Authority | None:
    """Return the line of a facility: its own, else that of the facility above it; None: nobody is recorded."""
    seen: set[str] = set()
    current: str | None = facility
    while current is not None and current not in seen:
        if current in lines:
            return lines[current]
        seen.add(current)
        current = above.get(current)
    return None


@dataclass(frozen=True)
class Moved:
    """
    One facility that changes hands.

    members : codes of the buildings that go along, itself first; people, posts, equipment: codes, at all of them
    shared  : people who also work at a facility that stays
    """

    facility: Facility
    old: str
    new: str
    members: tuple[str, ...]
    people: frozenset[str]
    posts: frozenset[str]
    equipment: frozenset[str]
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HandOver:
    """What handing over would do; `changes` is what the action writes."""

    line: Line
    on: date
    rows: tuple[Moved, ...]
    refused: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    changes: Differences = field(repr=False)

    def codes(self, name: str) -> list[str]:
        """Return the codes of all people, posts, equipment, members or shared, each once."""
        return sorted({code for row in self.rows for code in getattr(row, name)})

    @property
    def counts(self) -> dict[str, int]:
        """Return how many facilities, buildings, people, posts and machines change hands."""
        parts = {name: len(self.codes(name)) for name in ("members", "people", "posts", "equipment", "shared")}
        return {"facilities": len(self.rows), **parts}

    def details(self) -> dict[str, Any]:
        """Return what the event tells besides the rows."""
        return {
            "line": self.line, "counts": self.counts, "facilities": [row.facility.code for row in self.rows],
            **{name: self.codes(name) for name in ("people", "posts", "equipment")},
        }  # fmt: skip


def plan(*, province: str, facilities: Collection[str], to: str | None, line: Line, on: date, paper: Paper) -> HandOver:
    """
    Return what handing facilities over would do, and what refuses it; writes nothing.

    facilities : codes; the buildings below one go along, unless they have a line of their own to somebody else
    to         : the new authority; None: the People's Committee of each facility's own commune
    on         : first day under the new authority
    """
    found = records.register(province, names=NEEDED)
    now = found.as_of(on)
    by_code = {one.code: one for one in now.facilities}
    communes = {one.code: one for one in now.communes}
    above = {one.code: one.parent for one in now.facilities}
    lines = {one.facility: one for one in now.authorities}
    there = contents(now, province, on=on)
    rows, refused, changed = [], [], []
    own = {one for one in lines.values() if _goes_along(one, set(facilities), above, lines, line)}
    for code in sorted(set(facilities)):
        facility = by_code.get(code)
        old = answers_to(code, above, lines)
        new = to or (committee(communes[facility.commune]) if facility and facility.commune in communes else None)
        if (why := _why_not(code, facility, old, new, line, found.authorities, on)) is not None:
            refused.append(why)
            continue
        assert facility and old and new  # noqa: S101
        mine = {one.facility for one in own if one.facility == code or code in _chain(one.facility, above)}
        for member in {code, *mine}:
            changed += begun(lines.get(member), replace(old, facility=member), new, line, on, paper)
        members = _members(code, above, lines, own)
        rows.append(_moved(facility, getattr(old, line), new, members, there))
    everybody = {code for row in rows for code in row.members}
    rows = [replace(row, shared=_shared(row, now, everybody)) for row in rows]
    changes = differences(
        Register(authorities=tuple(dict.fromkeys(changed))), province=province, path=f"{province}/", on=on,
        names=["authorities"],
    )  # fmt: skip
    return HandOver(line, on, tuple(rows), tuple(refused), tuple(_warnings(rows)), changes)


def hand_over(
    *,
    by: Account | None,
    province: str,
    facilities: Collection[str],
    to: str | None,
    line: Line,
    on: date,
    paper: Paper,
    seen: str | None = None,
) -> Event:
    """
    Hand facilities with their people, posts and equipment to another authority under one decision.

    Arguments as `plan`; seen: mark of the preview that somebody agreed to (papers.mark).
    raises : NotAllowed; BadData, any facility is refused, or the register changed since the preview
    """
    return papers.carry_out(
        "authorities.hand_over", by=by, may=Permission.HAND_OVER, province=province, paper=paper, on=on,
        about=f"{len(set(facilities))} → {to or '*'}", subject=f"{line}: {len(set(facilities))} → {to or '*'}",
        plan=lambda: plan(province=province, facilities=facilities, to=to, line=line, on=on, paper=paper), seen=seen,
    )  # fmt: skip


def undo(*, by: Account | None, event: Event, reason: str) -> Event:
    """Put the old lines back: a new record with its reason. raises: as papers.put_back."""
    return papers.put_back("authorities.undo", by=by, may=Permission.HAND_OVER, event=event, reason=reason)


def _why_not(
    code: str, facility: Facility | None, old: Authority | None, new: str | None, line: Line,
    every: Iterable[Authority], on: date,
) -> Finding | None:  # fmt: skip
    """Return why a facility cannot be handed over."""
    if facility is None:
        return Finding("E610", fields={"facility": code, "on": on})
    named = {"facility": f"{code} {facility.name}"}
    if new is None:
        return Finding("E611", fields={**named, "commune": facility.commune})
    if old is None:
        return Finding("E612", fields={**named, "on": on})
    if getattr(old, line) == new:
        return Finding("E613", fields={**named, "authority": new})
    later = [one.start for one in every if one.facility == code and one.start and one.start > on]
    if later:
        return Finding("E614", fields={**named, "start": min(later)})
    return None


def begun(own: Authority | None, old: Authority, new: str, line: Line, on: date, paper: Paper) -> list[Authority]:
    """
    Return the old line, ended, and the new one; a line that began on that very day is changed in place.

    own : the line of the facility itself; old: the one it answers to, maybe of a facility above
    """
    values: dict[str, Any] = {line: new, "decision": paper.words()[:120]}
    if own is not None and own.start == on:
        return [replace(own, **values)]
    begun = replace(old, start=on, end=own.end if own else None, **values)
    return [replace(own, end=on), begun] if own is not None else [begun]


def _chain(code: str, above: Mapping[str, str | None]) -> list[str]:
    """Return the facilities above one, the nearest first."""
    found: list[str] = []
    current = above.get(code)
    while current is not None and current not in found:
        found.append(current)
        current = above.get(current)
    return found


def _goes_along(
    one: Authority, asked: set[str], above: Mapping[str, str | None], lines: Mapping[str, Authority], line: Line
) -> bool:
    """Return whether a line of a building below changes too: it leads where that of the facility handed over does."""
    if one.facility in asked:
        return False
    for code in _chain(one.facility, above):
        if code in lines:
            return code in asked and getattr(lines[code], line) == getattr(one, line)
    return False


def _members(
    code: str, above: Mapping[str, str | None], lines: Mapping[str, Authority], along: Collection[Authority]
) -> tuple[str, ...]:
    """Return the buildings that go with a facility: those below it, save where another line of their own begins."""
    going = {one.facility for one in along}
    below = sorted(
        one for one in above
        if code in (chain := [one, *_chain(one, above)])[1:]
        and not any(step in lines and step not in going for step in chain[: chain.index(code)])
    )  # fmt: skip
    return (code, *below)


def _moved(facility: Facility, old: str, new: str, members: tuple[str, ...], there: Mapping[str, Content]) -> Moved:
    inside = [there[code] for code in members if code in there]
    return Moved(
        facility, old, new, members,
        people=frozenset(code for one in inside for code in one.people),
        posts=frozenset(code for one in inside for code in one.posts),
        equipment=frozenset(code for one in inside for code in one.equipment),
    )  # fmt: skip


@dataclass
class Content:
    """Who and what is in one building: codes."""

    people: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    equipment: set[str] = field(default_factory=set)


def contents(now: Register, province: str, *, on: date) -> dict[str, Content]:
    """Return facility -> people with an appointment there, posts and machines, on the day."""
    found: dict[str, Content] = {}
    staff = {one.code for one in now.staff}
    for appointment in now.appointments:
        if appointment.staff in staff:
            found.setdefault(appointment.facility, Content()).people.add(appointment.staff)
    for post in now.posts:
        found.setdefault(post.facility, Content()).posts.add(post.code)
    machines = records.rows(Equipment, on=on).filter(province=province)
    for facility, code in machines.values_list("facility", "code"):
        found.setdefault(facility, Content()).equipment.add(code)
    return found


def _shared(row: Moved, now: Register, everybody: Collection[str]) -> frozenset[str]:
    return frozenset(one.staff for one in now.appointments if one.staff in row.people and one.facility not in everybody)


def _warnings(rows: Iterable[Moved]) -> list[Finding]:
    shared = sorted({code for row in rows for code in row.shared})
    if not shared:
        return []
    return [Finding("E615", fields={"count": len(shared), "people": "; ".join(shared[:20])}, severity="warning")]


def trees(found: Register, line: Line, *, on: date) -> dict[str, Any]:
    """
    Return one hierarchy on a day: authority -> its facilities and the authorities below it.

    An authority that is itself a facility with a line (a medical centre under the Department) hangs below that one.
    """
    now = found.as_of(on)
    lines = {one.facility: one for one in now.authorities}
    above = {one.code: one.parent for one in now.facilities}
    under: dict[str, list[Facility]] = {}
    without = []
    for one in now.facilities:
        own = answers_to(one.code, above, lines)
        if own is None:
            without.append(one)
        else:
            under.setdefault(getattr(own, line), []).append(one)
    by_name = {one.name: one.code for one in now.facilities}
    parents = {
        name: getattr(own, line)
        for name in under
        if name in by_name and (own := answers_to(by_name[name], above, lines)) is not None
        and getattr(own, line) != name
    }  # fmt: skip
    return {"under": under, "parents": parents, "without": without}
