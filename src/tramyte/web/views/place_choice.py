"""Places to choose from: provinces, communes and facilities at and below where an account may do something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from tramyte.domain.messages import Lang, say
from tramyte.domain.names import sort_key
from tramyte.web.models import Commune, Facility, Province
from tramyte.web.models.base import in_force
from tramyte.web.permissions import paths, visible_to
from tramyte.web.roles import Permission

COUNTRY = "vn"  # in a form, where a blank is no choice
STEP = "– "  # before a name, once a level


def places_of(account: Any, may: Permission, lang: Lang) -> list[tuple[str, str]]:
    """Return value and words of every place, in the order of the tree, each level set in."""
    own = paths(account, may, on=timezone.localdate())
    found = [(COUNTRY, say("UI_country", lang))] if "" in own else []
    for province in Province.objects.order_by("code"):
        root = f"{province.code}/"
        if any(root.startswith(path) for path in own):
            found.append((root, f"{province.kind} {province.name}"))
    rows = []
    for model in (Commune, Facility):
        seen = visible_to(
            model.objects.filter(in_force(timezone.localdate())), account, on=timezone.localdate(), may=may
        )
        rows += list(seen.values_list("path", "name"))
    names = dict(rows)
    above = dict(found)
    for root in [*above, *own]:
        below = sorted((path for path in names if path.startswith(root) and root), key=lambda path: _key(path, names))
        at = next((index for index, one in enumerate(found) if one[0] == root), len(found) - 1)
        fresh = [(path, STEP * (path.count("/") - 1) + names[path]) for path in below if path not in dict(found)]
        found[at + 1 : at + 1] = fresh
    return found


def _key(path: str, names: dict[str, str]) -> list[Any]:
    """Return what puts a place below the one it belongs to, and beside others by name."""
    parts = path.strip("/").split("/")
    steps = ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]
    return [(sort_key(names.get(step, step)), step) for step in steps]


def names_of(wanted: Iterable[str], lang: Lang) -> dict[str, str]:
    """Return the words of places that somebody may already know of, by path."""
    paths_asked = set(wanted)
    found = {"": say("UI_country", lang)}
    codes = {path.strip("/") for path in paths_asked}
    for province in Province.objects.filter(code__in=codes):
        found[f"{province.code}/"] = f"{province.kind} {province.name}"
    for model in (Commune, Facility):
        found |= dict(model.objects.filter(path__in=paths_asked).order_by("pk").values_list("path", "name"))
    return {path: found.get(path, path) for path in paths_asked}
