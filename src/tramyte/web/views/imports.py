"""Imports: drop a workbook, see what is wrong in it by cell, see what it would change, record it, put it back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.exchange.hostile import FILE_LIMIT, MB, kind_of
from tramyte.web import records
from tramyte.web.actions import imports as actions
from tramyte.web.models import Account, Campaign, Event, Run
from tramyte.web.permissions import allowed, paths
from tramyte.web.roles import Permission
from tramyte.web.undoing import ALL, undoing
from tramyte.web.views import import_rows, runs
from tramyte.web.views.lists import Column, Empty, Filter, Status, listing
from tramyte.web.views.place_choice import names_of
from tramyte.web.views.scope import Scope, lang_of, scope_for, scope_of, whole_of
from tramyte.web.work import reading

CLASHES = 200  # rows changed since that are offered one by one; all of them can be chosen at once
DAY = forms.DateField(input_formats=["%d/%m/%Y", "%Y-%m-%d"])
COLUMNS = (
    Column("tep", "UI_import_file", "filename", link=lambda run: f"/nhap/{run.pk}/?pv={run.province}", by="filename"),
    Column("luc", "UI_import_asked", "asked_at", kind="moment", by="asked_at"),
    Column("nguoi", "UI_import_by", lambda run: run.asked_by.get_full_name() if run.asked_by else None),
    Column("tinh-trang", "UI_import_state", lambda run: _status(run), kind="status"),
    Column("ghi-nhan", "UI_import_accepted", "accepted_at", kind="moment", by="accepted_at"),
)


def _me(request: HttpRequest) -> Account:
    return cast("Account", request.user)


def _status(run: Any) -> Status:
    """Return what state an import is in."""
    if run.undoes_id or run.is_undone:
        return Status("unknown", "UI_import_is_back" if run.undoes_id else "UI_import_undone")
    if run.accepted_at:
        return Status("met", "UI_import_recorded")
    known = {"done": ("near", "UI_import_to_see"), "failed": ("short", "UI_import_failed"),
             "cancelled": ("unknown", "UI_import_stopped")}  # fmt: skip
    return Status(*known.get(run.state, ("near", "UI_import_reading")))


def _in_state(rows: Any, state: str) -> Any:
    """Return the imports in a state: cho, read and waiting to be recorded."""
    return rows.filter(state="done", accepted_at__isnull=True) if state == "cho" else rows


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """Show the imports of a province, and take a workbook."""
    scope = scope_of(request)
    places = _places(scope)
    wrong: list[str] = []
    if request.method == "POST":
        try:
            run = _asked(request, places)
            return redirect(f"/nhap/{run.pk}/?pv={scope.province.code}")
        except BadData as error:
            wrong = [one.sentence(lang_of(request)) for one in error.findings]
    undone = Run.objects.filter(undoes=OuterRef("pk"))
    rows = (
        Run.objects.filter(runs.mine(request, "import"), scope.here, province=scope.province.code)
        .defer("file", "result").select_related("asked_by").annotate(is_undone=Exists(undone))
    )  # fmt: skip
    answer = listing(
        request, scope, "nhap", "UI_list_imports", COLUMNS, rows, template="imports/list.html", order="-luc",
        find=lambda found, text: found.filter(filename__icontains=text),
        filters=[Filter("tinh-trang", "UI_import_state", _in_state, [("cho", say("UI_import_to_see", scope.lang))])],
        empty=Empty("UI_import_none", "UI_show_all"),
        context={
            "section": "imports", "wrong": wrong, "places": places, "limit": FILE_LIMIT // MB,
            "typed": request.POST.get("ngay-hieu-luc", ""), "is_complete": bool(request.POST.get("day-du")),
        },
    )  # fmt: skip
    answer.status_code = 422 if wrong else answer.status_code
    return answer


def paths_for(scope: Scope) -> list[str]:
    """Return the places of the province for which the account may import."""
    root = f"{scope.province.code}/"
    found = paths(scope.account, Permission.IMPORT, on=timezone.localdate())
    return sorted({path if path.startswith(root) else root for path in found if path.startswith(root) or not path})


def _places(scope: Scope) -> list[tuple[str, str]]:
    """Return these places, each with its name. raises: NotAllowed, there is none."""
    own = paths_for(scope)
    if not own:
        raise NotAllowed(Permission.IMPORT.value, f"{scope.province.code}/")
    names = names_of(own, scope.lang)
    return [(path, names[path]) for path in own]


def _asked(request: HttpRequest, places: list[tuple[str, str]]) -> Run:
    """Return a new import of the file that was sent; what is no workbook is refused at once."""
    file = request.FILES.get("tep")
    if file is None or not file.name:
        raise BadData([Finding("E135")])
    if (file.size or 0) > FILE_LIMIT:
        fields = {"part": file.name, "size": (file.size or 0) // MB, "limit": FILE_LIMIT // MB}
        raise BadData([Finding("E104", fields=fields)])
    path = next((path for path, _ in places if path == request.POST.get("noi")), places[0][0])
    on = _day(request)
    data = file.read()
    kind_of(data, file.name)
    return actions.ask(
        by=_me(request),
        path=path,
        filename=file.name,
        data=data,
        on=on,
        is_complete=bool(request.POST.get("day-du")),
    )


def _day(request: HttpRequest) -> date:
    """Return the day typed, blank: today; raises BadData where it is none."""
    typed = request.POST.get("ngay-hieu-luc", "").strip()
    try:
        return DAY.to_python(typed) or timezone.localdate()
    except ValidationError:
        raise BadData([Finding("E136", fields={"value": typed[:40]})]) from None


def _run(request: HttpRequest, number: UUID) -> tuple[Run, Scope]:
    """Return an import that the account may see, and the scope of its province."""
    run = runs.found(request, number, "import")
    return run, scope_for(request.user, run.province, lang=lang_of(request))


@require_safe
@login_required
def one(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show one import: how far it is, what is wrong by cell, what would change, or what was recorded."""
    run, scope = _run(request, number)
    result = run.result or {}
    context: dict[str, Any] = {"section": "imports", "result": result, "on": reading.day_of(run), **runs.told(run)}
    context |= {
        "is_complete": run.given.get("is_complete"), "edits": run.given.get("edits", ()),
        "event": _event(run), "undone": run.undone_by.first(), "rows": sum((result.get("sheets") or {}).values()),
        "before": _before(run), "campaigns": campaigns_of(run, scope),
        "preview": import_rows.preview(run, scope.lang), "cut": import_rows.cut(result),
    }  # fmt: skip
    found = import_rows.findings(result, scope.lang)
    context["groups"] = import_rows.groups(found, scope.lang)
    return listing(
        request, scope, "loi", "UI_list_findings", import_rows.COLUMNS, found, template="imports/one.html",
        filters=import_rows.filters(found, scope.lang), empty=Empty("UI_nothing", "UI_show_all"), context=context,
    )  # fmt: skip


def campaigns_of(run: Run, scope: Scope) -> list[Campaign]:
    """Return the campaigns that an import has recorded or changed, for who may plan: they are what comes next."""
    event = _event(run)
    if event is None or not allowed(scope.account, Permission.PLAN, run.path, on=timezone.localdate()):
        return []
    codes: set[str] = set()
    for name, column in (("campaign", "code"), ("requirements", "campaign"), ("locks", "campaign")):
        keys = {*event.details["added"].get(name, ()), *(key for key, _ in event.details["changed"].get(name, ()))}
        codes |= set(records.table(name).objects.filter(pk__in=keys).values_list(column, flat=True)) if keys else set()
    found = records.rows(Campaign).filter(province=run.province, code__in=codes)
    return list(found.order_by("-first_monday", "code"))


def _event(run: Run) -> Event | None:
    """Return the event by which an import was recorded."""
    if not run.accepted_at or run.undoes_id:
        return None
    return Event.objects.filter(action="imports.accept", about=str(run.pk)).select_related("account").first()


def _before(run: Run) -> Run | None:
    """Return an earlier import of the same file that was recorded and stands."""
    same = Run.objects.filter(kind="import", path=run.path, file_sha256=run.file_sha256, accepted_at__isnull=False)
    return same.exclude(pk=run.pk).filter(undone_by=None).order_by("-accepted_at").first() if run.file_sha256 else None


@require_safe
@login_required
def changes(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show the rows that an import adds, changes or ends: what each figure of the preview counts."""
    run, scope = _run(request, number)
    rows = import_rows.changed(run, scope.lang)
    context = {"section": "imports", "run": run, "cut": import_rows.cut_changes(run.result or {})}
    return listing(
        request, scope, "thay-doi", "UI_list_changes", import_rows.CHANGES, rows, template="imports/changes.html",
        filters=import_rows.change_filters(rows, scope.lang), context=context,
    )  # fmt: skip


@require_safe
@login_required
def file(request: HttpRequest, number: UUID) -> FileResponse:
    """Give the file back as it came."""
    run, _ = _run(request, number)
    if run.file is None:
        raise Http404
    return FileResponse(io.BytesIO(run.file), as_attachment=True, filename=run.filename or "tep")


@require_safe
@login_required
def marked(request: HttpRequest, number: UUID) -> FileResponse:
    """Give the file back with a note at each cell that something was found in, and a sheet of all findings."""
    run, scope = _run(request, number)
    if run.file is None or not (run.result or {}).get("findings"):
        raise Http404
    name = say("UI_import_marked_name", scope.lang, name=PurePath(run.filename or "tep").stem)
    return FileResponse(io.BytesIO(reading.marked(run, scope.lang)), as_attachment=True, filename=name)


def _mend(request: HttpRequest, run: Run) -> str:
    found = import_rows.findings(run.result or {}, lang_of(request))
    edits = import_rows.chosen(found, request.POST)
    if not edits:
        raise Http404
    actions.mend(by=_me(request), run=run, edits=edits)
    return say("UI_import_mended", lang_of(request), count=len(edits))


def _leave_out(request: HttpRequest, run: Run) -> str:
    """Leave one row of the file out, with a reason; raises BadData where a part of that is missing."""
    title, typed = request.POST.get("to", ""), request.POST.get("dong", "").strip()
    reason = request.POST.get("ly-do", "").strip()
    rows = (run.result or {}).get("sheets", {}).get(title, 0)
    if not 1 <= (row := whole_of(typed) or 0) <= rows or not reason:
        raise BadData([Finding("E137", fields={"value": typed[:20], "sheet": title[:40], "rows": rows})])
    actions.mend(by=_me(request), run=run, edits=[{"sheet": title, "row": row, "reason": reason[:200]}])
    return say("UI_import_left_out", lang_of(request), row=typed, sheet=title)


def _unmend(request: HttpRequest, run: Run) -> str:
    actions.unmend(by=_me(request), run=run)
    return say("UI_import_unmended", lang_of(request))


def _settle(request: HttpRequest, run: Run) -> str:
    complete = bool(request.POST.get("day-du"))
    actions.settle(by=_me(request), run=run, on=_day(request), is_complete=complete)
    return say("UI_import_settled", lang_of(request))


def _accept(request: HttpRequest, run: Run) -> str:
    book = reading.book(run)
    event = actions.accept(
        by=_me(request), run=run, register=book.register, on=reading.day_of(run),
        is_complete=bool(run.given.get("is_complete")), seen=request.POST.get("da-xem", ""),
    )  # fmt: skip
    return say("UI_import_done", lang_of(request), count=import_rows.count(event))


def _undo(request: HttpRequest, run: Run) -> str:
    event = _event(run)
    if event is None:
        raise Http404
    back = actions.undo(by=_me(request), run=run, event=event, chosen=request.POST.getlist("ca"))
    return say("UI_import_put_back", lang_of(request), count=import_rows.count(back), kept=len(back.details["kept"]))


DO: dict[str, Callable[[HttpRequest, Run], str]] = {
    "sua": _mend, "bo-dong": _leave_out, "bo-sua": _unmend, "xem-lai": _settle, "ghi-nhan": _accept, "hoan-lai": _undo,
}  # fmt: skip


@require_POST
@login_required
def act(request: HttpRequest, number: UUID, what: str) -> HttpResponse:
    """Do one thing to an import and go back to it; what could not be done is said there, and nothing is lost."""
    run, _ = _run(request, number)
    if what not in DO:
        raise Http404
    try:
        messages.success(request, DO[what](request, run))
    except AlreadyIssued:
        messages.warning(request, say("UI_import_late", lang_of(request)))
    except BadData as error:
        for one_of in error.findings[:5]:
            messages.error(request, one_of.sentence(lang_of(request)))
    return redirect(f"/nhap/{run.pk}/?pv={run.province}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def undo(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show what putting an import back would change and what was changed since, then do it."""
    if request.method == "POST":
        return act(request, number, "hoan-lai")
    run, scope = _run(request, number)
    event = _event(run)
    if event is None or run.undone_by.exists():
        raise Http404
    found = undoing(event)
    return render(request, "imports/undo.html", {
        "section": "imports", "scope": scope, "run": run, "count": found.changes.count,
        "parts": import_rows.parts(found.changes, scope.lang), "kept_count": len(found.clashes), "all": ALL,
        "kept": import_rows.clashes(found.clashes[:CLASHES], scope.lang), "shown": CLASHES,
        "named": [import_rows.called(row, scope.lang) for row in found.named],
    })  # fmt: skip
