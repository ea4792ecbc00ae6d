"""The turns ledger of a campaign: how many were away how long first, then everybody, whoever was away least first."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tramyte.domain.messages import Lang, say
from tramyte.web import turns
from tramyte.web.turns import BANDS, Turns, UnitTurns
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.lists import Column, Filter, listing, sum_of

BAND, UNIT, BY = "so-ngay", "don-vi", "theo"  # in an address


@require_safe
@login_required
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """Show who was away how long in 24 months, with the draft looked at: by person, or by sending unit."""
    place = place_of(request, code)
    sheet = place.sheet if place.draft is not None else None
    rows = turns.ledger(place.campaign, sheet)
    rows = rows if place.sees_all else [one for one in rows if one.unit in place.mine]
    is_by_unit = request.GET.get(BY) == "don-vi"
    start, end = turns.window(place.campaign)
    context = place.context(
        "so-luot-di", bands=_bands(place, rows), people=len(rows), start=start, end=end, is_by_unit=is_by_unit,
        draft=place.draft, by=[_by(place, is_by_unit=False), _by(place, is_by_unit=True)],
    )  # fmt: skip
    if is_by_unit:
        units = turns.by_unit(rows)
        return listing(
            request, place.scope, "so-luot-di-don-vi", "UI_sv_ledger_units", _unit_columns(place), units,
            order="binh-quan,ten", keep=("ban", BY), template="campaigns/turns.html", context=context,
        )  # fmt: skip
    return listing(
        request, place.scope, "so-luot-di", "UI_sv_ledger_people", _columns(place), rows, order="ngay,ten",
        filters=_filters(place, rows), keep=("ban",), template="campaigns/turns.html", context=context,
    )  # fmt: skip


def _by(place: Place, *, is_by_unit: bool) -> str:
    return place.address("so-luot-di", **({BY: "don-vi"} if is_by_unit else {}))


def band(index: int, lang: Lang) -> str:
    """Return a band of days in words."""
    low, high = BANDS[index]
    return f"{low}–{high}" if high is not None else say("UI_sv_more_than", lang, count=low - 1)


def _bands(place: Place, rows: list[Turns]) -> list[dict[str, Any]]:
    """Return how many people are in each band; the count leads to them."""
    found = []
    for index in range(len(BANDS)):
        count = sum(one.band == index for one in rows)
        found.append({
            "words": band(index, place.scope.lang), "count": count, "most": len(rows),
            "address": place.address("so-luot-di", **{BAND: index}),
        })  # fmt: skip
    return found


def _columns(place: Place) -> list[Column]:
    def person(row: Turns) -> str:
        return f"/nguoi/{quote(row.staff, safe='')}/?pv={place.scope.pv}"

    return [
        Column("ten", "UI_sv_person", "name", "link", link=person),
        Column("don-vi", "UI_sv_unit", "unit_name"),
        Column("ngay", "UI_sv_days", "days", "number", total=sum_of("days")),
        Column("trong-ban", "UI_sv_planned", "planned", "number", total=sum_of("planned")),
        Column("luot", "UI_cp_tours", "tours", "number", total=sum_of("tours")),
        Column("kho", "UI_sv_hard", "hard", "number", total=sum_of("hard")),
        Column("phut", "UI_sv_way", "minutes", "number", total=sum_of("minutes")),
        Column("gan-nhat", "UI_sv_last", "last", "day"),
    ]  # fmt: skip


def _unit_columns(place: Place) -> list[Column]:
    def people(row: UnitTurns) -> str:
        return place.address("so-luot-di", **{UNIT: row.unit})

    return [
        Column("ten", "UI_sv_unit", "name"),
        Column("nguoi", "UI_sv_people", "people", "number", link=people, total=sum_of("people")),
        Column("ngay", "UI_sv_days", "days", "number", total=sum_of("days")),
        Column("binh-quan", "UI_sv_mean", "mean", "number"),
        Column("it", "UI_sv_fewest", "least", "number"),
        Column("nhieu", "UI_sv_most", "most", "number"),
        Column("trong-ban", "UI_sv_planned", "planned", "number", total=sum_of("planned")),
        Column("kho", "UI_sv_hard", "hard", "number", total=sum_of("hard")),
    ]  # fmt: skip


def _filters(place: Place, rows: list[Turns]) -> list[Filter]:
    bands = [(str(index), band(index, place.scope.lang)) for index in range(len(BANDS))]
    units = sorted({(one.unit, one.unit_name) for one in rows}, key=lambda pair: pair[1])
    return [
        Filter(BAND, "UI_sv_days", lambda rows, value: [one for one in rows if str(one.band) == value], bands),
        Filter(UNIT, "UI_sv_unit", lambda rows, value: [one for one in rows if one.unit == value], units),
    ]
