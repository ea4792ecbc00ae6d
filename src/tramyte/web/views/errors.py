"""What went wrong, in four parts: where, what was found, what was expected, what to do; and what became of the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from tramyte.domain.errors import AlreadyIssued, BadData, NormMissing, NotAllowed, TramyteError
from tramyte.domain.messages import say
from tramyte.web.api.errors import refused
from tramyte.web.models import Account, Grant
from tramyte.web.permissions import grants
from tramyte.web.roles import ROLES, Permission
from tramyte.web.views.scope import lang_of

API = "/api/"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page for this account, to a program in its own form: others' pages stay private."""
    return refused(request, 404) if request.path.startswith(API) else _page(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say which right is missing, where the account has rights, and who gives them."""
    missing = exception.permission if isinstance(exception, NotAllowed) else None
    own = grants(getattr(request, "user", None), on=timezone.localdate())
    givers = Account.objects.filter(
        is_active=True, grants__in=Grant.objects.filter(Grant.in_force(timezone.localdate()), role__in=_giving_roles())
    )
    return _page(
        request, 403, right=missing and say(f"RIGHT_{missing}", lang_of(request)),
        roles=[ROLES[one.role].name(lang_of(request)) for one in own],
        givers=[one.get_full_name() for one in givers.distinct().order_by("pk")[:3]] if own else [],
    )  # fmt: skip


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came without the sign of the page it stands on: mostly a page left open too long."""
    return _page(request, 403, template="errors/stale.html")


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the program failed; asks nothing of the database, which may be what failed."""
    lang = "en" if request.COOKIES.get("lang") == "en" else "vi"
    return render(None, "errors/500.html", {"lang": lang, "at": timezone.localtime()}, status=500)


def told(answer_of: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return the middleware that turns each error of the house into one page; any other error is a bug."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer_of(request)

    middleware.process_exception = _told  # type: ignore[attr-defined]
    return middleware


def _told(request: HttpRequest, error: Exception) -> HttpResponse | None:
    if not isinstance(error, TramyteError) or request.path.startswith("/api/"):
        return None
    if isinstance(error, NotAllowed):
        return forbidden(request, error)
    status = 409 if isinstance(error, AlreadyIssued) else 422
    lang = lang_of(request)
    if isinstance(error, BadData):
        found = [one.sentence(lang) for one in error.findings]
    elif isinstance(error, NormMissing):
        found = [say("UI_error_norm", lang, name=error.name, on=error.on, known=error.known_in(lang))]
    else:
        found = [str(error)]
    return _page(request, status, template="errors/refused.html", found=found)


def _back(request: HttpRequest) -> str:
    """Return the page of ours that a form was sent from; of a page that was only opened, that page."""
    sent_from = request.headers.get("Referer", "") if request.method == "POST" else request.get_full_path()
    safe = url_has_allowed_host_and_scheme(sent_from, allowed_hosts={request.get_host()})
    return sent_from if safe else "/"


def _giving_roles() -> list[str]:
    return [code for code, role in ROLES.items() if Permission.MANAGE_ACCOUNTS in role.may]


def _page(request: HttpRequest, status: int, *, template: str | None = None, **more: Any) -> HttpResponse:
    return render(
        request, template or f"errors/{status}.html",
        {"status": status, "at": timezone.localtime(), "back": _back(request), **more},
        status=status,
    )  # fmt: skip
