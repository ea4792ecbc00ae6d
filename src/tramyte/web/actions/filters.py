"""Ways to look at a list that somebody keeps for themselves: saved under a name, and dropped."""

from __future__ import annotations

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.web.actions.accounts import home
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, SavedFilter

LONGEST = 80  # signs of a name


def keep(*, by: Account, page: str, name: str, query: str) -> SavedFilter:
    """
    Save what the address of a list holds; under a name that the list has, in place of what was there.

    raises : BadData, the name is blank or too long
    """
    with writing("filters.keep", by=by, may=None, path=home(by)) as note:
        if not 0 < len(name) <= LONGEST:
            raise BadData([Finding("E180", "saved_filters", "name", {})])
        note.about, note.details = name, {"page": page}
        return SavedFilter.objects.update_or_create(account=by, page=page, name=name, defaults={"query": query})[0]


def drop(*, by: Account, saved: SavedFilter) -> None:
    """Drop one of one's own."""
    with writing("filters.drop", by=by, may=None, path=home(by)) as note:
        note.about, note.details = saved.name, {"page": saved.page}
        SavedFilter.objects.filter(account=by, pk=saved.pk).delete()
