"""The API itself: who comes in and how, what it refuses, what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError
from ninja.openapi.docs import DocsBase
from ninja.security import HttpBearer, SessionAuth

from tramyte.web.actions import accounts, tokens
from tramyte.web.api.answers import Renderer
from tramyte.web.api.calls import calls
from tramyte.web.api.campaigns import campaigns
from tramyte.web.api.changes import changes
from tramyte.web.api.decisions import decisions
from tramyte.web.api.errors import First, handle, refused
from tramyte.web.api.figures import figures
from tramyte.web.api.lists import lists
from tramyte.web.api.need import need
from tramyte.web.api.office import office
from tramyte.web.api.quality import quality
from tramyte.web.api.tours import tours
from tramyte.web.api.wanted import wanted
from tramyte.web.api.work import work
from tramyte.web.models import Account


class Token(HttpBearer):
    """A program with a token: `Authorization: Bearer tramyte_...`. It may what its account may."""

    def authenticate(self, request: HttpRequest, token: str) -> Account | None:
        """
        Return the account; a token that opens nothing is refused, also beside a session.

        raises : First, a session of this account would lead to the password or the second factor
        """
        account = tokens.account_of(token)
        if account is None:
            raise AuthenticationError
        if wanted := accounts.wanted(account):
            raise First(wanted[0])
        request.user = account
        return account


class Session(SessionAuth):
    """A person who has signed in; writing asks for the sign of a page too (X-CSRFToken)."""


class Plain(DocsBase):
    """The description as a page of the house: nothing from elsewhere, no script."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page: every operation, its parameters, its answer."""
        told = api.get_openapi_schema(path_params=kwargs)
        operations = [
            {"address": address, "method": method.upper(), **operation}
            for address, methods in told["paths"].items()
            for method, operation in methods.items()
        ]
        tags = list(dict.fromkeys(operation["tags"][0] for operation in operations))
        groups = [(f"API_tag_{tag}", [one for one in operations if one["tags"][0] == tag]) for tag in tags]
        return render(request, "api/docs.html", {"groups": groups, "count": len(operations)})


class Described(NinjaAPI):
    """The API of the library, which describes itself once and not for every reader."""

    _told: Any = None

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Return the description."""
        if self._told is None:
            self._told = super().get_openapi_schema(**kwargs)
        return self._told


def _made() -> NinjaAPI:
    """Return the API with every operation."""
    found = Described(
        title="tramyte", version="1", description="The register of a province, its figures and its actions.",
        docs=Plain(), auth=[Token(), Session()], renderer=Renderer(), urls_namespace="api",
    )  # fmt: skip
    handle(found)
    router = Router()
    for theme in (office, need, figures, quality, lists, campaigns, calls, wanted, tours, work, changes, decisions):
        theme(router)
    found.add_router("", router)
    return found


def _in_one_shape(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a view of the library whose every refusal has the shape of the house."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if answer.status_code == 405:
            allow = answer.headers["Allow"]
            answer = refused(request, 405, allow=allow)
            answer["Allow"] = allow
        patch_vary_headers(answer, ("Accept-Language", "Authorization", "Cookie"))
        return answer

    return answered


@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Refuse an address below /api/ that is none."""
    return refused(request, 404)


api = _made()
urls = api.urls
for pattern in urls[0]:
    if isinstance(pattern, URLPattern):
        pattern.callback = _in_one_shape(pattern.callback)
