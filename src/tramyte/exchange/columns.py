"""The columns of the province workbook: `columns.csv` is their only truth, read here and nowhere else."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, get_args, get_type_hints

from tramyte.domain.messages import Lang
from tramyte.domain.names import search_key
from tramyte.domain.register import Register
from tramyte.norms import norm

TYPES = ("text", "code", "int", "float", "share", "bool", "choice", "date", "month")


@dataclass(frozen=True)
class Choice:
    """One word a cell may hold: the code a record keeps, and how it is written and read."""

    code: str
    vi: str
    en: str

    def label(self, lang: Lang) -> str:
        """The word as it stands in the cell."""
        return self.vi if lang == "vi" else self.en


@dataclass(frozen=True)
class Column:
    """
    One field of one sheet.

    type         : one of TYPES
    ref          : "sheet.field" it must exist in, or "norm:name name" of code lists, or ""
    low, high    : least and most, for text and codes of the length; None: no limit
    default      : what a blank cell is read as
    """

    sheet: str
    field: str
    type: str
    is_required: bool
    is_key: bool
    ref: str
    choices: tuple[Choice, ...]
    low: float | None
    high: float | None
    unit: Mapping[str, str]
    title: Mapping[str, str]
    note: Mapping[str, str]
    width: int
    default: Any

    @property
    def lists(self) -> tuple[str, ...]:
        """Names of the code lists of the law that the cell must be in."""
        return tuple(self.ref.removeprefix("norm:").split()) if self.ref.startswith("norm:") else ()

    @property
    def target(self) -> tuple[str, str] | None:
        """Sheet and field that must hold the code."""
        if not self.ref or self.lists:
            return None
        sheet, _, name = self.ref.partition(".")
        return sheet, name

    def __repr__(self) -> str:
        return f"<Column {self.sheet}.{self.field}, {self.type}>"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name is a field of Register, its record that field's class."""

    name: str
    title: Mapping[str, str]
    record: type
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Fields that together name a row."""
        return tuple(column.field for column in self.columns if column.is_key)

    def column(self, field: str) -> Column:
        """Return one column by its field."""
        return next(column for column in self.columns if column.field == field)


@cache
def sheets() -> dict[str, Sheet]:
    """Return name -> sheet, in the order of the workbook."""
    return sheets_of((resources.files("tramyte.exchange") / "columns.csv").read_text("utf-8"), records=_records())


def sheets_of(table: str, *, records: Mapping[str, Any]) -> dict[str, Sheet]:
    """
    Return name -> sheet of a table of columns.

    records : sheet -> its record class; the defaults of a dataclass are what a blank cell is read as
    """
    rows = list(csv.DictReader(table.splitlines()))
    found = {}
    for name in dict.fromkeys(row["sheet"] for row in rows):
        own = [row for row in rows if row["sheet"] == name]
        known = fields(records[name]) if is_dataclass(records[name]) else ()
        defaults = {item.name: None if item.default is MISSING else item.default for item in known}
        columns = tuple(_column(row, defaults.get(row["field"])) for row in own)
        found[name] = Sheet(name, {"vi": own[0]["sheet_vi"], "en": own[0]["sheet_en"]}, records[name], columns)
    return found


def _records() -> dict[str, Any]:
    """Return sheet name -> record class, from the annotations of Register."""
    return {name: get_args(hint)[0] for name, hint in get_type_hints(Register).items()}


def _column(row: Mapping[str, str], default: Any) -> Column:
    return Column(
        sheet=row["sheet"],
        field=row["field"],
        type=row["type"],
        is_required=row["is_required"] == "1",
        is_key=row["is_key"] == "1",
        ref=row["ref"],
        choices=tuple(Choice(*part.split(":")) for part in row["choices"].split("|") if part),
        low=float(row["min"]) if row["min"] else None,
        high=float(row["max"]) if row["max"] else None,
        unit={"vi": row["unit_vi"], "en": row["unit_en"]},
        title={"vi": row["vi"], "en": row["en"]},
        note={"vi": row["note_vi"], "en": row["note_en"]},
        width=int(row["width"]),
        default=default,
    )


def code_list(name: str, *, on: date) -> dict[str, Choice]:
    """
    Return code -> choice of one code list of the law, as it stands on the day.

    raises : NormMissing, the list is unknown or not in force on the day
    """
    value = norm(name, on=on).value
    return {code: Choice(code, item["vi"], item["en"]) for code, item in value.items()}


def words(column: Column, *, on: date) -> dict[str, str]:
    """Return everything a cell of a choice or list column may say, as a search key -> the code it means."""
    choices = list(column.choices)
    for name in column.lists:
        choices.extend(code_list(name, on=on).values())
    found: dict[str, str] = {}
    for choice in reversed(choices):  # the first of two equal labels wins
        found.update({search_key(choice.en): choice.code, search_key(choice.vi): choice.code})
    found.update({search_key(choice.code): choice.code for choice in choices})
    return found
