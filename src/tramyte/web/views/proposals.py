"""What was proposed to be corrected: who may records it or declines it, with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web import forms
from tramyte.web.actions import proposals
from tramyte.web.actions.register import may
from tramyte.web.models import Event
from tramyte.web.nouns import nouns
from tramyte.web.views.scope import Scope, scope_of, whole_of


@require_safe
@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """Show what waits: what somebody else proposed here, and what whoever looks has proposed."""
    scope = scope_of(request)
    at = scope.place.path if scope.place else ""
    rows = [told(scope, one) for one in proposals.for_me(scope.account, scope.province.code, at=at)]
    return render(request, "register/proposals.html", {"section": "proposals", "scope": scope, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Decline a proposal with a reason."""
    scope = scope_of(request)
    found = [one for one in proposals.for_me(scope.account, scope.province.code) if one.number == number]
    if not found or not may(scope.account, nouns()[found[0].details["noun"]], found[0].path):
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            proposals.decline(by=scope.account, event=found[0], reason=request.POST.get("ly-do"))
        except BadData as error:
            wrong = Finding(error.findings[0].code).sentence(scope.lang)
        else:
            messages.success(request, say("UI_proposal_declined", scope.lang))
            return HttpResponseRedirect(f"/de-nghi-sua/?pv={scope.pv}")
    title = say("UI_proposal_decline", scope.lang)
    return render(
        request,
        "register/reason.html",
        {
            "section": "proposals", "scope": scope, "title": title, "button": title, "event": found[0],
            "summary": [("ly-do", wrong)] if wrong else [], "wrong": {"ly-do": wrong} if wrong else {},
            "back": f"/de-nghi-sua/?pv={scope.pv}", "is_proposal": True,
        },
        status=422 if wrong else 200,
    )  # fmt: skip


def proposal_of(scope: Scope, number: str) -> Event | None:
    """Return a proposal that an address names, if it waits and the account may answer it."""
    found = proposals.waiting(scope.province.code).filter(pk=whole_of(number) or 0).first()
    return found if found and may(scope.account, nouns()[found.details["noun"]], found.path) else None


def told(scope: Scope, event: Event) -> dict[str, object]:
    """Return one proposal in words: of what, which fields, by whom, why."""
    kind = nouns()[event.details["noun"]]
    row = kind.model.objects.filter(pk=event.details["pk"]).first()
    typed = event.details["typed"]
    changes = [
        say("UI_person_change", scope.lang, field=column.title[scope.lang],
            before=forms.told(column, getattr(row, column.field), lang=scope.lang) if row else "—",
            after=typed[forms.parameter(column)] or "—")
        for column in kind.columns if forms.parameter(column) in typed
    ]  # fmt: skip
    is_mine = may(scope.account, kind, event.path)
    return {
        "event": event, "noun": kind.sheet.title[scope.lang], "about": kind.called(row) if row else event.about,
        "changes": changes, "take": f"/sua/{kind.slug}/{event.details['pk']}/" if is_mine and row else None,
        "decline": f"/de-nghi-sua/{event.number}/tu-choi/" if is_mine else None,
    }  # fmt: skip
