"""What is recorded of one person, section by section; what is masked stays masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from django.utils import timezone

from tramyte.domain.messages import say
from tramyte.exchange.columns import Column
from tramyte.norms import licence as law
from tramyte.norms import norm
from tramyte.web import forms, records
from tramyte.web.models import Course, Deployment, Facility
from tramyte.web.models.base import FIRST_ON
from tramyte.web.nouns import MASK, nouns
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.place import GOING, SOON, address_of, seen, skill_words, title_words
from tramyte.web.views.scope import Scope

# What stands on the page, in this order: noun, and the fields shown of it.
SHOWN: Sequence[tuple[str, tuple[str, ...]]] = (
    ("appointments", ("facility", "share", "post", "start", "end", "decision")),
    ("licences", ("number", "kind", "scope", "issued", "expires", "cme_hours")),
    ("absences", ("outcome", "start", "end", "paper")),
    ("past_tours", ("facility", "skill", "instrument", "start", "end", "decision")),
    ("skills", ("skill", "rank", "level", "verified_by")),
    ("enrolments", ("course", "start", "end", "result")),
    ("commitments", ("facility", "start", "end", "paper")),
    ("contacts", ("identity_number", "phone", "email")),
)


@dataclass(frozen=True)
class Cell:
    """One value: its words, where they lead, and where it is opened if it is masked."""

    text: str
    address: str | None = None
    opens: str | None = None


@dataclass(frozen=True)
class Line:
    """One record: its cells, how it stands on the day (look, word), and what follows from it in a sentence."""

    row: Any
    cells: list[Cell]
    look: str = ""
    word: str = ""
    told: str = ""

    @property
    def tour(self) -> str | None:
        """The page of a tour that was issued; None: it is a record that is corrected by hand."""
        return f"/luot/{self.row.pk}/" if type(self.row).__name__.endswith("Deployment") else None


@dataclass(frozen=True)
class Section:
    """One kind of record of a person."""

    name: str
    title: str
    heads: list[str]
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """
    One person on the day of a scope, as known then.

    is_own : looked at by the person: nothing is masked, nothing leads to what only others may open
    """

    scope: Scope
    row: Any
    is_own: bool = False
    asked: dict[str, list[Any]] = field(default_factory=dict)  # rows of a noun, once they were asked for

    @property
    def name(self) -> str:
        """The name as a list writes it."""
        return f"{self.row.family_names} {self.row.given_name}"

    @property
    def address(self) -> str:
        """The page of the person."""
        return f"/nguoi/{quote(self.row.code, safe='')}/"

    @property
    def title(self) -> str | None:
        """What the title code is called."""
        return title_words(self.row.title_code, self.scope.lang, on=self.scope.on)

    @cached_property
    def facilities(self) -> dict[str, Any]:
        """Code -> facility: the newest row of each."""
        rows = records.rows(Facility, known=self.scope.moment).filter(province=self.scope.province.code)
        return {row.code: row for row in rows.order_by(*FIRST_ON)}

    @cached_property
    def courses(self) -> dict[str, str]:
        """Code -> name of a course."""
        rows = records.rows(Course, known=self.scope.moment).filter(province=self.scope.province.code)
        return dict(rows.values_list("code", "name"))

    @property
    def home(self) -> Any:
        """The facility where the largest share of the appointment is."""
        return self.facilities.get(self.row.path.rstrip("/").rpartition("/")[2])

    @cached_property
    def may_open(self) -> bool:
        """Whether whoever looks may open what is masked of this person."""
        mine = paths(self.scope.account, Permission.SEE_PRIVATE, on=timezone.localdate())
        return self.scope.known is None and self.row.path.startswith(tuple(mine))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the row itself says, with the words of its columns."""
        said = ("birth_year", "birth_month", "sex", "qualification", "specialty", "contract", "contract_end", "start",
                "end", "leave_reason")  # fmt: skip
        found = []
        for name in said:
            column = nouns()["staff"].sheet.column(name)
            if (value := getattr(self.row, name)) is not None:
                found.append((column.title[self.scope.lang], _said(self, column, value)))
        return found

    def rows(self, name: str) -> list[Any]:
        """Return the records of a noun about this person that may be seen, newest first."""
        if name not in self.asked:
            self.asked[name] = self._rows(name)
        return self.asked[name]

    def _rows(self, name: str) -> list[Any]:
        model = nouns()[name].model
        found = records.rows(model, known=self.scope.moment).filter(province=self.scope.province.code)
        rows = found if self.is_own else seen(model, self.scope, on=None)
        rows = rows.filter(staff=self.row.code)
        order = "rank" if name == "skills" else "-start" if nouns()[name].has_end else "-pk"
        return list(rows.order_by(order, "pk"))

    def signed(self) -> list[Any]:
        """Return the deployments that somebody has signed, by date."""
        if "deployments" not in self.asked:
            found = records.rows(Deployment, known=self.scope.moment).filter(province=self.scope.province.code)
            rows = found if self.is_own else seen(Deployment, self.scope, on=None)
            rows = rows.filter(staff=self.row.code, state__in=GOING).order_by("start", "pk")
            self.asked["deployments"] = list(rows.select_related("decision") if self.scope.known is None else rows)
        return self.asked["deployments"]

    def deployments(self) -> list[Any]:
        """Return tours that somebody has signed and that are no tour of the ledger yet."""
        kept = {row.start for row in self.rows("past_tours")}
        return [row for row in self.signed() if row.start not in kept]

    def went(self) -> list[Any]:
        """Return the tours that have begun by the day: those of the ledger, and those issued, each once."""
        return [row for row in (*self.deployments(), *self.rows("past_tours")) if row.start <= self.scope.on]


def sections(person: Person) -> list[Section]:
    """Return everything recorded of a person."""
    found = []
    for name, shown in SHOWN:
        columns = [nouns()[name].sheet.column(one) for one in shown]
        rows = person.rows(name)
        if name == "past_tours":
            rows = sorted([*person.deployments(), *rows], key=lambda row: row.start, reverse=True)
        heads = [_head(person, column) for column in columns]
        lines = [_line(person, name, columns, row) for row in rows]
        found.append(Section(name, say(f"UI_person_{name}", person.scope.lang), heads, lines))
    return found


def _head(person: Person, column: Column) -> str:
    """Return the words over a column: where a name stands for a code, not "code of"."""
    named = column.target[0] if column.target else "skills" if column.field == "skill" else None
    shown = nouns()[named].sheet if named in ("facilities", "courses", "skills") else column
    return shown.title[person.scope.lang]


def _line(person: Person, name: str, columns: Sequence[Column], row: Any) -> Line:
    cells = [_cell(person, name, column, row) for column in columns]
    on, lang = person.scope.on, person.scope.lang
    if name == "licences":
        look, word, told = _licence(person, row)
        return Line(row, cells, look, say(word, lang), told)
    if not nouns()[name].has_end:
        return Line(row, cells)
    if row.start is not None and row.start > on:
        return Line(row, cells, "near", say("UI_person_coming", lang))
    if row.end is not None and row.end <= on:
        return Line(row, cells, "", say("UI_person_past", lang))
    return Line(row, cells, "met", say("UI_person_now", lang))


def _licence(person: Person, row: Any) -> tuple[str, str, str]:
    """Return how a licence stands on the day, and what its end forbids."""
    on, lang = person.scope.on, person.scope.lang
    last = law.last_day(row.kind, row.issued, expires=row.expires, on=on)
    if last is None:
        is_open = norm("licence", on=on).value["validity_years"][row.kind] is None
        return ("met", "UI_licence_open", "") if is_open else ("unknown", "UI_unknown", "")
    first = last + timedelta(days=1)
    told = say("UI_licence_forbids", lang, day=f"{first:%d/%m/%Y}" if lang == "vi" else first.isoformat())
    if last < on:
        return "short", "UI_licence_over", told
    return ("near", "UI_licence_soon", told) if last <= on + SOON else ("met", "UI_licence_on", told)


def _cell(person: Person, name: str, column: Column, row: Any) -> Cell:
    value = getattr(row, column.field)
    if column.field in nouns()[name].masked and value is not None and not person.is_own:
        state = urlencode({"pv": person.scope.province.code})
        address = f"{person.address}mo/{nouns()[name].slug}/{row.pk}/{forms.parameter(column)}/"
        return Cell(MASK, opens=f"{address}?{state}" if person.may_open else None)
    if column.field == "facility" and value in person.facilities:
        there = person.facilities[value]
        state = urlencode([(one, part) for one, part in person.scope.state().items() if part])
        leads = None if person.is_own else f"{address_of(there.kind, there.code, there.name)}?{state}"
        return Cell(there.name, leads)
    return Cell(_said(person, column, value))


def _said(person: Person, column: Column, value: Any) -> str:
    """Return a value in words: names of codes where they are known."""
    lang, on = person.scope.lang, person.scope.on
    if column.field == "course":
        return str(person.courses.get(value, value))
    if "specialties" in column.lists or column.field == "scope":
        return skill_words(value, lang, on=on) or "—"
    if column.lists and isinstance(value, str):
        rows = norm(column.lists[0], on=on).value
        return str(rows[value][lang]) if value in rows else value
    if not isinstance(value, str | int | float | date | None):
        return str(value)  # a decision of a deployment
    return forms.told(column, value, lang=lang)
