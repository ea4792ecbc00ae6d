"""One field that finds everything: stations, hospitals, people, communes, old names of all of them, pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.messages import say
from tramyte.domain.names import search_key
from tramyte.web import records, succession
from tramyte.web.models import Commune, Staff
from tramyte.web.permissions import grants, visible_to
from tramyte.web.roles import ROLES
from tramyte.web.views.place import CARE, address, commune_address, facilities, seen, title_words
from tramyte.web.views.scope import Scope, scope_of
from tramyte.web.views.sections import entries

Former = dict[str, tuple[str, ...]]  # code -> old names
MOST = 20  # of each kind
LEAST = 2  # letters


@dataclass(frozen=True)
class Found:
    """One thing that was found. why: the old name it was found by, or what it is."""

    name: str
    address: str
    why: str = ""
    is_exact: bool = False


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits, with or without marks; what is named exactly so stands first."""
    scope = scope_of(request).everywhere
    wanted = search_key(request.GET.get("tim", ""))
    groups = groups_of(scope, wanted) if len(wanted) >= LEAST else []
    return render(
        request,
        "search/search.html",
        {
            "scope": scope, "section": "search", "wanted": request.GET.get("tim", "").strip(), "groups": groups,
            "count": sum(len(found) for _, found, _ in groups), "is_short": len(wanted) < LEAST,
        },
    )  # fmt: skip


def groups_of(scope: Scope, wanted: str) -> list[tuple[str, list[Found], int]]:
    """Return kind, the first finds, how many more there are; kinds without finds left out."""
    former = succession.former_names(scope.province.code, scope.on, known=scope.moment)
    kinds = [
        ("UI_found_facilities", _facilities(scope, wanted, former)),
        ("UI_found_communes", _communes(scope, wanted, former)),
        ("UI_workforce", _people(scope, wanted)),
        ("UI_found_pages", _pages(scope, wanted)),
    ]
    return [(say(code, scope.lang), found[:MOST], max(0, len(found) - MOST)) for code, found in kinds if found]


def _facilities(scope: Scope, wanted: str, former: Former) -> list[Found]:
    """Return facilities by name, by code, by their own old names; stations by those of their commune too."""
    found = []
    for row in facilities(scope):
        key = search_key(row.name)
        is_called_after_it = row.parent is None and row.kind in CARE
        old = [*former.get(row.code, ()), *(former.get(row.commune, ()) if is_called_after_it else ())]
        by = next((name for name in old if wanted in search_key(name)), None)
        if wanted in key or wanted in search_key(row.code) or by:
            why = say("UI_formerly", scope.lang, name=by) if by and wanted not in key else ""
            is_exact = key.endswith(wanted) or search_key(by or "").endswith(wanted)
            found.append(Found(row.name, _to(scope, address(row)), why, is_exact))
    return sorted(found, key=lambda one: (not one.is_exact, one.name))


def _communes(scope: Scope, wanted: str, former: Former) -> list[Found]:
    found = []
    for row in seen(Commune, scope, on=scope.on).order_by("sort_key", "pk"):
        key = search_key(row.name)
        by = next((name for name in former.get(row.code, ()) if wanted in search_key(name)), None)
        if wanted in key or wanted == row.code or by:
            why = say("UI_formerly", scope.lang, name=by) if by and wanted not in key else ""
            found.append(Found(row.name, _to(scope, commune_address(row.code, row.name)), why, key.endswith(wanted)))
    return sorted(found, key=lambda one: not one.is_exact)


def _people(scope: Scope, wanted: str) -> list[Found]:
    """Return the people whom the account may see, by name or code."""
    rows: Any = records.rows(Staff, on=scope.on, known=scope.moment).filter(province=scope.province.code)
    rows = visible_to(rows, scope.account, on=timezone.localdate()).filter(search_key__contains=wanted)
    found = rows.order_by("sort_key", "pk").values_list("code", "family_names", "given_name", "title_code")[: MOST * 5]
    return [
        Found(f"{family} {given}", _to(scope, f"/nguoi/{quote(code, safe='')}/"),
              str(title_words(title, scope.lang, on=scope.on) or ""), search_key(f"{family} {given}") == wanted)
        for code, family, given, title in found
    ]  # fmt: skip


def _pages(scope: Scope, wanted: str) -> list[Found]:
    """Return the pages of the rail that the account may open."""
    may = {one for grant in grants(scope.account, on=timezone.localdate()) for one in ROLES[grant.role].may}
    pages = [section for entry in entries(may) for section in entry.sections]
    words = [(say(section.word, scope.lang), section.address) for section in pages]
    return [Found(name, _to(scope, place)) for name, place in words if wanted in search_key(name)]


def _to(scope: Scope, place: str) -> str:
    state = {name: value for name, value in scope.state().items() if value}
    return f"{place}?{urlencode(state)}"
