"""What stands before every page: sessions that are over, and what an account must do before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from tramyte.web.actions import accounts
from tramyte.web.api.errors import refused
from tramyte.web.events import VISITOR
from tramyte.web.models import Account
from tramyte.web.permissions import ask_once

SIGNED, SEEN, WANTED = "signed_at", "seen_at", "wanted"
NOTED_EVERY = 60  # seconds between two writes of SEEN
API = "/api/"
LEADS: Final = {"password": "account_change_password", "second_factor": "mfa_activate_totp"}
# what stays open to whoever has something to do first
OPEN: Final = ("account_logout", "language")
BESIDE: Final = {
    "password": (),
    "second_factor": ("account_reauthenticate", "account_change_password"),
}


def guard(answer_of: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return the middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        VISITOR.set(get_client_ip(request))
        if not isinstance(request.user, Account):
            return answer_of(request)
        ask_once(request.user)
        if _is_over(request):
            logout(request)
            return answer_of(request)  # as a stranger: pages lead to the sign-in and back, the API refuses
        return _first(request) or answer_of(request)

    return middleware


def _is_over(request: HttpRequest) -> bool:
    """Return whether the session lasted its hours, or nobody has asked anything for too long; note that it is used."""
    now, session = timezone.now().timestamp(), request.session
    if SIGNED not in session:
        session[SIGNED] = session[SEEN] = now
        session[WANTED] = accounts.wanted(request.user)  # type: ignore[arg-type]
        return False
    if now - session[SIGNED] > settings.SESSION_COOKIE_AGE or now - session[SEEN] > settings.SESSION_IDLE:
        return True
    if now - session[SEEN] > NOTED_EVERY:
        session[SEEN] = now
    return False


def _first(request: HttpRequest) -> HttpResponse | None:
    """Return the page that must come before the one asked for, if any."""
    if not request.session.get(WANTED):
        return None
    wanted = accounts.wanted(request.user)  # type: ignore[arg-type]
    if wanted != request.session[WANTED]:
        request.session[WANTED] = wanted
    if not wanted:
        return None
    if request.path.startswith(API):
        return refused(request, 403, code=f"API_403_{wanted[0]}")
    names = (*OPEN, *BESIDE[wanted[0]], LEADS[wanted[0]])
    if request.path.startswith(settings.STATIC_URL) or request.path in map(reverse, names):
        return None
    return redirect(LEADS[wanted[0]])
