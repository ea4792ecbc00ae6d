"""A form for any noun of the register: fields from its columns, values read as a workbook's cells are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.exchange.cells import parser
from tramyte.exchange.columns import Column, code_list
from tramyte.web.checks import known_codes
from tramyte.web.models import Account
from tramyte.web.models.base import in_force
from tramyte.web.nouns import Noun, nouns, slug

MOST_CHOICES = 12  # more make a list that is searched by typing
MOST_OFFERED = 600  # rows of the register offered while typing
NUMBERS = ("int", "float", "share")


@dataclass
class Field:
    """
    One field as a page shows it.

    kind    : text, number, day, select, list (text with what may be typed offered), fixed (shown, not asked)
    theirs  : what somebody else saved meanwhile, as it is written; None: no clash
    errors  : sentences of the findings under it
    """

    column: Column
    name: str
    kind: str
    value: str
    choices: Sequence[tuple[str, str]] = ()
    is_masked: bool = False
    theirs: str | None = None
    is_theirs: bool = False
    errors: list[str] = field(default_factory=list)
    lang: Lang = "vi"

    @property
    def label(self) -> str:
        """The words over it, with the unit of measure."""
        title, unit = self.column.title[self.lang], self.column.unit[self.lang]
        return f"{title} ({unit})" if unit else title

    @property
    def hint(self) -> str:
        """The words under it."""
        said = [dict(self.choices).get(self.value) if self.kind == "list" else None, self.column.note[self.lang]]
        if self.is_masked:
            said.append(say("UI_masked_hint", self.lang))
        elif self.kind == "day":
            said.append(say("UI_day_hint", self.lang))
        elif self.column.type == "float":
            said.append(say("UI_number_hint", self.lang))
        return ". ".join(words for words in said if words)

    @property
    def is_required(self) -> bool:
        """Whether it must be filled; what is masked may stay as it is."""
        return self.column.is_required and not self.is_masked


def parameter(column: Column) -> str:
    """Return the name of a field in a form or an address: ma-co-so."""
    return slug(column.title["vi"])


def columns_of(noun: Noun, *, is_new: bool) -> tuple[Column, ...]:
    """Return the columns that a form asks; a new person is recorded with where they work."""
    if is_new and noun.name == "staff":
        own = {column.field for column in noun.columns}
        work = (column for column in nouns()["appointments"].columns if column.field != "staff")
        return (*noun.columns, *(column for column in work if column.field not in own))
    return noun.columns


def read(noun: Noun, given: Mapping[str, str], *, row: Any = None, on: date) -> tuple[dict[str, Any], list[Finding]]:
    """
    Return field -> value of what was typed, and a finding for each field that cannot be read.

    row : the row that is corrected; what is fixed, and what is masked and left blank, stays as it has it
    on  : day whose code lists count
    """
    values: dict[str, Any] = {}
    found: list[Finding] = []
    for column in columns_of(noun, is_new=row is None):
        typed = given.get(parameter(column), "")
        stays = row is not None and (
            column.field in noun.referred or (column.field in noun.masked and not typed.strip())
        )
        if stays or (row is not None and given.get(f"chon-{parameter(column)}") == "da-luu"):
            values[column.field] = getattr(row, column.field)
            continue
        if f"lech-{parameter(column)}" in given and f"chon-{parameter(column)}" not in given:
            found.append(Finding("E141", noun.name, column.field, _titles(column)))
        cell = parser(column, on=on, is_text=True)(typed)
        values[column.field] = cell.value
        if cell.code and not cell.code.startswith("W"):
            found.append(Finding(cell.code, noun.name, column.field, {**_titles(column), **cell.fields}))
    return values, found


def _titles(column: Column) -> dict[str, str]:
    return {"column_vi": column.title["vi"], "column_en": column.title["en"]}


def fields(
    noun: Noun,
    values: Mapping[str, Any],
    *,
    typed: Mapping[str, str] | None = None,
    row: Any = None,
    province: str,
    by: Account,
    on: date,
    lang: Lang,
) -> list[Field]:
    """
    Return the fields of a form.

    values : of the row, or what a new one begins with
    typed  : what was posted, which stays as it was typed
    row    : the row that is corrected; None: a new one
    """
    made = []
    for column in columns_of(noun, is_new=row is None):
        is_masked = column.field in noun.masked and row is not None
        is_fixed = column.field in noun.referred and row is not None
        kind, choices = _kind(column, province, by, on, lang)
        value = "" if is_masked else written(column, values.get(column.field))
        name = parameter(column)
        if kind == "select" and value and value not in dict(choices):
            choices = [*choices, (value, value)]  # no longer a choice, but what is recorded: it must not get lost
        made.append(Field(
            column, name, "fixed" if is_fixed else kind, (typed or {}).get(name, value) if not is_fixed else value,
            choices, is_masked, lang=lang,
        ))  # fmt: skip
    return made


def _kind(column: Column, province: str, by: Account, on: date, lang: Lang) -> tuple[str, list[tuple[str, str]]]:
    if column.type == "bool":
        return "select", [("1", say("WB07", lang)), ("0", say("WB08", lang))]
    if column.choices and len(column.choices) <= MOST_CHOICES:
        return "select", [(choice.code, choice.label(lang)) for choice in column.choices]
    if column.lists:
        known = {code: one for name in column.lists for code, one in code_list(name, on=on).items()}
        kind = "select" if len(known) <= MOST_CHOICES else "list"
        return kind, [(code, one.label(lang)) for code, one in known.items()]
    if column.target:
        return "list", _offered(column.target, province, by, on)
    if column.type in NUMBERS:
        return "number", []
    return ("day" if column.type == "date" else "text"), []


def _offered(target: tuple[str, str], province: str, by: Account, on: date) -> list[tuple[str, str]]:
    """Return codes with names, of what this account may name; too many are not offered, only checked."""
    name, field_of = target
    rows = known_codes(name, province, by, on=on)
    names = {one.name for one in rows.model._meta.get_fields()}
    rows = rows.filter(in_force(on)) if {"start", "end"} <= names else rows
    found = list(rows.order_by(field_of)[: MOST_OFFERED + 1])
    return [(getattr(row, field_of), called(row)) for row in found] if len(found) <= MOST_OFFERED else []


def called(row: Any) -> str:
    """Return what a row is called where its code stands."""
    if hasattr(row, "family_names"):
        return f"{row.family_names} {row.given_name}"
    return str(getattr(row, "name", None) or getattr(row, "title_code", None) or "")


def written(column: Column, value: Any) -> str:
    """Return a value as one would type it: 31/12/2025, 1234,5; a choice by its code."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return f"{value:%m/%Y}" if column.type == "month" else f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    return str(value)


def told(column: Column, value: Any, *, lang: Lang) -> str:
    """Return a value as a page tells it: the words of a choice, yes or no, a dash for what is not known."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return say("WB07" if value else "WB08", lang)
    labels = {choice.code: choice.label(lang) for choice in column.choices}
    if isinstance(value, date) and lang == "en":
        return value.isoformat()
    return labels.get(value) or written(column, value)


def place(found: Iterable[Finding], made: Sequence[Field], lang: Lang) -> list[tuple[str, str]]:
    """Put each finding under its field; return (name of the field or "", sentence) of all, for the summary."""
    by_field = {one.column.field: one for one in made}
    summary = []
    for one in found:
        words = Finding(one.code, fields=one.fields).sentence(lang)
        at = by_field.get(one.cell)
        if at is not None and words not in at.errors:
            at.errors.append(words)
        summary.append((at.name if at else "", words))
    return list(dict.fromkeys(summary))
