"""Dated norms: what the law says on a day and how sure that is, and what a province sets for itself with a preview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import AlreadyIssued, BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, messages, say
from tramyte.norms import Norm, every
from tramyte.norms import names as norm_names
from tramyte.norms.local import conflicts, parameters
from tramyte.web import records
from tramyte.web.actions import norms as actions
from tramyte.web.models import LocalNorm, Province
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.lists import Column, Filter, Status, listing
from tramyte.web.views.papers import account_of, may, must
from tramyte.web.views.scope import Scope, day_of, lang_of, scope_of

HOME = "/quan-tri/quy-dinh/"
SOON = timedelta(days=90)
SURE = {"H": "met", "M": "near", "L": "short"}
FIGURES = ("lo", "hi", "short", "workload")
SHOWN = 200  # stations spelled out in a preview


@require_safe
@login_required
def norms(request: HttpRequest) -> HttpResponse:
    """Show every norm as it stands on the day: source, article, days, how sure it is, what is open, what is set."""
    scope = _scope(request)
    own = {one.name for one in _local(scope) if one.state == "approved" and one.start <= scope.on}
    waiting = {one.name for one in _local(scope) if one.state == "proposed"}
    rows = [_row(name, scope, own, waiting) for name in norm_names()]
    columns = [
        Column("quy-dinh", "UI_no_title", "title", "link", link=lambda row: _to(scope, f"{HOME}{row['name']}/")),
        Column("tu", "UI_from_day", "start", "day"),
        Column("den", "UI_no_until", "end", "day"),
        Column("nguon", "UI_no_source", "source"),
        Column("dieu", "UI_no_article", "article"),
        Column("tin-cay", "UI_no_confidence", "sure", "status"),
        Column("chua-ro", "UI_no_open", "open", "number"),
        Column("tinh-dat", "UI_no_own", "own", "status"),
    ]  # fmt: skip
    kinds = [(code, say(f"UI_no_filter_{code}", scope.lang)) for code in ("verify", "soon", "own")]
    return listing(
        request, scope, "quy-dinh", "UI_no_list", columns, rows, order="quy-dinh",
        filters=[Filter("loai", "UI_no_which", lambda found, kind: [row for row in found if row[kind]], kinds)],
        context={"section": "norms"},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def norm(request: HttpRequest, name: str) -> HttpResponse:
    """Show one norm in all its spans; propose values for the province, with who would be affected."""
    scope = _scope(request)
    if name not in norm_names():
        raise Http404
    typed, found, planned = request.POST, [], None
    if request.method == "POST":
        must(scope, Permission.EDIT_RULES)
        start = day_of(typed.get("tu-ngay"))
        try:
            if start is None:
                raise BadData([Finding("E638")])
            written = {part.removeprefix("muc-"): str(typed[part]) for part in typed if part.startswith("muc-")}
            values = actions.read_values(name, written, province=scope.province.code, on=start)
            given: dict[str, Any] = {"province": scope.province.code, "name": name, "values": values, "start": start}
            if typed.get("viec") == "ghi":
                row = actions.propose(by=account_of(request), **given, paper=typed.get("can-cu", ""))
                flash.success(request, say("UI_no_proposed", scope.lang))
                return redirect(_to(scope, f"{HOME}de-xuat/{row.pk}/"))
            planned = actions.affected(**given)
        except BadData as error:
            found = list(error.findings)
    return render(request, "norms/norm.html", _page(scope, name, typed, found, planned))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Show a proposal with who is affected; another person than who proposed it approves or rejects it."""
    scope = _scope(request)
    row = LocalNorm.objects.filter(pk=number, province=scope.province.code).select_related("proposed_by").first()
    if row is None:
        raise Http404
    found: list[Finding] = []
    if request.method == "POST":
        try:
            actions.decide(
                by=account_of(request), proposal=row, is_approved=request.POST.get("viec") == "duyet",
                reason=request.POST.get("ly-do", ""),
            )  # fmt: skip
        except BadData as error:
            found = list(error.findings)
        except AlreadyIssued:
            found = [Finding("E639")]
        else:
            flash.success(request, say("UI_no_decided", scope.lang))
            return redirect(_to(scope, f"{HOME}{row.name}/"))
    planned = None
    if row.state == "proposed":
        try:
            planned = actions.affected(province=row.province, name=row.name, values=row.values, start=row.start)
        except BadData as error:
            found += error.findings
    can = may(scope, Permission.APPROVE_RULES) and row.proposed_by_id != scope.account.pk and row.state == "proposed"
    return render(
        request, "norms/proposal.html",
        {
            "scope": scope, "section": "norms", "row": _told(row, scope), "can": can,
            "typed": request.POST.get("ly-do", ""),
            "is_own": row.proposed_by_id == scope.account.pk, "is_waiting": row.state == "proposed",
            "summary": [("", one.sentence(scope.lang)) for one in found], **_preview(scope, planned),
        },
    )  # fmt: skip


def _page(scope: Scope, name: str, typed: Mapping[str, str], found: list[Finding], planned: Any) -> dict[str, Any]:
    spans = every(name)
    today = timezone.localdate()
    stands = next((one for one in spans if _holds(one, scope.on)), spans[-1])
    fields = []
    if name in actions.SETTABLE and may(scope, Permission.EDIT_RULES):
        own = {one.part: one.value for one in scope.law.changes if one.name == name and one.start <= today}
        for one in parameters(name, on=max(today, spans[-1].start), law=scope.law):
            known = "" if own.get(one.part) is None else str(own[one.part])
            fields.append({
                "part": one.part, "label": _label(stands.value, one.part.split("."), scope.lang),
                "now": _word(one.value, scope.lang),
                "choices": [(choice, _word(choice, scope.lang)) for choice in one.choices],
                "value": typed.get(f"muc-{one.part}", known),
            })  # fmt: skip
    return {
        "scope": scope, "section": "norms", "name": name, "title": stands.title[scope.lang], "fields": fields,
        "unit": stands.unit[scope.lang], "spans": [_span(one, scope) for one in reversed(spans)],
        "open": [(row[scope.lang], row[f"handling_{scope.lang}"]) for row in _conflicts(name, scope.on)],
        "own": [_told(one, scope) for one in _local(scope).filter(name=name)], "typed": typed,
        "summary": [(f"muc-{one.cell}" if one.cell else "", one.sentence(scope.lang)) for one in found],
        "tomorrow": today + timedelta(days=1), "start": typed.get("tu-ngay", ""), "paper": typed.get("can-cu", ""),
        **_preview(scope, planned),
    }  # fmt: skip


def _preview(scope: Scope, planned: Any) -> dict[str, Any]:
    """Return who is affected, for a page: stations by name only to who may see figures there."""
    if planned is None:
        return {"planned": None}
    named = planned.affected if may(scope, Permission.SEE_FIGURES) else []
    return {
        "planned": planned, "count": len(planned.affected), "people": len(planned.people), "tours": planned.tours,
        "totals": [(say(f"UI_no_{name}", scope.lang), *planned.total(name)) for name in FIGURES],
        "stations": [(one.name, [(one.before[name], one.after[name]) for name in FIGURES]) for one in named[:SHOWN]],
        "more": max(0, len(named) - SHOWN),
    }  # fmt: skip


def _row(name: str, scope: Scope, own: set[str], waiting: set[str]) -> dict[str, Any]:
    spans = every(name)
    stands = next((one for one in spans if _holds(one, scope.on)), spans[-1])
    state = Status("near", "UI_no_waits", rank=2) if name in waiting else None
    if state is None:
        state = Status("met", "UI_no_set", rank=1) if name in own else None
    edges = [day for one in spans for day in (one.start, one.end) if day is not None]
    return {
        "name": name, "title": stands.title[scope.lang], "start": stands.start, "end": stands.end,
        "source": stands.source, "article": stands.article.strip("-") or None, "sure": _sure(stands),
        "open": len(_conflicts(name, scope.on)),
        "own": state, "verify": stands.confidence != "H" or stands.draft,
        "soon": any(scope.on <= day <= scope.on + SOON for day in edges),
    }  # fmt: skip


def _span(one: Norm, scope: Scope) -> dict[str, Any]:
    leaves = [(_label(one.value, way, scope.lang), _word(value, scope.lang)) for way, value in _leaves(one.value, ())]
    return {
        "start": one.start, "end": one.end, "source": one.source, "article": one.article, "sure": _sure(one),
        "sure_words": say(_sure(one).code, scope.lang), "note": one.note, "leaves": leaves, "draft": one.draft,
        "is_now": _holds(one, scope.on),
    }  # fmt: skip


def _told(row: LocalNorm, scope: Scope) -> dict[str, Any]:
    """Return what a province set or wants to set, in words."""
    value = every(row.name)[-1].value
    return {
        "pk": row.pk, "name": row.name, "title": every(row.name)[-1].title[scope.lang], "start": row.start,
        "end": row.end, "paper": row.paper, "state": say(f"UI_no_state_{row.state}", scope.lang),
        "by": row.proposed_by.get_full_name(),
        "decided_by": row.decided_by.get_full_name() if row.decided_by else "", "reason": row.reason,
        "values": [
            (_label(value, part.split("."), scope.lang),
             say("UI_no_as_law", scope.lang) if one is None else _word(one, scope.lang))
            for part, one in row.values.items()
        ],
    }  # fmt: skip


def _sure(one: Norm) -> Status:
    if one.draft:
        return Status("unknown", "UI_no_draft", rank=3)
    return Status(SURE[one.confidence], f"UI_no_sure_{one.confidence}", rank="HML".index(one.confidence))


def _local(scope: Scope) -> Any:
    rows = records.rows(LocalNorm, known=scope.moment).filter(province=scope.province.code)
    return rows.select_related("proposed_by", "decided_by").order_by("-start", "-pk")


def _holds(one: Norm, on: date) -> bool:
    return one.start <= on and (one.end is None or on < one.end)


def _conflicts(name: str, on: date) -> tuple[Mapping[str, Any], ...]:
    return conflicts(name, on=max(on, every("open_conflicts")[0].start))


def _leaves(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*way, str(key)))
    elif isinstance(value, tuple) and any(isinstance(item, Mapping | tuple) for item in value):
        for index, item in enumerate(value):
            yield from _leaves(item, (*way, str(index)))
    else:
        yield way, value


def _label(value: Any, way: Iterable[str], lang: Lang) -> str:
    """Return the way to a part in words: names that the norm itself has, else those of the table of words."""
    words = []
    for step in way:
        if isinstance(value, tuple):
            value = value[int(step)] if int(step) < len(value) else None
            words.append("" if isinstance(value, Mapping) and lang in value else str(int(step) + 1))
        else:
            value = next((item for key, item in value.items() if str(key) == step), None)
            words.append(_word(step, lang))
        if isinstance(value, Mapping) and isinstance(value.get(lang), str):
            words.append(value[lang])
    return " · ".join(word for word in words if word)


def _word(value: Any, lang: Lang) -> str:
    """Return a value or a step in words."""
    if isinstance(value, tuple):
        return ", ".join(_word(one, lang) for one in value)
    code = f"NORM_word_{value}"
    if code in messages():
        return say(code, lang)
    if isinstance(value, float) and lang == "vi":
        return f"{value:g}".replace(".", ",")
    return "—" if value is None else str(value)


def _scope(request: HttpRequest) -> Scope:
    """
    Return the scope; an administrator, who sees rules but no places, has one too.

    raises : Http404, no such province for this account
    """
    try:
        return scope_of(request)
    except Http404:
        rules = paths(request.user, Permission.SEE_RULES, on=timezone.localdate())
        mine = [
            one for one in Province.objects.order_by("code") if any(f"{one.code}/".startswith(path) for path in rules)
        ]
        wanted = request.GET.get("pv")
        province = next((one for one in mine if one.code == wanted or not wanted), None)
        if province is None:
            raise
        on = day_of(request.GET.get("ngay")) or timezone.localdate()
        known = day_of(request.GET.get("biet-den"))
        return Scope(province, request.user, on, known, None, "xa", lang_of(request))


def _to(scope: Scope, address: str) -> str:
    return f"{address}?{urlencode([(name, value) for name, value in scope.state().items() if value])}"
