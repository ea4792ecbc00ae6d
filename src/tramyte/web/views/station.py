"""One facility: its whole story on any day, as known on any later day. Stations, hospitals, centres share this page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.messages import say
from tramyte.need.numbers import number
from tramyte.web.actions.register import may
from tramyte.web.actions.requirements import may_want
from tramyte.web.nouns import nouns
from tramyte.web.permissions import may_propose
from tramyte.web.views import station_lists
from tramyte.web.views.columns import shown
from tramyte.web.views.lists import Column, listing
from tramyte.web.views.measures import measures
from tramyte.web.views.place import CARE, Place, address, commune_address, facility_at, words_of
from tramyte.web.views.scope import scope_of
from tramyte.web.views.whereabouts import coming, whereabouts

DAY = timedelta(days=1)
PROFILE = "ly-lich"  # the whole place on two sheets of paper; a link leads there
TABS = (
    "", "nhan-luc", "vi-tri", "giay-phep", "cong-tac-vien", "nhu-cau", "diem-tram", "thiet-bi", "luot", "lich-su",
    PROFILE,
)  # fmt: skip
# only for those who may see people
WITH_NAMES = frozenset({"nhan-luc", "vi-tri", "giay-phep", "cong-tac-vien", "luot", "lich-su"})
WITH_PAST = ("", "lich-su")  # lead to those that the place was joined of
ON_PAPER = {"nhan-luc": 40, "thiet-bi": 12}  # rows of a list that the profile has room for
LISTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "nhan-luc": station_lists.people, "vi-tri": station_lists.posts, "giay-phep": station_lists.licences,
    "cong-tac-vien": station_lists.collaborators, "diem-tram": station_lists.buildings,
    "thiet-bi": station_lists.equipment, "luot": station_lists.tours,
    "lich-su": station_lists.changes, "nhu-cau": station_lists.needs_here,
}  # fmt: skip


# whose rows lead to a form: of people and buildings the page of their own does
NOUNS = {
    "vi-tri": "posts", "giay-phep": "licences", "cong-tac-vien": "collaborators", "thiet-bi": "equipment",
}  # fmt: skip


@require_safe
@login_required
def station(request: HttpRequest, code: str, name: str = "", tab: str = "") -> HttpResponse:
    """Show one facility; a wrong name in the address leads to the right one, its state with it."""
    scope = scope_of(request).everywhere
    place = Place(scope, facility_at(scope, code))
    right = address(place.facility) + (f"{tab}/" if tab else "")
    if request.path != right:
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{right}?{query}" if query else right)
    is_care = place.facility.kind in CARE
    if tab not in TABS or (tab in WITH_NAMES and not place.sees_people) or (tab == PROFILE and not is_care):
        raise Http404
    context = head(place, tab)
    if tab in LISTS:
        given = LISTS[tab](place)
        if not request.GET.get("xuat"):
            given["columns"] = [*given["columns"], *acts(place, tab, given["rows"], back=request.get_full_path())]
        context |= given.pop("context", {})
        return listing(request, scope, tab, context=context, template="stations/list.html", **given)
    context |= {
        "facts": facts(place), "where": whereabouts(place), "coming": coming(place) if place.sees_people else None,
        "measures": measures(place) if is_care else None,
    }  # fmt: skip
    if tab == PROFILE:
        return render(request, "stations/profile.html", {**context, "lists": on_paper(place)})
    return render(request, "stations/station.html", {**context, "changes": changed(place)})


def acts(place: Place, tab: str, rows: Sequence[Any], *, back: str) -> list[Column]:
    """Return the column that leads to the form of each row, for who may record it or propose that it be corrected."""
    account, today, lang = place.scope.account, timezone.localdate(), place.scope.lang
    if tab not in NOUNS or place.scope.known is not None:
        return []
    noun = nouns()[NOUNS[tab]]

    def words(row: Any) -> str | None:
        code = "UI_edit_correct" if may(account, noun, row.path) else "UI_propose_link"
        fits = code == "UI_edit_correct" or may_propose(account, row, on=today)
        return f"{say(code, lang)} {noun.called(row)}" if fits else None

    def to(row: Any) -> str:
        return f"/sua/{noun.slug}/{row.pk}/?{urlencode({'pv': place.scope.pv, 've': back})}"

    found = Column("viec", "UI_person_acts", words, "link", link=to)
    return [found] if any(map(words, rows)) else []


def head(place: Place, tab: str) -> dict[str, Any]:
    """Return what stands over every tab of the page."""
    scope = place.scope
    base = address(place.facility)
    seen = [one for one in TABS if one != PROFILE and (place.sees_people or one not in WITH_NAMES)]
    return {
        "scope": scope, "place": place, "section": "stations" if place.facility.kind in CARE else "facilities",
        "kind": words_of("facilities", "kind", place.facility.kind, scope.lang),
        "commune_address":
        commune_address(place.commune.code, place.commune.name) if place.commune and scope.sees_communes else None,
        "tabs": [
            {"words": say(f"UI_tab_{one or 'tong-quan'}", scope.lang), "address": base + (f"{one}/" if one else ""),
             "is_here": one == tab}
            for one in seen
        ],
        "is_other_day": scope.on != timezone.localdate(), "today_address": base, "profile": f"{base}{PROFILE}/",
        "joined": f"/quan-tri/sap-xep/facility/{place.code}/" if tab in WITH_PAST and place.is_joined else None,
        "here": base + (f"{tab}/" if tab else ""), "day_before": (scope.on - DAY).isoformat(),
        "day_after": (scope.on + DAY).isoformat(),
        "wants": may_want(scope.account, place.facility.path) and scope.known is None and is_care(place),
        "successors": [
            (name, f"/tram/{code}/-/") for code, name in place.successors
        ],
    }  # fmt: skip


def is_care(place: Place) -> bool:
    """Return whether people are sent there: a station, a point or a polyclinic."""
    return place.facility.kind in CARE


def on_paper(place: Place) -> list[dict[str, Any]]:
    """Return the lists of the profile: title, heads, as many rows as there is room for, and how many more there are."""
    lang, found = place.scope.lang, []
    for tab, room in ON_PAPER.items():
        if place.sees_people or tab not in WITH_NAMES:
            given = LISTS[tab](place)
            rows, columns = given["rows"], given["columns"]
            found.append({
                "title": say(given["title"], lang, count=number(len(rows), lang)), "more": max(0, len(rows) - room),
                "heads": [one.head(lang) for one in columns],
                "rows": [[shown(one.value(row), one.kind, lang) for one in columns] for row in rows[:room]],
            })  # fmt: skip
    return found


def facts(place: Place) -> list[dict[str, Any]]:
    """Return the figures of the overview: word, value as it is read, address of the rows it counts to or None."""
    lang = place.scope.lang
    return [
        {"word": say(word, lang), "value": _read(value, lang),
         "address": _to(place, tab, **filters) if tab and value else None}
        for word, value, tab, filters in figures(place)
    ]  # fmt: skip


def figures(place: Place) -> list[tuple[str, Any, str, dict[str, str]]]:
    """Return word, value, and the tab with the filters whose rows count to it ("" where none names people)."""
    names = {tab: tab if place.sees_people else "" for tab in WITH_NAMES}
    filled = sum(1 for post in place.posts if post.code in place.holders)
    authority = place.authority
    return [
        ("UI_managed_by", authority.managing if authority else None, "", {}),
        ("UI_guided_by", authority.supervising if authority else None, "", {}),
        ("UI_catchment", place.facility.catchment_population, "", {}),
        ("UI_people", len(place.people), names["nhan-luc"], {}),
        ("UI_doctors", len(place.doctors), names["nhan-luc"], {"nhom": "doctor"}),
        ("UI_posts_granted", len(place.posts) or None, names["vi-tri"], {}),
        ("UI_posts_filled", filled if place.posts else None, names["vi-tri"], {"tinh-trang": "filled"}),
        ("UI_guests", len(place.guests), names["luot"], {"luc": "now"}),
        ("UI_buildings", len(place.buildings) - 1, "diem-tram", {}),
        ("UI_equipment", len(place.equipment) or None, "thiet-bi", {}),
    ]


def _to(place: Place, tab: str, **filters: str) -> str:
    state = {name: value for name, value in {**place.scope.state(), **filters}.items() if value}
    return f"{address(place.facility)}{tab}/?{urlencode(state)}"


def changed(place: Place) -> list[dict[str, str]]:
    """Return what is otherwise today, as known now: word, value of the page, value of today."""
    now = place.today()
    if now is None:
        return []
    lang = place.scope.lang
    pairs = zip(figures(place), figures(now), strict=True)
    return [
        {"word": say(word, lang), "then": _read(then, lang), "now": _read(value, lang)}
        for (word, then, _, _), (_, value, _, _) in pairs
        if then != value
    ]


def _read(value: Any, lang: Any) -> str:
    return "—" if value is None else number(value, lang) if isinstance(value, int | float) else str(value)
