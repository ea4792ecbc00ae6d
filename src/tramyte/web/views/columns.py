"""What a list is made of: columns, filters, what a value looks like. `lists.py` lays them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import QuerySet, Sum
from django.utils import timezone

from tramyte.domain.messages import Lang, say
from tramyte.need.numbers import number

Kind = Literal["text", "number", "range", "day", "moment", "link", "status"]
NUMBERS = ("number", "range")  # kinds that stand right
Rows = Any  # a QuerySet, or a Sequence of dicts or objects


@dataclass(frozen=True)
class Status:
    """
    A value of a column of kind status: a word on a fill.

    look : short, near, met or unknown (the four looks of the style sheet)
    code : message code, said with the fields
    rank : what it is sorted by
    """

    look: str
    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    rank: float | None = None


@dataclass(frozen=True)
class Column:
    """
    One column of a list.

    code    : its name in the address, in a workbook's order, in tests
    word    : message code of its head
    of      : name of a key or attribute of a row, or a function of a row; None or a result of None is "—"
    kind    : how a value is shown: text, number, range (from, to), day, moment, link (text that leads on), status (a
              `Status`)
    halves  : of a range: message codes of the heads of its two columns in a workbook
    link    : row -> address of the rows or the page behind the value; None: no link
    by      : what it sorts by. Queryset: a field, or several by commas; blank: it is not sorted by. Sequence: a
              function of a row; blank: the value (text in Vietnamese order, a status by its rank)
    total   : all rows that fit -> the value in the row of totals, see `sum_of`
    private : never copied as plain text (identity number, phone, outcome of an absence)
    is_head : the cell that names the row; the first column is one anyhow
    """

    code: str
    word: str
    of: str | Callable[[Any], Any]
    kind: Kind = "text"
    link: Callable[[Any], str | None] | None = None
    by: str | Callable[[Any], Any] | None = None
    total: Callable[[Rows], Any] | None = None
    private: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)  # of its head's sentence
    halves: tuple[str, str] = ("", "")

    def value(self, row: Any) -> Any:
        """Return the value of a row."""
        return self.of(row) if callable(self.of) else part(row, self.of)

    def head(self, lang: Lang) -> str:
        """Return the words over the column."""
        return say(self.word, lang, **self.fields)


@dataclass(frozen=True)
class Filter:
    """
    One choice over a list, kept in the address.

    code    : name in the address; word: message code of its label
    choices : (value, words) as they are shown; the blank choice "all" comes by itself. Empty: any text fits, and there
              is no field for it (a link set it): it is told above the rows by `told`
    keep    : (rows, value) -> the rows that fit; rows and result are of one sort, queryset or sequence
    """

    code: str
    word: str
    keep: Callable[[Rows, str], Rows]
    choices: Sequence[tuple[str, str]] = ()
    told: Callable[[str], str] | None = None

    def words(self, value: str) -> str:
        """Return what a value is called."""
        return next((words for one, words in self.choices if one == value), self.told(value) if self.told else value)


@dataclass(frozen=True)
class Empty:
    """What an empty list says: one sentence why, one action (message codes), and where the action leads."""

    code: str = "UI_nothing"
    action: str = "UI_show_all"
    address: str = ""


@dataclass(frozen=True)
class Cell:
    """One value as it is shown."""

    text: str
    address: str | None = None
    look: str = ""
    is_number: bool = False


def sum_of(name: str) -> Callable[[Rows], Any]:
    """Return the total of a field: by the database of a queryset; of a sequence, of what is known; None: nothing is."""

    def total(rows: Rows) -> Any:
        if isinstance(rows, QuerySet):
            return rows.order_by().aggregate(total=Sum(name))["total"]
        known = [value for row in rows if (value := part(row, name)) is not None]
        return sum(known) if known else None

    return total


def sum_of_ranges(name: str) -> Callable[[Rows], Any]:
    """Return the total of a field of ranges: from, to; None: none is known."""

    def total(rows: Rows) -> Any:
        known = [value for row in rows if (value := part(row, name)) is not None]
        return tuple(round(sum(ends), 2) for ends in zip(*known, strict=True)) if known else None

    return total


def span(low: float, high: float, lang: Lang) -> str:
    """
    Return a range as it is read.

    >>> span(6.5, 7.8, "vi"), span(4, 4, "vi")
    ('6,5–7,8', '4')
    """
    return number(low, lang) if low == high else f"{number(low, lang)}–{number(high, lang)}"


def shown(value: Any, kind: Kind, lang: Lang, address: str | None = None) -> Cell:
    """Return a value as it is shown; what is not known is a dash, which is not 0."""
    if isinstance(value, Status):
        return Cell(say(value.code, lang, **_written(value.fields, lang)), address, value.look)
    if value is None or value == "":
        return Cell("—", None, "none", is_number=kind in NUMBERS)
    if kind in NUMBERS and isinstance(value, int | float | tuple):
        low, high = value if isinstance(value, tuple) else (value, value)
        return Cell(span(low, high, lang), address, is_number=True)
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return Cell(f"{value:%d/%m/%Y %H:%M}" if lang == "vi" else f"{value:%Y-%m-%d %H:%M}", address)
    if isinstance(value, date):
        return Cell(f"{value:%d/%m/%Y}" if lang == "vi" else value.isoformat(), address)
    return Cell(str(value), address, is_number=kind == "number")


def _written(fields: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    return {name: number(one, lang) if isinstance(one, int | float) else one for name, one in fields.items()}


def part(row: Any, name: str) -> Any:
    """Return a key of a row, or an attribute."""
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name)
