"""One commune: what stands in it, who manages that, and the communes it was made of."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from tramyte.web import succession
from tramyte.web.models import Commune
from tramyte.web.models.base import FIRST_ON
from tramyte.web.views.desk import desk
from tramyte.web.views.facilities import columns, lines
from tramyte.web.views.lists import Column, Empty, listing
from tramyte.web.views.place import commune_address, facilities, seen
from tramyte.web.views.scope import Scope, scope_of


@require_safe
@login_required
def commune(request: HttpRequest, place: str) -> HttpResponse:
    """Show one commune: its stations and other facilities, who manages them, and the communes it was made of."""
    scope = scope_of(request).everywhere
    own = _commune(scope, place.partition("-")[0])
    right = commune_address(own.code, own.name)
    if request.path != right:
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{right}?{query}" if query else right)
    here = [row for row in facilities(scope) if row.commune == own.code]
    rows = lines(scope, here)
    return listing(
        request, scope, "xa", "UI_list_here", [*columns(scope), Column("managed", "UI_managed_by", "managed")], rows,
        order="name", find=False, template="communes/commune.html", empty=Empty("UI_none_here", "UI_other_day"),
        context={
            "section": "stations", "commune": own, "facts": _facts(scope, own), "desk": desk(scope, own.path, here),
        },
    )  # fmt: skip


def _commune(scope: Scope, code: str) -> Any:
    """
    Return the commune on the day; of one that is over, its last row.

    raises : Http404, there is none that the account may see
    """
    found = list(seen(Commune, scope, on=None).filter(code=code).order_by(*FIRST_ON))
    if not found:
        raise Http404
    before = [row for row in found if row.start is None or row.start <= scope.on]
    return before[-1] if before else found[0]


def _facts(scope: Scope, own: Any) -> dict[str, Any]:
    """Return what stands over the list: old names, and what became of it."""
    province = scope.province.code
    former = succession.former_names(province, scope.on, known=scope.moment).get(own.code, ())
    linked = succession.links(province, known=scope.moment)
    names = succession.names_of(province, succession.COMMUNE, known=scope.moment)
    is_over = own.end is not None and own.end <= scope.on
    after = [
        (names.get(one.successor, one.successor), commune_address(one.successor, names.get(one.successor, "")))
        for one in linked if one.kind == succession.COMMUNE and one.predecessor == own.code and is_over
    ]  # fmt: skip
    return {"former": former, "after": after, "is_over": is_over}
