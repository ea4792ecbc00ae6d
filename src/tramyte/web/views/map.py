"""
The map of a province: one schematic cell a commune, with the number of its doctors inside.

Cells are no boundaries; `cells.csv` is drawn by tools/cells.py. Hoàng Sa and Trường Sa stand on every map.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CELLS = Path(__file__).resolve().parents[1] / "cells.csv"
LINE, LAST = 4, 5  # classes of colour: d4 reaches the target, d3 falls one short; d5 is the last (tramyte.css)
FRAME = 220  # width of the frame of a group of islands, in units of the drawing
GAP = 40
ISLANDS = {  # commune -> its two names, and where its larger islands lie: longitude, latitude
    "20333": ("Hoàng Sa", "Đà Nẵng", (
        (112.33, 16.83), (112.35, 16.98), (112.73, 16.67), (111.61, 16.53), (111.60, 16.45), (111.71, 16.45),
        (111.51, 16.45), (111.20, 15.78), (111.76, 16.05))),
    "22736": ("Trường Sa", "Khánh Hòa", (
        (114.33, 11.43), (114.36, 11.45), (114.28, 11.05), (114.37, 10.38), (114.48, 10.37), (114.36, 10.18),
        (114.33, 9.89), (113.70, 8.97), (111.92, 8.64), (112.92, 7.90), (115.80, 10.73), (112.22, 8.87))),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """
    One commune on the map.

    x, y  : where its number stands
    count : its doctors; None: not known, or not in the scope
    look  : d0 to d5, or blank
    """

    code: str
    name: str
    x: int
    y: int
    path: str
    count: int | None
    look: str


@dataclass(frozen=True)
class Frame:
    """A group of islands in a frame of its own, beside the land. dots: places of its islands; lines: of its words."""

    name: str
    province: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[int, int]
    dots: tuple[tuple[int, int], ...]
    cell: Cell | None


@dataclass(frozen=True)
class Drawing:
    """A map, in units of its view box. missing: communes of the scope that have no cell."""

    box: str
    land: str
    cells: tuple[Cell, ...]
    frames: tuple[Frame, ...]
    missing: int


Look = Callable[[int], str]  # doctors -> class of colour


def look(doctors: int, level: int | None) -> str:
    """Return the class of colour of so many doctors: how far from the target; where none is stated, the number."""
    away = 0 if level is None else LINE - level
    return f"d{min(max(doctors + away, 0), LAST)}"


def drawing(province: str, counts: Mapping[str, int | None], names: Mapping[str, str], *, look: Look) -> Drawing | None:
    """
    Return the map of a province; None where no outline of it is known.

    counts : commune -> its doctors; only communes that the account may see
    look   : doctors -> class of colour
    """
    drawn = _drawn().get(province)
    if drawn is None:
        return None
    cells = tuple(_cell(code, x, y, path, counts, names, look) for code, x, y, path in drawn if code)
    land = next(path for code, _, _, path in drawn if not code)
    width, height = _extent(tuple(path for _, _, _, path in drawn))
    frames: list[Frame] = []
    top = max(0, height - 2 * (FRAME + GAP + 70))
    for code, (name, of, spots) in ISLANDS.items():
        frames.append(_frame(code, name, of, spots, width + GAP, top, counts, names, look))
        top += FRAME + GAP + 70
    known = {cell.code for cell in cells} | set(ISLANDS)
    return Drawing(
        f"-12 -12 {width + GAP + FRAME + 24} {max(height, top) + 24}", land, cells, tuple(frames),
        sum(1 for code in counts if code not in known),
    )  # fmt: skip


def _cell(
    code: str, x: int, y: int, path: str, counts: Mapping[str, int | None], names: Mapping[str, str], look: Look
) -> Cell:
    count = counts.get(code)
    return Cell(code, names.get(code, ""), x, y, path, count, "" if count is None else look(count))


def _frame(
    code: str, name: str, of: str, spots: Any, left: int, top: int,
    counts: Mapping[str, int | None], names: Mapping[str, str], look: Look,
) -> Frame:  # fmt: skip
    west, east = min(x for x, _ in spots), max(x for x, _ in spots)
    south, north = min(y for _, y in spots), max(y for _, y in spots)
    unit = (FRAME - 60) / max(east - west, north - south)
    dots = tuple((round(left + 30 + (x - west) * unit), round(top + 30 + (north - y) * unit)) for x, y in spots)
    cell = _cell(code, left + FRAME - 40, top + 40, "", counts, names, look) if code in counts else None
    return Frame(name, of, left, top, FRAME, FRAME, (top + FRAME + 32, top + FRAME + 64), dots, cell)


@cache
def _drawn() -> dict[str, list[tuple[str, int, int, str]]]:
    """Return province -> its rows: commune (blank for the land), place of the number, path."""
    found: dict[str, list[tuple[str, int, int, str]]] = {}
    with CELLS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spot = (int(row["x"] or 0), int(row["y"] or 0))
            found.setdefault(row["province"], []).append((row["commune"], *spot, row["path"]))
    return found


@cache
def _extent(paths: tuple[str, ...]) -> tuple[int, int]:
    """Return the right and the lower end of paths: each begins at a point and goes on by steps."""
    right = low = 0
    for path in paths:
        for ring in path.split("M")[1:]:
            start, steps = ring.rstrip("z").split("l")
            x, y = map(int, start.split())
            numbers = list(map(int, steps.split()))
            right, low = max(right, x), max(low, y)
            for across, down in zip(numbers[::2], numbers[1::2], strict=True):
                x, y = x + across, y + down
                right, low = max(right, x), max(low, y)
    return right, low
