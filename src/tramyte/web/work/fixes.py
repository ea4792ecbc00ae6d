"""
Cures that are mechanical: what can be written into a cell without asking anybody what is meant.

A fix is an edit on top of the file, which itself is never changed; edits stand on the run, each with what it replaced:
{"sheet", "cell", "value"} writes a cell, {"sheet", "row"} leaves a row out (with a "reason" where a person says so),
{"sheet", "column"} a column, {"sheet", "cell", "unlink"} takes a link off and keeps the text, {"sheet", "cell",
"counted"} puts what a formula came to in its place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.names import search_key
from tramyte.exchange.cells import Area
from tramyte.exchange.pages import RawSheet

Edit = dict[str, Any]
ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
NEAREST = frozenset({"E213", "E302", "W505"})
DROPS = {"E211": "row", "E125": "column"}


def proposals(finding: Finding) -> list[Edit]:
    """Return the edits that would cure a finding, the likeliest first; none where only a person knows."""
    place = _address(finding.cell)
    if place is None:
        return []
    found: dict[str, Any] = {"sheet": finding.sheet}
    if finding.code in DROPS:
        what = DROPS[finding.code]
        return [found | {what: place[1] if what == "row" else place[0], "was": _was(finding)}]
    found |= {"cell": finding.cell, "was": _was(finding)}
    if finding.code == "E218":
        return [found | {"unlink": True}]
    if finding.code == "E209":
        return [found | {"counted": True}]
    return [found | {"value": value} for value in _values(finding)]


def _values(finding: Finding) -> list[Any]:
    """Return what could be written into the cell of a finding."""
    known: dict[str, Callable[[Mapping[str, Any]], list[Any]]] = {
        **dict.fromkeys(NEAREST, lambda fields: [fields["nearest"]] if fields["nearest"] not in ("", "?") else []),
        "E203": lambda fields: [_number(fields["small"]), fields["large"]],
        "E205": _choice,
        "E214": lambda fields: [_day(fields["before"]), _day(fields["after"])],
        "E219": lambda fields: [fields["value"].zfill(fields["low"])] if fields["value"].isdecimal() else [],
        "E225": lambda fields: [fields["large"]],
        "W501": lambda fields: [_number(fields["read"])],
        "W504": lambda fields: [_day(fields["read"])],
    }
    return known[finding.code](finding.fields) if finding.code in known else []


def _choice(fields: Mapping[str, Any]) -> list[str]:
    """Return the word of a short list that is most like what was read."""
    known = {search_key(word): word for word in fields["choices_vi"].split("; ")}
    near = difflib.get_close_matches(search_key(fields["value"]), known, n=1, cutoff=0.7)
    return [known[near[0]]] if near else []


def _was(finding: Finding) -> str:
    return str(finding.fields.get("value", finding.fields.get("header", "")))


def _number(text: str) -> float:
    return float(str(text).replace(",", "."))


def _day(text: str) -> str:
    return datetime.strptime(text, "%d/%m/%Y").date().isoformat()  # noqa: DTZ007  a day has no zone


def _address(cell: str) -> tuple[str, int] | None:
    match = ADDRESS.fullmatch(cell)
    return (match[1], int(match[2])) if match else None


def place(edit: Mapping[str, Any]) -> tuple[str, str]:
    """Return what an edit is about; a later edit of the same place takes the first one's."""
    return str(edit["sheet"]), str(edit.get("cell") or edit.get("row") or edit["column"])


def applied(raws: Sequence[RawSheet], edits: Iterable[Mapping[str, Any]]) -> list[RawSheet]:
    """Return the sheets of a file with the edits made; rows keep their numbers. One that fits nowhere does nothing."""
    by_sheet: dict[str, list[Mapping[str, Any]]] = {}
    for edit in edits:
        by_sheet.setdefault(edit["sheet"], []).append(edit)
    return [_edited(raw, by_sheet[raw.title]) if raw.title in by_sheet else raw for raw in raws]


def _edited(raw: RawSheet, edits: Sequence[Mapping[str, Any]]) -> RawSheet:
    rows: list[list[Any]] = [list(row) for row in raw.rows]
    links = list(raw.links)
    for edit in edits:
        if "row" in edit:
            if edit["row"] <= len(rows):
                rows[edit["row"] - 1] = []
            continue
        letters, number = (edit["column"], 0) if "column" in edit else _address(edit["cell"]) or ("A", 0)
        at = _index(letters)
        if "column" in edit:
            for row in rows:
                row[at : at + 1] = [""] if at < len(row) else []
        elif edit.get("unlink"):
            links = [piece for area in links for piece in _without(area, number - 1, at)]
        elif 0 < number <= len(rows):
            rows[number - 1].extend("" for _ in range(len(rows[number - 1]), at + 1))
            rows[number - 1][at] = raw.counted.get((number - 1, at), "") if edit.get("counted") else edit["value"]
    return replace(raw, rows=rows, links=links)


def _index(letters: str) -> int:
    """Return the 0-based column of its letters: A -> 0, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _without(area: Area, row: int, at: int) -> list[Area]:
    """Return what is left of an area when one cell is taken out."""
    top, left, bottom, right = area
    if not (top <= row <= bottom and left <= at <= right):
        return [area]
    above, under = (top, left, row - 1, right), (row + 1, left, bottom, right)
    before, after = (row, left, row, at - 1), (row, at + 1, row, right)
    pieces = [above, under, before, after]
    return [piece for piece in pieces if piece[0] <= piece[2] and piece[1] <= piece[3]]
