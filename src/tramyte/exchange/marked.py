"""A workbook given back with what was found in it: a colour and a note at each cell, and a sheet of all findings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from xlsxwriter.utility import xl_cell_to_rowcol

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.exchange.cells import Mark
from tramyte.exchange.grid import FIRST, Book, Column
from tramyte.exchange.pages import RawSheet
from tramyte.exchange.template import FINDINGS

LONGEST = 32_767  # letters of a cell and of a note; more are refused by Excel
OLDEST = 1900  # year of the first day that Excel knows
NOTE: Final = {"author": "tramyte", "x_scale": 2.5, "y_scale": 1.5}
DAY, MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
NARROW, WIDE, MEASURED = 8, 40, 100  # letters of a column; rows that say how wide it is
LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "": {}, "warning": {"bg_color": "#FFF0CC", "font_color": "#6B4200"},
    "error": {"bg_color": "#A61B1B", "font_color": "#FFFFFF"},
}  # fmt: skip
Place = tuple[int, int]


def write(
    raws: Sequence[RawSheet], findings: Sequence[Finding], *, title: str, source: str, lang: Lang = "vi"
) -> bytes:
    """
    Return the workbook: the sheet of findings first, then every sheet with its values where they stood.

    Made anew, from values alone: no formula, link, macro or picture of the file comes along, and text stays text.
    """
    book = Book(source=source, mark="", footer=title)
    first = book.sheet(FINDINGS[lang], title)
    ours = {title.casefold() for title in FINDINGS.values()}
    sheets = {raw.title: (book.bare(raw.title), raw) for raw in raws if raw.title.casefold() not in ours}
    _list(book, first, findings, {title: sheet.get_name() for title, (sheet, _) in sheets.items()}, lang)
    looks = {
        (look, kind): book.file.add_format({**style, "num_format": kind, "font_name": "Arial"})
        for look, style in LOOKS.items() for kind in ("General", DAY, MOMENT)
    }  # fmt: skip
    for title, (sheet, raw) in sheets.items():
        _fill(sheet, raw, _by_cell(one for one in findings if one.sheet == title), looks, lang)
    return book.close()


def _list(book: Book, sheet: Any, findings: Sequence[Finding], names: Mapping[str, str], lang: Lang) -> None:
    """Fill the sheet of findings; a place leads to its cell."""
    heads = (("UI_import_cell", 24.0), ("UI_import_level", 14.0), ("UI_import_code", 8.0), ("UI_import_words", 100.0))
    columns = [Column(say(code, lang), width, "wrap" if width > 50 else "text") for code, width in heads]
    rows = [
        (one.place(lang) or "—", say(f"UI_import_{one.severity}", lang), one.code, _words(one, lang))
        for one in findings
    ]
    book.table(sheet, columns, rows=rows, empty=say("UI_nothing", lang))
    for row, one in enumerate(findings, start=FIRST):
        if one.sheet in names and _place(one.cell) is not None:
            there = names[one.sheet].replace("'", "''")
            sheet.write_url(row, 0, f"internal:'{there}'!{one.cell}", book.style("text"), one.place(lang)[:255])


def _words(one: Finding, lang: Lang) -> str:
    """Return the sentence of a finding; code and place stand beside it."""
    return one.sentence(lang).removeprefix(f"{one.code} ").removeprefix(f"{one.place(lang)}: ")


def _by_cell(findings: Iterable[Finding]) -> dict[Place, list[Finding]]:
    found: dict[Place, list[Finding]] = {}
    for one in findings:
        if (place := _place(one.cell)) is not None:
            found.setdefault(place, []).append(one)
    return found


def _place(cell: str) -> Place | None:
    """Return 0-based row and column of an address; None: it is not one cell."""
    letters = cell.rstrip("0123456789")
    is_one = letters.isalpha() and letters.isascii() and letters.isupper() and letters != cell
    return xl_cell_to_rowcol(cell) if is_one else None


def _fill(sheet: Any, raw: RawSheet, found: Mapping[Place, Sequence[Finding]], looks: Any, lang: Lang) -> None:
    widths: dict[int, int] = {}
    for row, values in enumerate(raw.rows):
        for at, value in enumerate(values):
            if row < MEASURED and isinstance(value, str):
                widths[at] = max(widths.get(at, NARROW), min(len(value), WIDE))
            if isinstance(value, Mark):  # what a formula came to stands there instead of it; of an error, nothing
                value = raw.counted.get((row, at), "")
            _put(sheet, row, at, value, _look(found.get((row, at), ())), looks)
    for at, width in widths.items():
        sheet.set_column(at, at, width + 1)
    for (row, at), here in found.items():
        if row >= len(raw.rows) or at >= len(raw.rows[row]):
            _put(sheet, row, at, "", _look(here), looks)
        text = "\n".join(f"{one.code} {_words(one, lang)}" for one in here)
        sheet.write_comment(row, at, text[:LONGEST], NOTE)


def _look(here: Sequence[Finding]) -> str:
    return "" if not here else "error" if any(one.severity == "error" for one in here) else "warning"


def _put(sheet: Any, row: int, at: int, value: Any, look: str, looks: Any) -> None:
    """Write one value as what it is; whatever a workbook has no kind for, as text."""
    plain = looks[look, "General"]
    if value is None or value == "":
        if look:
            sheet.write_blank(row, at, None, plain)
    elif isinstance(value, bool):
        sheet.write_boolean(row, at, value, plain)
    elif isinstance(value, date) and value.year >= OLDEST:
        has_hour = isinstance(value, datetime) and (value.hour or value.minute)
        sheet.write_datetime(row, at, value, looks[look, MOMENT if has_hour else DAY])
    elif isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(row, at, value, plain)
    else:
        sheet.write_string(row, at, str(value)[:LONGEST], plain)
