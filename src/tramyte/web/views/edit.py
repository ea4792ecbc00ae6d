"""Correcting the register by hand: one form for every noun, made from its columns; errors stand where they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.exchange.cells import parser
from tramyte.web import forms
from tramyte.web.actions import proposals, register
from tramyte.web.actions.corrections import last_saved
from tramyte.web.models import Event
from tramyte.web.nouns import MASK, Noun, noun_of, nouns
from tramyte.web.permissions import may_propose, visible_to, within
from tramyte.web.permissions import paths as places_of
from tramyte.web.roles import Permission
from tramyte.web.views.me import own_scope
from tramyte.web.views.proposals import proposal_of
from tramyte.web.views.scope import Scope, scope_of

SINCE, ALWAYS = "tu-ngay", "tu-dau"  # how something is corrected: it changed on a day, or was always wrong


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, noun: str) -> HttpResponse:
    """Record something new."""
    scope, kind = scope_of(request).everywhere, _kind(noun)
    if not any(path.startswith(scope.province.code) or not path for path in _mine(request, kind)):
        raise NotAllowed(kind.may.value, scope.province.code)
    found: list[Finding] = []
    if request.method == "POST":
        values, found = forms.read(kind, request.POST, on=timezone.localdate())
        try:
            done = register.add(
                by=scope.account, noun=kind.name, province=scope.province.code, values=values, lang=scope.lang,
                unread=found,
            )  # fmt: skip
        except BadData as error:
            found = list(error.findings)
        else:
            return _recorded(request, scope, done, "UI_edit_added")
    given = {column.field: request.GET.get(forms.parameter(column)) for column in forms.columns_of(kind, is_new=True)}
    fields = _fields(scope, kind, given, request)
    return _form(
        request, scope, kind, fields, found, title=say("UI_edit_add_noun", scope.lang, noun=_title(kind, scope))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correct(request: HttpRequest, noun: str, number: int) -> HttpResponse:
    """Correct a record: as of a day, or because it was always wrong; who was faster is shown beside."""
    scope, kind = _scope(request), _kind(noun)
    row, is_proposed = _row(scope, kind, number, or_propose=True)
    if is_proposed:
        return _propose(request, scope, kind, row)
    proposal = proposal_of(scope, request.POST.get("de-nghi", request.GET.get("de-nghi", "")))
    found: list[Finding] = []
    if request.method == "POST":
        values, found = forms.read(kind, request.POST, row=row, on=timezone.localdate())
        since, wrong = _since(request, kind)
        try:
            done = register.correct(
                by=scope.account, noun=kind.name, pk=row.pk, seen=_seen(request), values=values, since=since,
                reason=request.POST.get("ly-do"), lang=scope.lang, unread=[*found, *wrong],
                answers=proposal.number if proposal else None,
            )  # fmt: skip
        except BadData as error:
            found = list(error.findings)
        else:
            return _recorded(request, scope, done, "UI_edit_corrected")
    given = {column.field: getattr(row, column.field) for column in kind.columns}
    fields = _fields(scope, kind, given, request, row)
    if proposal and request.method != "POST":
        for one in fields:
            one.value = proposal.details["typed"].get(one.name, one.value)
    _show_theirs(request, scope, kind, row, fields, found)
    return _form(
        request, scope, kind, fields, found, row=row, how=request.POST.get("cach", ""),
        day=request.POST.get("thay-doi-tu", ""), proposal=proposal,
        title=say("UI_edit_correct_noun", scope.lang, noun=_title(kind, scope), key=kind.called(row)),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end(request: HttpRequest, noun: str, number: int) -> HttpResponse:
    """End a record on a day, with a reason."""
    kind = _kind(noun)
    if not kind.has_end:
        raise Http404
    return _with_reason(request, noun, number, "UI_edit_end_noun", "UI_edit_ended", has_day=True)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, noun: str, number: int) -> HttpResponse:
    """Take back what was recorded by mistake, with a reason."""
    return _with_reason(request, noun, number, "UI_edit_withdraw_noun", "UI_edit_withdrawn", has_day=False)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Put back what a correction changed."""
    scope = scope_of(request).everywhere
    today = timezone.localdate()
    mine = [path for may in {one.may for one in nouns().values()} for path in places_of(scope.account, may, on=today)]
    told = Event.objects.filter(within(mine), province=scope.province.code, action__startswith="register.")
    event = told.filter(number=number).first()
    if event is None:
        raise Http404
    found: list[Finding] = []
    try:
        draft = register.undone(event)
        if not all(register.may(scope.account, noun_of(row), row.path) for row in draft.rows):
            raise Http404
        if request.method == "POST":
            done = register.undo(by=scope.account, event=event, reason=request.POST.get("ly-do"), lang=scope.lang)
            return _recorded(request, scope, done, "UI_edit_undone")
    except BadData as error:
        found = list(error.findings)
    return _answer(
        request, scope, "register/reason.html", found, title=say("UI_edit_undo_title", scope.lang),
        button=say("UI_edit_undo", scope.lang), event=event, about=_about(event, scope),
    )  # fmt: skip


def _with_reason(
    request: HttpRequest, noun: str, number: int, title: str, said: str, *, has_day: bool
) -> HttpResponse:  # fmt: skip
    """Ask a reason, and the day where one is needed; then do it."""
    scope, kind = scope_of(request).everywhere, _kind(noun)
    row = _row(scope, kind, number)
    found: list[Finding] = []
    if request.method == "POST":
        day, wrong = _day(request.POST.get("ngay-ket-thuc", ""), "end") if has_day else (None, [])
        asked: dict[str, Any] = {"on": day} if day else {}
        act: Callable[..., register.Done] = register.end if has_day else register.withdraw
        try:
            if wrong:
                raise BadData(wrong)
            done = act(
                by=scope.account, noun=kind.name, pk=row.pk, seen=_seen(request), reason=request.POST.get("ly-do"),
                lang=scope.lang, **asked,
            )  # fmt: skip
        except BadData as error:
            found = list(error.findings)
        else:
            return _recorded(request, scope, done, said)
    told = [
        (column.title[scope.lang], MASK if column.field in kind.masked
         else forms.told(column, getattr(row, column.field), lang=scope.lang))
        for column in kind.columns
    ]  # fmt: skip
    return _answer(
        request, scope, "register/reason.html", found, title=say(title, scope.lang, noun=_title(kind, scope)),
        told=told, has_day=has_day, seen=_state(row), button=say(title, scope.lang, noun=kind.called(row)), row=row,
        away=f"/sua/{kind.slug}/{row.pk}/bo/" if has_day else None,
    )  # fmt: skip


def _kind(slug: str) -> Noun:
    """Return the noun of an address. raises: Http404."""
    found = next((noun for noun in nouns().values() if noun.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _mine(request: HttpRequest, kind: Noun) -> list[str]:
    return places_of(request.user, kind.may, on=timezone.localdate())


def _propose(request: HttpRequest, scope: Scope, kind: Noun, row: Any) -> HttpResponse:
    """Let somebody propose what they may not record: the register stays as it is until somebody takes it."""
    found: list[Finding] = []
    given = {column.field: getattr(row, column.field) for column in kind.columns}
    fields = _fields(scope, kind, given, request, row)
    fields = [one for one in fields if not one.is_masked]
    if request.method == "POST":
        _, found = forms.read(kind, request.POST, row=row, on=timezone.localdate())
        before = {one.name: one.value for one in forms.fields(
            kind, given, row=row, province=scope.province.code, by=scope.account, on=timezone.localdate(),
            lang=scope.lang)}  # fmt: skip
        typed = {one.name: one.value for one in fields if one.kind != "fixed" and one.value != before[one.name]}
        if not found:
            try:
                proposals.propose(
                    by=scope.account, noun=kind.name, pk=row.pk, typed=typed, reason=request.POST.get("ly-do")
                )
            except BadData as error:
                found = list(error.findings)
            else:
                messages.success(request, say("UI_proposed", scope.lang))
                return HttpResponseRedirect(_back(request, scope, row))
    title = say("UI_propose_noun", scope.lang, noun=_title(kind, scope), key=kind.called(row))
    return _answer(
        request, scope, "register/form.html", found, fields=fields, noun=kind, row=row, is_proposed=True, title=title
    )


def _row(scope: Scope, kind: Noun, number: int, *, or_propose: bool = False) -> Any:
    """
    Return a row that may be corrected; with or_propose also whether this account may no more than propose.

    raises : Http404, it is not to be seen; NotAllowed, not to be changed
    """
    rows = kind.model.objects.filter(province=scope.province.code, pk=number)
    row = visible_to(rows, scope.account, on=timezone.localdate()).first()
    if row is None:
        raise Http404
    if register.may(scope.account, kind, row.path):
        return (row, False) if or_propose else row
    if or_propose and may_propose(scope.account, row, on=timezone.localdate()):
        return row, True
    raise NotAllowed(kind.may.value, kind.at(row.path))


def _scope(request: HttpRequest) -> Scope:
    """Return the scope of a request; of who sees no place, that of their own record. raises: Http404, there is none."""
    try:
        return scope_of(request).everywhere
    except Http404:
        if (own := own_scope(request)) is None:
            raise
        return own


def _title(kind: Noun, scope: Scope) -> str:
    return kind.sheet.title[scope.lang].lower()


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("ban-ghi", "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _state(row: Any) -> int:
    """Return the number of the newest state of a row, which a form hands on to see who was faster."""
    last = last_saved(row)
    return last.history_id if last else 0


def _since(request: HttpRequest, kind: Noun) -> tuple[date | None, list[Finding]]:
    """Return the day from which a correction holds; None: always. It is asked, never guessed."""
    if not kind.has_spans or request.POST.get("cach") == ALWAYS:
        return None, []
    if request.POST.get("cach") != SINCE:
        return None, [Finding("E142", kind.name, "how", {})]
    return _day(request.POST.get("thay-doi-tu", ""), "since")


def _day(text: str, field: str) -> tuple[date | None, list[Finding]]:
    """Return a day as it was typed, or why it is none."""
    column = nouns()["staff"].sheet.column("contract_end")  # any column that holds a day
    cell = parser(column, on=date.max, is_text=True)(text)
    if cell.value is None:
        return None, [Finding("E153", "", field, {"read": text or "—"})]
    return cell.value, []


def _fields(scope: Scope, kind: Noun, given: Any, request: HttpRequest, row: Any = None) -> list[forms.Field]:
    return forms.fields(
        kind, given, typed=request.POST if request.method == "POST" else None, row=row, province=scope.province.code,
        by=scope.account, on=timezone.localdate(), lang=scope.lang,
    )  # fmt: skip


def _show_theirs(
    request: HttpRequest, scope: Scope, kind: Noun, row: Any, fields: Sequence[forms.Field], found: Sequence[Finding]
) -> None:  # fmt: skip
    """Put beside each field what somebody else saved there meanwhile, until it is chosen."""
    clash = {one.cell for one in found if one.code == "E140"}
    for one in fields:
        if one.column.field in clash or f"lech-{one.name}" in request.POST:
            value = getattr(row, one.column.field)
            one.theirs = MASK if one.is_masked else forms.told(one.column, value, lang=scope.lang)
            one.is_theirs = request.POST.get(f"chon-{one.name}") == "da-luu"


def _form(
    request: HttpRequest, scope: Scope, kind: Noun, fields: list[forms.Field], found: Sequence[Finding], *,
    row: Any = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    return _answer(
        request, scope, "register/form.html", found, fields=fields, noun=kind, row=row,
        seen=_state(row) if row is not None else None, asks_how=row is not None and kind.has_spans, **more,
    )  # fmt: skip


def _answer(
    request: HttpRequest, scope: Scope, template: str, found: Sequence[Finding], **more: Any
) -> HttpResponse:  # fmt: skip
    """Return a page with its findings: each in the summary, and under its field."""
    summary = forms.place(found, more.get("fields", ()), scope.lang)
    names = {"end": "ngay-ket-thuc", "since": "thay-doi-tu", "how": "cach", "reason": "ly-do"}
    by_name = {names[one.cell]: Finding(one.code, fields=one.fields).sentence(scope.lang)
               for one in found if one.cell in names}  # fmt: skip
    sees_places = bool(scope.paths(Permission.SEE_PLACES))
    context = {
        "scope": scope if sees_places else None, "summary": summary, "wrong": by_name,
        "back": _back(request, scope, more.get("row")),
        "ve": request.POST.get("ve", request.GET.get("ve", "")), "reason": request.POST.get("ly-do", ""),
        "typed_day": request.POST.get("ngay-ket-thuc", ""), **more,
    }  # fmt: skip
    return render(request, template, context, status=422 if found else 200)


def _back(request: HttpRequest, scope: Scope, row: Any) -> str:
    """Return the page to go back to: the one that led here, else that of the person or the facility."""
    asked = request.POST.get("ve") or request.GET.get("ve") or ""
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return str(asked)
    state = f"?pv={scope.pv}"
    person = getattr(row, "staff", None) or (row is not None and noun_of(row).name == "staff" and row.code)
    if person:
        return f"/nguoi/{person}/{state}"
    return f"/nguoi/{state}" if within_people(request) else f"/tram/{state}"


def within_people(request: HttpRequest) -> bool:
    """Return whether the account sees people anywhere."""
    return bool(places_of(request.user, Permission.SEE_PEOPLE, on=timezone.localdate()))


def _recorded(request: HttpRequest, scope: Scope, done: register.Done, said: str) -> HttpResponse:
    """Say what was recorded, offer to undo it, and go back."""
    address = f"/sua/hoan-lai/{done.event.number}/?pv={scope.pv}"
    words = say(said, scope.lang, what=_about(done.event, scope))
    messages.success(request, format_html('{} <a href="{}">{}</a>', words, address, say("UI_edit_undo", scope.lang)))
    for one in done.warnings:
        messages.warning(request, Finding(one.code, fields=one.fields).sentence(scope.lang))
    return HttpResponseRedirect(_back(request, scope, done.rows[0]))


def _about(event: Event, scope: Scope) -> str:
    """Return what an event is about, its noun in the language of the page."""
    noun, _, key = (event.about or "").partition(" ")
    return f"{nouns()[noun].sheet.title[scope.lang].lower()} {key}" if noun in nouns() else event.about or ""
