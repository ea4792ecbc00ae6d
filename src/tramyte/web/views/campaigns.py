"""The campaigns of a province: the list, a new one, and the first page of one with its drafts and what comes next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.domain.errors import AlreadyIssued, BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web import records
from tramyte.web.actions import campaigns, solves
from tramyte.web.models import Campaign, Conduct, Draft
from tramyte.web.roles import Permission
from tramyte.web.views import drafts
from tramyte.web.views.campaign import LINE, place_of
from tramyte.web.views.lists import Column, Empty, Status, listing
from tramyte.web.views.papers import account_of, may, must
from tramyte.web.views.scope import Scope, day_of, scope_of

INSTRUMENTS = ("support", "rotation")
NUMBERS = {"weeks": 12, "max_tours": 2, "rest_weeks": 2, "max_travel_min": 480}  # what a new campaign begins with
LOOKS = {"running": "near", "ended": "met", "issued": "met"}


@require_safe
@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """Show the campaigns of the province, the newest first."""
    scope = scope_of(request)
    if not scope.everywhere.paths(Permission.SEE_PEOPLE):
        raise Http404
    states = _states(scope)

    def state(row: Campaign) -> Status:
        one = states.get(row.code, "draft")
        return Status(LOOKS.get(one, "unknown"), f"UI_cp_stage_{one}")

    def kind(row: Campaign) -> str:
        return say(f"UI_cp_{row.instrument}", scope.lang)

    columns = [
        Column("ten", "UI_cp_name", "name", "link", by="name", link=lambda row: f"/dot/{row.code}/?pv={row.province}"),
        Column("ma", "UI_cp_code", "code", by="code"),
        Column("hinh-thuc", "UI_cp_instrument", kind, by="instrument"),
        Column("tu", "UI_cp_first", "first_monday", "day", by="first_monday"),
        Column("den", "UI_cp_last", _last, "day"),
        Column("tuan", "UI_cp_weeks", "weeks", "number", by="weeks"),
        Column("tinh-trang", "UI_cp_state", state, "status"),
    ]  # fmt: skip
    return listing(
        request, scope, "dot", "UI_cp_list", columns, records.rows(Campaign).filter(province=scope.province.code),
        order="-tu", find=False, empty=Empty("UI_cp_none", "UI_cp_open", "/dot/mo/"), template="campaigns/list.html",
        context={"section": "campaigns", "may": may(scope, Permission.PLAN)},
    )  # fmt: skip


def _last(row: Campaign) -> date:
    return row.first_monday + timedelta(days=7 * row.weeks - 1)


def _states(scope: Scope) -> dict[str, str]:
    """Return campaign -> where it is on its line of life."""
    found: dict[str, str] = {}
    drafts = Draft.objects.filter(province=scope.province.code).exclude(stage="dropped")
    for code, stage in drafts.values_list("campaign", "stage"):
        found[code] = max(found.get(code, "draft"), stage, key=LINE.index)
    conducts = Conduct.objects.filter(province=scope.province.code).exclude(state="open")
    return found | dict(conducts.values_list("campaign", "state"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """Open a new campaign."""
    scope = scope_of(request)
    must(scope, Permission.PLAN)
    typed = {name: str(value) for name, value in NUMBERS.items()} | {"instrument": "support"}
    found: list[Finding] = []
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in ("code", "name", "first_monday", *typed)}
        try:
            campaign = campaigns.begin(by=account_of(request), province=scope.province.code, values=_values(typed))
        except BadData as error:
            found = list(error.findings)
        else:
            return redirect(f"/dot/{campaign.code}/?pv={scope.pv}")
    return render(
        request, "campaigns/begin.html",
        {
            "scope": scope, "section": "campaigns", "typed": typed, "numbers": list(NUMBERS),
            "instruments": [(one, say(f"UI_cp_{one}", scope.lang)) for one in INSTRUMENTS],
            "summary": [(one.cell, one.sentence(scope.lang)) for one in found],
        },
    )  # fmt: skip


def _values(typed: dict[str, str]) -> dict[str, Any]:
    """Return the fields of a campaign. raises: BadData, with every field that cannot be read."""
    found = [Finding("E706", "campaign", name) for name in ("code", "name") if not typed[name]]
    found += [
        Finding("E707", "campaign", name, {"read": typed[name] or "—"})
        for name in NUMBERS
        if not (typed[name].isascii() and typed[name].isdecimal() and len(typed[name]) < len("100000"))
    ]
    day = day_of(typed["first_monday"])
    if day is None:
        found.append(Finding("E708", "campaign", "first_monday", {"read": typed["first_monday"] or "—"}))
    if typed["instrument"] not in INSTRUMENTS:
        found.append(Finding("E706", "campaign", "instrument"))
    if found:
        raise BadData(found)
    words = {name: typed[name] for name in ("code", "name", "instrument")}
    return {**words, "first_monday": day, **{name: int(typed[name]) for name in NUMBERS}}


@require_safe
@login_required
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """Show one campaign: where it is, its drafts, who edits it."""
    place = place_of(request, code)
    away = Draft.objects.filter(province=place.campaign.province, campaign=place.campaign.code, stage="dropped")
    more = {
        "drafts": drafts.rows(place), "away": list(away.order_by("-number")) if place.is_planner else [],
        "running": solves.running(place.campaign) if place.is_planner else None, "solve": place.address("xep"),
    }  # fmt: skip
    return render(request, "campaigns/overview.html", place.context("", **more))


@require_POST
@login_required
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Become the editor of a campaign, or let others edit."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    conduct = campaigns.opened(by=place.account, campaign=place.campaign)
    try:
        if request.POST.get("viec") == "thoi":
            campaigns.leave(by=place.account, conduct=conduct)
        else:
            campaigns.edit(by=place.account, conduct=conduct, takes_over=request.POST.get("viec") == "nhan")
    except AlreadyIssued:
        who = conduct.editor.get_full_name() if conduct.editor else "–"
        messages.error(request, Finding("E715", fields={"who": who}).sentence(place.scope.lang))
    return redirect(place.address("bang" if request.POST.get("ve") == "bang" else ""))
