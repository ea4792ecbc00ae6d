"""Who manages and who guides: both hierarchies on any day, and handing many facilities over with a preview."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web import records
from tramyte.web.actions import authorities, papers
from tramyte.web.actions.authorities import LINES, HandOver, Line
from tramyte.web.roles import Permission
from tramyte.web.views.lists import Column, Empty, Filter, listing, sum_of
from tramyte.web.views.papers import FIELDS, account_of, figures, may, must, paper_of, seen, summary
from tramyte.web.views.place import words_of
from tramyte.web.views.scope import Scope, scope_of

HOME, THERE = "/quan-tri/don-vi/", "/quan-tri/don-vi/co-so/"
SLUGS: dict[str, Line] = {"quan-ly": "managing", "chuyen-mon": "supervising"}
NONE = "-"  # in an address: facilities without an authority
KINDS = ("station", "polyclinic", "point", "centre", "hospital", "cdc")


@require_safe
@login_required
def units(request: HttpRequest) -> HttpResponse:
    """Show one of the two hierarchies on the day: each authority, whom it answers to, how many facilities it has."""
    scope = scope_of(request)
    slug = _slug(request)
    rows = counted(scope, SLUGS[slug])

    def link(row: dict[str, Any], kind: str = "") -> str:
        return _to(scope, THERE, **{"dong": slug, "co-quan": row["name"] or NONE, "loai": kind})

    without = say("UI_au_without", scope.lang)
    columns = [
        Column("co-quan", "UI_au_authority", lambda row: row["name"] or without, "link", link=link),
        Column("cap-tren", "UI_au_above", "above"),
        *(
            Column(kind, f"UI_au_{kind}", kind, "number", total=sum_of(kind), link=partial(link, kind=kind))
            for kind in KINDS if any(row[kind] for row in rows)
        ),
        Column("tat-ca", "UI_au_all", "all", "number", total=sum_of("all"), link=link),
    ]  # fmt: skip
    lines = [(one, say(f"UI_au_{line}", scope.lang)) for one, line in SLUGS.items()]
    return listing(
        request, scope, "don-vi", "UI_au_list", columns, rows, order="-tat-ca,co-quan", keep=("dong",),
        template="authorities/units.html", fields={"line": say(f"UI_au_{SLUGS[slug]}", scope.lang)},
        context={"section": "authorities", "lines": lines, "chosen": slug, "may": may(scope, Permission.HAND_OVER)},
    )  # fmt: skip


def counted(scope: Scope, line: Line) -> list[dict[str, Any]]:
    """Return each authority on the day: its name (None: those without), whom it answers to, its facilities by kind."""
    tree = authorities.trees(_register(scope), line, on=scope.on)
    groups = {**tree["under"], **({None: tree["without"]} if tree["without"] else {})}
    rows = []
    for name, facilities in groups.items():
        kinds = Counter(one.kind for one in facilities)
        rows.append({"name": name, "above": tree["parents"].get(name), "all": len(facilities), **{
            kind: kinds[kind] for kind in KINDS}})  # fmt: skip
    return rows


@require_safe
@login_required
def facilities(request: HttpRequest) -> HttpResponse:
    """Show the facilities of one authority on the day, of one kind or all: what the figures of the hierarchy count."""
    scope = scope_of(request)
    slug, name = _slug(request), request.GET.get("co-quan", NONE)
    found = _register(scope)
    tree = authorities.trees(found, SLUGS[slug], on=scope.on)
    group = tree["without"] if name == NONE else tree["under"].get(name, [])
    lines = {one.facility: one for one in found.as_of(scope.on).authorities}
    communes = {one.code: one.name for one in found.as_of(scope.on).communes}
    kinds = [(kind, str(words_of("facilities", "kind", kind, scope.lang))) for kind in KINDS]
    columns = [
        Column("ten", "UI_name", "name", "link",
               link=lambda one: _to(scope, f"/{'co-so' if one.kind in KINDS[3:] else 'tram'}/{one.code}/")),
        Column("loai-co-so", "UI_au_kind", lambda one: words_of("facilities", "kind", one.kind, scope.lang)),
        Column("xa", "UI_commune", lambda one: communes.get(one.commune)),
        Column("can-cu", "UI_au_decision", lambda one: lines[one.code].decision if one.code in lines else None),
        Column("tu", "UI_au_since", lambda one: lines[one.code].start if one.code in lines else None, "day"),
    ]  # fmt: skip
    return listing(
        request, scope, "co-so-cua-don-vi", "UI_au_facilities", columns, group, order="ten", keep=("dong", "co-quan"),
        filters=[Filter("loai", "UI_au_kind", lambda rows, kind: [one for one in rows if one.kind == kind], kinds)],
        fields={"authority": say("UI_au_without", scope.lang) if name == NONE else name},
        empty=Empty("UI_au_none", "UI_au_back", _to(scope, HOME, dong=slug)), context={"section": "authorities"},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hand_over(request: HttpRequest) -> HttpResponse:
    """Choose facilities and a decision, look at what moves, then hand them over."""
    scope = scope_of(request).everywhere
    must(scope, Permission.HAND_OVER)
    typed = request.POST
    wrong: list[tuple[str, str]] = []
    found: list[Finding] = []
    planned = None
    if request.method == "POST":
        paper, on, wrong = paper_of(typed)
        codes = _chosen(scope, request)
        if not codes:
            wrong.append(("loai", "UI_au_choose"))
        if paper is not None and on is not None and not wrong:
            asked: dict[str, Any] = {
                "province": scope.province.code, "facilities": codes, "to": typed.get("den", "").strip() or None,
                "line": SLUGS.get(typed.get("dong", ""), LINES[0]), "on": on, "paper": paper,
            }  # fmt: skip
            if typed.get("viec") == "ghi":
                try:
                    event = authorities.hand_over(by=account_of(request), **asked, seen=typed.get("dau"))
                except BadData as error:
                    found = list(error.findings)
                else:
                    said = say(
                        "UI_au_done", scope.lang, count=event.details["counts"]["facilities"], number=event.number
                    )
                    messages.success(request, said)
                    return redirect(_to(scope, HOME, ngay=on))
            planned = authorities.plan(**asked)
            found = found or list(planned.refused)
    return render(request, "authorities/hand_over.html", _page(scope, request, planned, wrong, found))


def _page(
    scope: Scope, request: HttpRequest, planned: HandOver | None, wrong: list[tuple[str, str]], found: list[Finding]
) -> dict[str, Any]:  # fmt: skip
    typed = request.POST
    tree = authorities.trees(_register(scope), SLUGS.get(typed.get("dong", ""), LINES[0]), on=scope.on)
    rows = [
        {"code": row.facility.code, "name": row.facility.name, "old": row.old, "new": row.new,
         **{part: len(getattr(row, part)) for part in ("members", "people", "posts", "equipment")}}
        for row in planned.rows
    ] if planned else []  # fmt: skip
    return {
        "scope": scope, "section": "authorities", "planned": planned, "rows": rows,
        "counts": figures(planned.counts, scope) if planned else [],
        "warnings": [one.sentence(scope.lang) for one in planned.warnings] if planned else [],
        "mark": papers.mark(planned) if planned and not planned.refused else "",
        "summary": summary(wrong, found, scope),
        "typed": {name: typed.get(name, "") for name in (*FIELDS, "den", "tu", "dong")},
        "kinds": [(kind, words_of("facilities", "kind", kind, scope.lang)) for kind in KINDS],
        "chosen_kinds": typed.getlist("loai") if typed else ["station", "polyclinic"],
        "from": sorted(name for name in tree["under"] if name), "lines": SLUGS, "number": len(rows),
    }  # fmt: skip


def _chosen(scope: Scope, request: HttpRequest) -> list[str]:
    """Return the facilities ticked in a preview; before one, those of the kinds that have a line of their own."""
    if "co-so" in request.POST:
        return request.POST.getlist("co-so")
    kinds, start = set(request.POST.getlist("loai")), request.POST.get("tu", "")
    found = _register(scope).as_of(scope.on)
    line = SLUGS.get(request.POST.get("dong", ""), LINES[0])
    own = {one.facility for one in found.authorities if not start or getattr(one, line) == start}
    return [one.code for one in found.facilities if one.kind in kinds and one.code in own]


def _register(scope: Scope) -> Any:
    names = ("communes", "facilities", "authorities")
    return records.register(
        scope.province.code, on=scope.on, known=scope.moment, within=seen(scope, Permission.SEE_PLACES), names=names
    )


def _slug(request: HttpRequest) -> str:
    slug = request.GET.get("dong", "")
    return slug if slug in SLUGS else next(iter(SLUGS))


def _to(scope: Scope, address: str, **changes: Any) -> str:
    state = {**scope.state(), **changes}
    return f"{address}?{urlencode([(name, value) for name, value in state.items() if value])}"
