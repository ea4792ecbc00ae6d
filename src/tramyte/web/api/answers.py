"""Answers as JSON: written by orjson, straight from the rows of the database."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.renderers import BaseRenderer


def written(value: Any, *, status: int = 200) -> HttpResponse:
    """Return an answer; days and moments in ISO form, what is not known null."""
    return HttpResponse(_bytes(value), status=status, content_type="application/json")


def _bytes(value: Any) -> bytes:
    return orjson.dumps(value, default=_more, option=orjson.OPT_NON_STR_KEYS)


def _more(value: Any) -> Any:
    """Return what JSON has for a value that orjson does not know."""
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    if hasattr(value, "items"):  # a read-only mapping of the law
        return dict(value.items())
    raise TypeError(type(value).__name__)


class Renderer(BaseRenderer):
    """The same for answers that the library writes."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        """Return the bytes of an answer."""
        return _bytes(data)
