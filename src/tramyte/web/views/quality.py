"""Data quality: what does not add up, is missing or stands twice; each count opens to its rows, those to records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tramyte.domain.finding import Finding
from tramyte.domain.messages import messages, say
from tramyte.web import quality
from tramyte.web.quality import CHECKS, Look, Row
from tramyte.web.roles import Permission
from tramyte.web.views.lists import Column, Empty, Filter, Status, listing, sum_of
from tramyte.web.views.scope import Scope, scope_of

PLACES = ("communes", "facilities", "authorities", "posts")
PEOPLE = ("staff", "appointments", "licences")
COUNTED = ("communes", "facilities", "staff", "appointments", "past_tours", "collaborators", "totals")
TABLES = frozenset((*PLACES, *PEOPLE, *COUNTED))
OF_PEOPLE = {"staff"}
HOME = "/chat-luong/"
PERSONS, UNTITLED = "/nguoi/", f"{HOME}nguoi-chua-co-chuc-danh/"
COUNTED_AT: Mapping[str, tuple[str, Mapping[str, str]]] = {  # measure -> list with one row for each that is counted
    "staff": (PERSONS, {}), "doctors": (PERSONS, {"nhom": "doctor"}), "staff_without_title": (UNTITLED, {}),
    "preventive_doctors": (PERSONS, {"nhom": "preventive_doctor"}), "stations": ("/tram/", {}),
    "hospitals": ("/co-so/", {"loai": "hospital"}), "centres": ("/co-so/", {"loai": "centre"}),
}  # fmt: skip


@require_safe
@login_required
def kinds(request: HttpRequest) -> HttpResponse:
    """Show every kind of finding with how many rows it has."""
    scope = scope_of(request)
    found = [
        {"code": kind, "name": say(CHECKS[kind][0], scope.lang), "sheet": say(f"SHEET_{CHECKS[kind][1]}", scope.lang),
         "count": count}
        for kind, count in counts(scope).items()
    ]  # fmt: skip
    columns = [
        Column("loai", "UI_dq_kind", "name", "link", link=lambda row: _to(scope, f"{HOME}{row['code']}/")),
        Column("noi", "UI_dq_sheet", "sheet"),
        Column("so", "UI_dq_count", "count", "number", total=sum_of("count"),
               link=lambda row: _to(scope, f"{HOME}{row['code']}/")),
        Column("tinh-trang", "UI_dq_state", _state, "status"),
    ]  # fmt: skip
    return listing(
        request, scope, "chat-luong", "UI_dq_title", columns, found, order="-so", find=False,
        filters=[Filter("co", "UI_dq_only", lambda rows, _: [row for row in rows if row["count"]],
                        [("1", say("UI_dq_open", scope.lang))])],
        context={"section": "quality"},
    )  # fmt: skip


@require_safe
@login_required
def rows(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the rows of one kind, each with a link to its record."""
    scope = scope_of(request)
    if kind not in CHECKS or not may_see(scope, CHECKS[kind][1]):
        raise Http404
    columns = [
        Column("ten", "UI_name", lambda row: _name(row, scope), "link", link=lambda row: _record(scope, row)),
        Column("ma", "UI_dq_code", "code"),
        Column("dieu-can-xem", "UI_dq_what", lambda row: said(row, scope)),
    ]  # fmt: skip
    if kind == "tong-khong-khop":
        columns += [
            Column("ngay", "UI_dq_day", "on", "day"),
            Column("neu", "UI_dq_stated", lambda row: row.fields.get("stated", row.fields.get("whole")), "number"),
            Column("dem", "UI_dq_counted", lambda row: row.fields.get("counted", row.fields.get("parts")), "number",
                   link=lambda row: _counted(scope, row)),
            Column("lech", "UI_dq_difference", lambda row: row.fields.get("difference"), "number",
                   link=lambda row: _behind(scope, row)),
        ]  # fmt: skip
    found = rows_of(scope, kind)
    return listing(
        request, scope, f"chat-luong-{kind}", "UI_dq_rows", columns, found, order="ten",
        fields={"kind": say(CHECKS[kind][0], scope.lang)}, empty=Empty("UI_dq_none", "UI_dq_all", _to(scope, HOME)),
        context={"section": "quality"},
    )  # fmt: skip


def counts(scope: Scope) -> dict[str, int]:
    """Return kind -> number of its rows, of every kind that the account may see."""

    def count() -> dict[str, int]:
        look = looked_at(scope)
        return {kind: len(quality.rows(look, kind)) for kind, (_, sheet, _) in CHECKS.items() if may_see(scope, sheet)}

    return scope.recall("quality", TABLES, count)


def rows_of(scope: Scope, kind: str) -> list[Row]:
    """Return the rows of one kind."""
    return scope.recall(("quality", kind), TABLES, lambda: quality.rows(looked_at(scope), kind))


def looked_at(scope: Scope) -> Look:
    """Return what of the register the account may look at: places by place, people by place."""
    on = scope.on
    every = scope.records("communes", "facilities", may=None).as_of(on)
    seen: dict[str, Any] = {}
    if _sees_all(scope, Permission.SEE_FIGURES):
        stated = scope.records("totals", may=Permission.SEE_FIGURES).totals
        seen = {"totals": stated, "figures": lambda day: scope.figures(*COUNTED, on=day)}
    return Look(
        on, scope.records(*PLACES, may=Permission.SEE_PLACES).as_of(on),
        scope.records(*PEOPLE, may=Permission.SEE_PEOPLE), quality.codes(every.facilities),
        quality.codes(every.communes), **seen,
    )  # fmt: skip


def _sees_all(scope: Scope, may: Permission) -> bool:
    """Return whether the account sees the whole province: a total of it can be compared by nobody else."""
    return any(f"{scope.province.code}/".startswith(path) for path in scope.paths(may))


def may_see(scope: Scope, sheet: str) -> bool:
    """Return whether the account may see findings about records of a sheet."""
    if sheet == "totals":
        return _sees_all(scope, Permission.SEE_FIGURES)
    may = Permission.SEE_PEOPLE if sheet in OF_PEOPLE else Permission.SEE_PLACES
    return bool(scope.paths(may))


def _state(row: dict[str, Any]) -> Status:
    return Status("near", "UI_dq_look", rank=row["count"]) if row["count"] else Status("met", "UI_dq_fine", rank=0)


def _name(row: Row, scope: Scope) -> str:
    code = f"MEASURE_{row.name}"
    return say(code, scope.lang) if row.sheet == "totals" and code in messages() else row.name


def said(row: Row, scope: Scope) -> str | None:
    """Return what is wrong with one record; None where the kind of finding says it all."""
    return Finding(row.said, fields=row.fields).sentence(scope.lang).removeprefix(f"{row.said} ") if row.said else None


def _record(scope: Scope, row: Row) -> str | None:
    """Return the address of the record."""
    if row.sheet == "staff":
        return _to(scope, f"/nguoi/{row.code}/")
    if row.sheet == "facilities":
        return _to(scope, f"/{'co-so' if row.kind in quality.SENDERS else 'tram'}/{row.code}/")
    if row.sheet == "communes":
        return _to(scope, f"/xa/{row.code}/")
    if row.sheet == "totals":
        return _to(scope, "/tong-quan/", ngay=row.on)
    return None


def _counted(scope: Scope, row: Row) -> str | None:
    """Return the list whose rows a total of the register counts; None: there is none that this account may see."""
    address, only = COUNTED_AT.get(row.name, ("", {})) if "counted" in row.fields else ("", {})
    may = may_see(scope, "staff") if address in (PERSONS, UNTITLED) else bool(address)
    return _to(scope, address, ngay=row.on, **{"dem": "tram", **only}) if may else None


def _behind(scope: Scope, row: Row) -> str | None:
    """Return the rows behind a difference: people in no group are those without a title on that day."""
    return _to(scope, UNTITLED, ngay=row.on) if row.said == "D013" else None


def _to(scope: Scope, address: str, **changes: Any) -> str:
    state = {**scope.state(), **{name: value for name, value in changes.items() if value is not None}}
    return f"{address}?{urlencode([(name, value) for name, value in state.items() if value])}"
