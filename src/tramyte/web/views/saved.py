"""Filters that somebody saved: of which list, under which name; the one being looked at can be added."""

from __future__ import annotations

from typing import cast
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.domain.errors import BadData
from tramyte.domain.messages import Lang, say
from tramyte.web.actions import filters as actions
from tramyte.web.models import Account, SavedFilter
from tramyte.web.views.places import way_back
from tramyte.web.views.scope import lang_of
from tramyte.web.views.sections import SECTIONS

DAYS = ("ngay", "biet-den")  # of the page, not of a saved filter
LONGEST = 2000  # signs of what the address of a list holds


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def filters(request: HttpRequest) -> HttpResponse:
    """Show one's saved filters, those of the list one came from first; save the one of that list."""
    account, lang = cast("Account", request.user), lang_of(request)
    page, state = way_back(request, without=("trang", "xuat"))
    query = urlencode([(name, value) for name, value in state if name not in DAYS])
    days, may_keep = [(name, value) for name, value in state if name in DAYS], 0 < len(query) <= LONGEST
    wrong: list[str] = []
    if request.method == "POST" and may_keep:
        try:
            kept = actions.keep(by=account, page=page, name=request.POST.get("ten", "").strip(), query=query)
        except BadData as error:
            wrong = [one.sentence(lang) for one in error.findings]
        else:
            messages.success(request, say("UI_filter_saved", lang, name=kept.name))
            return redirect(request.get_full_path())
    rows = [
        {"row": one, "list": _called(one.page, lang), "address": _address(one, days), "is_here": one.page == page}
        for one in SavedFilter.objects.filter(account=account).order_by("page", "name", "pk")
    ]
    given = {
        "rows": sorted(rows, key=lambda row: not row["is_here"]), "called": _called(page, lang), "wrong": wrong,
        "back": f"{page}?{urlencode(state)}" if state else page, "from": request.GET.get("toi", ""),
        "may_keep": may_keep, "typed": request.POST.get("ten", ""),
    }  # fmt: skip
    return render(request, "lists/saved.html", given, status=422 if wrong else 200)


@require_POST
@login_required
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Drop one of one's own saved filters, and go back."""
    account = cast("Account", request.user)
    one = get_object_or_404(SavedFilter.objects.filter(account=account), pk=number)
    actions.drop(by=account, saved=one)
    messages.success(request, say("UI_filter_dropped", lang_of(request), name=one.name))
    return redirect(f"/bo-loc/?{urlencode({'toi': request.GET.get('toi', '')})}")


def _called(page: str, lang: Lang) -> str:
    """Return what a list is called: the word of its section; of one that has none, its address."""
    return next((say(one.word, lang) for one in SECTIONS if one.address == page), page)


def _address(one: SavedFilter, days: list[tuple[str, str]]) -> str:
    state = [*parse_qsl(one.query), *days]
    return f"{one.page}?{urlencode(state)}"
