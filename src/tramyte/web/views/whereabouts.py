"""Who is where on the day, and what comes next, at one place: from records alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from tramyte.domain.messages import Lang, say
from tramyte.need.cadres import CADRES
from tramyte.need.numbers import number
from tramyte.web import records
from tramyte.web.models import Absence, Deployment, PastTour
from tramyte.web.views.place import CARE, GOING, LEAVING, SOON, Place, address, cadre, expires, leaves, words_of

MOST = 10  # of what comes next
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """
    One line of who is where.

    name    : the building, or in what way people are apart from those of the buildings
    counts  : people by cadre, in words; until: last days of it
    total   : people; None: nobody recorded any; address: of the rows that count to it, or None
    """

    name: str
    counts: str
    total: int | None
    address: str | None = None
    until: str = ""


@dataclass(frozen=True)
class Next:
    """One thing that comes: its last or first day, what, whose, and where it is recorded."""

    day: date
    words: str
    address: str


def whereabouts(place: Place) -> dict[str, Any]:
    """Return who is where on the day: buildings with those appointed there; apart, who is away or a guest."""
    lang, on, sees = place.scope.lang, place.scope.on, place.sees_people
    cadres = {one.staff.code: cadre(one.staff, on=on) for one in place.people}
    base, several = address(place.facility), len(place.buildings) > 1
    buildings = []
    for code, row in place.buildings.items():
        here = [one.staff.code for one in place.people if code in one.buildings]
        rows = _to(place, f"{base}nhan-luc/", noi=code if several else None) if sees else None
        buildings.append(Line(row.name, _counts((cadres[one] for one in here), lang), len(here), rows))
    guests = {row.code: cadre(row, on=on) for row in place.staff({row.staff for row in place.guests}, on=on)}
    apart = [
        Line(say("UI_guests", lang), _counts(guests.values(), lang), len(place.guests),
             _to(place, f"{base}luot/", luc="now") if sees else None, _until(place.guests, lang)),
    ]  # fmt: skip
    if sees:  # who is away is a matter of those who may see people; counts without names
        absent, away = _absent(place), _away(place)
        apart = [
            Line(say(word, lang), _counts((cadres[row.staff] for row in rows), lang), len({row.staff for row in rows}),
                 None, _until(rows, lang))
            for word, rows in (("UI_absent_of_these", absent), ("UI_away_of_these", away)) if rows
        ] + apart  # fmt: skip
    is_counted = place.facility.kind in CARE or place.collaborators  # hospitals have none
    return {"buildings": buildings, "apart": [*apart, *([_beside(place)] if is_counted else [])]}


def _beside(place: Place) -> Line:
    """Return the collaborators, who are never counted as staff; none recorded: not known."""
    lang = place.scope.lang
    kinds, rows = Counter(row.kind for row in place.collaborators), None
    told = []  # a kind is what somebody wrote of people: told to who may see people
    if kinds and place.sees_people:
        told = [f"{words_of('collaborators', 'kind', one, lang)} {number(kinds[one], lang)}" for one in sorted(kinds)]
        rows = _to(place, f"{address(place.facility)}cong-tac-vien/")
    return Line(say("UI_beside_staff", lang), " · ".join(told), kinds.total() or None, rows)


def _absent(place: Place) -> list[Any]:
    """Return the absences of people of the place on the day; who is only exempt from tours is not absent."""
    rows = records.rows(Absence, on=place.scope.on, known=place.scope.moment)
    return list(rows.filter(province=place.scope.province.code, outcome="absent", staff__in=_codes(place)))


def _away(place: Place) -> list[Any]:
    """Return the tours elsewhere on the day of people of the place."""
    found: dict[str, Any] = {}
    for model, more in ((Deployment, {"state__in": GOING}), (PastTour, {})):
        rows = records.rows(model, on=place.scope.on, known=place.scope.moment)
        mine = rows.filter(province=place.scope.province.code, staff__in=_codes(place), **more)
        for row in mine.exclude(instrument="transfer").exclude(facility__in=list(place.buildings)):
            found[row.staff] = row
    return list(found.values())


def _codes(place: Place) -> list[str]:
    return [one.staff.code for one in place.people]


def _counts(cadres: Iterable[str], lang: Lang) -> str:
    """Return people by cadre: "Bác sĩ 1 · Điều dưỡng 2"."""
    found = Counter(cadres)
    return " · ".join(f"{say(f'UI_cadre_{one}', lang)} {number(found[one], lang)}" for one in CADRES if found[one])


def _until(rows: Iterable[Any], lang: Lang) -> str:
    """Return the last days of tours or absences, those without one left out."""
    days = sorted({row.end - ONE for row in rows if row.end})
    return say("UI_until_days", lang, days=", ".join(_day(one, lang) for one in days)) if days else ""


def coming(place: Place) -> dict[str, Any]:
    """Return what comes next at a place whose people one may see: the first MOST of it, and how much more there is."""
    found = sorted(_coming(place), key=lambda one: (one.day, one.words))
    return {"rows": found[:MOST], "more": max(0, len(found) - MOST)}


def _coming(place: Place) -> Iterator[Next]:
    lang, on, base = place.scope.lang, place.scope.on, address(place.facility)
    staff = place.staff({row.staff for row in place.tours})
    names = {row.code: f"{row.family_names} {row.given_name}" for row in staff}
    for row in place.tours:
        who = names.get(row.staff, row.staff)
        if on <= row.end - ONE < on + SOON and row.start <= on:
            yield Next(row.end - ONE, say("UI_next_tour_ends", lang, who=who), _to(place, f"{base}luot/", luc="now"))
        if on < row.start < on + SOON:
            yield Next(row.start, say("UI_next_tour_begins", lang, who=who), _to(place, f"{base}luot/", luc="coming"))
    called = {one.staff.code: one.name for one in place.people}
    for code, row in expires(place.licences).items():
        if row.expires and on <= row.expires < on + SOON:
            words = say("UI_next_licence_ends", lang, who=called[code])
            yield Next(row.expires, words, _to(place, f"{base}giay-phep/"))
    for one in place.people:
        yield from _leaving(place, one.staff, one.name)


def _leaving(place: Place, staff: Any, who: str) -> Iterator[Next]:
    """Yield the end of the contract of somebody, the last day recorded, or else that of the law."""
    lang, on = place.scope.lang, place.scope.on
    there = _to(place, f"/nguoi/{quote(staff.code, safe='')}/")
    if staff.contract_end and on <= staff.contract_end < on + SOON:
        yield Next(staff.contract_end, say("UI_next_contract_ends", lang, who=who), there)
    last = leaves(staff, on=on)
    if last and on <= last < on + LEAVING:
        yield Next(last, say("UI_next_leaves" if staff.end else "UI_next_retires", lang, who=who), there)


def _to(place: Place, there: str, **filters: str | None) -> str:
    return f"{there}?{urlencode({name: one for name, one in {**place.scope.state(), **filters}.items() if one})}"


def _day(day: date, lang: Lang) -> str:
    return f"{day:%d/%m/%Y}" if lang == "vi" else day.isoformat()
