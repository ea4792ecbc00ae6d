"""Every address of the product, read from urls.py: a page made tomorrow is looked at without being named here."""

import re

from django.urls import URLPattern, get_resolver

STAND_IN = {"uuid": "00000000-0000-0000-0000-000000000000", "int": "1", "slug": "x", "str": "x", "path": "x"}
ELSEWHERE = ("^api/", "api/")  # programs ask there; tests/web looks at it


def routes():
    """Return every route a person can open, with <kind:name> where it varies."""
    return sorted({one for one in _walk(get_resolver().url_patterns, "") if not one.startswith(ELSEWHERE)})


def _walk(patterns, before):
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from _walk(one.url_patterns, route)


def stand_in(route):
    """Return an address that fits a route, though nothing may be there: a view that only takes forms still says so."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: STAND_IN.get(found[1] or "str", "x"), route)
