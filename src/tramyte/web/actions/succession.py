"""Communes and facilities joined and split under one decision: successor links, and figures that add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.place import Commune
from tramyte.domain.register import Register
from tramyte.web import records
from tramyte.web.actions import papers
from tramyte.web.actions.authorities import answers_to, begun, committee
from tramyte.web.actions.papers import Paper
from tramyte.web.actions.rearranging import (
    Draft,
    New,
    Rearrangement,
    adds_up,
    arrangement,
    code_is_free,
    old_units,
    refusal,
    same,
    shared_out,
    sum_of,
)
from tramyte.web.differences import Change, Differences
from tramyte.web.models import Account, Equipment, Event
from tramyte.web.roles import Permission
from tramyte.web.succession import COMMUNE, FACILITY

NEEDED = ("communes", "facilities", "authorities", "posts", "staff", "appointments", "collaborators")


def plan_join_communes(
    *, province: str, predecessors: Sequence[str], into: New, on: date, paper: Paper
) -> Rearrangement:
    """Return what joining communes into one would do; its population is the sum, its facilities those of all."""
    found, now = _register(province, on)
    old, refused = old_units(now.communes, found.communes, predecessors, on, least=2)
    refused += code_is_free(into, now.communes, predecessors)
    if refused:
        return refusal(COMMUNE, on, refused)
    draft = Draft(found, on, paper)
    population = sum_of(one.population for one in old) if into.population is None else into.population
    for one in old:
        draft.put("communes", replace(one, end=on, successor=into.code))
    new = Commune(into.code, into.name, province, into.kind, into.zone or same(one.zone for one in old), population, on)
    draft.put("communes", new)
    _settle(draft, now, old, {one.code: new for one in now.facilities if one.commune in set(predecessors)})
    links = tuple((code, into.code, "full") for code in sorted(set(predecessors)))
    wrong = _none_lost(into.population, (one.population for one in old))
    return arrangement(COMMUNE, province, draft, links, [one.code for one in old], [into.code], wrong)


def plan_split_commune(
    *, province: str, predecessor: str, parts: Sequence[New], on: date, paper: Paper
) -> Rearrangement:
    """Return what splitting a commune would do; each facility goes to one part, populations add up to the whole."""
    found, now = _register(province, on)
    old, refused = old_units(now.communes, found.communes, [predecessor], on, least=1)
    for part in parts:
        refused += code_is_free(part, now.communes, [predecessor])
    here = [one for one in now.facilities if one.commune == predecessor]
    refused += shared_out([one.code for one in here], parts)
    if not refused:
        refused += adds_up(old[0].population, parts)
    if refused:
        return refusal(COMMUNE, on, refused)
    draft = Draft(found, on, paper)
    draft.put("communes", replace(old[0], end=on))
    homes: dict[str, Commune] = {}
    for part in parts:
        zone = part.zone or old[0].zone
        new = Commune(part.code, part.name, province, part.kind, zone, part.population, on)
        draft.put("communes", new)
        homes |= dict.fromkeys(part.members, new)
    _settle(draft, now, old, homes)
    links = tuple((predecessor, part.code, "part") for part in parts)
    return arrangement(COMMUNE, province, draft, links, [predecessor], [part.code for part in parts])


def plan_join_facilities(
    *, province: str, predecessors: Sequence[str], into: New, on: date, paper: Paper, closed: Iterable[str] = ()
) -> Rearrangement:
    """
    Return what joining stations into one would do.

    into   : one of them that goes on, under the name given, or a new one
    closed : those whose building closes: people, posts and equipment go to the main one; the others go on as points
    """
    found, now = _register(province, on)
    old, refused = old_units(now.facilities, found.facilities, predecessors, on, least=2)
    refused += code_is_free(into, now.facilities, predecessors)
    if refused:
        return refusal(FACILITY, on, refused)
    draft, shut = Draft(found, on, paper), set(closed) - {into.code}
    first = next((one for one in old if one.code == into.code), old[0])
    population = sum_of(one.catchment_population for one in old) if into.population is None else into.population
    values = {"name": into.name, "kind": into.kind, "catchment_population": population}
    if first.code == into.code:
        draft.follow("facilities", first, **values)
    else:
        draft.put("facilities", replace(first, code=into.code, parent=None, start=on, end=None, **values))
    above, lines = {one.code: one.parent for one in now.facilities}, {one.facility: one for one in now.authorities}
    line = answers_to(first.code, above, lines)
    if line is not None and into.code not in lines:
        draft.put("authorities", replace(line, facility=into.code, start=on, end=None, decision=paper.words()[:120]))
    for one in old:
        if one.code == into.code:
            continue
        if one.code in lines and lines[one.code].start != on:
            draft.put("authorities", replace(lines[one.code], end=on))
        if one.code in shut:
            _close(draft, now, one.code, into.code)
        else:
            draft.follow("facilities", one, kind="point", parent=into.code, catchment_population=None)
    links = tuple((code, into.code, "full") for code in sorted(set(predecessors)))
    machines = _machines(province, shut, into.code, on)
    wrong = _none_lost(into.population, (one.catchment_population for one in old))
    return arrangement(
        FACILITY, province, draft, links, [one.code for one in old], [into.code], wrong, machines=machines
    )


def plan_split_facility(
    *, province: str, predecessor: str, parts: Sequence[New], on: date, paper: Paper
) -> Rearrangement:
    """
    Return what splitting a station would do: buildings of it become stations, each with points of its own.

    parts : code of the building that becomes the main one (the old main building may be one), members: its points
    """
    found, now = _register(province, on)
    old, refused = old_units(now.facilities, found.facilities, [predecessor], on, least=1)
    buildings = [one for one in now.facilities if one.code == predecessor or one.parent == predecessor]
    whole = [replace(part, members=(part.code, *part.members)) for part in parts]
    refused += shared_out([one.code for one in buildings], whole)
    if not refused:
        refused += adds_up(old[0].catchment_population, parts)
    if refused:
        return refusal(FACILITY, on, refused)
    draft, by_code = Draft(found, on, paper), {one.code: one for one in buildings}
    above, lines = {one.code: one.parent for one in now.facilities}, {one.facility: one for one in now.authorities}
    line = answers_to(predecessor, above, lines)
    for part in parts:
        values = {"name": part.name, "kind": part.kind, "parent": None, "catchment_population": part.population}
        draft.follow("facilities", by_code[part.code], **values)
        if line is not None and part.code not in lines:
            draft.put(
                "authorities", replace(line, facility=part.code, start=on, end=None, decision=paper.words()[:120])
            )
        for member in part.members:
            if by_code[member].parent != part.code:
                draft.follow("facilities", by_code[member], parent=part.code, kind="point")
    links = tuple((predecessor, part.code, "part") for part in parts)
    return arrangement(FACILITY, province, draft, links, [predecessor], [part.code for part in parts])


PLANS: Mapping[str, Any] = {
    "join_communes": plan_join_communes, "split_commune": plan_split_commune,
    "join_facilities": plan_join_facilities, "split_facility": plan_split_facility,
}  # fmt: skip


def rearrange(
    what: str, *, by: Account | None, province: str, on: date, paper: Paper, seen: str | None = None, **given: Any
) -> Event:
    """
    Join or split what a preview showed, all of it or nothing.

    what   : of PLANS, whose arguments are `given`; seen: mark of the preview (papers.mark)
    raises : NotAllowed; BadData, refused, or the register changed since the preview
    """
    about = ", ".join(given["predecessors"] if "predecessors" in given else [given["predecessor"]])
    into = [given["into"]] if "into" in given else given["parts"]
    words = f"{about} → {', '.join(one.code for one in into)}"
    return papers.carry_out(
        f"succession.{what}", by=by, may=Permission.HAND_OVER, province=province, paper=paper, on=on, about=words,
        subject=words, plan=lambda: PLANS[what](province=province, on=on, paper=paper, **given), seen=seen,
    )  # fmt: skip


def undo(*, by: Account | None, event: Event, reason: str) -> Event:
    """Put units back as they were: a new record with its reason. raises: as papers.put_back."""
    return papers.put_back("succession.undo", by=by, may=Permission.HAND_OVER, event=event, reason=reason)


def _register(province: str, on: date) -> tuple[Register, Register]:
    found = records.register(province, names=NEEDED)
    return found, found.as_of(on)


def _settle(draft: Draft, now: Register, old: Sequence[Commune], homes: Mapping[str, Commune]) -> None:
    """Move facilities to their new commune, and those that an old committee managed to the new one."""
    committees = {committee(one) for one in old}
    lines = {one.facility: one for one in now.authorities}
    for one in now.facilities:
        if one.code not in homes:
            continue
        new = homes[one.code]
        if one.commune != new.code:
            draft.follow("facilities", one, commune=new.code)
        line = lines.get(one.code)
        if line is not None and line.managing in committees and line.managing != committee(new):
            draft.put("authorities", *begun(line, line, committee(new), "managing", draft.on, draft.paper))


def _close(draft: Draft, now: Register, code: str, into: str) -> None:
    """End a facility; its people and posts go to another, and its points too."""
    for one in now.facilities:
        if one.code == code:
            draft.put("facilities", replace(one, end=draft.on))
        elif one.parent == code:
            draft.follow("facilities", one, parent=into)
    for name in ("appointments", "posts"):
        for row in getattr(draft.found, name):
            if row.facility == code and (row.end is None or row.end > draft.on):
                more = {"decision": draft.paper.words()[:120]} if name == "appointments" else {}
                draft.follow(name, row, facility=into, **more)
    for row in now.collaborators:
        if row.facility == code:
            draft.put("collaborators", replace(row, facility=into))


def _machines(province: str, closed: Iterable[str], into: str, on: date) -> Differences:
    """Return the machines that move from closed buildings: each row ends, another begins."""
    answer = Differences()
    for row in records.rows(Equipment, on=on).filter(province=province, facility__in=list(closed)):
        answer.ended.setdefault("equipment", []).append(Change(row, {"end": (row.end, on)}))
        values = {one.attname: getattr(row, one.attname) for one in Equipment._meta.concrete_fields}
        new = Equipment(**(values | {"id": None, "facility": into, "start": on}))
        answer.added.setdefault("equipment", []).append(new)
    return answer


def _none_lost(stated: int | None, values: Iterable[int | None]) -> list[Finding]:
    """Return a finding when the people stated for the whole are not the sum of the parts."""
    total = sum_of(values)
    if stated is None or total is None or stated == total:
        return []
    return [Finding("E623", fields={"whole": stated, "parts": total})]
