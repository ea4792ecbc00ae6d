"""The list of stations, or of communes: worst first; its rows are what the figures of the first page count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.messages import say
from tramyte.domain.names import search_key, sort_key
from tramyte.domain.place import Commune
from tramyte.need.doctors import count_doctors
from tramyte.need.standing import Standing, Station, deployed_there, standing
from tramyte.web import succession
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.columns import sum_of_ranges
from tramyte.web.views.home import NEEDED, missing, spread_of
from tramyte.web.views.lists import Column, Filter, Status, listing, sum_of
from tramyte.web.views.measures import MET, norm_span, together, work_span
from tramyte.web.views.need import NEEDED as MEASURED
from tramyte.web.views.need import asked
from tramyte.web.views.place import address_of, commune_address, words_of
from tramyte.web.views.scope import Scope, scope_of, whole_of

TYPE_WORDS = ("Xã ", "Phường ", "Đặc khu ", "Trạm y tế xã ", "Trạm y tế phường ", "Trạm y tế ")
Former = Mapping[str, tuple[str, ...]]  # code -> old names
Keep = Callable[[dict[str, Any]], bool]  # whether a line fits a choice
ZONES, KINDS = ("1", "2", "3"), ("station", "polyclinic")


@require_safe
@login_required
def stations(request: HttpRequest) -> HttpResponse:
    """Show every place by how short it is."""
    scope = scope_of(request)
    return listing(
        request, scope, "tram", "UI_list_stations" if scope.by == "tram" else "UI_list_communes", columns(scope),
        lines(scope), order="-short,name", find=found, context={"section": "stations"}, filters=filters(scope),
        template="stations/all.html",
    )  # fmt: skip


def filters(scope: Scope) -> list[Filter]:
    """Return the choices over the list."""
    lang = scope.lang
    counts = [(str(count), f"{count}+" if count == scope.most else str(count)) for count in range(scope.most + 1)]
    short: dict[str, Keep] = {"UI_is_short": lambda row: bool(row["short"]), "UI_met": lambda row: row["short"] == 0}
    guests: dict[str, Keep] = {
        "UI_has_guests": lambda row: row["guests"] > 0, "UI_has_no_guests": lambda row: row["guests"] == 0,
    }  # fmt: skip
    kinds = [(kind, str(words_of("facilities", "kind", kind, lang))) for kind in KINDS] if scope.by == "tram" else []
    return [
        Filter("so-bs", "UI_doctors", lambda rows, one: with_doctors(rows, one, scope.most), counts),
        _yes_no(scope, "thieu", "UI_filter_short", short),
        _yes_no(scope, "tang-cuong", "UI_filter_guests", guests),
        Filter("vung", "UI_zone", lambda rows, zone: [row for row in rows if str(row["zone"]) == zone],
               [(zone, zone) for zone in ZONES]),
        *([Filter("loai", "UI_kind", lambda rows, kind: [row for row in rows if row["kind"] == kind], kinds)]
          if kinds else []),
    ]  # fmt: skip


def _yes_no(scope: Scope, code: str, word: str, keep: Mapping[str, Keep]) -> Filter:
    """Return a filter of two choices, yes and no: message code -> what fits; another word fits all."""
    chosen = dict(zip(("co", "khong"), keep.values(), strict=True))
    choices = [(value, say(one, scope.lang)) for value, one in zip(chosen, keep, strict=True)]
    return Filter(code, word, lambda rows, value: [row for row in rows if chosen.get(value, bool)(row)], choices)


def lines(scope: Scope) -> list[dict[str, Any]]:
    """Return one line a station, or a commune, with what stands there on the day; nobody changes a line."""
    key = ("lines", scope.by, scope.level, repr(scope.law))
    return scope.recall(key, (*MEASURED, "successions"), lambda: _lines(scope))


def _lines(scope: Scope) -> list[dict[str, Any]]:
    today = standing(scope.figures(*NEEDED), on=scope.on)
    count = count_doctors(today)
    spread = spread_of(scope, count)
    former = succession.former_names(scope.province.code, scope.on, known=scope.moment)
    there, listed = _deployed(today), {one.code: one for one in today.register.communes}
    if scope.by == "tram":
        rows = [_station(today, one, listed.get(one.commune), former, there) for one in today.stations]
    else:
        rows = [_commune(today, one, listed.get(one[0]), former, there) for one in today.communes.items()]
    report, communes = asked(scope)[0], today.communes
    for row in rows:
        doctors = spread.counts.get(row["code"])
        inside = [row["code"]] if scope.by == "tram" else [one.code for one in communes[row["code"]]]
        measured = [report.rows.get(one) if report else None for one in inside]
        row |= {
            "doctors": doctors, "short": missing(scope, doctors),
            "norm": together(norm_span(one) if one else None for one in measured),
            "wisn": together(work_span(one) if one else None for one in measured),
        }  # fmt: skip
    return rows


def columns(scope: Scope) -> list[Column]:
    """Return the columns of the list; people are linked for those who may see them all."""

    def to(row: dict[str, Any], tab: str, **more: str) -> str | None:
        return f"{row['people_at']}{tab}/?{urlencode({**state, **more})}" if row["people_at"] else None

    def to_people(row: dict[str, Any], tab: str = "nhan-luc", **more: str) -> str | None:
        return to(row, tab, **more) if names else None

    state = {name: value for name, value in scope.state().items() if value}
    names = bool(paths(scope.account, Permission.SEE_PEOPLE, on=timezone.localdate()))
    commune = [Column("commune", "UI_commune", "commune")] if scope.by == "tram" else []
    return [
        Column("name", "UI_name", "name", "link", link=lambda row: f"{row['address']}?{urlencode(state)}",
               by=lambda row: sort_key(bare(row["name"]))),
        *commune,
        Column("former", "UI_former",
               lambda row: ", ".join(one for one in row["former"] if one not in (row["name"], row["commune"]))),
        Column("zone", "UI_zone", "zone", "number"),
        Column("population", "UI_population", "population", "number", total=sum_of("population")),
        Column("people", "UI_people", "people", "number", link=to_people, total=sum_of("people")),
        Column("doctors", "UI_doctors", "doctors", "number", link=lambda row: to_people(row, nhom="doctor"),
               total=sum_of("doctors")),
        Column("short", "UI_target", _against, "status", total=_short,
               fields={"level": "—" if scope.level is None else scope.level}),
        Column("norm", "UI_norm_range", "norm", "range", link=lambda row: to(row, "nhu-cau"),
               total=sum_of_ranges("norm"), halves=("UI_norm_lo", "UI_norm_hi")),
        Column("wisn", "UI_wisn_range", "wisn", "range", link=lambda row: to(row, "nhu-cau"),
               total=sum_of_ranges("wisn"), halves=("UI_wisn_lo", "UI_wisn_hi")),
        Column("guests", "UI_guests", "guests", "number", link=lambda row: to_people(row, "luot", luc="now"),
               total=sum_of("guests")),
    ]  # fmt: skip


def _station(
    today: Standing, station: Station, commune: Commune | None, former: Former, there: Mapping[str, int]
) -> dict[str, Any]:
    facility = station.facility
    address = address_of(facility.kind, station.code, facility.name)
    return {
        "code": station.code, "name": facility.name, "commune": station.commune_name, "kind": facility.kind,
        "address": address, "people_at": address,
        "former": (*former.get(station.code, ()), *former.get(station.commune, ())),
        "zone": commune.zone if commune else None, "population": facility.catchment_population,
        "people": len(today.fte[station.code]) if today.known else None,
        "guests": sum(there.get(one, 0) for one in station.members),
    }  # fmt: skip


def _commune(
    today: Standing, place: tuple[str, Sequence[Station]], own: Commune | None, former: Former, there: Mapping[str, int]
) -> dict[str, Any]:
    code, stations = place
    people = {one for station in stations for one in today.fte[station.code]}
    name = own.name if own else code
    one = stations[0].facility if len(stations) == 1 else None  # of several no single list counts to the figure
    return {
        "people_at": address_of(one.kind, one.code, one.name) if one else None,
        "code": code, "name": name, "commune": "", "address": commune_address(code, name),
        "former": former.get(code, ()),
        "zone": own.zone if own else None, "population": own.population if own else None,
        "people": len(people) if today.known else None,
        "guests": sum(there.get(one, 0) for station in stations for one in station.members),
    }  # fmt: skip


def _deployed(today: Standing) -> dict[str, int]:
    """Return facility -> people there on deployment on the day."""
    found: dict[str, int] = {}
    for _, facility in deployed_there(today.register, on=today.on):
        found[facility] = found.get(facility, 0) + 1
    return found


def _against(row: dict[str, Any]) -> Status:
    """Return how a place stands against the target."""
    if row["short"] is None:
        return Status("unknown", "UI_unknown")
    return Status("short", "UI_row_short", {"short": row["short"]}, row["short"]) if row["short"] else MET


def _short(rows: list[dict[str, Any]]) -> Status | None:
    known = [row["short"] for row in rows if row["short"] is not None]
    return Status("", "UI_row_short", {"short": sum(known)}) if known else None


def bare(name: str) -> str:
    """Return a place's name without its type word, as places sort."""
    return next((name[len(word) :] for word in TYPE_WORDS if name.startswith(word)), name)


def found(rows: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Keep the places with this name, code or old name, with or without marks."""
    wanted = search_key(text)
    return [
        row for row in rows
        if wanted in search_key(" ".join((row["name"], row["commune"], row["code"], *row["former"])))
    ]  # fmt: skip


def with_doctors(rows: list[dict[str, Any]], wanted: str, most: int) -> list[dict[str, Any]]:
    """Keep the places with so many doctors; the last number stands for more as well."""
    if (number := whole_of(wanted)) is None:
        return rows
    known = [row for row in rows if row["doctors"] is not None]
    return [row for row in known if (row["doctors"] >= most if number >= most else row["doctors"] == number)]
