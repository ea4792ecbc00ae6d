"""Communes and stations joined and split: what came from what, forms with a preview, and sums over who came before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.domain.names import sort_key
from tramyte.exchange.columns import sheets
from tramyte.web import records
from tramyte.web.actions import papers
from tramyte.web.actions import succession as actions
from tramyte.web.actions.rearranging import MEASURES, New, Rearrangement
from tramyte.web.models import Report
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.succession import COMMUNE, FACILITY, Sum, added, before, links, names_of
from tramyte.web.views.lists import Column, Empty, Filter, listing
from tramyte.web.views.papers import FIELDS, account_of, may, must, paper_of, seen, summary
from tramyte.web.views.scope import Scope, scope_of, whole_of

HOME = "/quan-tri/sap-xep/"
# slug -> what it does, what it joins or splits
FORMS = {
    "gop-xa": ("join_communes", COMMUNE), "tach-xa": ("split_commune", COMMUNE),
    "gop-tram": ("join_facilities", FACILITY), "tach-tram": ("split_facility", FACILITY),
}  # fmt: skip
PARTS = range(1, 5)
STATIONS = ("station", "polyclinic")
POPULATION = {COMMUNE: "population", FACILITY: "catchment_population"}


@require_safe
@login_required
def units(request: HttpRequest) -> HttpResponse:
    """Show every link: which unit came before which, since when, whole or in part."""
    scope = scope_of(request)
    names = {kind: names_of(scope.province.code, kind, known=scope.moment) for kind in (COMMUNE, FACILITY)}
    visible = _visible(scope)
    rows = [
        {"kind": one.kind, "old": names[one.kind].get(one.predecessor, one.predecessor), "old_code": one.predecessor,
         "new": names[one.kind].get(one.successor, one.successor), "new_code": one.successor, "on": one.on,
         "extent": say(f"UI_su_{one.extent}", scope.lang), "decision": one.decision}
        for one in links(scope.province.code, known=scope.moment)
        if one.on <= scope.on and one.successor in visible[one.kind]
    ]  # fmt: skip
    columns = [
        Column("cu", "UI_su_old", "old"), Column("ma-cu", "UI_su_old_code", "old_code"),
        Column("moi", "UI_su_new", "new", "link",
               link=lambda row: _to(scope, f"{HOME}{row['kind']}/{row['new_code']}/")),
        Column("ma-moi", "UI_su_new_code", "new_code"), Column("muc", "UI_su_extent", "extent"),
        Column("tu", "UI_from_day", "on", "day"), Column("can-cu", "UI_pa_paper", "decision"),
    ]  # fmt: skip
    kinds = [(kind, say(f"UI_su_{kind}", scope.lang)) for kind in (COMMUNE, FACILITY)]
    return listing(
        request, scope, "sap-xep", "UI_su_list", columns, rows, order="-tu,moi,cu", template="succession/units.html",
        filters=[Filter("loai", "UI_su_kind", lambda rows, kind: [row for row in rows if row["kind"] == kind], kinds)],
        empty=Empty("UI_su_none", "UI_su_all", _to(scope, HOME)),
        context={"section": "succession", "may": may(scope, Permission.HAND_OVER),
                 "forms": [(slug, say(f"UI_su_{what}", scope.lang)) for slug, (what, _) in FORMS.items()]},
    )  # fmt: skip


@require_safe
@login_required
def unit(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show who stood where a unit stands now, on the day before it began, each with its figures, and their sum."""
    scope = scope_of(request).everywhere
    if kind not in (COMMUNE, FACILITY) or code not in _visible(scope)[kind]:
        raise Http404
    known = links(scope.province.code, known=scope.moment)
    own = [one.on for one in known if one.kind == kind and one.successor == code and one.on <= scope.on]
    at = max(own) - timedelta(days=1) if own else scope.on
    came = before(code, kind=kind, at=at, on=scope.on, known=known)
    names = names_of(scope.province.code, kind, known=scope.moment)
    figures = sums(scope, kind, came, names, at=at)
    codes = [part.code for part in next(iter(figures.values())).parts]
    rows = [
        {"words": words, "total": one.total, "is_whole": not one.missing,
         "parts": [next((part.value for part in one.parts if part.code == code), None) for code in codes]}
        for words, one in figures.items()
    ]  # fmt: skip
    heads = [(names.get(one, one), one, say(f"UI_su_{came[one]}", scope.lang)) for one in codes]
    given = {"scope": scope, "section": "succession", "name": names.get(code, code), "code": code, "at": at}
    return render(request, "succession/unit.html", {**given, "heads": heads, "rows": rows})


def sums(scope: Scope, kind: str, came: Mapping[str, str], names: Mapping[str, str], *, at: date) -> dict[str, Sum]:
    """Return figure -> the sum over units on a day: population, services of the year before by kind, weekly reports."""
    found = records.register(
        scope.province.code, on=at, known=scope.moment, names=("communes", "facilities", "service_counts")
    )
    units_then = {
        one.code: one for one in (found.communes if kind == COMMUNE else found.facilities) if one.code in came
    }
    people = {code: getattr(one, POPULATION[kind]) for code, one in units_then.items()}
    home = {
        one.code: one.commune if kind == COMMUNE else (one.code if one.code in came else one.parent)
        for one in found.facilities
    }
    answer = {say("UI_population", scope.lang): added(came, people, names)}
    services: dict[str, dict[str, float | None]] = {}
    for row in found.service_counts:
        unit_code = home.get(row.facility)
        if unit_code in units_then and at - timedelta(days=365) < row.month <= at and row.count is not None:
            counts = services.setdefault(row.service, dict.fromkeys(units_then))
            counts[unit_code] = (counts[unit_code] or 0) + row.count
    for service in sorted(services):
        answer[say("UI_su_service", scope.lang, service=service)] = added(came, services[service], names)
    reports: dict[str, float | None] = dict.fromkeys(units_then, 0)
    filed = Report.objects.filter(province=scope.province.code, monday__lte=at, facility__in=list(home))
    for facility in filed.values_list("facility", flat=True):
        if (unit_code := home[facility]) in units_then:
            reports[unit_code] = (reports[unit_code] or 0) + 1
    answer[say("UI_su_reports", scope.lang)] = added(came, reports, names)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rearrange(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose units and a decision, look at both sides, then join or split them."""
    scope = scope_of(request).everywhere
    must(scope, Permission.HAND_OVER)
    if slug not in FORMS:
        raise Http404
    what, _ = FORMS[slug]
    wrong: list[tuple[str, str]] = []
    found: list[Finding] = []
    planned = None
    if request.method == "POST":
        paper, on, wrong = paper_of(request.POST)
        given = _asked(request, scope, what)
        if paper is not None and on is not None and not wrong:
            if request.POST.get("viec") == "ghi":
                try:
                    event = actions.rearrange(
                        what, by=account_of(request), province=scope.province.code, on=on, paper=paper,
                        seen=request.POST.get("dau"), **given,
                    )  # fmt: skip
                except BadData as error:
                    found = list(error.findings)
                else:
                    messages.success(request, say("UI_su_done", scope.lang, number=event.number))
                    return redirect(_to(scope, HOME, ngay=on))
            planned = actions.PLANS[what](province=scope.province.code, on=on, paper=paper, **given)
            found = found or list(planned.refused)
    return render(request, "succession/form.html", _page(request, scope, slug, planned, wrong, found))


def _asked(request: HttpRequest, scope: Scope, what: str) -> dict[str, Any]:
    """Return what a form asks for, as the plan takes it."""
    typed = request.POST

    def count(name: str) -> int | None:
        digits = typed.get(name, "").replace(".", "").replace(" ", "")
        return whole_of(digits)

    kind = typed.get("loai", "") or "station"
    if what.startswith("join"):
        into = New(typed.get("ma", "").strip(), typed.get("ten", "").strip(), kind, population=count("dan-so"))
        asked: dict[str, Any] = {"predecessors": typed.getlist("don-vi"), "into": into}
        return {**asked, "closed": typed.getlist("dong-cua")} if what == "join_facilities" else asked
    chosen = typed.get("don-vi", "")
    homes = {one: typed.get(f"phan-{one}", "") for one in _members(scope, what, chosen)}
    parts = []
    for number in PARTS:
        code = typed.get(f"ma-{number}", "").strip()
        if code:
            own = tuple(one for one, part in homes.items() if part == str(number))
            members = tuple(one for one in own if one != code) if what == "split_facility" else own
            name = typed.get(f"ten-{number}", "").strip()
            parts.append(New(code, name, kind, population=count(f"dan-so-{number}"), members=members))
    return {"predecessor": chosen, "parts": parts}


def _members(scope: Scope, what: str, chosen: str) -> dict[str, str]:
    """Return code -> name of what a split shares out: facilities of a commune, buildings of a station."""
    now = records.register(scope.province.code, on=scope.on, known=scope.moment, names=("facilities",)).facilities
    if what == "split_commune":
        return {one.code: one.name for one in now if one.commune == chosen}
    return {one.code: one.name for one in now if chosen in (one.code, one.parent)}


def _page(
    request: HttpRequest, scope: Scope, slug: str, planned: Rearrangement | None, wrong: list[tuple[str, str]],
    found: list[Finding],
) -> dict[str, Any]:  # fmt: skip
    what, kind = FORMS[slug]
    typed = request.POST
    chosen = typed.get("don-vi") or request.GET.get("don-vi", "")
    is_split = what.startswith("split")
    members = _members(scope, what, chosen) if is_split and chosen else {}
    return {
        "scope": scope, "section": "succession", "slug": slug, "title": say(f"UI_su_{what}", scope.lang),
        "is_split": is_split, "is_station": kind == FACILITY, "units": _choices(scope, kind), "chosen": chosen,
        "chosen_all": typed.getlist("don-vi"), "closed": typed.getlist("dong-cua"), "kinds": _kinds(scope, kind),
        "members": [(code, name, typed.get(f"phan-{code}", "1")) for code, name in members.items()],
        "parts": [
            {"number": number, **{name: typed.get(f"{key}-{number}", "") for name, key in
                                  (("code", "ma"), ("name", "ten"), ("people", "dan-so"))}}
            for number in PARTS
        ],
        "typed": {name: typed.get(name, "") for name in (*FIELDS, "ma", "ten", "dan-so", "loai")},
        "planned": planned if planned and planned.before else None, "numbers": PARTS,
        "mark": papers.mark(planned) if planned and not planned.refused else "",
        "measures": [say(f"UI_pa_n_{name}", scope.lang) for name in MEASURES], "summary": summary(wrong, found, scope),
        **_sides(planned),
    }  # fmt: skip


def _sides(planned: Rearrangement | None) -> dict[str, Any]:
    """Return both sides of a preview as rows, and the sums under them."""
    if planned is None:
        return {}
    rows = {
        side: [(one.code, one.name, [one.values[name] for name in MEASURES]) for one in getattr(planned, side)]
        for side in ("before", "after")
    }
    return {**rows, "totals": [planned.totals[name] for name in MEASURES]}


def _choices(scope: Scope, kind: str) -> list[tuple[str, str]]:
    """Return code and name of the units in force that can be chosen, by name."""
    names = ("communes",) if kind == COMMUNE else ("facilities",)
    found = records.register(
        scope.province.code, on=scope.on, known=scope.moment, within=seen(scope, Permission.SEE_PLACES), names=names
    )
    rows: list[Any] = list(found.communes) or [one for one in found.facilities if one.kind in STATIONS]
    return [(one.code, f"{one.name} ({one.code})") for one in sorted(rows, key=lambda one: sort_key(one.name))]


def _kinds(scope: Scope, kind: str) -> list[tuple[str, str]]:
    if kind == FACILITY:
        column = next(one for one in sheets()["facilities"].columns if one.field == "kind")
        return [(one.code, one.label(scope.lang)) for one in column.choices if one.code in STATIONS]
    return [(word, word) for word in ("xã", "phường", "đặc khu")]


def _visible(scope: Scope) -> dict[str, set[str]]:
    """Return the codes of the units that the account may see, past ones too."""
    names = ("communes", "facilities")
    found = records.register(
        scope.province.code, known=scope.moment, within=seen(scope, Permission.SEE_PLACES), names=names
    )
    if not paths(scope.account, Permission.SEE_FIGURES, on=timezone.localdate()):
        return {COMMUNE: set(), FACILITY: set()}
    return {COMMUNE: {one.code for one in found.communes}, FACILITY: {one.code for one in found.facilities}}


def _to(scope: Scope, address: str, **changes: Any) -> str:
    state = {**scope.state(), **changes}
    return f"{address}?{urlencode([(name, value) for name, value in state.items() if value])}"
