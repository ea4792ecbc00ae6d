"""Links to corrections, on the pages of what is corrected: only for those who may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone

from tramyte.web import forms
from tramyte.web.nouns import Noun, noun_of, nouns
from tramyte.web.permissions import grants, is_own
from tramyte.web.roles import ROLES, Permission

register = template.Library()


@register.filter
def get(found: Mapping[str, Any], name: str) -> Any:
    """Return a value by a name that is no word of templates."""
    return found.get(name)


@register.inclusion_tag("register/edit_links.html", takes_context=True)
def edit_links(context: Mapping[str, Any], row: Any) -> dict[str, Any]:
    """
    Return the links "correct" and "end" (or "withdraw") of a row of the register.

    row : of a model; a page of what was known earlier, and whoever may not, gets none
    """
    noun, given = noun_of(row), _page(context)
    base = f"/sua/{noun.slug}/{row.pk}/"
    if hasattr(row, "history_id"):
        return given
    if not _may(context, noun, row.path):
        may = _may(context, noun, row.path, to=Permission.PROPOSE) or _is_own(context, row)
        return given | {"base": base, "is_proposed": True, "what": noun.called(row)} if may else given
    return given | {
        "base": base, "end": f"{base}ket-thuc/", "away": f"{base}bo/", "what": noun.called(row),
        "has_end": noun.has_end and row.end is None,
    }  # fmt: skip


@register.inclusion_tag("register/add_link.html", takes_context=True)
def add_link(context: Mapping[str, Any], name: str, path: str, **begun: Any) -> dict[str, Any]:
    """
    Return the link "add" of a noun at a place: {% add_link "posts" facility.path facility=facility.code %}.

    begun : fields that the form begins with
    """
    noun, given = nouns()[name], _page(context)
    if not _may(context, noun, path):
        return given
    state = [(key, value) for key, value in given["scope"].state().items() if key == "pv"] if given["scope"] else []
    asked = {column.field: forms.parameter(column) for column in forms.columns_of(noun, is_new=True)}
    query = [*state, *((asked[field], value) for field, value in begun.items()), ("ve", given["ve"])]
    return given | {
        "base": f"/sua/{noun.slug}/them/?{urlencode(query)}",
        "what": noun.sheet.title[given["lang"]].lower(),
    }


def _is_own(context: Mapping[str, Any], row: Any) -> bool:
    """Return whether a record of today is about whoever looks."""
    scope = context.get("scope")
    return (scope is None or scope.known is None) and is_own(context["request"].user, row, on=timezone.localdate())


def _page(context: Mapping[str, Any]) -> dict[str, Any]:
    request = context["request"]
    return {"scope": context.get("scope"), "lang": context.get("lang") or "vi", "ve": request.get_full_path()}


def _may(context: Mapping[str, Any], noun: Noun, path: str, *, to: Permission | None = None) -> bool:
    """Return whether whoever looks may record the noun at a place; their grants are read once a page."""
    place = noun.at(path) if to is None else path
    request = context["request"]
    scope = context.get("scope")
    if scope is not None and scope.known is not None:
        return False
    if not hasattr(request, "edit_grants"):
        request.edit_grants = grants(request.user, on=timezone.localdate())
    wanted = to or noun.may
    return any(wanted in ROLES[one.role].may and place.startswith(one.path) for one in request.edit_grants)
