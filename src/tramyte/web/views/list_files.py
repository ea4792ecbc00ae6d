"""A list as a workbook or as plain words: every row that fits, and what it is, as of when, from where, by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone

from tramyte.domain.messages import say
from tramyte.exchange import grid
from tramyte.web.views.columns import Column, Status, shown
from tramyte.web.views.scope import Scope

if TYPE_CHECKING:
    from tramyte.web.views.lists import Table

FORMS = ("xlsx", "txt")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"text": 28.0, "link": 28.0, "status": 18.0, "number": 12.0, "range": 12.0, "day": 12.0, "moment": 17.0}
KINDS: dict[str, Any] = {"number": "number", "day": "date", "moment": "moment"}
FACTS = 2  # columns of the first sheet
EVERY = 2000  # rows asked for at once


def answer(form: str, found: Table, *, scope: Scope | None, by: Any) -> HttpResponse:
    """Return a list as a file: all rows, in the order of the page."""
    day = scope.on if scope else timezone.localdate()
    if form == "txt":
        return HttpResponse(words(found, scope=scope), content_type="text/plain; charset=utf-8")
    name = "-".join([found.key, *([scope.pv] if scope else []), day.isoformat()]) + ".xlsx"
    return HttpResponse(
        workbook(found, scope=scope, by=by), content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def facts(found: Table, *, scope: Scope | None, by: Any) -> list[tuple[str, Any]]:
    """Return what a list is, line by line: label, and words, a day or a moment."""
    lang = found.lang
    rows: list[tuple[str, Any]] = []
    if scope:
        rows = [
            (say("UI_scope", lang), scope.title),
            (say("UI_on", lang), scope.on),
            (say("UI_known", lang), scope.known or timezone.localdate()),
        ]  # fmt: skip
    rows += [(label, words) for label, words in found.told] or [(say("UI_filter", lang), say("UI_all", lang))]
    return [
        *rows,
        (say("UI_rows", lang), found.count),
        (say("UI_from", lang), say("UI_from_register", lang)),
        (say("UI_taken_by", lang), by.get_full_name() if by.is_authenticated else ""),
        (say("UI_taken_at", lang), timezone.localtime()),
    ]


def workbook(found: Table, *, scope: Scope | None, by: Any) -> bytes:
    """Return the list as an .xlsx file: facts on the first sheet, rows on the second; text never becomes a formula."""
    lang = found.lang
    on = scope.on if scope else timezone.localdate()
    mark = say("X_SYNTHETIC", lang) if scope and scope.province.is_sample else ""
    book = grid.Book(source=say("UI_source", lang, on=shown(on, "day", lang).text), mark=mark, footer=found.title)
    first = book.sheet(say("UI_sheet_about", lang), found.title)
    first.set_column(0, 0, 26)
    first.set_column(1, 1, 60)
    for row, (label, value) in enumerate(facts(found, scope=scope, by=by), start=grid.MARK + FACTS):
        book.put(first, row, 0, value=label, kind="strong")
        kind = "moment" if isinstance(value, datetime) else "date" if isinstance(value, date) else "number"
        book.put(first, row, 1, value=plain(value), kind=kind if not isinstance(value, str) else "text")
    told = [half for one in found.columns for half in halves(one)]
    columns = [
        grid.Column(one.head(lang), WIDTHS[one.kind], KINDS.get(one.kind, "text")) for one in told
    ]  # fmt: skip
    totals = {
        at: flat(one.total(found.rows), one, found) for at, one in enumerate(told) if one.total
    }  # fmt: skip
    rows = [[flat(one.value(row), one, found) for one in told] for row in every(found.rows)]
    book.table(
        book.sheet(say("UI_sheet_rows", lang), found.title), columns, rows=rows,
        totals={at: value for at, value in totals.items() if value is not None}, empty=say(found.empty.code, lang),
    )  # fmt: skip
    return book.close()


def halves(column: Column) -> list[Column]:
    """Return what a column is in a workbook: of a range two columns of true numbers, from and to."""
    if column.kind != "range":
        return [column]

    def half(at: int, of: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda rows: None if (value := of(rows)) is None else value[at]

    return [
        replace(column, word=word, kind="number", of=half(at, column.value),
                total=half(at, column.total) if column.total else None)
        for at, word in enumerate(column.halves)
    ]  # fmt: skip


def words(found: Table, *, scope: Scope | None) -> str:
    """Return the list as plain words, one row a line, for a message to a group: nothing private is in it."""
    lang = found.lang
    columns = [one for one in found.columns if not one.private]
    lines = [found.title]
    if scope:
        lines.append(say("UI_source", lang, on=shown(scope.on, "day", lang).text))
    lines += [f"{label}: {told}" for label, told in found.told]
    for row in every(found.rows):
        cells = (shown(one.value(row), one.kind, lang).text for one in columns)
        lines.append("- " + " · ".join(cell for cell in cells if cell != "—"))
    return "\n".join(lines) + "\n"


def every(rows: Any) -> Any:
    """Return all rows, those of a query some at a time."""
    return rows.iterator(chunk_size=EVERY) if hasattr(rows, "iterator") else rows


def flat(value: Any, column: Column, found: Table) -> Any:
    """Return a value as a workbook holds it: numbers and days as such, the rest as words."""
    if isinstance(value, Status):
        return shown(value, column.kind, found.lang).text
    return None if value == "" else plain(value)


def plain(value: Any) -> Any:
    """Return a moment without its zone, which a workbook does not know: the hour of Vietnam."""
    is_zoned = isinstance(value, datetime) and timezone.is_aware(value)
    return timezone.make_naive(value) if is_zoned else value
