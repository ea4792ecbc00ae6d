"""What undoing an import would do: what goes back, what somebody changed since, and what others name and must stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tramyte.web.differences import Change, Differences, built_on, reverse
from tramyte.web.models import Event
from tramyte.web.models.base import Record
from tramyte.web.nouns import nouns
from tramyte.web.records import BESIDE, kept

ALL: Final = "*"  # chosen: every row that was changed since


@dataclass(frozen=True)
class Clash:
    """A row that somebody changed since: it stays, unless who undoes says that it shall go back as well."""

    name: str
    change: Change

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.name}:{self.change.row.pk}"


@dataclass(frozen=True)
class Undoing:
    """
    What an undoing records.

    clashes : rows changed since, chosen or not; stays: those of them that were not chosen
    named   : rows that the import added and that others name by now: they stay, or those would name nothing
    """

    changes: Differences
    clashes: tuple[Clash, ...]
    stays: tuple[Clash, ...]
    named: tuple[Record, ...]


def undoing(event: Event, *, chosen: Collection[str] = ()) -> Undoing:
    """
    Return what putting an import back would do.

    chosen : keys of clashes that shall go back as well; ALL: all of them
    """
    found, stale = reverse(event.details)
    tables = {model: name for name, (_, model) in kept().items()} | {model: name for name, model in BESIDE.items()}
    clashes = [Clash(tables[type(one.row)], one) for one in stale]
    for name, keys in built_on(event.details).items():
        rows = found.ended.get(name, [])
        clashes += [Clash(name, one) for one in rows if one.row.pk in keys and not one.row.is_withdrawn]
        found.ended[name] = [one for one in rows if one.row.pk not in keys]
    stays = tuple(one for one in clashes if one.key not in chosen and ALL not in chosen)
    for one in clashes:
        if one not in stays:
            _put_back(found, one)
    named = _kept_by_name(found, event.province)
    for kind in (found.changed, found.ended):
        for name in [name for name, rows in kind.items() if not rows]:
            del kind[name]
    return Undoing(found, tuple(clashes), stays, tuple(named))


def _put_back(found: Differences, clash: Clash) -> None:
    """Let a row go back that was changed since; what else of it goes back stands in the same change."""
    kind = found.ended if "is_withdrawn" in clash.change.fields else found.changed
    rows = kind.setdefault(clash.name, [])
    own = next((one for one in rows if one.row.pk == clash.change.row.pk), None)
    if own is None:
        rows.append(clash.change)
    else:
        own.fields.update(clash.change.fields)


def _kept_by_name(found: Differences, province: str) -> list[Record]:
    """Take out of the changes the rows to be withdrawn that others name, and return them: until none is named."""
    named: list[Record] = []
    asked: dict[tuple[str, str], list[tuple[int, Any]]] = {}
    while True:
        more = []
        for name in [name for name, rows in found.ended.items() if rows and name in nouns()]:
            codes = _used(name, found, province, asked)
            more += [(name, one) for one in found.ended[name] if getattr(one.row, "code", None) in codes]
        if not more:
            return named
        for name, one in more:
            found.ended[name].remove(one)
            named.append(one.row)


def _used(
    name: str, found: Differences, province: str, asked: dict[tuple[str, str], list[tuple[int, Any]]]
) -> set[Any]:
    """Return the codes of rows of a table that a record names which stays, and that no other row would stand for."""
    gone = _withdrawn(found)
    codes: set[Any] = set()
    model: Any = nouns()[name].model
    if "code" not in nouns()[name].referred:
        return codes
    for noun in nouns().values():
        for column in noun.columns:
            if column.target == (name, "code"):
                key = noun.name, column.field
                if key not in asked:
                    rows = noun.model.objects.filter(province=province, **{f"{column.field}__isnull": False})
                    asked[key] = list(rows.values_list("pk", column.field))
                codes |= {code for pk, code in asked[key] if pk not in gone.get(noun.name, ())}
    own = model.objects.filter(province=province).values_list("pk", "code")
    return codes - {code for pk, code in own if pk not in gone.get(name, ())}


def _withdrawn(found: Differences) -> Mapping[str, set[int]]:
    """Return table -> numbers of the rows that shall count no more."""
    return {name: {one.row.pk for one in rows if "is_withdrawn" in one.fields} for name, rows in found.ended.items()}
