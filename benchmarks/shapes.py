"""Problems unlike the presets, each odd in one way: what other people's files may look like. From a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from benchmarks.clerk import clerk
from benchmarks.instances import make, sized, spare
from tramyte.rotation import read
from tramyte.rotation.problem import Problem

File = dict[str, Any]
Change = Callable[[random.Random, File], None]


def dense(rng: random.Random, file: File) -> None:
    """Every need wants two or three, and every other role is wanted twice over, in windows that overlap."""
    for station in file["stations"]:
        for need in list(station["needs"]):
            need["count"] = rng.choice((2, 3))
            need["critical"] = rng.choice((0, 1, 2))
            if rng.random() < 0.5:
                start = rng.randrange(file["weeks"])
                end = min(file["weeks"], start + rng.choice((2, 4, 8)))
                price = rng.choice((700, 1300, 2500))
                more = {"count": rng.choice((1, 2, 4)), "critical": 1, "w_crit": price, "w_norm": price // 7}
                station["needs"].append({"skill": need["skill"], "start": start, "end": end, **more})


def few_units(rng: random.Random, file: File) -> None:
    """Three large units, each of which can miss one in eight."""
    del file["units"][3:], file["travel_min"][3:]
    for person in file["staff"]:
        person["unit"] = file["units"][int(rng.choice((0, 0, 1, 1, 2)))]["id"]
    for unit in file["units"]:
        unit["durations"] = [1, 2, 3]
        primary = [person["skills"][0] for person in file["staff"] if person["unit"] == unit["id"]]
        unit["max_away"] = spare(rng, primary, 0.1, 0.15)
    file["fair_target"] = {str(unit["id"]): 2 for unit in file["units"]}
    file["locked"] = []


def travel_bound(rng: random.Random, file: File) -> None:
    """Few places are in reach, some roads are closed, and an hour on the road is dear."""
    for person in file["staff"]:
        person["max_travel_min"] = rng.choice((45, 60, 80))
    file["travel_min"] = [[None if rng.random() < 0.1 else one for one in row] for row in file["travel_min"]]
    file["weights"]["travel_per_hour"] = 60
    file["locked"] = []


def long_tours(rng: random.Random, file: File) -> None:
    """Tours of four to eight weeks."""
    for unit in file["units"]:
        unit["durations"] = rng.choice(([4, 6, 8], [4, 5, 6, 7, 8], [6]))
    file["locked"] = []
    file["fair_target"] = dict.fromkeys(file["fair_target"], 8)


def one_component(rng: random.Random, file: File) -> None:
    """Everybody may fill nearly every role: nothing falls apart."""
    for person in file["staff"]:
        others = [skill["id"] for skill in file["skills"] if skill["id"] != person["skills"][0]]
        person["skills"] = [person["skills"][0], *rng.sample(others, rng.randint(len(others) - 2, len(others)))]


def tight_rest(rng: random.Random, file: File) -> None:
    """Long rest between many short tours."""
    for person in file["staff"]:
        person["rest_weeks"], person["max_deployments"] = rng.choice((6, 8, 10)), rng.choice((3, 4))


def specialised(rng: random.Random, file: File) -> None:
    """Sixty skills, one a person: many small parts."""
    old = {skill["id"]: skill["cadre"] for skill in file["skills"]}
    fine = {role: [role * 5 + branch for branch in range(5)] for role in old}
    file["skills"] = [{"id": one, "code": f"K{one}", "cadre": old[role]} for role in old for one in fine[role]]
    for person in file["staff"]:
        person["skills"] = [rng.choice(fine[person["skills"][0]])]
    for station in file["stations"]:
        branch = {role: rng.choice(fine[role]) for role in old}
        for need in station["needs"]:
            need["skill"] = branch[need["skill"]]
    for unit in file["units"]:
        unit["max_away"] = spare(rng, [p["skills"][0] for p in file["staff"] if p["unit"] == unit["id"]])
    file["locked"] = []


def single_weeks(rng: random.Random, file: File) -> None:
    """Every tour lasts one week, and people go often."""
    for unit in file["units"]:
        unit["durations"] = [1]
    for person in file["staff"]:
        person["max_deployments"], person["rest_weeks"] = rng.choice((4, 6, 8)), rng.choice((0, 1))
    file["locked"] = []


def critical_heavy(rng: random.Random, file: File) -> None:
    """Nearly everybody is wanted critically, at prices far apart."""
    for station in file["stations"]:
        price = rng.choice((50, 500, 5_000, 50_000))
        for need in station["needs"]:
            need["w_crit"], need["w_norm"] = price, rng.choice((1, price // 3))
            need["critical"] = need["count"] if rng.random() < 0.85 else 0


def locks_and_incumbent(rng: random.Random, file: File) -> None:
    """A clerk's plan is in force: a sixth of its tours is locked, weeks before the fourth are frozen, ids are texts."""
    tours = [tour.to_json() for tour in clerk(read.problem(file))]
    chosen = set(rng.sample(range(len(tours)), len(tours) // 6))
    file["locked"] = [tour for index, tour in enumerate(tours) if index in chosen]
    file["incumbent"] = tours
    file["frozen_before"] = 4
    for person in rng.sample(file["staff"], len(file["staff"]) // 20):
        person["unavailable"] = [*person["unavailable"], [5, 8]]
    lost = {person["id"] for person in file["staff"] if [5, 8] in person["unavailable"]}
    file["locked"] = [tour for tour in file["locked"] if tour["staff"] not in lost]


SHAPES: dict[str, tuple[Change, tuple[int, int, int]]] = {
    "dense": (dense, (40, 140, 14)),
    "few-units": (few_units, (50, 180, 16)),
    "travel-bound": (travel_bound, (60, 160, 16)),
    "long-tours": (long_tours, (45, 140, 26)),
    "one-component": (one_component, (40, 110, 12)),
    "tight-rest": (tight_rest, (45, 120, 26)),
    "specialised": (specialised, (60, 240, 16)),
    "single-weeks": (single_weeks, (40, 100, 12)),
    "critical-heavy": (critical_heavy, (45, 130, 14)),
    "locks-and-incumbent": (locks_and_incumbent, (45, 130, 14)),
}


def shape(name: str, seed: int, *, share: float = 1.0) -> Problem:
    """Return a problem of that shape; share: of its usual stations and people."""
    change, (stations, staff, weeks) = SHAPES[name]
    file = make(sized(max(6, round(stations * share)), max(16, round(staff * share)), weeks), seed, name)
    change(random.Random(f"{name} {seed} shape"), file)
    return read.problem(file)
