"""Opening one masked field: a reason is asked, the log tells it, and the value stands on that one answer only."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.web import forms
from tramyte.web.actions import masks
from tramyte.web.nouns import nouns
from tramyte.web.permissions import allowed
from tramyte.web.roles import Permission
from tramyte.web.views.people import person_of
from tramyte.web.views.person import Person
from tramyte.web.views.place import seen
from tramyte.web.views.scope import scope_of


@sensitive_variables("value", "shown")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_field(request: HttpRequest, code: str, noun: str, number: int, field: str) -> HttpResponse:
    """Ask why; on a reason, show the value in the answer, which nobody keeps."""
    scope = scope_of(request).everywhere
    person = Person(scope, person_of(scope, code))
    kind = next((one for one in nouns().values() if one.slug == noun), None)
    column = next((one for one in kind.columns if forms.parameter(one) == field), None) if kind else None
    if kind is None or column is None or column.field not in kind.masked:
        raise Http404
    row = seen(kind.model, scope, on=None).filter(pk=number, staff=code).first()
    if row is None:
        raise Http404
    if not allowed(request.user, Permission.SEE_PRIVATE, row.path, on=timezone.localdate()):
        raise NotAllowed(Permission.SEE_PRIVATE.value, row.path)
    reason, shown, wrong = request.POST.get("ly-do", "").strip()[:500], None, ""
    if request.method == "POST":
        try:
            value = masks.open_field(by=scope.account, noun=kind.name, pk=row.pk, field=column.field, reason=reason)
            shown = forms.told(column, value, lang=scope.lang)
        except BadData as error:
            wrong = Finding(error.findings[0].code).sentence(scope.lang)
    answer = render(
        request, "people/open.html",
        {
            "section": "people", "scope": scope, "person": person, "label": column.title[scope.lang], "shown": shown,
            "wrong": wrong, "reason": reason, "what": kind.sheet.title[scope.lang],
        },
        status=422 if wrong else 200,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
