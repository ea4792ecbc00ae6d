"""What only `rotation/2` knows, as it is read: preferences, groups of people, and handovers nothing can come of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.plan import Id
from tramyte.rotation.problem import Person, Preference, Problem, Station
from tramyte.rotation.values import MOST, Reader, shown

Groups = tuple[tuple[Id, ...], ...]


def preferences(
    reader: Reader, row: Mapping[str, Any], path: str, *, weeks: int, stations: Mapping[str, Station]
) -> tuple[Preference, ...]:
    """Return the preferences of one person; without a station anywhere is meant, without weeks the whole campaign."""
    found = []
    for place, wish in reader.rows({"preferences": [], **row}, "preferences", f"{path}."):
        before = len(reader.findings)
        start = reader.integer(wish, "start", place, default=0)
        end = reader.integer(wish, "end", place, default=weeks)
        if len(reader.findings) == before and not start < end <= weeks:
            reader.report("P122", place, start=start, end=end, weeks=weeks)
        station = wish.get("station")
        if station is not None:
            reader.known(station, stations, f"{place}.station", "stations")
        found.append(Preference(station, start, end, reader.integer(wish, "points", place, least=-MOST)))
    return tuple(found)


def groups(reader: Reader, raw: Mapping[str, Any], staff: Mapping[str, Person]) -> dict[str, Groups]:
    """Return the groups of people who must not, and who must, serve together."""
    apart = _groups(reader, raw, "apart", staff)
    together = _groups(reader, raw, "together", staff)
    home: dict[str, int] = {}
    for index, group in enumerate(together):
        for who in dict.fromkeys(map(str, group)):
            if home.setdefault(who, index) != index:
                reader.report("P125", f"together[{index}]", staff=who, other=f"together[{home[who]}]")
    for index, group in enumerate(apart):
        first: dict[int, str] = {}
        for who in dict.fromkeys(map(str, group)):
            if who in home and (mate := first.setdefault(home[who], who)) != who:
                reader.report("P126", f"apart[{index}]", staff=mate, mate=who, other=f"together[{home[who]}]")
    return {"apart": apart, "together": together}


def _groups(reader: Reader, raw: Mapping[str, Any], key: str, staff: Mapping[str, Person]) -> Groups:
    found = []
    for index, group in enumerate(reader.listing(raw, key, "", default=[])):
        path = f"{key}[{index}]"
        if not isinstance(group, list):
            reader.report("P102", path, read=shown(group))
            continue
        if len(group) < 2:
            reader.report("P123", path, count=len(group))
        known = [who for place, who in enumerate(group) if reader.known(who, staff, f"{path}[{place}]", "staff")]
        for who in _twice(known):
            reader.report("P124", path, staff=who)
        found.append(tuple(staff[str(who)].id for who in known))
    return tuple(found)


def _twice(names: Sequence[Id]) -> list[str]:
    return [name for name, count in Counter(map(str, names)).items() if count > 1]


def warnings(problem: Problem) -> Iterable[Finding]:
    """Yield the handovers that nothing can come of: longer than their need, or all without a price."""
    for at, station in enumerate(problem.stations):
        for index, need in enumerate(station.needs):
            if need.handover and not need.spans:
                fields = {"handover": need.handover, "weeks": need.end - need.start}
                yield Finding("P202", f"stations[{at}].needs[{index}].handover", "", fields, "warning")
    if problem.handovers and not problem.handover_price:
        yield Finding("P203", "weights", "", {"count": sum(map(len, problem.handovers.values()))}, "warning")
