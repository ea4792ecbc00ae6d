"""Problem files and plan files: JSON in with every finding at once, JSON out. See docs/problem-file.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Tour
from tramyte.rotation import second
from tramyte.rotation.problem import SCHEMA, SECOND, WEIGHTS, Need, Person, Problem, Skill, Station, Unit
from tramyte.rotation.rules import SINGLE
from tramyte.rotation.values import MOST, Reader, is_integer, shown

VERSIONS = {SCHEMA: 1, SECOND: 2}
ONLY_SECOND = ("preferences", "handover")  # keys of people and needs that rotation/1 does not know
LONGEST = 1040  # weeks, twenty years: a longer campaign is a slip of the pen


def problem(data: bytes | str | Mapping[str, Any]) -> Problem:
    """
    Return the problem of a `rotation/1` or `rotation/2` file, as bytes, text or an object.

    raises : BadData, with every finding, by path
    """
    found, _ = problem_with_warnings(data)
    return found


def problem_with_warnings(data: bytes | str | Mapping[str, Any]) -> tuple[Problem, tuple[Finding, ...]]:
    """
    Return the problem and the warnings: locked tours that break R1-R6 by themselves, which stand all the same, and
    handovers that nothing can come of.
    """
    raw = _object(data)
    version = VERSIONS.get(str(raw.get("schema")))
    if version is None:
        fields = {"read": shown(raw.get("schema")), "wanted": SCHEMA, "second": SECOND}
        raise BadData([Finding("P101", "schema", "", fields)])
    reader = Reader(version)
    parts = _parts(reader, raw)
    if reader.findings:
        raise BadData(reader.findings)
    result = Problem(raw=raw, **parts)
    return result, (*_locked_warnings(result), *second.warnings(result))


def tours(data: bytes | str | Sequence[Any] | Mapping[str, Any], problem: Problem) -> tuple[Tour, ...]:
    """
    Return the tours of a plan file, or of the bare list, for this problem.

    raises : BadData, a tour names unknown people, stations or skills, or is no tour
    """
    raw = _parse(data) if isinstance(data, bytes | str) else data
    if isinstance(raw, list | tuple):
        raw = {"assignments": list(raw)}
    reader = Reader()
    found = _tours(reader, raw, "assignments", problem.person_by_id, problem.station_by_id, problem.skill_by_id)
    if reader.findings:
        raise BadData(reader.findings)
    return found


def to_json(problem: Problem) -> dict[str, Any]:
    """
    Return the object of a problem file; unknown keys of the file it came from are kept, at every level.

    It is a `rotation/2` file only if that one said so, or if something is used that only `rotation/2` knows.
    """
    raw, is_first = problem.raw, problem.version == 1
    optional: dict[str, Any] = {
        "week0": problem.week0 and problem.week0.isoformat(),
        "incumbent": _tour_rows(raw, "incumbent", problem.incumbent),
        "frozen_before": problem.frozen_before,
        "travel_note": problem.travel_note,
        "synthetic": problem.synthetic,
    }
    weights = dict(raw.get("weights", {}))
    if not is_first:
        optional |= {"apart": _lists(problem.apart), "together": _lists(problem.together)}
        weights.pop("handover", None)
    return {
        **{key: value for key, value in raw.items() if key not in optional},
        "schema": SCHEMA if is_first else SECOND,
        "name": problem.name,
        "weeks": problem.weeks,
        "skills": _rows(problem, "skills"),
        "units": _rows(problem, "units"),
        "stations": _rows(problem, "stations"),
        "staff": _rows(problem, "staff"),
        "travel_min": [list(row) for row in problem.travel_min],
        "locked": _tour_rows(raw, "locked", problem.locked),
        "weights": {**weights, **problem.weights},
        "fair_target": dict(problem.fair_target),
        **{key: value for key, value in optional.items() if value},
    }


def _rows(problem: Problem, key: str) -> list[dict[str, Any]]:
    """The objects of a list, each on top of the one it was read from."""
    read = {str(row["id"]): row for row in problem.raw.get(key, ())}
    return [_row(read.get(str(row.id), {}), row, problem.version) for row in getattr(problem, key)]


def _row(read: Mapping[str, Any], row: Any, version: int) -> dict[str, Any]:
    """One object; rows inside it have no id: their place in the list is their name."""
    plain: dict[str, Any] = {}
    for name in row.__dataclass_fields__:
        value = getattr(row, name)
        if name in ONLY_SECOND and version == 1:
            continue
        if name in ("needs", "preferences"):
            inner = dict(enumerate(read[name])) if isinstance(read.get(name), list) else {}
            plain[name] = [_row(inner.get(index, {}), item, version) for index, item in enumerate(value)]
        else:
            plain[name] = _lists(value) if isinstance(value, tuple) else value
    return {**read, **plain}


def _lists(value: tuple[Any, ...]) -> list[Any]:
    return [list(item) if isinstance(item, tuple) else item for item in value]


def _tour_rows(raw: Mapping[str, Any], key: str, tours: Iterable[Tour]) -> list[dict[str, Any]]:
    names = ("staff", "station", "skill", "start", "weeks")
    read = {tuple(str(row[name]) for name in names): row for row in raw.get(key, ())}
    return [{**read.get(tuple(map(str, tour.key)), {}), **tour.to_json()} for tour in tours]


def _parse(data: bytes | str) -> Any:
    try:
        found = json.loads(data)
        json.dumps(found, ensure_ascii=False).encode()  # half a character (a lone \ud800) could never be shown
        return found
    except json.JSONDecodeError as error:
        raise BadData([Finding("P100", fields={"line": error.lineno, "column": error.colno})]) from None
    except UnicodeError:
        raise BadData([Finding("P120")]) from None
    except (ValueError, RecursionError):  # a number of thousands of figures, or brackets thousands deep
        raise BadData([Finding("P121")]) from None


def _object(data: bytes | str | Mapping[str, Any]) -> dict[str, Any]:
    raw = _parse(data) if isinstance(data, bytes | str) else data
    if not isinstance(raw, Mapping):
        raise BadData([Finding("P103", "", "", {"read": shown(raw)})])
    return dict(raw)


def _parts(reader: Reader, raw: dict[str, Any]) -> dict[str, Any]:
    weeks = reader.integer(raw, "weeks", "", least=1, most=LONGEST)
    horizon = LONGEST if reader.findings else weeks  # one wrong number is one finding, not one for each need
    skills = _unique(reader, [_skill(reader, path, row) for path, row in reader.rows(raw, "skills")], "skills")
    units = _unique(reader, [_unit(reader, path, row, skills) for path, row in reader.rows(raw, "units")], "units")
    stations = _unique(
        reader, [_station(reader, path, row, horizon, skills) for path, row in reader.rows(raw, "stations")], "stations"
    )
    tables = {"skills": skills, "units": units, "stations": stations}
    people = [_person(reader, path, row, horizon, **tables) for path, row in reader.rows(raw, "staff")]
    staff = _unique(reader, people, "staff")
    return {
        "schema": raw["schema"],
        "name": reader.text(raw, "name", "", default=""),
        "weeks": weeks,
        "week0": _week0(reader, raw),
        "skills": tuple(skills.values()),
        "units": tuple(units.values()),
        "stations": tuple(stations.values()),
        "staff": tuple(staff.values()),
        "travel_min": _travel(reader, raw),
        "locked": _tours(reader, raw, "locked", staff, stations, skills),
        "weights": _weights(reader, raw),
        "fair_target": _targets(reader, raw, units),
        "incumbent": _tours(reader, {"incumbent": [], **raw}, "incumbent", staff, stations, skills),
        "frozen_before": reader.integer(raw, "frozen_before", "", default=0),
        "travel_note": reader.text(raw, "travel_note", "", default=""),
        "synthetic": raw.get("synthetic") is True,
        **(second.groups(reader, raw, staff) if reader.version > 1 else {}),
    }


def _unique(reader: Reader, rows: list[Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index, row in enumerate(rows):
        if str(row.id) in found:
            reader.report("P108", f"{path}[{index}].id", read=shown(row.id))
        found.setdefault(str(row.id), row)
    return found


def _skill(reader: Reader, path: str, row: dict[str, Any]) -> Skill:
    identity = reader.identity(row, "id", path)
    return Skill(
        identity,
        reader.text(row, "code", path, default=str(identity)),
        reader.text(row, "cadre", path),
        reader.text(row, "name", path, default=""),
    )


def _unit(reader: Reader, path: str, row: dict[str, Any], skills: Mapping[str, Skill]) -> Unit:
    identity = reader.identity(row, "id", path)
    away = reader.mapping(row, "max_away", f"{path}.")
    for skill in away:
        reader.known(skill, skills, f"{path}.max_away.{skill}", "skills")
    lengths = reader.listing(row, "durations", path)
    for index, length in enumerate(lengths):
        if not (is_integer(length) and 1 <= length <= MOST):
            reader.report("P104", f"{path}.durations[{index}]", read=shown(length), least=1, most=MOST)
    return Unit(
        identity,
        reader.text(row, "code", path, default=str(identity)),
        reader.text(row, "tier", path, default=""),
        tuple(sorted({length for length in lengths if is_integer(length)})),
        away,
        reader.text(row, "name", path, default=""),
    )


def _station(reader: Reader, path: str, row: dict[str, Any], weeks: int, skills: Mapping[str, Skill]) -> Station:
    needs = []
    for place, need in reader.rows(row, "needs", f"{path}."):
        reader.known(need.get("skill"), skills, f"{place}.skill", "skills")
        before = len(reader.findings)
        numbers = {
            key: reader.integer(need, key, place) for key in ("start", "end", "count", "critical", "w_crit", "w_norm")
        }
        if reader.version > 1:
            numbers["handover"] = reader.integer(need, "handover", place, default=0)
        all_read = len(reader.findings) == before
        if all_read and numbers["critical"] > numbers["count"]:
            reader.report("P109", f"{place}.critical", critical=numbers["critical"], count=numbers["count"])
        if all_read and not numbers["start"] < numbers["end"] <= weeks:
            reader.report("P110", place, start=numbers["start"], end=numbers["end"], weeks=weeks)
        needs.append(Need(need.get("skill", ""), **numbers))
    return Station(reader.identity(row, "id", path), tuple(needs), reader.text(row, "name", path, default=""))


def _person(
    reader: Reader,
    path: str,
    row: dict[str, Any],
    weeks: int,
    *,
    skills: Mapping[str, Skill],
    units: Mapping[str, Unit],
    stations: Mapping[str, Station],
) -> Person:
    reader.known(row.get("unit"), units, f"{path}.unit", "units")
    roles = reader.listing(row, "skills", path)
    if row.get("skills") == []:
        reader.report("P111", f"{path}.skills")
    for index, role in enumerate(roles):
        reader.known(role, skills, f"{path}.skills[{index}]", "skills")
    places = reader.listing(row, "prior_stations", path, default=[])
    for index, place in enumerate(places):
        reader.known(place, stations, f"{path}.prior_stations[{index}]", "stations")
    wishes = second.preferences(reader, row, path, weeks=weeks, stations=stations) if reader.version > 1 else ()
    exempt = row.get("exempt", False)
    if not isinstance(exempt, bool):
        reader.report("P112", f"{path}.exempt", read=shown(exempt))
    return Person(
        reader.identity(row, "id", path),
        row.get("unit", ""),
        tuple(roles),
        reader.integer(row, "max_deployments", path),
        reader.integer(row, "rest_weeks", path),
        reader.integer(row, "max_travel_min", path),
        _spans(reader, row, path),
        exempt is True,
        reader.integer(row, "prior_weeks", path, default=0),
        tuple(places),
        reader.text(row, "name", path, default=""),
        wishes,
    )


def _spans(reader: Reader, row: Mapping[str, Any], path: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for index, span in enumerate(reader.listing(row, "unavailable", path, default=[])):
        good = isinstance(span, list) and len(span) == 2 and all(is_integer(week) for week in span)
        if good and span[0] <= span[1]:
            spans.append((span[0], span[1]))
        else:
            reader.report("P113", f"{path}.unavailable[{index}]", read=shown(span))
    return tuple(spans)


def _travel(reader: Reader, raw: Mapping[str, Any]) -> tuple[tuple[int | None, ...], ...]:
    rows = raw.get("travel_min")
    units, stations = (len(found) if isinstance(found := raw.get(key), list) else 0 for key in ("units", "stations"))
    shaped = isinstance(rows, list) and all(isinstance(row, list) and len(row) == stations for row in rows)
    if not (isinstance(rows, list) and shaped and len(rows) == units):
        reader.report("P114", "travel_min", units=units, stations=stations)
        return ()
    for unit, row in enumerate(rows):
        for station, minutes in enumerate(row):
            if not (minutes is None or (is_integer(minutes) and 0 <= minutes <= MOST)):
                reader.report("P115", f"travel_min[{unit}][{station}]", read=shown(minutes))
    return tuple(tuple(row) for row in rows)


def _weights(reader: Reader, raw: Mapping[str, Any]) -> dict[str, int]:
    weights = raw.get("weights")
    if not isinstance(weights, dict):
        reader.report("P103", "weights", read=shown(weights))
        return {}
    names = (*WEIGHTS, "handover") if reader.version > 1 and "handover" in weights else WEIGHTS
    return {name: reader.integer(weights, name, "weights") for name in names}


def _targets(reader: Reader, raw: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, int]:
    targets = reader.mapping(raw, "fair_target", "")
    for unit in units:
        if unit not in targets and isinstance(raw.get("fair_target"), Mapping):
            reader.report("P116", "fair_target", unit=unit)
    return targets


def _week0(reader: Reader, raw: Mapping[str, Any]) -> date | None:
    value = raw.get("week0")
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        reader.report("P117", "week0", read=shown(value))
        return None
    if day.isoweekday() != 1:
        reader.report("P117", "week0", read=shown(value))
    return day


def _tours(
    reader: Reader,
    raw: object,
    key: str,
    staff: Mapping[str, Person],
    stations: Mapping[str, Station],
    skills: Mapping[str, Skill],
) -> tuple[Tour, ...]:
    found = []
    tables: tuple[tuple[str, Mapping[str, Any]], ...] = (("staff", staff), ("station", stations), ("skill", skills))
    for path, row in reader.rows(raw, key):
        good = [reader.known(row.get(name), table, f"{path}.{name}", name) for name, table in tables]
        start: Any = row.get("start")
        if not (is_integer(start) and abs(start) <= MOST):
            reader.report("P118", f"{path}.start", read=shown(start))
            good.append(False)
        weeks = reader.integer(row, "weeks", path, least=1)
        if all(good):
            ids = [table[str(row[name])].id for name, table in tables]
            found.append(Tour(ids[0], ids[1], ids[2], int(row["start"]), weeks))
    return tuple(found)


def _locked_warnings(problem: Problem) -> Iterable[Finding]:
    rules: list[tuple[str, Callable[[Problem, Tour], bool]]] = [(rule.code, rule.forbids) for rule in SINGLE]
    for index, tour in enumerate(problem.locked):
        for code, forbids in rules:
            if forbids(problem, tour):
                fields = {"rule": code, "staff": str(tour.staff), "station": str(tour.station), "start": tour.start}
                yield Finding("P201", f"locked[{index}]", "", fields, "warning")
