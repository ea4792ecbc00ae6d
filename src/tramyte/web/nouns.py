"""
The nouns of the register that people correct by hand: one description, from the tables of columns.

A noun is a sheet of the workbook (`exchange/columns.csv`), or a table that workbooks do not have (`nouns.csv`). Forms,
checks, addresses and actions are made from it; nothing is written a second time for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

from tramyte.domain.names import search_key
from tramyte.exchange.columns import Column, Sheet, sheets, sheets_of
from tramyte.web import models, records
from tramyte.web.models.base import Dated, Record
from tramyte.web.roles import Permission

# What is masked wherever a person stands: opened one field at a time, with a reason, and every opening is an event.
MASKED: Final[Mapping[str, frozenset[str]]] = {
    "contacts": frozenset({"identity_number", "phone", "email"}),
    "absences": frozenset({"outcome"}),
}
MASK: Final = "•••"

_PLACES, _PEOPLE, _PLAN = Permission.EDIT_PLACES, Permission.EDIT_PEOPLE, Permission.PLAN
# noun -> the permission that recording it asks for, and whether it is the province's to record, whatever it is about
_MAY: Final[Mapping[str, tuple[Permission, bool]]] = {
    "communes": (_PLACES, True), "facilities": (_PLACES, False), "authorities": (_PLACES, True),
    "posts": (_PLACES, False), "staff": (_PEOPLE, False), "skills": (_PEOPLE, False), "licences": (_PEOPLE, False),
    "appointments": (_PEOPLE, False), "absences": (_PEOPLE, False), "past_tours": (_PLAN, True),
    "collaborators": (_PEOPLE, False), "service_counts": (_PLACES, False), "projects": (_PLACES, False),
    "assessments": (_PLACES, False), "totals": (_PLACES, True), "senders": (_PLAN, True),
    "away_limits": (_PLAN, True), "travel": (_PLAN, True), "contacts": (_PEOPLE, False),
    "equipment": (_PLACES, False), "courses": (_PEOPLE, True), "enrolments": (_PEOPLE, False),
    "commitments": (_PEOPLE, False),
}  # fmt: skip
_MORE: Final[Mapping[str, Any]] = {
    "contacts": models.Contact, "equipment": models.Equipment, "courses": models.Course,
    "enrolments": models.Enrolment, "commitments": models.Commitment,
}  # fmt: skip


@dataclass(frozen=True)
class Noun:
    """
    One kind of record.

    sheet    : its columns
    model    : its table
    may      : the permission that recording it asks for, at the place of the record
    is_above : it is asked for at the province, not at the place of the record: units, totals, what plans are made of
    """

    sheet: Sheet
    model: type[Record]
    may: Permission
    is_above: bool

    @property
    def name(self) -> str:
        """Field of Register, or of `nouns.csv`."""
        return self.sheet.name

    @cached_property
    def slug(self) -> str:
        """The noun in an address: vi-tri-viec-lam."""
        return slug(self.sheet.title["vi"])

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a form asks; the province is that of the page."""
        return tuple(column for column in self.sheet.columns if column.field != "province")

    @property
    def masked(self) -> frozenset[str]:
        """Fields never shown without a reason."""
        return MASKED.get(self.name, frozenset())

    @cached_property
    def has_spans(self) -> bool:
        """Whether one thing may have several rows, one after the other: then a change can begin on a day."""
        return issubclass(self.model, Dated) and "start" in self.sheet.key

    @cached_property
    def has_end(self) -> bool:
        """Whether a row ends on a day."""
        return any(column.field == "end" for column in self.sheet.columns)

    @cached_property
    def referred(self) -> frozenset[str]:
        """Fields by which other records name this one: they stay as they are, or those would name nothing."""
        targets = (column.target for noun in nouns().values() for column in noun.sheet.columns if column.target)
        return frozenset(field for name, field in targets if name == self.name and field == "code")

    def at(self, path: str) -> str:
        """Return the place at which recording a row with this path is asked for."""
        return path[:3] if self.is_above else path

    def key(self, row: Any) -> str:
        """Return how a log names a row; nothing that is masked."""
        parts = (getattr(row, field) for field in self.sheet.key if field not in self.masked)
        return " · ".join(str(part) for part in parts if part is not None)

    def called(self, row: Any) -> str:
        """Return how a page names a row: by its name, else by its key with days as people write them."""
        if hasattr(row, "family_names"):
            return f"{row.family_names} {row.given_name}"
        if getattr(row, "name", None):
            return str(row.name)
        parts = (getattr(row, field) for field in self.sheet.key if field not in self.masked)
        shown = (f"{part:%d/%m/%Y}" if isinstance(part, date) else part for part in parts)
        return " · ".join(str(part) for part in shown if part is not None)

    def __repr__(self) -> str:
        return f"<Noun {self.name}>"


def slug(text: str) -> str:
    """
    Return words as an address has them.

    >>> slug("Bổ nhiệm – phân công")
    'bo-nhiem-phan-cong'
    """
    return re.sub(r"[^a-z0-9]+", "-", search_key(text)).strip("-")


@cache
def nouns() -> dict[str, Noun]:
    """Return name -> noun."""
    table = (resources.files("tramyte.web") / "nouns.csv").read_text("utf-8")
    known = {**sheets(), **sheets_of(table, records=_MORE)}
    found = {}
    for name, (may, is_above) in _MAY.items():
        model: Any = _MORE[name] if name in _MORE else records.kept()[name][1]
        found[name] = Noun(known[name], model, may, is_above)
    return found


def noun_of(row: Any) -> Noun:
    """Return the noun of a row, or of a row of its history."""
    name = type(row).__name__.removeprefix("Historical")
    return next(noun for noun in nouns().values() if noun.model.__name__ == name)
