"""The lists of one place, a tab each: what `listing` is given."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from tramyte.domain.messages import say
from tramyte.domain.names import person_key, search_key
from tramyte.need.cadres import ALL, CADRES
from tramyte.web.views.lists import Column, Empty, Filter, Status, sum_of
from tramyte.web.views.measures import cited
from tramyte.web.views.need import asked, formulas, of_cadres
from tramyte.web.views.place import (
    LEAVING,
    SOON,
    Here,
    Place,
    address,
    cadre,
    expires,
    leaves,
    skill_words,
    title_words,
    words_of,
)
from tramyte.web.views.station_changes import changes

__all__ = ["buildings", "changes", "collaborators", "equipment", "licences", "needs_here", "people", "posts", "tours"]

NONE = Empty("UI_none_here", "UI_other_day")


def people(place: Place) -> dict[str, Any]:
    """Everybody with an appointment here on the day."""
    on, lang, lasts = place.scope.on, place.scope.lang, expires(place.licences)
    names = {code: row.name for code, row in place.buildings.items()}

    def licence(one: Here) -> Status | None:
        return _licence(lasts[one.staff.code], on) if one.staff.code in lasts else None

    def leaving(one: Here) -> bool:
        last = leaves(one.staff, on=on)
        return last is not None and last < on + LEAVING

    found = {cadre(one.staff, on=on) for one in place.people}
    return {
        "title": "UI_list_people",
        "columns": [
            Column("name", "UI_name", "name", "link",
                   link=lambda one: f"/nguoi/{quote(one.staff.code, safe='')}/?{_query(place)}",
                   by=lambda one: bytes(one.staff.sort_key)),
            Column("title", "UI_title", lambda one: title_words(one.staff.title_code, lang, on=on)),
            Column("specialty", "UI_specialty", lambda one: skill_words(one.staff.specialty, lang, on=on)),
            Column("building", "UI_building", lambda one: ", ".join(names[code] for code in one.buildings)),
            Column("share", "UI_share", "share", "number", total=sum_of("share")),
            Column("licence", "UI_licence", licence, "status"),
            Column("born", "UI_born", lambda one: str(one.staff.birth_year)),
            Column("leaves", "UI_leaves", lambda one: leaves(one.staff, on=on), "day"),
        ],
        "rows": place.people, "order": "name",
        "filters": [
            Filter("nhom", "UI_cadre", lambda rows, value: [one for one in rows if cadre(one.staff, on=on) == value],
                   [(one, say(f"UI_cadre_{one}", lang)) for one in CADRES if one in found]),
            Filter("noi", "UI_building", lambda rows, value: [one for one in rows if value in one.buildings],
                   sorted(names.items()) if len(names) > 1 else ()),
            Filter("nghi", "UI_leaves", lambda rows, value: [one for one in rows if value != "24" or leaving(one)],
                   [("24", say("UI_leaving", lang))]),
        ],
        "find": lambda rows, text: _found(rows, text, lambda one: one.name), "empty": NONE,
    }  # fmt: skip


def posts(place: Place) -> dict[str, Any]:
    """Posts granted: who holds each, which are unfilled, which are frozen."""
    on, lang = place.scope.on, place.scope.lang

    def state(post: Any) -> Status:
        if post.code in place.holders:
            return Status("met", "UI_post_filled", rank=0)
        return Status("near", "UI_post_frozen", rank=1) if post.is_frozen else Status("short", "UI_post_free", rank=2)

    kept = {
        "filled": lambda post: post.code in place.holders,
        "free": lambda post: post.code not in place.holders and not post.is_frozen,
        "frozen": lambda post: bool(post.is_frozen),
    }
    return {
        "title": "UI_list_posts",
        "columns": [
            Column("code", "UI_post", "code"),
            Column("title", "UI_title", lambda post: title_words(post.title_code, lang, on=on)),
            Column("specialty", "UI_specialty", lambda post: skill_words(post.specialty, lang, on=on)),
            Column("building", "UI_building", lambda post: place.buildings[post.facility].name),
            Column("holder", "UI_holder", lambda post: ", ".join(one.name for one in place.holders.get(post.code, ()))),
            Column("state", "UI_post_state", state, "status"),
            Column("source", "UI_funded", "funded_source"),
        ],
        "rows": place.posts, "order": "-state,code",
        "filters": [
            Filter("tinh-trang", "UI_post_state",
                   lambda rows, value: [post for post in rows if kept.get(value, bool)(post)],
                   [(one, say(f"UI_post_{one}", lang)) for one in kept]),
        ],
        "empty": NONE,
    }  # fmt: skip


def licences(place: Place) -> dict[str, Any]:
    """Licences of the people here, the first to end on top."""
    on, lang = place.scope.on, place.scope.lang
    names = {one.staff.code: one for one in place.people}
    return {
        "title": "UI_list_licences",
        "columns": [
            Column("name", "UI_name", lambda row: names[row.staff].name,
                   by=lambda row: bytes(names[row.staff].staff.sort_key)),
            Column("number", "UI_licence_number", "number"),
            Column("kind", "UI_licence_kind", lambda row: words_of("licences", "kind", row.kind, lang)),
            Column("scope", "UI_licence_scope", lambda row: skill_words(row.scope, lang, on=on)),
            Column("issued", "UI_issued", "issued", "day"),
            Column("expires", "UI_expires", "expires", "day"),
            Column("state", "UI_state_now", lambda row: _licence(row, on), "status"),
        ],
        "rows": place.licences, "order": "expires,name",
        "find": lambda rows, text: _found(rows, text, lambda row: names[row.staff].name), "empty": NONE,
    }  # fmt: skip


def collaborators(place: Place) -> dict[str, Any]:
    """Village health workers and population collaborators: beside staff, never counted as staff."""
    lang = place.scope.lang
    return {
        "title": "UI_list_collaborators",
        "columns": [
            Column("name", "UI_name", lambda row: f"{row.family_names} {row.given_name}",
                   by=lambda row: person_key(row.family_names, row.given_name)),
            Column("kind", "UI_kind", lambda row: words_of("collaborators", "kind", row.kind, lang)),
            Column("building", "UI_building", lambda row: place.buildings[row.facility].name),
            Column("start", "UI_from_day", "start", "day"),
        ],
        "rows": place.collaborators, "order": "kind,name",
        "find": lambda rows, text: _found(rows, text, lambda row: f"{row.family_names} {row.given_name}"),
        "empty": NONE,
    }  # fmt: skip


def buildings(place: Place) -> dict[str, Any]:
    """What stands below it: points and child stations, each with its people."""
    lang = place.scope.lang
    rows = [row for code, row in place.buildings.items() if code != place.code]
    base = f"{address(place.facility)}nhan-luc/"

    def there(row: Any, only: list[Here]) -> int:
        return sum(1 for one in only if row.code in one.buildings)

    def to_people(row: Any, **more: str) -> str | None:
        return f"{base}?{_query(place, noi=row.code, **more)}" if place.sees_people else None

    return {
        "title": "UI_list_buildings",
        "columns": [
            Column("name", "UI_name", "name", "link", link=lambda row: f"{address(row)}?{_query(place)}"),
            Column("kind", "UI_kind", lambda row: words_of("facilities", "kind", row.kind, lang)),
            Column("people", "UI_people", lambda row: there(row, place.people), "number", link=to_people),
            Column("doctors", "UI_doctors", lambda row: there(row, place.doctors), "number",
                   link=lambda row: to_people(row, nhom="doctor")),
            Column("population", "UI_catchment", "catchment_population", "number",
                   total=sum_of("catchment_population")),
        ],
        "rows": rows, "order": "doctors,name", "empty": NONE,
    }  # fmt: skip


def equipment(place: Place) -> dict[str, Any]:
    """Machines, and whether somebody here can use each."""
    on, lang = place.scope.on, place.scope.lang

    def use(row: Any) -> Status:
        users = len(place.skills.get(row.skill, ())) if row.skill else None
        if users is None:
            return Status("unknown", "UI_unknown")
        return Status("met", "UI_users", {"count": users}, 0) if users else Status("short", "UI_no_user", rank=1)

    return {
        "title": "UI_list_equipment",
        "columns": [
            Column("name", "UI_name", "name"),
            Column("kind", "UI_kind", "kind"),
            Column("building", "UI_building", lambda row: place.buildings[row.facility].name),
            Column("state", "UI_state_now", lambda row: words_of("equipment", "state", row.state, lang)),
            Column("skill", "UI_skill", lambda row: skill_words(row.skill, lang, on=on)),
            Column("use", "UI_use", use, "status"),
            Column("serviced", "UI_serviced", "serviced_on", "day"),
        ],
        "rows": place.equipment, "order": "-use,name", "empty": NONE,
    }  # fmt: skip


def tours(place: Place) -> dict[str, Any]:
    """Tours that led here, lead here, will lead here."""
    on, lang = place.scope.on, place.scope.lang
    names = {row.code: row for row in place.staff({row.staff for row in place.tours})}

    def when(row: Any) -> str:
        return "past" if row.end <= on else "now" if row.start <= on else "coming"

    looks = {"past": ("unknown", 0), "now": ("met", 2), "coming": ("near", 1)}
    return {
        "title": "UI_list_tours",
        "columns": [
            Column("name", "UI_name", lambda row: _name(names.get(row.staff), row.staff),
                   by=lambda row: bytes(names[row.staff].sort_key) if row.staff in names else None),
            Column("skill", "UI_skill", lambda row: skill_words(row.skill, lang, on=on)),
            Column("building", "UI_building", lambda row: place.buildings[row.facility].name),
            Column("instrument", "UI_instrument",
                   lambda row: words_of("past_tours", "instrument", row.instrument, lang)),
            Column("start", "UI_from_day", "start", "day"),
            Column("end", "UI_until_day", lambda row: row.end, "day"),
            Column("when", "UI_when", lambda row: Status(looks[when(row)][0], f"UI_tour_{when(row)}",
                                                        rank=looks[when(row)][1]), "status"),
            Column("decision", "UI_decision", lambda row: str(row.decision or "")),
        ],
        "rows": place.tours, "order": "-when,-start,name",
        "filters": [
            Filter("luc", "UI_when", lambda rows, value: [row for row in rows if _when(row, value, when)],
                   [(one, say(f"UI_tour_{one}", lang)) for one in looks]),
        ],
        "find": lambda rows, text: _found(rows, text, lambda row: _name(names.get(row.staff), row.staff)),
        "empty": NONE,
    }  # fmt: skip


def needs_here(place: Place) -> dict[str, Any]:
    """The four measures of this station, cadre by cadre; of what is no station: none."""
    (report, unsaid), lang = asked(place.scope), place.scope.lang
    rows = report.rows.get(place.code, {}) if report else {}
    ids = {one for row in rows.values() for one in row.norm_ids}
    lists = of_cadres(place.scope, list(rows.values()), f"{address(place.facility)}nhan-luc/", place.sees_people)
    told = {
        "formulas": formulas(rows.get(ALL), lang), "unsaid": unsaid, "is_need": bool(rows),
        "cited": [f"{one.title[lang]}: {one.source.strip()}, {one.article}" for one in cited(report, ids)],
    }  # fmt: skip
    return {"title": "UI_list_measures", **lists, "empty": Empty("UI_no_measures", "UI_other_day"), "context": told}


def _when(row: Any, value: str, when: Any) -> bool:
    return bool(when(row) == value and (value != "now" or row.instrument != "transfer"))


def _licence(row: Any, on: date) -> Status:
    if row.expires is None:
        return Status("met", "UI_licence_open", rank=3)
    if row.expires < on:
        return Status("short", "UI_licence_over", rank=0)
    if row.expires < on + SOON:
        return Status("near", "UI_licence_soon", rank=1)
    return Status("met", "UI_licence_on", rank=2)


def _name(row: Any, code: str) -> str:
    return f"{row.family_names} {row.given_name}" if row else code


def _found(rows: Any, text: str, words: Any) -> list[Any]:
    wanted = search_key(text)
    return [row for row in rows if wanted in search_key(words(row))]


def _query(place: Place, **more: str) -> str:
    return urlencode({name: value for name, value in {**place.scope.state(), **more}.items() if value})
