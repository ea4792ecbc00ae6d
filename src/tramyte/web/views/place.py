"""What stands at one place on one day, as known on that or a later day: buildings, people, posts, machines, tours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from tramyte.domain.errors import NormMissing
from tramyte.domain.messages import Lang
from tramyte.domain.people import Staff as Person
from tramyte.need.cadres import NO_TITLE
from tramyte.need.doctors import is_doctor
from tramyte.norms import norm
from tramyte.norms.retirement import retirement
from tramyte.norms.titles import Title, titles
from tramyte.web import records, succession
from tramyte.web.models import (
    Appointment,
    Authority,
    Collaborator,
    Commune,
    Deployment,
    Equipment,
    Facility,
    Licence,
    PastTour,
    Post,
    Staff,
    StaffSkill,
    Succession,
)
from tramyte.web.models.base import FIRST_ON
from tramyte.web.nouns import nouns, slug
from tramyte.web.permissions import paths, visible_to
from tramyte.web.roles import Permission
from tramyte.web.views.scope import Scope

CARE = ("station", "point", "polyclinic")  # the pages under /tram/; the others stand under /co-so/
SOON = timedelta(days=90)  # a licence that ends within these days is said to end soon
LEAVING = timedelta(days=730)  # who retires within these days is told
GOING = ("issued", "arrived", "ended", "confirmed")  # states of a deployment that somebody has signed


def address(facility: Any) -> str:
    """Return the page of a facility: a row, or anything with kind, code and name."""
    return address_of(facility.kind, facility.code, facility.name)


def address_of(kind: str, code: str, name: str) -> str:
    """Return the page of a facility by its parts: /tram/TYT-01234/tram-y-te-xa-yen-thanh/."""
    return f"/{'tram' if kind in CARE else 'co-so'}/{quote(code, safe='')}/{slug(name) or '-'}/"


def commune_address(code: str, name: str) -> str:
    """Return the page of a commune: /xa/01234-xa-yen-thanh/."""
    return f"/xa/{code}-{slug(name)}/"


def words_of(noun: str, field: str, code: Any, lang: Lang) -> str | None:
    """Return what a code of a column with choices is called: `words_of("facilities", "kind", "cdc", "vi")`."""
    column = next(one for one in nouns()[noun].sheet.columns if one.field == field)
    return next((choice.label(lang) for choice in column.choices if choice.code == code), code)


def skill_words(code: str | None, lang: Lang, *, on: date) -> str | None:
    """Return what a specialty is called; before the list begins, its code."""
    try:
        row = norm("specialties", on=on).value.get(code)
    except NormMissing:
        return code
    return str(row[lang]) if row else code


def seen(model: Any, scope: Scope, *, on: date | None) -> QuerySet[Any]:
    """Return the rows of a model that the account of a scope may see at its place. on: None: of any day."""
    known = records.rows(model, on=on, known=scope.moment).filter(scope.here, province=scope.province.code)
    return visible_to(known, scope.account, on=timezone.localdate())


def facilities(scope: Scope) -> list[Any]:
    """Return the facilities that the account may see on the day, by code."""
    return list(seen(Facility, scope, on=scope.on).order_by("code"))


def facility_at(scope: Scope, code: str) -> Any:
    """
    Return the row of a facility on the day; of one that is over or still to come, the nearest row.

    raises : Http404, there is none that the account may see
    """
    found = list(seen(Facility, scope, on=None).filter(code=code).order_by(*FIRST_ON))
    if not found:
        raise Http404
    before = [row for row in found if row.start is None or row.start <= scope.on]
    return before[-1] if before else found[0]


@dataclass(frozen=True)
class Here:
    """
    One person with an appointment at a place.

    staff : a row; share: of working time there; buildings: codes; posts: codes
    """

    staff: Any
    share: float
    buildings: tuple[str, ...]
    posts: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name as a list writes it."""
        return f"{self.staff.family_names} {self.staff.given_name}"


@dataclass(frozen=True)
class Place:
    """One facility on the day of a scope. Everything is asked once, when first looked at."""

    scope: Scope
    facility: Any

    @property
    def code(self) -> str:
        """Its code."""
        return str(self.facility.code)

    @property
    def is_open(self) -> bool:
        """Whether it is in force on the day."""
        row, on = self.facility, self.scope.on
        return (row.start is None or row.start <= on) and (row.end is None or on < row.end)

    @cached_property
    def sees_people(self) -> bool:
        """Whether people may be named here: in every building of it."""
        mine = tuple(paths(self.scope.account, Permission.SEE_PEOPLE, on=timezone.localdate()))
        return all(row.path.startswith(mine) for row in self.buildings.values())

    @cached_property
    def buildings(self) -> dict[str, Any]:
        """Code -> row of itself and of all below it on the day, itself first."""
        rows = {row.code: row for row in facilities(self.scope)}
        found = {self.code: self.facility}
        for row in rows.values():
            chain, current = [row.code], row
            while current.parent in rows and current.parent not in chain:
                chain.append(current.parent)
                current = rows[current.parent]
            if self.code in chain[1:]:
                found[row.code] = row
        return found

    @cached_property
    def commune(self) -> Any:
        """The commune in force on the day, or None."""
        rows = records.rows(Commune, known=self.scope.moment).filter(province=self.scope.province.code)
        found = list(rows.filter(code=self.facility.commune).order_by(*FIRST_ON))
        return next((row for row in found if _counts(row, self.scope.on)), found[-1] if found else None)

    @cached_property
    def former(self) -> tuple[str, ...]:
        """Old names: of the facility itself; of what is called after its commune, those of that too."""
        known = succession.former_names(self.scope.province.code, self.scope.on, known=self.scope.moment)
        now = {self.facility.name, self.commune.name if self.commune else ""}
        codes = (self.code, self.facility.commune) if self.facility.kind in CARE else (self.code,)
        found = dict.fromkeys(name for code in codes for name in known.get(code, ()))
        return tuple(name for name in found if name not in now)

    def at(self, model: Any, *, on: date | None) -> QuerySet[Any]:
        """Return the rows of a model at the place and below: to be counted; who may be named, `sees_people` says."""
        known = records.rows(model, on=on, known=self.scope.moment).filter(province=self.scope.province.code)
        return known.filter(facility__in=list(self.buildings))

    @cached_property
    def authorities(self) -> list[Any]:
        """Who administers and who guides it, of all days, newest first."""
        return [*seen(Authority, self.scope, on=None).filter(facility=self.code).order_by(*FIRST_ON)][::-1]

    @property
    def authority(self) -> Any:
        """Who administers and who guides it on the day, or None."""
        return next((row for row in self.authorities if _counts(row, self.scope.on)), None)

    @cached_property
    def tours(self) -> list[Any]:
        """Tours and deployments that lead here, of all days."""
        served = list(self.at(PastTour, on=None))
        keys = {(row.staff, row.start) for row in served}
        signed = self.at(Deployment, on=None).filter(state__in=GOING)
        return served + [row for row in signed if (row.staff, row.start) not in keys]

    @cached_property
    def guests(self) -> list[Any]:
        """Tours that have somebody here on the day; a transfer is none: that person belongs here."""
        return [row for row in self.tours if row.instrument != "transfer" and _counts(row, self.scope.on)]

    @cached_property
    def people(self) -> list[Here]:
        """Everybody with an appointment here on the day, those left out who are only deployed here."""
        guests = {(row.staff, row.facility) for row in self.guests}
        rows = [row for row in self.at(Appointment, on=self.scope.on) if (row.staff, row.facility) not in guests]
        staff = {one.code: one for one in self.staff({row.staff for row in rows}, on=self.scope.on)}
        return [
            Here(staff[code], sum(row.share for row in mine), tuple(sorted({row.facility for row in mine})),
                 tuple(sorted(row.post for row in mine if row.post)))
            for code in staff
            if (mine := [row for row in rows if row.staff == code])
        ]  # fmt: skip

    def staff(self, codes: Iterable[str], *, on: date | None = None) -> list[Any]:
        """Return the rows of these people, by name. on: None: whether or not they are in service."""
        rows = records.rows(Staff, on=on, known=self.scope.moment)
        return list(rows.filter(province=self.scope.province.code, code__in=list(codes)).order_by("sort_key", "pk"))

    @property
    def doctors(self) -> list[Here]:
        """The doctors among the people: titles V.08.01."""
        return [one for one in self.people if is_doctor(_person(one.staff))]

    @cached_property
    def licences(self) -> list[Any]:
        """Licences of the people here."""
        rows = records.rows(Licence, known=self.scope.moment).filter(province=self.scope.province.code)
        return list(rows.filter(staff__in=[one.staff.code for one in self.people]).order_by("staff", "-issued", "pk"))

    @cached_property
    def skills(self) -> dict[str, list[str]]:
        """Skill -> staff codes of those here who have it."""
        rows = records.rows(StaffSkill, known=self.scope.moment).filter(province=self.scope.province.code)
        found: dict[str, list[str]] = {}
        for row in rows.filter(staff__in=[one.staff.code for one in self.people]).order_by("rank", "pk"):
            found.setdefault(row.skill, []).append(row.staff)
        return found

    @cached_property
    def posts(self) -> list[Any]:
        """Posts granted on the day."""
        return list(self.at(Post, on=self.scope.on).order_by("code"))

    @cached_property
    def holders(self) -> dict[str, list[Here]]:
        """Post code -> who holds it."""
        found: dict[str, list[Here]] = {}
        for one in self.people:
            for post in one.posts:
                found.setdefault(post, []).append(one)
        return found

    @cached_property
    def collaborators(self) -> list[Any]:
        """Village health workers and population collaborators on the day: never counted as staff."""
        return list(self.at(Collaborator, on=self.scope.on).order_by("pk"))

    @cached_property
    def equipment(self) -> list[Any]:
        """Machines on the day."""
        return list(self.at(Equipment, on=self.scope.on).order_by("name", "pk"))

    @property
    def successors(self) -> list[tuple[str, str]]:
        """What became of it, code and name, when it is over."""
        if self.facility.end is None or self.facility.end > self.scope.on:
            return []
        linked = succession.links(self.scope.province.code, known=self.scope.moment)
        codes = [one.successor for one in linked if one.kind == succession.FACILITY and one.predecessor == self.code]
        names = succession.names_of(self.scope.province.code, succession.FACILITY, known=self.scope.moment)
        return [(code, names.get(code, code)) for code in codes]

    @property
    def is_joined(self) -> bool:
        """Whether another facility became part of it up to the day."""
        known = records.rows(Succession, known=self.scope.moment).filter(province=self.scope.province.code)
        return bool(known.filter(kind=succession.FACILITY, successor=self.code, on__lte=self.scope.on).exists())

    def today(self) -> Place | None:
        """Return the same place as it is today and as known now; None when that is what is looked at."""
        now = timezone.localdate()
        if self.scope.on == now and self.scope.known is None:
            return None
        scope = replace(self.scope, on=now, known=None)
        try:
            return Place(scope, facility_at(scope, self.code))
        except Http404:
            return None


def expires(licences: Iterable[Any]) -> dict[str, Any]:
    """Return staff code -> the licence that lasts longest; one without a last day lasts for good."""
    found: dict[str, Any] = {}
    for row in licences:
        old = found.get(row.staff)
        if old is None or (row.expires or date.max) > (old.expires or date.max):
            found[row.staff] = row
    return found


def cadre(staff: Any, *, on: date) -> str:
    """Return the cadre of a row of staff."""
    title = _title(staff.title_code, on)
    return title.cadre if title else NO_TITLE


def leaves(staff: Any, *, on: date) -> date | None:
    """Return the last day at work of a row of staff: as recorded, else by the law of retirement; None: unknown."""
    if staff.end:
        return cast("date", staff.end - timedelta(days=1))
    try:
        return retirement(staff.birth_year, staff.birth_month, sex=staff.sex, on=on).last_day
    except NormMissing:
        return None


def title_words(code: str | None, lang: Lang, *, on: date) -> str | None:
    """Return what a title code is called; an unknown one is shown as it is written."""
    title = _title(code, on)
    return (title.vi if lang == "vi" else title.en) if title else code


def _title(code: str | None, on: date) -> Title | None:
    """Return the title of a code; None: it is in no list, or there is none on the day."""
    try:
        return titles(on=on).get(code or "")
    except NormMissing:
        return None


def _person(row: Any) -> Person:
    return Person(row.code, row.family_names, row.given_name, row.birth_year, row.sex, title_code=row.title_code)


def _counts(row: Any, on: date) -> bool:
    return (row.start is None or row.start <= on) and (row.end is None or on < row.end)
