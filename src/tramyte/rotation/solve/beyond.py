"""What a part has beside needs, fares and caps, laid out for the kernels: bonuses, tours in force, `rotation/2`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tramyte.rotation.solve.arrays import Ints, Part

Array = NDArray[Any]
EXTRAS: dict[str, Any] = {
    "toll": np.float64, "bonus_wish": np.float64, "bonus_alone": np.uint8, "crew_start": np.int32,
    "crew_cell": np.int32, "crew_seat": np.int32, "home_start": np.int32, "home_cap": np.int32, "station": np.int32,
    "station_start": np.int32, "station_row": np.int32, "rival_start": np.int32, "rival_person": np.int32,
    "ban_start": np.int32, "ban_station": np.int32, "ban_from": np.int32, "ban_until": np.int32, "hand_of": np.int32,
    "hand_start": np.int32, "hand_first": np.int32, "hand_last": np.int32, "hand_span": np.int32,
    "hand_at": np.int32, "hand_price": np.float64, "hand_there": np.int32, "member_start": np.int32,
    "stay_start": np.int32, "stay_cell": np.int32, "stay_from": np.int32, "stay_until": np.int32,
}  # fmt: skip


def rows_of(rows: Sequence[Sequence[float]]) -> tuple[Array, Array]:
    """Return starts and all entries of rows, one after the other."""
    return np.cumsum([0, *map(len, rows)]), np.array([entry for row in rows for entry in row])


def _fields(prefix: str, rows: Sequence[Sequence[Sequence[float]]], names: Sequence[str]) -> dict[str, Array | None]:
    """Return starts of rows and each field of their entries."""
    found: dict[str, Array | None] = {f"{prefix}_start": np.cumsum([0, *map(len, rows)])}
    for index, name in enumerate(names):
        found[f"{prefix}_{name}"] = np.array([entry[index] for row in rows for entry in row])
    return found


def alone_rows(part: Part) -> dict[int, Ints]:
    """Return where each person pays more than others like him: rows that are on none of his lanes."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for (person, row), points in part.second.wish.items():
        if (points > 0).any() and part.reach[part.pair[person], row]:
            found[person].append(row)
    return {person: np.array(rows, np.int64) for person, rows in found.items()}


def bonuses(part: Part) -> dict[str, Array | None]:
    """Return bonuses and tours in force by person."""
    wish, alone = part.second.wish, alone_rows(part)
    bonus: list[list[tuple[int, float, bool]]] = [[] for _ in part.people]
    points: list[list[Array]] = [[] for _ in part.people]
    kept: list[list[tuple[int, int, float]]] = [[] for _ in part.people]
    nothing = np.zeros((len(part.lengths), part.weeks))
    for person, row in {**dict.fromkeys(part.bonus), **dict.fromkeys(wish)}:
        if part.reach[part.pair[person], row]:
            gain = part.bonus.get((person, row), 0) - part.fare[part.pair[person], row]
            bonus[person].append((row, gain, row in alone.get(person, ())))
            points[person].append(wish.get((person, row), nothing).ravel())
    for (person, row, start, length), worth in part.kept.items():
        if part.reach[part.pair[person], row] and start + part.lengths[length] <= part.weeks:
            gain = worth + part.bonus.get((person, row), 0) - part.fare[part.pair[person], row]
            gain -= wish[person, row][length, start] if (person, row) in wish else 0
            kept[person].append((row, length * part.weeks + start, gain))
    found = _fields("bonus", bonus, ("cell", "gain", "alone")) | _fields("kept", kept, ("cell", "slot", "gain"))
    found["bonus_wish"] = np.array([row for rows in points for row in rows]) if wish else None
    return found


def beyond(part: Part) -> dict[str, Array | None]:
    """Return what only `rotation/2` knows."""
    people = [person for actor in part.people for person in actor.people]
    crew = [[(cell, seat) for seat, cell in enumerate(crew) if cell >= 0] for _, crew in part.crews]
    stations: list[list[tuple[int]]] = [[] for _ in part.problem.stations]
    for row, station in enumerate(part.station):
        stations[station].append((row,))
    stays: dict[str, list[tuple[int, int, int]]] = {str(person.id): [] for person in people}
    for cell, rows in part.second.stays.items():
        for staff, first, until in rows:
            stays.setdefault(staff, []).append((cell, first, until))
    nobody: list[tuple[()]] = [() for _ in part.people]
    toll = part.second.toll
    return {
        "toll": None if toll is None else toll.reshape(len(part.people), -1),
        "station": part.station,
        "member_start": np.cumsum([0, *(len(actor.people) for actor in part.people)]),
        **_fields("crew", crew, ("cell", "seat")),
        **_fields("home", [[(cap,) for cap in home] for home in part.homes], ("cap",)),
        **_fields("station", stations, ("row",)),
        **_fields("rival", [[(other,) for other in row] for row in part.second.rivals or nobody], ("person",)),
        **_fields("ban", part.second.bans or nobody, ("station", "from", "until")),
        **_fields("stay", [stays[str(person.id)] for person in people], ("cell", "from", "until")),
        **_hands(part),
    }


def _hands(part: Part) -> dict[str, Array | None]:
    """Return the spans of every handover, and who is locked in the cells that ask for one."""
    price, spans = part.problem.handover_price, 0
    place = np.full(len(part.cells), -1)
    rows: list[list[tuple[int, int, int, int, float]]] = []
    there = np.zeros((len(part.second.hands), part.weeks), np.int64)
    for hand, (cell, needs) in enumerate(part.second.hands.items()):
        place[cell] = hand
        rows.append([])
        for need in needs:
            last = need.end - need.handover
            rows[-1].append((need.start, last, need.handover + 1, spans, price))
            spans += last - need.start
        for _, first, until in part.second.stays[cell]:
            there[hand, first:until] += 1
    found = _fields("hand", rows, ("first", "last", "span", "at", "price"))
    return found | {"hand_of": place, "hand_there": there}


def through(part: Part) -> Array:
    """Return how many locked people are there throughout, by span of each handover in turn."""
    found = []
    for cell, needs in part.second.hands.items():
        for need in needs:
            for first in need.spans:
                last = first + need.handover + 1
                found.append(sum(a <= first and last <= b for _, a, b in part.second.stays[cell]))
    return np.array(found, np.int32)
