"""Tiny worlds that fit in the head: rotation/1 files by hand and by chance, and plans for them, good and bad."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import strategies as st

from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.problem import WEIGHTS, Problem

NEED = {"skill": "NOI", "start": 0, "end": 4, "count": 1, "critical": 1, "w_crit": 1000, "w_norm": 100}
TINY: dict[str, Any] = {
    "schema": "rotation/1",
    "name": "tiny",
    "weeks": 4,
    "week0": "2026-01-05",
    "skills": [{"id": "NOI", "code": "NOI", "cadre": "doctor"}, {"id": 2, "code": "TCMR", "cadre": "preventive"}],
    "units": [
        {"id": "H", "code": "H", "tier": "P", "durations": [1, 2], "max_away": {"NOI": 1}},
        {"id": 1, "code": "M", "tier": "M", "durations": [2], "max_away": {"NOI": 1, "2": 1}},
    ],
    "stations": [
        {"id": "A", "needs": [NEED]},
        {"id": "B", "needs": [{**NEED, "skill": 2, "start": 1, "critical": 0}]},
        {"id": 3, "needs": []},
    ],
    "staff": [
        {"id": "lan", "unit": "H", "skills": ["NOI"], "max_deployments": 2, "rest_weeks": 1, "max_travel_min": 120},
        {"id": "minh", "unit": "H", "skills": ["NOI"], "max_deployments": 1, "rest_weeks": 1, "max_travel_min": 120},
        {"id": 7, "unit": 1, "skills": [2, "NOI"], "max_deployments": 1, "rest_weeks": 1, "max_travel_min": 120,
         "unavailable": [[0, 1]], "prior_weeks": 2, "prior_stations": ["B"]},
        {"id": "hoa", "unit": 1, "skills": [2], "max_deployments": 1, "rest_weeks": 1, "max_travel_min": 120,
         "exempt": True},
    ],
    "travel_min": [[60, 90, None], [30, 30, 30]],
    "locked": [],
    "weights": {"fair1": 3, "fair2": 8, "travel_per_hour": 1, "start_fee": 2, "return_bonus": 4, "disruption": 15},
    "fair_target": {"H": 2, "1": 4},
}  # fmt: skip


def tiny(**changes: Any) -> dict[str, Any]:
    """Return the hand-made file of 4 people, 3 stations and 4 weeks, top-level keys changed."""
    return deepcopy({**TINY, **changes})


def tiny_problem(**changes: Any) -> Problem:
    """Return the hand-made problem, top-level keys of its file changed."""
    return read.problem(tiny(**changes))


def random_file(
    rng: Random, *, people: int = 4, stations: int = 3, weeks: int = 5, second: bool = False
) -> dict[str, Any]:
    """
    Return a random file of at most so many people, stations and weeks; everything odd that is allowed occurs.

    second : of `rotation/2`, the same file with preferences, handovers and groups
    """
    horizon = weeks - rng.choice((0, 0, 1, rng.randrange(weeks)))
    skills = _ids(rng, rng.randint(1, 3))
    units = _ids(rng, rng.randint(1, 2))
    places = _ids(rng, stations - rng.randrange(stations))
    staff = _ids(rng, people - rng.choice((0, 0, rng.randrange(people))))
    kind = rng.choice((0.1, 0.5, 1.0))  # how often a person or a unit has a limit that bites
    file = {
        "schema": "rotation/1",
        "name": "random",
        "weeks": horizon,
        "skills": [{"id": it, "code": f"S{it}", "cadre": rng.choice(("doctor", "preventive"))} for it in skills],
        "units": [_unit(rng, it, skills, kind) for it in units],
        "stations": [{"id": it, "needs": _needs(rng, skills, horizon)} for it in places],
        "staff": [_person(rng, it, units, skills, places, horizon, kind) for it in staff],
        "travel_min": [[rng.choice((0, 29, 30, 61, 90, 90, None)) for _ in places] for _ in units],
        "locked": [],
        "weights": {name: rng.choice((0, 1, 2, 5)) for name in WEIGHTS},
        "fair_target": {str(it): rng.randint(0, 3) for it in units},
    }
    if rng.random() < 0.3:
        file["locked"] = [_tour(rng, file, own=rng.random() < 0.9) for _ in range(rng.choice((1, 1, 2)))]
    if rng.random() < 0.4:
        file["incumbent"] = [_tour(rng, file, own=rng.random() < 0.9) for _ in range(rng.randint(0, 3))]
        file["frozen_before"] = rng.randint(0, horizon)
    return _second(rng, file) if second else file


def random_problem(seed: int, *, second: bool = False, **sizes: int) -> Problem:
    """Return the random problem of a seed."""
    return read.problem(random_file(Random(seed), second=second, **sizes))


def random_plan(rng: Random, problem: Problem) -> tuple[Tour, ...]:
    """Return some tours: locked ones mostly stand, some are repeated, most of the others break a rule or two."""
    file = problem.raw
    locked = [tour.to_json() for tour in (*problem.locked, *problem.incumbent) if rng.random() < 0.8]
    free = [_tour(rng, file, own=rng.random() < 0.8) for _ in range(rng.choice((0, 0, 1, 2, 3, 4)))]
    rows = [*locked, *free]
    if file["schema"] == "rotation/2":
        rows = rng.choice((rows, [*locked, *_chain(rng, file)], _chain(rng, file), [*locked, *free[:1]]))
        rows = rows + _mates(rng, file, rows)
    if rows and rng.random() < 0.1:
        rows.append(rng.choice(rows))
    rng.shuffle(rows)
    return read.tours(rows, problem)


def files(*, second: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a random rotation/1 file, or one of rotation/2."""
    return st.randoms(use_true_random=False).map(lambda rng: random_file(rng, second=second))


def problems(*, second: bool = False) -> st.SearchStrategy[Problem]:
    """Draw a random tiny problem."""
    return files(second=second).map(read.problem)


def plans(problem: Problem) -> st.SearchStrategy[tuple[Tour, ...]]:
    """Draw a random plan for a problem, valid or not."""
    return st.randoms(use_true_random=False).map(lambda rng: random_plan(rng, problem))


def _ids(rng: Random, count: int) -> list[str | int]:
    """Whole numbers and texts mixed, out of order, with a text that looks like a number."""
    names: list[str | int] = [7, "a", "12", "Đ-1", 0, "x y"]
    return rng.sample(names, count)


def _said(rng: Random, identity: str | int) -> str | int:
    """The same id, maybe as its text."""
    return str(identity) if rng.random() < 0.3 else identity


def _unit(rng: Random, identity: str | int, skills: list[str | int], kind: float) -> dict[str, Any]:
    lengths = rng.sample((1, 2, 3, 9), rng.choice((0, 1, 2) if rng.random() < kind / 3 else (1, 2)))
    bites = {str(skill): rng.random() < kind for skill in skills}
    away = {skill: rng.choice((0, 1, 1)) if bites[skill] else 2 for skill in bites if rng.random() < 1 - kind / 5}
    return {"id": identity, "code": f"U{identity}", "tier": "P", "durations": lengths, "max_away": away}


def _needs(rng: Random, skills: list[str | int], horizon: int) -> list[dict[str, Any]]:
    rows = []
    for _ in range(rng.choice((0, 1, 2, 2, 3))):
        start = rng.randrange(horizon)
        count = rng.choice((0, 1, 1, 2))
        rows.append({
            "skill": _said(rng, rng.choice(skills)), "start": start, "end": rng.randint(start + 1, horizon),
            "count": count, "critical": rng.randint(0, count), "w_crit": rng.choice((0, 5, 200)),
            "w_norm": rng.choice((0, 9, 60, 60)),
        })  # fmt: skip
    return rows


def _person(
    rng: Random,
    identity: str | int,
    units: list[str | int],
    skills: list[str | int],
    places: list[str | int],
    horizon: int,
    kind: float,
) -> dict[str, Any]:
    roles = rng.sample(skills, rng.randint(1, min(2, len(skills))))
    first = rng.randint(-1, horizon)
    return {
        "id": identity, "unit": _said(rng, rng.choice(units)), "skills": [_said(rng, role) for role in roles],
        "max_deployments": rng.choice((0, 1, 2, 2) if rng.random() < kind else (2, 3)), "rest_weeks": rng.randint(0, 2),
        "max_travel_min": rng.choice((29, 60, 600)) if rng.random() < kind else 600, "exempt": rng.random() < kind / 6,
        "unavailable": [[first, first + rng.randint(0, 2)]] if rng.random() < kind else [],
        "prior_weeks": rng.choice((0, 0, 1, 4)),
        "prior_stations": [_said(rng, place) for place in places if rng.random() < 0.3],
    }  # fmt: skip


def _tour(rng: Random, file: Any, *, own: bool) -> dict[str, Any]:
    """A tour; own: in a role and of a length that suit the person, so that good plans are met as well."""
    person = rng.choice(file["staff"])
    unit = next(row for row in file["units"] if str(row["id"]) == str(person["unit"]))
    role = rng.choice(person["skills"]) if own else rng.choice(file["skills"])["id"]
    weeks = rng.choice(unit["durations"] or [1]) if own else rng.randint(1, 3)
    start = rng.randint(0, max(0, file["weeks"] - weeks)) if own else rng.randint(-1, file["weeks"])
    return {
        "staff": _said(rng, person["id"]), "station": _said(rng, rng.choice(file["stations"])["id"]),
        "skill": _said(rng, role), "start": start, "weeks": weeks,
    }  # fmt: skip


def _second(rng: Random, file: dict[str, Any]) -> dict[str, Any]:
    """The file with what only rotation/2 knows."""
    file["schema"] = "rotation/2"
    if rng.random() < 0.9:
        file["weights"]["handover"] = rng.choice((0, 3, 20, 20))
    for station in file["stations"]:
        for need in station["needs"]:
            if rng.random() < 0.7:
                need["handover"] = rng.choice((0, 1, 1, 2))
    for person in file["staff"]:
        if rng.random() < 0.5:
            person["preferences"] = [_wish(rng, file) for _ in range(rng.choice((0, 1, 1, 2)))]
    names = [person["id"] for person in file["staff"]]
    rng.shuffle(names)
    if len(names) > 1 and rng.random() < 0.5:
        group = names[: rng.choice((2, 2, 3))]
        file["together"] = [[_said(rng, name) for name in group]]
        names = names[len(group) - 1 :]
    if len(names) > 1 and rng.random() < 0.6:
        file["apart"] = [[_said(rng, name) for name in rng.sample(names, rng.randint(2, len(names)))]]
    for key in ("locked", "incumbent"):
        if key in file and rng.random() < 0.7:
            file[key] += _mates(rng, file, file[key])
    return file


def _wish(rng: Random, file: dict[str, Any]) -> dict[str, Any]:
    wish: dict[str, Any] = {"points": rng.choice((-30, -2, 0, 4, 50))}
    if rng.random() < 0.6:
        wish["station"] = _said(rng, rng.choice(file["stations"])["id"])
    if rng.random() < 0.6:
        wish["start"] = rng.randrange(file["weeks"])
        wish["end"] = rng.randint(wish["start"] + 1, file["weeks"])
    return wish


def _mates(rng: Random, file: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same tours for those who go together, mostly."""
    people = {str(person["id"]): person for person in file["staff"]}
    return [
        {**row, "staff": mate, "skill": rng.choice(people[str(mate)]["skills"])}
        for group in file.get("together", ())
        for row in rows
        for mate in group
        if str(row["staff"]) in map(str, group) and str(mate) != str(row["staff"]) and rng.random() < 0.8
    ]


def _chain(rng: Random, file: Any) -> list[dict[str, Any]]:
    """People who follow each other in the role of one need, with an overlap or without."""
    needs = [(station["id"], need) for station in file["stations"] for need in station["needs"]]
    rows: list[dict[str, Any]] = []
    if needs:
        station, need = rng.choice(needs)
        week = need["start"]
        for person in rng.sample(file["staff"], len(file["staff"])):
            if week < need["end"] and rng.random() < 0.9:
                weeks = rng.randint(1, min(3, need["end"] - week))
                place = {"station": station, "skill": need["skill"], "start": week, "weeks": weeks}
                rows.append({"staff": person["id"], **place})
                week += weeks - rng.choice((0, 0, 1))
    return rows
