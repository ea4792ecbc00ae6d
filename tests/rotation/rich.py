"""Small random problems of `rotation/2` in which handovers, preferences and groups nearly always matter."""

from __future__ import annotations

from random import Random
from typing import Any

from tramyte.rotation import read
from tramyte.rotation.problem import WEIGHTS, Problem

SKILLS = ("A", "B")


def rich_file(rng: Random, *, people: int = 4, stations: int = 2, weeks: int = 4) -> dict[str, Any]:
    """Return a file whose people mostly may go, with groups, wishes, handovers, and tours that stand or stood."""
    file: dict[str, Any] = {
        "schema": "rotation/2",
        "name": "rich",
        "weeks": weeks,
        "skills": [{"id": it, "code": it, "cadre": "doctor"} for it in SKILLS],
        "units": [
            {"id": it, "code": it, "tier": "P", "durations": sorted(rng.sample((1, 2, 3), rng.choice((1, 2)))),
             "max_away": {skill: rng.choice((1, 2, 4, 4)) for skill in SKILLS}}
            for it in ("U", "V")
        ],
        "stations": [{"id": f"s{it}", "needs": _needs(rng, weeks)} for it in range(stations)],
        "staff": [_person(rng, f"p{it}", stations, weeks) for it in range(people)],
        "travel_min": [[rng.choice((0, 30, 60)) for _ in range(stations)] for _ in range(2)],
        "locked": [],
        "weights": {**{name: rng.choice((0, 1, 3)) for name in WEIGHTS}, "handover": rng.choice((0, 10, 25, 60))},
        "fair_target": {"U": rng.randint(0, 3), "V": rng.randint(0, 3)},
    }  # fmt: skip
    names = [f"p{it}" for it in range(people)]
    rng.shuffle(names)
    if rng.random() < 0.6:
        file["together"] = [names[: rng.choice((2, 2, 3))]]
        for name in file["together"][0]:
            file["staff"][int(name[1:])]["unit"] = rng.choice("UUV")
    rest = names[len(file.get("together", [[0]])[0]) - 1 :]
    if len(rest) > 1 and rng.random() < 0.6:
        file["apart"] = [rest[: rng.choice((2, 2, 3))]]
    _standing(rng, file)
    return file


def rich_problem(seed: int, **sizes: int) -> Problem:
    """Return the problem of a seed."""
    return read.problem(rich_file(Random(seed), **sizes))


def _needs(rng: Random, weeks: int) -> list[dict[str, Any]]:
    found = []
    for skill in rng.choice((SKILLS, SKILLS[:1], SKILLS[1:], (*SKILLS, "A"))):
        start = rng.choice((0, 0, 1))
        count = rng.choice((1, 1, 2))
        found.append({
            "skill": skill, "start": start, "end": rng.randint(start + 2, weeks), "count": count,
            "critical": rng.randint(0, 1), "w_crit": rng.choice((0, 50)), "w_norm": rng.choice((0, 15, 30, 30)),
            "handover": rng.choice((0, 1, 1, 1, 2)),
        })  # fmt: skip
    return found


def _person(rng: Random, name: str, stations: int, weeks: int) -> dict[str, Any]:
    wishes = []
    for _ in range(rng.choice((0, 0, 1, 2))):
        wish: dict[str, Any] = {"points": rng.choice((-9, -4, 2, 5, 20))}
        if rng.random() < 0.7:
            wish["station"] = f"s{rng.randrange(stations)}"
        if rng.random() < 0.5:
            wish["start"] = rng.randrange(weeks)
            wish["end"] = rng.randint(wish["start"] + 1, weeks)
        wishes.append(wish)
    return {
        "id": name, "unit": rng.choice("UV"), "skills": rng.choice((["A"], ["B"], ["A", "B"], ["B", "A"])),
        "max_deployments": rng.choice((1, 2, 2)), "rest_weeks": rng.choice((0, 0, 0, 1)), "max_travel_min": 60,
        "unavailable": [[0, 1]] if rng.random() < 0.15 else [], "prior_weeks": rng.choice((0, 0, 2)),
        "prior_stations": ["s0"] if rng.random() < 0.3 else [], "preferences": wishes,
    }  # fmt: skip


def _standing(rng: Random, file: dict[str, Any]) -> None:
    """Lock a tour, or let some be in force: of everybody in a group that goes together."""
    for key, chance in (("locked", 0.3), ("incumbent", 0.4)):
        rows: list[dict[str, Any]] = []
        for _ in range(rng.choice((1, 1, 2)) if rng.random() < chance else 0):
            person = rng.choice(file["staff"])
            unit = next(unit for unit in file["units"] if unit["id"] == person["unit"])
            stay = {
                "station": rng.choice(file["stations"])["id"], "start": rng.randrange(file["weeks"] - 1),
                "weeks": rng.choice(unit["durations"]),
            }  # fmt: skip
            if stay["start"] + stay["weeks"] > file["weeks"]:
                continue
            group = next((group for group in file.get("together", ()) if person["id"] in group), [person["id"]])
            skills = {row["id"]: row["skills"] for row in file["staff"]}
            rows += [{"staff": name, "skill": rng.choice(skills[name]), **stay} for name in group]
        file[key] = file.get(key, []) + rows
    if file["incumbent"] and rng.random() < 0.3:
        file["frozen_before"] = 1
