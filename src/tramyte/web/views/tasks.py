"""What waits for whoever looks, on a page of its own; the bar of every page asks it for the count alone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.need.numbers import number
from tramyte.web.views.home import counted
from tramyte.web.views.scope import scope_of
from tramyte.web.views.waiting import waiting


@require_safe
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the list of the first page; to the bar, how long it is."""
    scope = scope_of(request)
    found = waiting(scope, counted(scope))
    if request.headers.get("HX-Request"):
        return HttpResponse(number(len(found), scope.lang))
    return render(request, "home/tasks.html", {"scope": scope, "waiting": found})
