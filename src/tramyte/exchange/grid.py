"""Workbook sheets as an office expects them: title, source line, totals on top, filter, frozen and repeated head."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter

TITLE, SOURCE, MARK, TOTAL, HEAD = range(5)
FIRST = HEAD + 1
A3, A4 = 8, 9
HEAD_HEIGHT = 48  # points: three lines
LINE = 15  # points of one line of text
MARKED = 3  # columns under the mark
CREATED = datetime(2025, 1, 1)  # noqa: DTZ001  fixed, so that the same plan makes the same bytes; xlsx knows no zone
# signs Excel refuses, and those it counts as two letters
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff\U00010000-\U0010ffff]")
LONGEST = 31  # letters in a sheet name; more are refused by Excel

STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "source": {"font_color": "#3D4A59", "font_size": 9},
    "mark": {"bold": True, "bg_color": "#FFF0CC", "font_color": "#6B4200"},
    "head": {
        "bold": True, "bg_color": "#E9EEF4", "border": 1, "border_color": "#6B7888", "text_wrap": True,
        "valign": "vcenter",
    },
    "date_head": {
        "bold": True, "bg_color": "#E9EEF4", "border": 1, "border_color": "#6B7888", "num_format": "dd/mm/yyyy",
        "align": "left",
    },
    "text": {"valign": "top"},
    "strong": {"bold": True, "valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "int": {"num_format": "#,##0", "valign": "top"},
    "plain": {"num_format": "0", "valign": "top"},
    "tenth": {"num_format": "#,##0.0", "valign": "top"},
    "number": {"num_format": "General", "valign": "top"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"},
    "date": {"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"},
    "total": {"bold": True, "num_format": "#,##0", "top": 1, "bottom": 1},
    "tour": {"bg_color": "#DCE9F7", "border": 1, "border_color": "#6B7888"},
    "locked": {"bg_color": "#DCE9F7", "border": 2, "border_color": "#15202B"},
    "short_critical": {"bg_color": "#A61B1B", "font_color": "#FFFFFF", "bold": True, "border": 1},
    "short": {"bg_color": "#FFF0CC", "font_color": "#6B4200", "bold": True, "border": 1, "border_color": "#6B4200"},
    "free": {"border": 4, "border_color": "#CBD3DD"},
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its head, its width in letters, how its values are shown."""

    label: str
    width: float
    kind: Literal["text", "wrap", "int", "number", "date", "moment"] = "text"


class Book:
    """A workbook in memory whose bytes depend on what is written only. Text is never taken for a formula or link."""

    def __init__(self, *, source: str, mark: str, footer: str) -> None:
        self._out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file = xlsxwriter.Workbook(self._out, options)
        self.file.set_properties({"created": CREATED})
        self._styles = {name: self.file.add_format({"font_name": "Arial", **style}) for name, style in STYLES.items()}
        self._source, self._mark, self._footer = source, mark, footer
        self._names: set[str] = {"history"}  # Excel keeps this name for itself

    def style(self, name: str) -> Any:
        """Return a format of STYLES."""
        return self._styles[name]

    def sheet(self, name: str, title: str, *, paper: int = A4) -> Any:
        """Return a new sheet with title, source line, mark and print setup."""
        sheet = self.bare(name)
        sheet.write_string(TITLE, 0, title, self.style("title"))
        sheet.write_string(SOURCE, 0, self._source, self.style("source"))
        if self._mark:
            sheet.write_string(MARK, 0, self._mark, self.style("mark"))
            for at in range(1, MARKED):
                sheet.write_blank(MARK, at, None, self.style("mark"))
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(left=0.59, right=0.59, top=0.79, bottom=0.79)  # 15 and 20 mm
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + self._footer.replace("&", "&&")[:120] + "&R&P/&N")
        return sheet

    def bare(self, name: str) -> Any:
        """Return a new sheet with nothing on it."""
        return self.file.add_worksheet(self._unique(name))

    def table(
        self,
        sheet: Any,
        columns: Sequence[Column],
        *,
        rows: Sequence[Sequence[Any]],
        totals: Mapping[int, int | str] | None = None,
        frozen: int = 1,
        empty: str = "",
    ) -> None:
        """
        Fill the sheet with one table: totals above the head, so that a filter or a sort leaves them alone.

        totals : column -> total
        frozen : columns that stay in view
        empty  : the sentence under the head when there are no rows
        """
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(HEAD, at, column.label, self.style("head"))
        sheet.set_row(HEAD, HEAD_HEIGHT)
        for at, value in (totals or {}).items():
            sheet.write(TOTAL, at, value, self.style("total"))
        for index, row in enumerate(rows, start=FIRST):
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.put(sheet, index, at, value=value, kind=column.kind)
            sheet.set_row(index, LINE * _lines(columns, row))  # LibreOffice does not fit folded rows by itself
        if not rows:
            sheet.write_string(FIRST, 0, empty, self.style("text"))
        sheet.autofilter(HEAD, 0, HEAD + max(1, len(rows)), len(columns) - 1)
        sheet.freeze_panes(FIRST, frozen)
        sheet.repeat_rows(HEAD)

    def put(self, sheet: Any, row: int, column: int, *, value: Any, kind: str) -> None:
        """Write one value: numbers as numbers, days as days, None as a dash, the rest as text."""
        style = self.style(kind)
        if value is None:
            sheet.write_string(row, column, "—", self.style("text"))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, str(value), style)

    def close(self) -> bytes:
        """Return the bytes of the workbook."""
        self.file.close()
        return self._out.getvalue()

    def _unique(self, name: str) -> str:
        """Return the name as Excel allows it: 31 letters, no signs of its own, different from all before."""
        plain = FORBIDDEN.sub(" ", name).strip(" '") or "-"
        unique, again = _cut(plain, LONGEST), 1
        while unique.casefold() in self._names:
            again += 1
            tail = f" ({again})"
            unique = _cut(plain, LONGEST - len(tail)) + tail
        self._names.add(unique.casefold())
        return unique


def _cut(text: str, most: int) -> str:
    """Return the whole words that fit into so many letters; of a word that is longer by itself, its beginning."""
    if len(text) <= most:
        return text
    words = text[: most + 1].rpartition(" ")[0].rstrip(" '-–,(")
    return words or text[:most].rstrip(" '")


def _lines(columns: Sequence[Column], row: Sequence[Any]) -> int:
    """Return how many lines the longest folded text of a row takes; a letter is narrower than a digit."""
    return max(
        (-(-len(str(value)) // int(1.2 * column.width)) for column, value in zip(columns, row, strict=True)
         if column.kind == "wrap"),
        default=1,
    )  # fmt: skip
