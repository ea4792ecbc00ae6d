"""One sheet of a file: find its header, match its columns, read every cell, remember where each stood."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.names import search_key
from tramyte.exchange.cells import Area, Mark, clean, parser, shown
from tramyte.exchange.columns import Column, Sheet

HEADER_ROWS = 10  # a header stands within the first ten rows; titles may stand above
SUBTOTAL = re.compile(r"(tong|cong):?|(tong cong|tong so|cong don|total|subtotal|sub-total|grand total)\b.*")
SYNTHETIC = re.compile(r"du lieu gia lap|synthetic data")


@dataclass(frozen=True)
class RawSheet:
    """
    A sheet as the file holds it: title, and rows from row 1 and column A on.

    is_text : no types (CSV)
    links   : areas whose cells lead elsewhere when they are clicked
    counted : 0-based (row, column) -> what the formula that stood there last came to
    """

    title: str
    rows: Sequence[Sequence[Any]]
    is_text: bool = False
    links: Collection[Area] = ()
    counted: Mapping[tuple[int, int], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """
    A sheet read column by column, so that a row with one bad cell can still be referred to.

    numbers : row number in the file of each record
    letters : field -> column letter; a column that the file does not have is not here
    values  : field -> one value a record; None where blank or unreadable
    is_alone : read from a CSV, which cannot hold the sheets it refers to
    """

    sheet: Sheet
    title: str
    numbers: Sequence[int]
    letters: Mapping[str, str]
    values: Mapping[str, Sequence[Any]]
    is_synthetic: bool = False
    is_alone: bool = False

    def cell(self, field: str, index: int) -> str:
        """Return the address of a field of a record, as people write it."""
        return f"{self.letters.get(field, 'A')}{self.numbers[index]}"

    def finding(self, code: str, field: str, index: int, **fields: Any) -> Finding:
        """Return a finding at the field of a record; W codes are warnings."""
        return _finding(code, self.title, self.cell(field, index), self.sheet.column(field), fields)

    def records(self) -> tuple[Any, ...]:
        """Return the domain records, in the order of the file."""
        names = tuple(self.values)
        make = self.sheet.record
        return tuple(make(**dict(zip(names, row, strict=True))) for row in zip(*self.values.values(), strict=True))


def letter(index: int) -> str:
    """Return the letter of a 0-based column: 0 -> A, 26 -> AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def header_key(text: object) -> str:
    """Return a header without marks, stars, units in brackets and underscores."""
    plain = re.sub(r"\(.*?\)|\[.*?\]|[*:]", " ", clean(text)) if isinstance(text, str) else ""
    return search_key(plain.replace("_", " "))


def header_keys(sheet: Sheet) -> dict[str, str]:
    """Return every header a sheet may have -> its field: Vietnamese, English, field name."""
    found: dict[str, str] = {}
    for column in sheet.columns:
        for text in (column.field, column.title["en"], column.title["vi"]):
            found[header_key(text)] = column.field
    return found


def find_header(sheet: Sheet, rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """Return row index of the header and how many known columns it has; (0, 0) if there is none."""
    known = header_keys(sheet)
    scores = [len({known[key] for key in map(header_key, row) if key in known}) for row in rows[:HEADER_ROWS]]
    best = max(scores, default=0)
    return (scores.index(best), best) if best else (0, 0)


def read_page(raw: RawSheet, sheet: Sheet, *, on: date) -> tuple[Page, list[Finding]]:
    """
    Return the sheet's page and everything wrong in its cells.

    on : day whose code lists count
    """
    header, score = find_header(sheet, raw.rows)
    if not score:
        empty: dict[str, list[Any]] = {column.field: [] for column in sheet.columns}
        needed = [column for column in sheet.columns if column.is_required]
        fields = {"columns_vi": _titles(needed, "vi"), "columns_en": _titles(needed, "en"), "rows": HEADER_ROWS}
        filled = any(_is_filled(row) for row in raw.rows)
        return Page(sheet, raw.title, [], {}, empty), [Finding("E113", raw.title, "", fields)] if filled else []
    places, findings = _columns(raw, sheet, header)
    rows: list[Sequence[Any]] = []
    numbers: list[int] = []
    for index, row in enumerate(raw.rows[header + 1 :], start=header + 2):
        if not _is_filled(row):
            continue
        if subtotal := _subtotal(row):
            findings.append(Finding("E211", raw.title, f"{letter(subtotal[0])}{index}", {"value": subtotal[1]}))
            continue
        rows.append(row)
        numbers.append(index)
    values: dict[str, list[Any]] = {}
    for column in sheet.columns:
        values[column.field] = _read_column(raw, column, places.get(column.field), rows, numbers, findings, on)
    letters = {field: letter(place) for field, place in places.items()}
    synthetic = any(SYNTHETIC.search(header_key(cell)) for row in raw.rows[:header] for cell in row)
    return Page(sheet, raw.title, numbers, letters, values, synthetic, raw.is_text), findings


def _titles(columns: Iterable[Column], lang: str) -> str:
    return ", ".join(column.title[lang] for column in columns)


def _is_filled(row: Sequence[Any]) -> bool:
    return any(cell != "" and cell is not None and not (isinstance(cell, str) and cell.isspace()) for cell in row)


def _subtotal(row: Sequence[Any]) -> tuple[int, str] | None:
    """Return place and text of the first filled cell, if it says that the row adds others up."""
    place = next(index for index, cell in enumerate(row) if _is_filled([cell]))
    text = row[place]
    if isinstance(text, str) and text.lstrip()[:1].lower() in "tcsg" and SUBTOTAL.fullmatch(search_key(text)):
        return place, shown(clean(text))
    return None


def _columns(raw: RawSheet, sheet: Sheet, header: int) -> tuple[dict[str, int], list[Finding]]:
    """Match the header's cells to columns; in sheet absences an unknown column may hold health facts."""
    known = header_keys(sheet)
    places: dict[str, int] = {}
    findings: list[Finding] = []
    for index, cell in enumerate(raw.rows[header]):
        field = known.get(header_key(cell))
        where = f"{letter(index)}{header + 1}"
        if field is None:
            if _is_filled([cell]):
                code = "E125" if sheet.name == "absences" else "W502"
                text = "#" if isinstance(cell, Mark) else shown(cell)
                findings.append(Finding(code, raw.title, where, {"header": text}, _severity(code)))
        elif field in places:
            fields = {"header": shown(cell), "other": f"{letter(places[field])}{header + 1}"}
            findings.append(Finding("E115", raw.title, where, fields))
        else:
            places[field] = index
    for column in sheet.columns:
        if column.is_required and column.field not in places:
            findings.append(_finding("E114", raw.title, f"A{header + 1}", column, {}))
    return places, findings


def _read_column(
    raw: RawSheet,
    column: Column,
    place: int | None,
    rows: Sequence[Sequence[Any]],
    numbers: Sequence[int],
    findings: list[Finding],
    on: date,
) -> list[Any]:
    if place is None:
        return [None if column.is_required else column.default] * len(rows)
    read = parser(column, on=on, is_text=raw.is_text)
    values = []
    for number, row in zip(numbers, rows, strict=True):
        cell = read(row[place] if place < len(row) else "")
        values.append(cell.value)
        if cell.code:
            findings.append(_finding(cell.code, raw.title, f"{letter(place)}{number}", column, cell.fields))
    for number in _linked(raw.links, place, numbers):
        findings.append(_finding("E218", raw.title, f"{letter(place)}{number}", column, {}))
    return values


def _linked(links: Collection[Area], place: int, numbers: Sequence[int]) -> Iterator[int]:
    """Return those of the row numbers, which rise, that lie in a link of the column."""
    spans = sorted((top + 1, bottom + 1) for top, left, bottom, right in links if left <= place <= right)
    at, reach = 0, 0
    for number in numbers:
        while at < len(spans) and spans[at][0] <= number:
            at, reach = at + 1, max(reach, spans[at][1])
        if number <= reach:
            yield number


def _severity(code: str) -> Any:
    return "warning" if code.startswith("W") else "error"


def _finding(code: str, title: str, cell: str, column: Column, fields: Mapping[str, Any]) -> Finding:
    names = {"column_vi": column.title["vi"], "column_en": column.title["en"]}
    return Finding(code, title, cell, {**names, **fields}, _severity(code))
