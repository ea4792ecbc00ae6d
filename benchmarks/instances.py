"""Made-up provinces of any size, from a seed: the problems that benchmarks and larger tests solve."""

from __future__ import annotations

import math
import random
from typing import Any

from tramyte.rotation import read
from tramyte.rotation.problem import Problem

ROLES = {
    "doctor": ("INT", "PED", "OBS", "SUR", "IMG", "EMR"),
    "preventive": ("EPI", "IMM", "FSF"),
    "allied": ("NUR", "LAB", "PHA"),
}


def province(seed: int, *, stations: int = 45, staff: int = 108, weeks: int = 12) -> Problem:
    """Return a problem with demand somewhat above supply, remote stations dearer, units of two tiers."""
    rng = random.Random(seed)
    cadres = [(role, cadre) for cadre, roles in ROLES.items() for role in roles]
    units = _units(rng, max(3, staff // 40), side=max(20.0, stations**0.5 * 8))
    people = [_person(rng, index, units, weeks, stations) for index in range(staff)]
    side = max(20.0, stations**0.5 * 8)
    places = [(rng.uniform(0, side), rng.uniform(0, side)) for _ in range(stations)]
    file: dict[str, Any] = {
        "schema": "rotation/1",
        "name": f"province-{stations}-{staff}-{weeks}-{seed}",
        "weeks": weeks,
        "skills": [{"id": role, "code": role, "cadre": cadre} for role, cadre in cadres],
        "units": units,
        "stations": [_station(rng, index, weeks, staff / stations) for index in range(stations)],
        "staff": people,
        "travel_min": [
            [_minutes(rng, (unit["x"], unit["y"]), place) for place in places] for unit in units
        ],
        "locked": [],
        "weights": {
            "fair1": 3, "fair2": 8, "travel_per_hour": 1, "start_fee": 2, "return_bonus": 4, "disruption": 15,
        },
        "fair_target": {unit["id"]: max(2, weeks // (3 if unit["tier"] == "P" else 2)) for unit in units},
    }  # fmt: skip
    for unit in units:
        unit["max_away"] = _spare(rng, [p["skills"][0] for p in people if p["unit"] == unit["id"]])
    return read.problem(file)


def _units(rng: random.Random, count: int, *, side: float) -> list[dict[str, Any]]:
    kinds = [("P", [1, 2])] * max(1, count // 4) + [("M", [3, 4])] * count
    return [
        {
            "id": f"U{index}", "code": f"U{index}", "tier": tier, "durations": durations,
            "x": rng.uniform(0, side), "y": rng.uniform(0, side),
        }
        for index, (tier, durations) in enumerate(kinds[:count])
    ]  # fmt: skip


def _person(rng: random.Random, index: int, units: list[dict[str, Any]], weeks: int, stations: int) -> dict[str, Any]:
    cadre = rng.choices(list(ROLES), [5, 3, 2])[0]
    skills = rng.sample(ROLES[cadre], 1 if rng.random() < 0.6 else 2)
    unit = rng.choice(units)
    away = rng.random() < 0.4
    first = rng.randrange(weeks)
    return {
        "id": f"P{index}", "unit": unit["id"], "skills": skills,
        "max_deployments": rng.choice([2, 3]), "rest_weeks": rng.choice([2, 3, 4]),
        "max_travel_min": 600 if unit["tier"] == "P" else rng.choice([120, 180]),
        "unavailable": [[first, first + rng.choice([1, 2, 4])]] if away else [],
        "exempt": rng.random() < 0.04, "prior_weeks": rng.choice([0, 0, 0, 1, 2, 4]),
        "prior_stations": [f"S{rng.randrange(stations)}"] if rng.random() < 0.3 else [],
    }  # fmt: skip


def _station(rng: random.Random, index: int, weeks: int, crowd: float) -> dict[str, Any]:
    remote = rng.random()
    price = 1000 + round(800 * remote)
    roles = rng.sample(
        [role for group in ROLES.values() for role in group], max(1, round(crowd * rng.uniform(0.5, 1.1))) % 9 or 2
    )
    needs = []
    for role in roles:
        start = rng.randrange(max(1, weeks // 2))
        end = min(weeks, start + rng.randint(max(1, weeks // 4), weeks))
        critical = int(rng.random() < 0.3)
        needs.append(
            {"skill": role, "start": start, "end": end, "count": 1, "critical": critical,
             "w_crit": price, "w_norm": price // 10}
        )  # fmt: skip
    return {"id": f"S{index}", "remoteness": round(remote, 3), "needs": needs}


def _minutes(rng: random.Random, unit: tuple[float, float], place: tuple[float, float]) -> int | None:
    return None if rng.random() < 0.01 else round(math.dist(unit, place) * 3.2 + 5)


def _spare(rng: random.Random, primary: list[str]) -> dict[str, int]:
    return {role: max(1, round(primary.count(role) * rng.uniform(0.25, 0.5))) for role in sorted(set(primary))}
