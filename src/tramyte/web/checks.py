"""
What is wrong with a correction made by hand: the checks of a workbook, asked of a row and of those beside it.

Every check of `exchange` looks at pages. Here a page holds a row as it will be, the rows that could clash with it, and
the codes it may name; what the same pages found before the correction is not held against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.exchange.dates import date_findings
from tramyte.exchange.figures import figure_findings
from tramyte.exchange.links import link_findings
from tramyte.exchange.pages import Page
from tramyte.web.models import Account
from tramyte.web.models.base import Record, in_force
from tramyte.web.nouns import Noun, nouns
from tramyte.web.permissions import visible_to

SOFT = frozenset({"E306"})  # two skills change places one after the other: in between nobody has the first rank
LOOKS = (link_findings, date_findings, figure_findings)


@dataclass(frozen=True)
class Beside(Page):
    """
    Rows of the register as a page of a workbook.

    own : how many of the rows, from the first on, are those that are recorded now; a finding at one names its field
    """

    own: int = 0
    lang: Lang = "vi"

    def cell(self, field: str, index: int) -> str:
        """Return a field in words, for there is no cell to name."""
        title = self.sheet.column(field).title[self.lang]
        if index < self.own:
            return say("UI_field", self.lang, field=title)
        start = self.values["start"][index] if "start" in self.values else None
        if start is None:
            return say("UI_field_beside", self.lang, field=title)
        written = f"{start:%d/%m/%Y}" if self.lang == "vi" else start.isoformat()
        return say("UI_field_beside_since", self.lang, field=title, start=written)

    def finding(self, code: str, field: str, index: int, **fields: Any) -> Finding:
        """Return a finding at a field; `cell` is the field's name."""
        found = super().finding(code, field, index, **fields)
        return replace(found, sheet=self.sheet.name, cell=field)


def findings(
    noun: Noun, rows: Sequence[Any], *, together: Mapping[str, Sequence[Any]], province: str, by: Account | None,
    on: date, lang: Lang,
) -> list[Finding]:  # fmt: skip
    """
    Return what a correction would make wrong: errors and warnings, at fields of the noun.

    rows     : as they will be, not saved; one that is withdrawn counts no more
    together : all that is recorded at once, by noun: rows may name each other
    by       : codes that this account may not see do not exist for it
    on       : day of asking
    """
    gone = {row.pk for row in rows if row.pk}
    beside = _neighbours(noun, rows, province)
    there = [row for row in beside if row.pk not in gone]
    before = [row for row in beside if row.pk in gone]
    new = [row for row in rows if not row.is_withdrawn]
    known = _targets(noun, together, province, by, on)
    found = _look(noun, [*new, *there], len(new), known, lang)
    old = {_said(one) for one in _look(noun, [*before, *there], len(before), known, lang)} if before else set()
    return [replace(one, severity="warning") if one.code in SOFT else one for one in found if _said(one) not in old]


def _said(one: Finding) -> tuple[Any, ...]:
    return one.code, one.cell, one.fields.get("value"), one.fields.get("read")


def _look(noun: Noun, rows: Sequence[Any], own: int, known: Mapping[str, Page], lang: Lang) -> list[Finding]:
    letters = {column.field: "A" for column in noun.sheet.columns}
    values = {field: [getattr(row, field) for row in rows] for field in letters}
    page = Beside(noun.sheet, noun.name, range(len(rows)), letters, values, own=own, lang=lang)
    if noun.name in known:  # a facility may name a facility: those beside it, and all codes
        there = known[noun.name].values["code"]
        more = [code for code in there if code not in set(values["code"])]
        values = {
            field: [*column, *(more if field == "code" else [None] * len(more))] for field, column in values.items()
        }
        page = replace(page, numbers=range(len(rows) + len(more)), values=values)
    pages = {**known, noun.name: page}
    return [one for look in LOOKS for one in look(pages)]


def _neighbours(noun: Noun, new: Sequence[Any], province: str) -> list[Any]:
    """Return the rows that could clash: of the same thing, and of facilities those in the chain above."""
    first = noun.sheet.key[0]
    found = list(noun.model.objects.filter(province=province, **{f"{first}__in": {getattr(one, first) for one in new}}))
    above = {one.parent for one in new} if noun.name == "facilities" else set()
    seen = {one.code for one in new} if above else set()
    while above := {code for code in above if code and code not in seen}:
        rows = list(noun.model.objects.filter(in_force(date.max), province=province, code__in=above))
        seen |= above
        found += rows
        above = {row.parent for row in rows}
    return found


def _targets(
    noun: Noun, together: Mapping[str, Sequence[Any]], province: str, by: Account | None, on: date
) -> dict[str, Page]:
    """Return a page of the codes that each column may name."""
    found: dict[str, Page] = {}
    for column in noun.columns:
        if column.target and column.target[0] not in found:
            name, field = column.target
            sheet = nouns()[name].sheet
            there = known_codes(name, province, by, on=on).values_list(field, flat=True)
            new = (getattr(row, field) for row in together.get(name, ()) if not row.is_withdrawn)
            codes = sorted({*there, *filter(None, new)})
            values = {one.field: codes if one.field == field else [None] * len(codes) for one in sheet.columns}
            found[name] = Page(sheet, name, range(len(codes)), {field: "A"}, values)
    return found


def known_codes(name: str, province: str, by: Account | None, *, on: date) -> QuerySet[Any]:
    """Return the rows whose codes an account may name in a field; on: the day of asking, on which grants count."""
    rows: QuerySet[Record] = nouns()[name].model.objects.filter(province=province)
    return rows if by is None else visible_to(rows, by, on=on)
