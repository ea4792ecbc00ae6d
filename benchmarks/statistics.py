"""What a problem is made of, in figures: to see whether made-up provinces are like given ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import mean

from tramyte.rotation.problem import Problem


def figures(problem: Problem) -> dict[str, float]:
    """Return what a problem is made of: shares, means, counts."""
    return {**_wanted(problem), **_people(problem), **_places(problem)}


def _wanted(problem: Problem) -> dict[str, float]:
    needs = [(station, need) for station in problem.stations for need in station.needs]
    cells = {(str(station.id), str(need.skill)): need for station, need in needs}
    weeks = sum((need.end - need.start) * need.count for _, need in needs)
    per_station = Counter(station for station, _ in cells)
    cadres = Counter(problem.skill_by_id[skill].cadre for _, skill in cells)
    can = sum(
        person.max_deployments * max(problem.unit_by_id[str(person.unit)].durations)
        for person in problem.staff
        if not person.exempt
    )
    return {
        "cells (station, role)": len(cells),
        "needs": len(needs),
        "person-weeks wanted": weeks,
        "wanted / could be served": weeks / max(1, can),
        "cells critical": _share(need.critical > 0 for need in cells.values()),
        "cells wanting two": _share(need.count > 1 for need in cells.values()),
        "cells wanted every week": _share(need.end - need.start == problem.weeks for need in cells.values()),
        "w_crit": mean(need.w_crit for need in cells.values()),
        "w_crit / w_norm": mean(need.w_crit / max(1, need.w_norm) for need in cells.values()),
        "roles a station, most": max(per_station.values()),
        "stations with < 2 roles": 1 - _share(count > 1 for count in per_station.values()),
        **{f"cells of {cadre}": count / len(cells) for cadre, count in sorted(cadres.items())},
    }


def _people(problem: Problem) -> dict[str, float]:
    staff, spans = problem.staff, [span for person in problem.staff for span in person.unavailable]
    hospital = [person for person in staff if problem.unit_by_id[str(person.unit)].tier == "P"]
    cadres = Counter(problem.skill_by_id[person.primary].cadre for person in staff)
    return {
        "people of hospitals": len(hospital) / len(staff),
        "people with two roles": _share(len(person.skills) > 1 for person in staff),
        "exempt": _share(person.exempt for person in staff),
        "absences a person": len(spans) / len(staff),
        "weeks of an absence": mean(end - start for start, end in spans) if spans else 0.0,
        "tours at most, hospitals": mean(person.max_deployments for person in hospital),
        "rest, weeks": mean(person.rest_weeks for person in staff),
        "prior weeks": mean(person.prior_weeks for person in staff),
        "prior stations": mean(len(person.prior_stations) for person in staff),
        "locked": len(problem.locked),
        **{f"people of {cadre}": count / len(staff) for cadre, count in sorted(cadres.items())},
    }


def _places(problem: Problem) -> dict[str, float]:
    away = [most for unit in problem.units for most in unit.max_away.values()]
    minutes = sorted(one for row in problem.travel_min for one in row if one is not None)
    reach = [
        _share(one is not None and one <= person.max_travel_min for one in problem.travel_min[row])
        for row, unit in enumerate(problem.units)
        for person in problem.staff
        if str(person.unit) == str(unit.id) and unit.tier != "P"
    ]
    return {
        "units": len(problem.units),
        "max_away": mean(away),
        "max_away above one": _share(most > 1 for most in away),
        "travel, median minutes": minutes[len(minutes) // 2],
        "travel, last tenth": minutes[len(minutes) * 9 // 10],
        "stations in reach, centres": mean(reach) if reach else 0.0,
    }


def compare(name: str, given: Sequence[Problem], made: Sequence[Problem]) -> str:
    """Return a table: each figure's mean and range in the given files and in the made-up ones."""
    rows = [[figures(problem) for problem in problems] for problems in (given, made)]
    keys = list(dict.fromkeys(key for found in (*rows[0], *rows[1]) for key in found))
    lines = [f"{name}: {len(given)} given, {len(made)} made up", f"{'':30} {'given':>28} {'made up':>28}"]
    for key in keys:
        cells = ("", "")
        columns = [[found.get(key, 0.0) for found in side] for side in rows]
        cells = tuple(f"{mean(own):.5g} ({min(own):.4g} … {max(own):.4g})" for own in columns)  # type: ignore[assignment]
        lines.append(f"{key:30} {cells[0]:>28} {cells[1]:>28}")
    return "\n".join(lines) + "\n"


def _share(flags: Iterable[bool]) -> float:
    found = list(flags)
    return sum(found) / max(1, len(found))
