"""Two to four stations side by side: the columns of the list of stations turned on their side, and why they differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.domain.messages import say
from tramyte.domain.names import search_key
from tramyte.need.cadres import ALL
from tramyte.web.views import stations
from tramyte.web.views.columns import Cell, shown
from tramyte.web.views.need import DOCTOR, asked
from tramyte.web.views.scope import Scope, scope_of

FEWEST, MOST = 2, 4  # stations beside each other
Line = dict[str, Any]


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """Show the stations that were named, by code, name or old name, beside each other."""
    scope = replace(scope_of(request), by="tram")
    lines, typed = stations.lines(scope), [one.strip() for one in request.GET.getlist("tram")][:MOST]
    found = [(text, match(lines, text) if text else None) for text in typed]
    chosen = list({line["code"]: line for _, line in found if line}.values())
    fields = [
        {"number": number, "text": line["name"] if line else text, "is_wrong": bool(text) and line is None}
        for number, (text, line) in enumerate([*found, *[("", None)] * (MOST - len(found))], start=1)
    ]
    return render(
        request,
        "stations/compare.html",
        {
            "section": "stations", "scope": scope, "fields": fields, "lines": lines,
            "wrong": [one for one in fields if one["is_wrong"]],
            "is_few": bool(typed) and len(chosen) < FEWEST,
            "heads": [(line["name"], line["address"]) for line in chosen],
            "rows": list(rows(scope, chosen)) if chosen else [],
        },
    )  # fmt: skip


def match(lines: Iterable[Line], text: str) -> Line | None:
    """Return the station with this code, else the one called so, else the first whose name or old name holds it."""
    wanted = search_key(text)
    fits = stations.found(list(lines), text)

    def distance(line: Line) -> tuple[bool, bool, str]:
        names = {search_key(stations.bare(one)) for one in (line["name"], *line["former"])} | {search_key(line["name"])}
        return line["code"].casefold() != text.casefold(), wanted not in names, search_key(line["name"])

    return min(fits, key=distance, default=None)


def rows(scope: Scope, chosen: list[Line]) -> Iterable[tuple[str, list[Cell]]]:
    """Yield one row a figure: its word, and its cell of each station; last what is not computed, and the reasons."""
    for column in stations.columns(scope):
        if column.code != "name":
            yield column.head(scope.lang), [
                shown(column.value(line), column.kind, scope.lang, column.link(line) if column.link else None)
                for line in chosen
            ]  # fmt: skip
    unknown = say("UI_why_access", scope.lang)
    yield say("UI_measure_access", scope.lang), [Cell(unknown, None, "unknown") for _ in chosen]
    report = asked(scope)[0]
    reasons = [
        [one.sentence(scope.lang) for cadre in (ALL, DOCTOR) if cadre in of for one in of[cadre].reasons]
        for of in (report.rows.get(line["code"], {}) if report else {} for line in chosen)
    ]
    yield say("UI_why", scope.lang), [Cell(" ".join(one) or "—") for one in reasons]
