"""What the API refuses, in one shape: a code, a sentence, what to do, and every finding at its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tramyte.domain.errors import AlreadyIssued, BadData, NormMissing, NotAllowed, TramyteError
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, messages, say
from tramyte.web.api.answers import written
from tramyte.web.api.asking import MOST, lang_of
from tramyte.web.views.scope import YEARS

BOUNDS = ("ge", "gt", "le", "lt", "max_length", "min_length", "pattern", "expected")


class Found(Schema):
    """One finding: its code, where it is, its sentence."""

    code: str
    severity: str
    where: str
    text: str


class Refusal(Schema):
    """Why a question is not answered."""

    code: str
    sentence: str
    cure: str
    findings: list[Found]


class First(Exception):
    """Something the account must do before a token of it opens anything: "password", "second_factor"."""


def refused(
    request: HttpRequest, status: int, *, findings: Sequence[Finding] = (), code: str | None = None, **fields: Any
) -> HttpResponse:
    """Return an answer that refuses, in the language asked for."""
    lang, code = lang_of(request), code or f"API_{status}"
    cure = code.replace("API_", "API_cure_", 1)
    answer = written(
        {
            "code": code, "sentence": say(code, lang, count=len(findings), **fields),
            "cure": say(cure, lang) if cure in messages() else "",
            "findings": [finding(one, lang) for one in findings],
        },
        status=status,
    )  # fmt: skip
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="tramyte"'
    return answer


def finding(one: Finding, lang: Lang) -> dict[str, str]:
    """Return a finding as every answer has it."""
    return {"code": one.code, "severity": one.severity, "where": one.where, "text": one.sentence(lang)}


def handle(api: NinjaAPI) -> None:
    """Tell the API what to answer to each error of the house; any other is a bug and stays one."""
    api.add_exception_handler(AuthenticationError, lambda request, error: refused(request, 401))
    api.add_exception_handler(First, lambda request, error: refused(request, 403, code=f"API_403_{error}"))
    api.add_exception_handler(Http404, lambda request, error: refused(request, 404))
    api.add_exception_handler(ObjectDoesNotExist, lambda request, error: refused(request, 404))
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(ValidationError, _parameters)
    api.add_exception_handler(TramyteError, _house)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    """Refuse what the library refuses: a body that is no JSON, a session without the sign of its page."""
    if error.status_code == 403:
        return refused(request, 403, code="API_403_csrf")
    return refused(request, 422, findings=[Finding("A104", "body")])


def _house(request: HttpRequest, error: Any) -> HttpResponse:
    lang = lang_of(request)
    if isinstance(error, NotAllowed):
        return refused(request, 403, right=say(f"RIGHT_{error.permission}", lang), place=error.path or "—")
    if isinstance(error, AlreadyIssued):
        return refused(request, 409)
    if isinstance(error, BadData):
        return refused(request, 422, findings=error.findings)
    if isinstance(error, NormMissing):
        return refused(request, 422, code="API_422_norm", name=error.name, known=error.known_in(lang))
    raise error


def _parameters(request: HttpRequest, error: Any) -> HttpResponse:
    return refused(request, 422, findings=[_parameter(one, lang_of(request)) for one in error.errors])


def _parameter(error: dict[str, Any], lang: Lang) -> Finding:
    """Return what is wrong with one parameter, in words of the house and not of the library."""
    kind, told = error["type"], error.get("ctx", {})
    if kind == "unknown":
        return Finding("A102", "query", told["name"], {"known": told["known"]})
    where, *path = error["loc"]
    name = ".".join(str(part) for part in path)
    if kind == "missing":
        return Finding("A105", str(where), name)
    expected = {"day": "day", "int": "number", "bool": "bool", "uuid": "uuid"}.get(kind.split("_")[0], "text")
    bounds = ", ".join(f"{key} {told[key]}" for key in BOUNDS if key in told)
    words = say(
        f"API_expected_{expected}", lang, first=YEARS.start, last=YEARS.stop - 1, most=MOST, bounds=bounds or "—"
    )
    return Finding("A101", str(where), name, {"expected": words})
