"""The language of the pages on one device."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tramyte.web.views.scope import LANGS

YEAR = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language asked for, and go back."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(back if safe else "/")
    if request.POST.get("lang") in LANGS:
        answer.set_cookie("lang", request.POST["lang"], max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return answer
