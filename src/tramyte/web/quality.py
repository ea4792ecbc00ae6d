"""What is wrong, missing or twice in the register of a day: one row a record, never mended by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tramyte.domain.errors import NormMissing
from tramyte.domain.names import search_key
from tramyte.domain.people import Licence, Staff
from tramyte.domain.register import Register, roots
from tramyte.domain.work import StatedTotal
from tramyte.need.doctors import count_doctors
from tramyte.need.reconcile import reconcile
from tramyte.need.standing import standing
from tramyte.norms import licence
from tramyte.web.actions.authorities import answers_to

SENDERS = ("centre", "hospital", "cdc")


@dataclass(frozen=True)
class Row:
    """
    One thing to look at.

    sheet  : field of Register whose record it is, code: its code; name: what people call it
    said   : message code and fields of what is wrong, "" where the kind says it all
    on     : day of a stated total; None: the day looked at
    """

    sheet: str
    code: str
    name: str
    said: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None
    kind: str = ""  # of the facility


@dataclass(frozen=True)
class Look:
    """
    What is looked at: records of places and of people that may be seen, and every code there is.

    places, people : in force on the day
    facilities, communes : codes in force on the day, of the whole province
    totals : stated up to the day; figures: day of one -> what can be counted on it. Of who may not see figures: none
    """

    on: date
    places: Register
    people: Register
    facilities: frozenset[str]
    communes: frozenset[str]
    totals: tuple[StatedTotal, ...] = ()
    figures: Callable[[date], Register] = lambda _: Register()


Check = Callable[[Look], Iterator[Row]]


def totals(look: Look) -> Iterator[Row]:
    """Yield the totals stated up to the day that do not reconcile with the rows of their own day, or among them."""
    for day in sorted({one.on for one in look.totals if one.on <= look.on}):
        today = standing(look.figures(day), on=day)
        for one in reconcile(today, count_doctors(today)):
            if one.sheet == "totals":
                measure = str(one.fields.get("measure", "staff"))
                yield Row("totals", measure, measure, one.code, one.fields, day)


def communes_without(part: str) -> Check:
    """Return the check for communes in force whose value is not known."""
    return lambda look: (
        Row("communes", one.code, one.name) for one in look.places.communes if getattr(one, part) is None
    )


def stations_without(part: str) -> Check:
    """Return the check for stations, those that targets count, whose value is not known."""

    def check(look: Look) -> Iterator[Row]:
        tops = set(roots(look.places.facilities).values())
        return (_facility(one) for one in look.places.facilities if one.code in tops and getattr(one, part) is None)

    return check


def facilities_without_point(look: Look) -> Iterator[Row]:
    """Yield the facilities whose place on the map is not known."""
    return (_facility(one) for one in look.places.facilities if one.lon is None or one.lat is None)


def facilities_without_authority(look: Look) -> Iterator[Row]:
    """Yield the facilities that nobody is recorded to manage, themselves or by the facility above."""
    above = {one.code: one.parent for one in look.places.facilities}
    lines = {one.facility: one for one in look.places.authorities}
    return (_facility(one) for one in look.places.facilities if answers_to(one.code, above, lines) is None)


def facilities_astray(look: Look) -> Iterator[Row]:
    """Yield the facilities whose commune, or facility above, is not in force on the day."""
    for one in look.places.facilities:
        if one.commune not in look.communes:
            yield _facility(one, "UI_dq_commune", place=one.commune)
        elif one.parent and one.parent not in look.facilities:
            yield _facility(one, "UI_dq_parent", place=one.parent)


def people_without(part: str) -> Check:
    """Return the check for people whose value is not known."""
    return lambda look: (_person(one) for one in look.people.staff if getattr(one, part) is None)


def people_without_appointment(look: Look) -> Iterator[Row]:
    """Yield the people in force who work nowhere on the day."""
    working = {one.staff for one in look.people.appointments}
    return (_person(one) for one in look.people.staff if one.code not in working)


def appointments_astray(look: Look) -> Iterator[Row]:
    """Yield the people who work at a facility that is not in force on the day."""
    names = {one.code: one for one in look.people.staff}
    for one in look.people.appointments:
        if one.facility not in look.facilities and one.staff in names:
            yield _person(names[one.staff], "UI_dq_works_at", place=one.facility)


def posts_astray(look: Look) -> Iterator[Row]:
    """Yield the posts of a facility that is not in force on the day."""
    for one in look.places.posts:
        if one.facility not in look.facilities:
            yield Row("posts", one.code, one.code, "UI_dq_works_at", {"place": one.facility})


def licences_missing(look: Look) -> Iterator[Row]:
    """Yield the people whose title wants a licence and of whom none is recorded."""
    having = {one.staff for one in look.people.licences}
    return (_person(one) for one in look.people.staff if one.code not in having and _wants(one, look.on))


def licences_ended(look: Look) -> Iterator[Row]:
    """Yield the people whose title wants a licence and none of whose licences holds on the day."""
    own: dict[str, list[Licence]] = defaultdict(list)
    for one in look.people.licences:
        own[one.staff].append(one)
    for person in look.people.staff:
        if person.code in own and _wants(person, look.on):
            states = [
                licence.valid_on(one.kind, one.issued, expires=one.expires, on=look.on) for one in own[person.code]
            ]
            if all(state is False for state in states):
                last = max((one.expires for one in own[person.code] if one.expires), default=None)
                yield _person(person, "UI_dq_until", day=last) if last else _person(person)


def same_people(look: Look) -> Iterator[Row]:
    """Yield the people who share name, sex, year and month of birth with somebody else."""
    groups: dict[tuple[Any, ...], list[Staff]] = defaultdict(list)
    for one in look.people.staff:
        groups[search_key(one.name), one.birth_year, one.birth_month, one.sex].append(one)
    for group in groups.values():
        if len(group) > 1:
            codes = ", ".join(one.code for one in group)
            yield from (_person(one, "UI_dq_same", codes=codes) for one in group)


def same_facilities(look: Look) -> Iterator[Row]:
    """Yield the facilities that share name and commune with another."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for one in look.places.facilities:
        groups[search_key(one.name), one.commune].append(one)
    for group in groups.values():
        if len(group) > 1:
            codes = ", ".join(one.code for one in group)
            yield from (_facility(one, "UI_dq_same", codes=codes) for one in group)


# kind (its slug in the address) -> message code of its name, whose records they are, and the check
CHECKS: Mapping[str, tuple[str, str, Check]] = {
    "tong-khong-khop": ("UI_dq_totals", "totals", totals),
    "co-so-chua-co-co-quan": ("UI_dq_authority", "facilities", facilities_without_authority),
    "co-so-sai-noi": ("UI_dq_astray", "facilities", facilities_astray),
    "co-so-trung": ("UI_dq_same_facilities", "facilities", same_facilities),
    "co-so-chua-co-toa-do": ("UI_dq_point", "facilities", facilities_without_point),
    "tram-chua-co-dan-so": ("UI_dq_population", "facilities", stations_without("catchment_population")),
    "xa-chua-co-dan-so": ("UI_dq_commune_population", "communes", communes_without("population")),
    "xa-chua-co-vung": ("UI_dq_commune_zone", "communes", communes_without("zone")),
    "vi-tri-sai-noi": ("UI_dq_posts", "posts", posts_astray),
    "nguoi-chua-co-chuc-danh": ("UI_dq_title_code", "staff", people_without("title_code")),
    "nguoi-chua-co-thang-sinh": ("UI_dq_birth_month", "staff", people_without("birth_month")),
    "nguoi-chua-co-trinh-do": ("UI_dq_qualification", "staff", people_without("qualification")),
    "nguoi-chua-phan-cong": ("UI_dq_appointment", "staff", people_without_appointment),
    "nguoi-phan-cong-sai-noi": ("UI_dq_works", "staff", appointments_astray),
    "nguoi-trung": ("UI_dq_same_people", "staff", same_people),
    "chua-co-giay-phep": ("UI_dq_licence", "staff", licences_missing),
    "giay-phep-het-han": ("UI_dq_licence_ended", "staff", licences_ended),
}


def rows(look: Look, kind: str) -> list[Row]:
    """Return the rows of one kind. raises: KeyError, no such kind."""
    return list(CHECKS[kind][2](look))


def _facility(one: Any, said: str = "", **fields: Any) -> Row:
    return Row("facilities", one.code, one.name, said, fields, kind=one.kind)


def _person(one: Staff, said: str = "", **fields: Any) -> Row:
    return Row("staff", one.code, one.name, said, fields)


def _wants(person: Staff, on: date) -> bool:
    """Return whether the title wants a licence; a title nobody knows does not."""
    try:
        return bool(person.title_code) and licence.required(str(person.title_code), on=on)
    except (KeyError, NormMissing):
        return False


def codes(found: Iterable[Any]) -> frozenset[str]:
    """Return the codes of records."""
    return frozenset(one.code for one in found)
