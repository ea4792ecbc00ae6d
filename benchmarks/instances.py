"""
Made-up provinces from a seed, in the presets of the given files: what benchmarks and larger tests solve.

Each figure below was read off the given files; `python -m benchmarks.instances FILE ...` prints a table of how the
made-up provinces of the same preset compare with them. What differs on purpose stands in `shapes.py`.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.statistics import compare
from tramyte.rotation import read
from tramyte.rotation.problem import Problem

File = dict[str, Any]
ROLES = {
    "doctor": {"INT": 33, "PED": 20, "OBS": 9, "SUR": 8, "IMG": 15, "EMR": 13},
    "preventive": {"EPI": 40, "IMM": 36, "FSF": 24},
    "allied": {"NUR": 52, "LAB": 23, "PHA": 25},
}
CODES = [(code, cadre) for cadre, roles in ROLES.items() for code in roles]
OFTEN_CRITICAL = {"INT": 0.57, "PED": 0.52, "EMR": 0.57, "IMM": 0.6}  # of the others 0.25
LIKED = {"doctor": 0.85, "preventive": 1.12, "FSF": 1.4, "allied": 1.1}  # how often wanted, against people there
WINDOWS = ((2, 4), (3, 6), (4, 8), (4, 13))  # weeks wanted out of each so many; 46 in 100 cells: every week
WEIGHTS = {"fair1": 3, "fair2": 8, "travel_per_hour": 1, "start_fee": 2, "return_bonus": 4, "disruption": 15}
# Stations of the 34 provinces of 2025: one station a commune, 3,321 in all.
PROVINCES = (
    126, 168, 114, 94, 103, 40, 124, 56, 38, 99, 92, 45, 65, 75, 148, 99, 54, 104, 129, 166, 130, 69, 78, 96, 135, 65,
    102, 124, 95, 96, 102, 124, 102, 64,
)  # fmt: skip
NATION = 15_001  # people


@dataclass(frozen=True)
class Size:
    """
    How large a province is, and how it is made up.

    hospitals, centres : provincial units (tours of 1-2 weeks) and medical centres (3-4)
    side               : width and height, km
    people             : shares of the three cadres
    roles              : weights of 0, 1, 2, ... roles wanted at a station
    demand             : person-weeks wanted for each that people could serve by number and length of tours
    """

    stations: int
    staff: int
    weeks: int
    hospitals: int
    centres: int
    side: tuple[float, float]
    people: tuple[int, int, int] = (50, 28, 22)
    roles: tuple[int, ...] = (1, 8, 32, 46, 13)
    demand: float = 1.03


TINY = Size(6, 16, 8, 1, 2, (72, 60), (56, 30, 14), (0, 0, 17, 66, 17), 0.94)
SMALL = Size(45, 108, 12, 3, 9, (105, 95), (50, 40, 10), (5, 20, 65, 10), 1.0)
FULL = Size(124, 900, 26, 6, 17, (162, 132))
SIZES = {"tiny": TINY, "small": SMALL, "full": FULL, "long": replace(FULL, weeks=52)}


def preset(name: str, seed: int) -> Problem:
    """Return a problem of a preset: tiny, small, full, or long (full over 52 weeks)."""
    return read.problem(make(SIZES[name], seed, name))


def province(seed: int, *, stations: int = 45, staff: int = 108, weeks: int = 12) -> Problem:
    """Return a problem of any size."""
    return read.problem(make(sized(stations, staff, weeks), seed, f"province-{stations}-{staff}-{weeks}"))


def sized(stations: int, staff: int, weeks: int) -> Size:
    """Return a size between the presets, so that a preset's own numbers give about the preset."""
    like = TINY if stations < 15 else SMALL if stations < 80 else FULL
    wide = math.sqrt(stations / like.stations)
    return replace(
        like,
        stations=stations,
        staff=staff,
        weeks=weeks,
        hospitals=max(1, round(like.hospitals * min(stations / like.stations, staff / like.staff * 2))),
        centres=max(2, round(like.centres * stations / like.stations)),
        side=(like.side[0] * wide, like.side[1] * wide),
    )


def national(seed: int, *, share: float = 1.0) -> list[Problem]:
    """Return the 34 provinces, 3,321 stations and 15,001 people; or that share of each."""
    rng = random.Random(f"nation {seed}")
    crowd = [stations * rng.uniform(0.75, 1.3) for stations in PROVINCES]
    people = [max(12, round(NATION * share * one / sum(crowd))) for one in crowd]
    people[0] += round(NATION * share) - sum(people)
    return [
        read.problem(make(sized(max(6, round(stations * share)), staff, 26), seed * 100 + index, f"nation-{index:02}"))
        for index, (stations, staff) in enumerate(zip(PROVINCES, people, strict=True))
    ]


def make(size: Size, seed: int, name: str) -> File:
    """Return the object of a problem file; the same size, seed and name give the same file."""
    rng = random.Random(f"{name} {seed}")
    units = _units(rng, size)
    stations = _stations(rng, size, units)
    travel = _travel(rng, units, stations)
    staff = _staff(rng, size, units, travel)
    for unit in units:
        unit["max_away"] = spare(rng, [p["skills"][0] for p in staff if p["unit"] == unit["id"]])
    _Wants(rng, size, staff, units, travel).fill(stations)
    return {
        "schema": "rotation/1",
        "name": f"{name}-{seed}",
        "seed": seed,
        "weeks": size.weeks,
        "skills": [{"id": index, "code": code, "cadre": cadre} for index, (code, cadre) in enumerate(CODES)],
        "units": units,
        "stations": stations,
        "staff": staff,
        "travel_min": travel,
        "locked": _locked(rng, size, staff, units, stations, travel),
        "weights": dict(WEIGHTS),
        "fair_target": {str(unit["id"]): 2 if unit["tier"] == "P" else 4 for unit in units},
    }


def spare(rng: random.Random, primary: Iterable[int], low: float = 0.3, high: float = 0.45) -> dict[str, int]:
    """Return how many of each primary skill a unit can miss: a third or so, at least one."""
    own = list(primary)
    return {str(role): max(1, int(own.count(role) * rng.uniform(low, high))) for role in sorted(set(own))}


def supply(staff: Sequence[File], units: Sequence[File]) -> int:
    """Return the person-weeks that number and length of tours allow."""
    return sum(p["max_deployments"] * max(units[p["unit"]]["durations"]) for p in staff if not p["exempt"])


def role_of(rng: random.Random, shares: Sequence[int], without: frozenset[int] = frozenset()) -> int:
    """Return a role, drawn by cadre and then within it."""
    flat = [
        share * weight / sum(roles.values())
        for share, roles in zip(shares, ROLES.values(), strict=True)
        for weight in roles.values()
    ]
    return rng.choices(range(len(CODES)), [0 if role in without else weight for role, weight in enumerate(flat)])[0]


def windows(rng: random.Random, weeks: int) -> list[tuple[int, int]]:
    """Return the weeks a role is wanted: all of them, or so many out of each so many."""
    if rng.random() < 0.46:
        return [(0, weeks)]
    length, period = rng.choice(WINDOWS)
    first = rng.randrange(period) - period
    spans = [(max(0, at), min(weeks, at + length)) for at in range(first, weeks, period)]
    return [(start, end) for start, end in spans if start < end] or [(0, min(length, weeks))]


def _units(rng: random.Random, size: Size) -> list[File]:
    """Hospitals near the middle, medical centres all over."""
    width, height = size.side
    x, y = width * rng.uniform(0.4, 0.6), height * rng.uniform(0.45, 0.6)
    rows: list[File] = []
    for index in range(size.hospitals):
        place = {"x": round(rng.gauss(x, 1.7), 2), "y": round(rng.gauss(y, 1.7), 2)}
        rows.append({"id": index, "code": f"H{index}", "tier": "P", **place, "durations": [1, 2]})
    for index in range(size.centres):
        place = {"x": round(rng.uniform(0.05, 0.95) * width, 2), "y": round(rng.uniform(0.05, 0.95) * height, 2)}
        rows.append({"id": size.hospitals + index, "code": f"M{index}", "tier": "M", **place, "durations": [3, 4]})
    return rows


def _stations(rng: random.Random, size: Size, units: list[File]) -> list[File]:
    """Stations lie around the medical centres; far from the first hospital is remote."""
    width, height = size.side
    rows: list[File] = []
    for index in range(size.stations):
        near = rng.choice(units[size.hospitals :])
        x = round(min(width, max(0.0, rng.gauss(near["x"], 9))), 2)
        y = round(min(height, max(0.0, rng.gauss(near["y"], 9))), 2)
        points = [
            [round(rng.gauss(x, 4), 2), round(rng.gauss(y, 4), 2)]
            for _ in range(rng.choices(range(4), [38, 38, 16, 8])[0])
        ]
        population = min(45_000, max(3_500, round(rng.lognormvariate(9.37, 0.45))))
        doctors = rng.choices((1, 2, 3, 4), [20, 57, 18, 5])[0]
        rows.append({"id": index, "x": x, "y": y, "population": population, "doctors_now": doctors, "points": points})
    far = [math.hypot(row["x"] - units[0]["x"], row["y"] - units[0]["y"]) for row in rows]
    for row, distance in zip(rows, far, strict=True):
        row["remoteness"] = round(distance / max(far), 3)
    return rows


def _travel(rng: random.Random, units: list[File], stations: list[File]) -> list[list[int | None]]:
    """Eight minutes to set out, roads 1.35 times the straight line, 22 to 40 km/h by station."""
    pace = [60 * 1.35 / rng.uniform(22, 40) for _ in stations]
    return [
        [
            round(8 + minutes * math.hypot(unit["x"] - row["x"], unit["y"] - row["y"]))
            for row, minutes in zip(stations, pace, strict=True)
        ]
        for unit in units
    ]


def _staff(rng: random.Random, size: Size, units: list[File], travel: list[list[int | None]]) -> list[File]:
    """Two people in five belong to hospitals, by turns; the others to a medical centre by chance."""
    provincial = round(size.staff * 0.4)
    homes = [index % size.hospitals for index in range(provincial)]
    homes += [rng.randrange(size.hospitals, len(units)) for _ in range(size.staff - provincial)]
    return [_person(rng, index, units[home], size, travel[home]) for index, home in enumerate(homes)]


def _person(rng: random.Random, index: int, unit: File, size: Size, travel: list[int | None]) -> File:
    is_hospital = unit["tier"] == "P"
    first = role_of(rng, size.people)
    cadre = [role for role, (_, cadre) in enumerate(CODES) if cadre != CODES[first][1]]
    skills = [first] if rng.random() > 0.25 else [first, role_of(rng, size.people, frozenset([first, *cadre]))]
    turns = max(1, round(size.weeks / 26))
    reach = rng.choices((600, 240, 150, 90), [81, 7, 7, 5])[0] if is_hospital else rng.choices((120, 90), [94, 6])[0]
    known = [station for station, minutes in enumerate(travel) if minutes is not None and minutes <= reach]
    prior = min(len(known), rng.choices((0, 1, 2), [72, 20, 8])[0])
    most = (turns * rng.choice((2, 3, 3, 4)) if size.weeks > 16 else 3) if is_hospital else 2 * turns
    return {
        "id": index,
        "unit": unit["id"],
        "skills": skills,
        "max_deployments": most,
        "rest_weeks": rng.choice((2, 3) if is_hospital else (3, 4)),
        "max_travel_min": reach,
        "unavailable": _absences(rng, size.weeks),
        "exempt": rng.random() < 0.053,
        "prior_weeks": rng.choice((0, 0, 0, 1, 2, 4)),
        "prior_stations": rng.sample(known, prior),
    }


def _absences(rng: random.Random, weeks: int) -> list[list[int]]:
    """Leave about once in two quarters, and for one in thirty an absence until the end."""
    starts = [rng.randrange(weeks) for _ in range(max(1, round(weeks / 13))) if rng.random() < 0.55]
    spans = [[start, min(weeks, start + rng.choice((1, 1, 2, 2, 4)))] for start in starts]
    if rng.random() < 0.035:
        spans.append([rng.randrange(weeks), weeks])
    return sorted(spans)


class _Wants:
    """Gives stations roles: a role is wanted as often as people have it, of doctors less, of the others more."""

    def __init__(
        self, rng: random.Random, size: Size, staff: list[File], units: list[File], travel: list[list[int | None]]
    ) -> None:
        self.rng, self.size, self.staff, self.travel = rng, size, staff, travel
        self.can = [supply([p for p in staff if p["skills"][0] == role], units) for role in range(len(CODES))]
        heads = [sum(p["skills"][0] == role for p in staff) for role in range(len(CODES))]
        self.weights = [
            heads[role] * LIKED.get(code, LIKED[cadre]) if self.can[role] else 0.0
            for role, (code, cadre) in enumerate(CODES)
        ]
        self.critical, self.wanted = [0] * len(CODES), [0] * len(CODES)

    def fill(self, stations: list[File]) -> None:
        """Go on until the province wants as many person-weeks as the size says."""
        rng, roles = self.rng, self.size.roles
        order = [index for index in range(len(stations)) for _ in range(rng.choices(range(len(roles)), roles)[0])]
        rng.shuffle(order)
        more = (rng.randrange(len(stations)) for _ in range(len(CODES) * len(stations)))
        for station in stations:
            station["needs"] = []
        rest = self.size.demand * sum(self.can)
        for index in (*order, *more):
            if rest <= 0:
                return
            rest -= self._want(stations[index])

    def _near(self, station: File, role: int) -> int:
        """Return how many people with the role the station has in reach."""
        minutes = [row[station["id"]] or 0 for row in self.travel]
        return sum(role in p["skills"] and minutes[p["unit"]] <= p["max_travel_min"] for p in self.staff)

    def _want(self, station: File) -> int:
        """Add one role, one with enough wanted less often, critical only where people are; return the person-weeks."""
        taken = {need["skill"] for need in station["needs"]}
        full = [wanted / max(1, can) for wanted, can in zip(self.wanted, self.can, strict=True)]
        weights = [
            0 if role in taken else self.weights[role] * max(0.1, 1.6 - full[role]) for role in range(len(CODES))
        ]
        if len(taken) >= len(self.size.roles) - 1 or not any(weights):
            return 0
        role = self.rng.choices(range(len(CODES)), weights)[0]
        price = int(1000 + 800 * station["remoteness"]) + 300 * (station["doctors_now"] == 1)
        spans = windows(self.rng, self.size.weeks)
        weeks = sum(end - start for start, end in spans)
        count = 2 if self.rng.random() < 0.08 else 1
        critical = int(self.rng.random() < OFTEN_CRITICAL.get(CODES[role][0], 0.25))
        critical *= self.critical[role] + weeks <= 0.7 * self.can[role] and self._near(station, role) >= 3
        self.critical[role] += critical * weeks
        self.wanted[role] += count * weeks
        for start, end in spans:
            row = {"skill": role, "start": start, "end": end, "count": count, "critical": critical}
            station["needs"].append({**row, "w_crit": price, "w_norm": price // 10})
        return count * weeks


def _locked(
    rng: random.Random, size: Size, staff: list[File], units: list[File], stations: list[File], travel: list[Any]
) -> list[File]:
    """One tour in 75 people stands already: each of another person, unit and skill, so that none can clash."""
    wanted = {(row["id"], need["skill"]) for row in stations for need in row["needs"]}
    found: list[File] = []
    homes: set[tuple[int, int]] = set()
    for person in rng.sample(staff, len(staff)):
        weeks = rng.choice(units[person["unit"]]["durations"])
        start = rng.randrange(max(1, size.weeks - weeks + 1))
        places = [
            place
            for place, minutes in enumerate(travel[person["unit"]])
            if minutes <= person["max_travel_min"] and (place, person["skills"][0]) in wanted
        ]
        home = (person["unit"], person["skills"][0])
        away = any(a < start + weeks and start < b for a, b in person["unavailable"])
        if len(found) >= max(1, round(size.staff / 75)):
            break
        if start + weeks <= size.weeks and places and home not in homes and not away and not person["exempt"]:
            homes.add(home)
            tour = {"staff": person["id"], "station": rng.choice(places), "skill": person["skills"][0]}
            found.append({**tour, "start": start, "weeks": weeks})
    return found


def main() -> None:
    """Print how made-up provinces compare with given files of the same presets."""
    parser = argparse.ArgumentParser(description="Compare made-up provinces with given problem files.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seeds", nargs="*", type=int, default=[101, 102, 103, 104, 105])
    asked = parser.parse_args()
    given: dict[str, list[Problem]] = {}
    for path in asked.files:
        problem = read.problem(path.read_bytes())
        given.setdefault(str(problem.raw.get("preset", "")).removeprefix("province-"), []).append(problem)
    for name, problems in given.items():
        if name in SIZES:
            print(compare(name, problems, [preset(name, seed) for seed in asked.seeds]))


if __name__ == "__main__":
    main()
