"""The workbook's look, and the blank one: headers, notes, drop-downs, a sheet of lists, a sheet that explains."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from tramyte.domain.messages import Lang, say
from tramyte.exchange.cells import EARLIEST, LATEST
from tramyte.exchange.columns import Choice, Column, Sheet, code_list, sheets

CREATED = datetime(2025, 7, 1)  # noqa: DTZ001  a fixed day, so that the same input gives the same bytes
LAST_ROW = 1_048_575
LISTS = {"vi": "Danh mục", "en": "Lists"}
GUIDE = {"vi": "Hướng dẫn", "en": "Guide"}
FINDINGS = {"vi": "Phát hiện", "en": "Findings"}  # of marked.py
LIST_LIMIT = 200  # characters of a drop-down that Excel keeps inside a cell; longer ones stand in the sheet of lists
FONT = "Times New Roman"


@dataclass(frozen=True)
class Look:
    """The formats of one workbook, made once."""

    title: Any
    header: Any
    required: Any
    text: Any
    plain: Any
    date: Any
    month: Any
    note: Any
    synthetic: Any

    def of(self, column: Column) -> Any:
        """The format of a column's cells."""
        own = {"date": self.date, "month": self.month, "code": self.text, "text": self.text}
        return own.get(column.type, self.plain)


@dataclass(frozen=True)
class Book:
    """A workbook being written."""

    file: Any
    buffer: io.BytesIO
    look: Look
    lang: Lang
    lists: Mapping[str, str]
    synthetic: bool

    def bytes(self) -> bytes:
        """Close the workbook and return it."""
        self.file.close()
        return self.buffer.getvalue()


def template(lang: Lang = "vi", *, on: date = date.max) -> bytes:
    """
    Return a blank province workbook (.xlsx), the same bytes each time.

    on : day whose code lists stand in it; without it the newest ones
    """
    book = open_book(lang, synthetic=False, on=on)
    for sheet in sheets().values():
        write_header(book, sheet)
    return book.bytes()


def open_book(lang: Lang, *, synthetic: bool, on: date = date.max) -> Book:
    """Return a workbook that has its guide, and its sheet of lists behind the data sheets' names."""
    buffer = io.BytesIO()
    file = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    file.set_properties({"title": "tramyte", "created": CREATED})
    file.set_size(2400, 1400)
    look = _look(file)
    lists = _names_of_lists(lang, on, synthetic=synthetic)
    book = Book(file, buffer, look, lang, lists, synthetic)
    _guide(book)
    for sheet in sheets().values():
        file.add_worksheet(sheet.title[lang])
    _lists(book, on)
    return book


def _look(file: Any) -> Look:
    base = {"font_name": FONT, "font_size": 11}
    head = {**base, "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
    return Look(
        title=file.add_format({**base, "bold": True, "font_size": 14}),
        header=file.add_format({**head, "bg_color": "#E3F1F9"}),
        required=file.add_format({**head, "bg_color": "#FFF0CC"}),
        text=file.add_format({**base, "num_format": "@"}),
        plain=file.add_format(base),
        date=file.add_format({**base, "num_format": "dd/mm/yyyy"}),
        month=file.add_format({**base, "num_format": "mm/yyyy"}),
        note=file.add_format({**base, "text_wrap": True, "valign": "top"}),
        synthetic=file.add_format({**base, "bold": True, "font_color": "#A61B1B"}),
    )


def header_row(book: Book) -> int:
    """Return the 0-based row of the header: the line that says synthetic stands above it."""
    return 1 if book.synthetic else 0


def write_header(book: Book, sheet: Sheet) -> Any:
    """Write header, notes, drop-downs and widths of one sheet; return the worksheet."""
    page = book.file.get_worksheet_by_name(sheet.title[book.lang])
    head, lang = header_row(book), book.lang
    if book.synthetic:
        page.write_string(0, 0, say("WB01", lang), book.look.synthetic)
    page.set_row(head, 45)
    for index, column in enumerate(sheet.columns):
        star = " *" if column.is_required else ""
        look = book.look.required if column.is_required else book.look.header
        page.write_string(head, index, f"{column.title[lang]}{star}", look)
        page.write_comment(
            head, index, column_note(column, lang), {"x_scale": 2.2, "y_scale": 1.6, "author": "tramyte"}
        )
        page.set_column(index, index, column.width, book.look.of(column))
        if rule := _validation(book, column):
            page.data_validation(head + 1, index, LAST_ROW, index, rule)
    page.freeze_panes(head + 1, 1)
    page.repeat_rows(head)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    return page


def column_note(column: Column, lang: Lang) -> str:
    """Return what a column's note says: its sense, type, unit, limits, words, and whether it must be given."""
    parts = [column.note[lang], say(f"WB_{column.type}", lang)]
    if column.unit[lang]:
        parts.append(say("WB02", lang, unit=column.unit[lang]))
    if column.type in ("int", "float", "share") and column.low is not None:
        parts.append(say("WB03", lang, low=f"{column.low:.12g}", high=f"{column.high:.12g}"))
    if column.choices:
        parts.append("; ".join(choice.label(lang) for choice in column.choices))
    parts.append(say("WB04" if column.is_required else "WB05", lang))
    return "\n".join(part for part in parts if part)


def _validation(book: Book, column: Column) -> dict[str, Any] | None:
    """Return the rule Excel holds the cell against; a list of the law only warns, since reading says more."""
    error = {"error_title": "tramyte", "error_message": say("WB06", book.lang)}
    if column.choices:
        labels = [choice.label(book.lang) for choice in column.choices]
        inside = len(",".join(labels)) <= LIST_LIMIT and not any("," in label for label in labels)
        return {"validate": "list", "source": labels if inside else book.lists[_list_name(column)], **error}
    if column.lists:
        return {"validate": "list", "source": book.lists[column.ref], "error_type": "warning", **error}
    if column.type in ("date", "month"):
        return {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST, **error}
    if column.type == "bool":
        return {"validate": "list", "source": [say("WB07", book.lang), say("WB08", book.lang)], **error}
    if column.type in ("int", "float", "share"):
        kind = "integer" if column.type == "int" else "decimal"
        return {"validate": kind, "criteria": "between", "minimum": column.low, "maximum": column.high, **error}
    return None


def _list_name(column: Column) -> str:
    return column.ref if column.lists else f"{column.sheet}.{column.field}"


def _long_lists(on: date) -> dict[str, tuple[Column, list[Choice]]]:
    """Return list name -> the column that first asks for it and its words: code lists, and every choice."""
    found: dict[str, tuple[Column, list[Choice]]] = {}
    for sheet in sheets().values():
        for column in sheet.columns:
            listed = [choice for name in column.lists for choice in code_list(name, on=on).values()]
            if (column.choices or listed) and _list_name(column) not in found:
                found[_list_name(column)] = column, [*column.choices, *listed]
    return found


def _names_of_lists(lang: Lang, on: date, *, synthetic: bool) -> dict[str, str]:
    """Return list name -> the range of its words in the sheet of lists; three columns a list."""
    names = {}
    for index, (name, (column, words)) in enumerate(_long_lists(on).items()):
        place = 3 * index + (0 if column.lists else 1)
        names[name] = f"='{LISTS[lang]}'!{_range(place, 3 + synthetic, len(words))}"
    return names


def _range(column: int, first: int, count: int) -> str:
    name = xlsxwriter.utility.xl_col_to_name(column, col_abs=True)
    return f"{name}${first}:{name}${first + count - 1}"


def _lists(book: Book, on: date) -> None:
    page, top = book.file.add_worksheet(LISTS[book.lang]), header_row(book)
    if book.synthetic:
        page.write_string(0, 0, say("WB01", book.lang), book.look.synthetic)
    for index, (column, words) in enumerate(_long_lists(on).values()):
        place = 3 * index
        page.write_string(top, place, f"{column.title[book.lang]}", book.look.title)
        for offset, head in enumerate((say("WB09", book.lang), say("WB10", book.lang))):
            page.write_string(top + 1, place + offset, head, book.look.header)
        for row, choice in enumerate(words, start=top + 2):
            page.write_string(row, place, choice.code, book.look.text)
            page.write_string(row, place + 1, choice.label(book.lang), book.look.text)
        page.set_column(place, place, 16)
        page.set_column(place + 1, place + 1, 44)
        page.set_column(place + 2, place + 2, 3)
    page.freeze_panes(top + 2, 0)


def _guide(book: Book) -> None:
    """Write the first sheet: what the file is for, how to fill it, which sheets there are."""
    page = book.file.add_worksheet(GUIDE[book.lang])
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 100)
    page.write_string(0, 0, say("WB11", book.lang), book.look.title)
    row = 1
    if book.synthetic:
        page.write_string(row, 0, say("WB01", book.lang), book.look.synthetic)
        row += 1
    for code in ("WB12", "WB13", "WB14", "WB15", "WB16", "WB17"):
        row += 1
        page.write_string(row, 1, say(code, book.lang), book.look.note)
    row += 2
    for sheet in sheets().values():
        title = sheet.title[book.lang]
        page.write_url(row, 0, f"internal:'{title}'!A1", None, title)
        page.write_string(row, 1, ", ".join(column.title[book.lang] for column in sheet.columns), book.look.note)
        row += 1
