"""The addresses of the product, and three beside them: nothing at all, fifty bare rows, a schema a row."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from tramyte.web.api.lists import listed, row_schema
from tramyte.web.models import Staff
from tramyte.web.urls import urlpatterns as product

ROWS = engines["django"].from_string(
    "<table>{% for one in rows %}<tr><td>{{ one.code }}<td>{{ one.family_names }}<td>{{ one.given_name }}{% endfor %}"
)
STAFF = next(one for one in listed() if one.name == "staff")
ROW = row_schema(STAFF)


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing."""
    return HttpResponse("")


def bare(request: HttpRequest) -> HttpResponse:
    """List fifty people, and nothing else of a page."""
    rows = Staff.objects.filter(province="22").order_by("sort_key", "pk").values("code", "family_names", "given_name")
    return HttpResponse(ROWS.render({"rows": rows[:50]}))


def slow(request: HttpRequest) -> HttpResponse:
    """List a thousand people as the library would: an object and a schema a row."""
    rows = [ROW.model_validate(one).model_dump_json() for one in Staff.objects.filter(province="22")[:1000]]
    return HttpResponse("[" + ",".join(rows) + "]")


urlpatterns = [path("rong/", empty), path("tran/", bare), path("cham/", slow), *product]
handler404 = "tramyte.web.views.errors.not_found"
