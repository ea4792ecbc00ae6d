"""Where one looks: provinces, communes and facilities to choose from, each leading back to the page one came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from tramyte.domain.messages import say
from tramyte.domain.names import search_key, sort_key
from tramyte.web import succession
from tramyte.web.models import Commune
from tramyte.web.views.lists import Column, listing
from tramyte.web.views.place import facilities, seen, words_of
from tramyte.web.views.scope import FACILITY_DEEP, MARK, Scope, provinces_of, scope_of
from tramyte.web.views.stations import bare

HOME = "/tong-quan/"
ASIDE = ("/pham-vi/", "/bo-loc/")  # pages that lead back to another


@require_safe
@login_required
def places(request: HttpRequest) -> HttpResponse:
    """List the places that the account may look at; who chooses one is back where they were, and sees that alone."""
    scope = scope_of(request).everywhere
    path, state = way_back(request, without=("pv", "trang"))

    def to(place: str) -> str:
        return f"{path}?{urlencode([('pv', place), *state])}"

    columns = [
        Column("ten", "UI_name", "name", "link", link=lambda row: to(f"{scope.province.code}{MARK}{row['code']}"),
               by=lambda row: sort_key(bare(row["name"]))),
        Column("loai", "UI_kind", "kind"), Column("xa", "UI_commune", "commune"),
        Column("ten-cu", "UI_former", lambda row: ", ".join(row["former"])),
    ]  # fmt: skip
    whole = [(say("UI_all_of", scope.lang, place=f"{one.kind} {one.name}"), to(one.code))
             for one in provinces_of(scope.account)]  # fmt: skip
    return listing(
        request, scope, "pham-vi", "UI_list_places", columns, _lines(scope), order="ten,loai", find=_found,
        keep=("toi",), template="home/places.html", context={"whole": whole},
    )  # fmt: skip


def way_back(request: HttpRequest, *, without: Iterable[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return the page of ours that somebody came from, and what its address held beside the names left out."""
    parts = urlsplit(request.GET.get("toi", ""))
    try:
        is_ours = not parts.netloc and not parts.scheme and bool(resolve(parts.path)) and parts.path not in ASIDE
    except Resolver404:
        is_ours = False
    state = [(name, value) for name, value in parse_qsl(parts.query) if name not in without]
    return (parts.path, state) if is_ours else (HOME, [])


def _lines(scope: Scope) -> list[dict[str, Any]]:
    """Return communes, and facilities that belong to no other in their commune: one that does is seen with it."""
    former = succession.former_names(scope.province.code, scope.on, known=scope.moment)
    communes = {row.code: row for row in seen(Commune, scope, on=scope.on)}
    kind: Callable[[Any], str | None] = lambda row: words_of("facilities", "kind", row.kind, scope.lang)  # noqa: E731
    found = [
        {"code": row.code, "name": row.name, "kind": say("UI_su_commune", scope.lang), "commune": None,
         "former": former.get(row.code, ())}
        for row in communes.values()
    ]  # fmt: skip
    return found + [
        {"code": row.code, "name": row.name, "kind": kind(row), "former": former.get(row.code, ()),
         "commune": communes[row.commune].name if row.commune in communes else None}
        for row in facilities(scope) if row.path.count("/") <= FACILITY_DEEP
    ]  # fmt: skip


def _found(rows: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Keep the places with this name, code, commune or old name, with or without marks."""
    wanted = search_key(text)
    return [
        row for row in rows
        if wanted in search_key(" ".join((row["name"], row["code"], row["commune"] or "", *row["former"])))
    ]  # fmt: skip
