"""Database rows ⇄ domain records: the only translator. A record and its row have the same names for the same things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from itertools import starmap
from typing import Any, Final, TypeVar, get_args, get_type_hints

from django.db.models import Q, QuerySet

from tramyte.domain.names import person_key, search_key, sort_key
from tramyte.domain.register import Register
from tramyte.web import models
from tramyte.web.models.base import Record, in_force

R = TypeVar("R")


@cache
def kept() -> dict[str, tuple[type, type[Record]]]:
    """Return field of Register -> its record class, and the model that keeps it: both have the same name."""
    found = {}
    for name, hint in get_type_hints(Register).items():
        record = get_args(hint)[0]
        found[name] = (record, getattr(models, record.__name__))
    return found


# Tables that workbooks do not have: rows of them are written and put back by the same hands as those of the register.
BESIDE: Final[dict[str, type[Record]]] = {
    "equipment": models.Equipment, "contacts": models.Contact, "successions": models.Succession,
}  # fmt: skip


def table(name: str) -> type[Record]:
    """Return the model of a field of Register, or of a table that workbooks do not have."""
    return BESIDE[name] if name in BESIDE else kept()[name][1]


def model_of(record: type) -> type[Record]:
    """Return the model that keeps a record class."""
    return next(model for kind, model in kept().values() if kind is record)


def rows(model: type[Record], *, on: date | None = None, known: datetime | None = None) -> QuerySet[Any]:
    """
    Return the rows of a model that count.

    on    : true on that day; None: whenever
    known : as we knew it then; None: as we know it now
    """
    found: QuerySet[Any] = (
        model.objects.all() if known is None else model.history.as_of(known).filter(is_withdrawn=False)
    )
    names = {field.name for field in model._meta.get_fields()}
    return found if on is None or not {"start", "end"} <= names else found.filter(in_force(on))


def read(record: type[R], within: QuerySet[Any]) -> tuple[R, ...]:
    """Return rows as records, in the order they have."""
    names = [field.name for field in fields(record)]  # type: ignore[arg-type]
    return tuple(starmap(record, within.values_list(*names)))


def register(
    province: str,
    *,
    on: date | None = None,
    known: datetime | None = None,
    campaign: str | None = None,
    within: Q | None = None,
    names: Iterable[str] | None = None,
    past: Iterable[str] = (),
) -> Register:
    """
    Return the records of a province.

    campaign : whose weights, requirements and locks
    within   : a condition on the path of the rows; None: the whole province
    names    : fields of the register that are asked for; None: all
    past     : fields of which the rows of other days come too: the need follows an old commune to its successor
    """
    found: dict[str, Any] = {}
    asked = kept() if names is None else {name: kept()[name] for name in names}
    for name, (record, model) in asked.items():
        day = None if name in past else on
        within_rows = rows(model, on=day, known=known).filter(within or Q(), province=province).order_by("pk")
        if any(field.name == "campaign" for field in model._meta.get_fields()):
            within_rows = within_rows.filter(campaign=campaign)
        if name == "campaign":
            within_rows = within_rows.filter(code=campaign) if campaign is not None else within_rows.none()
        found[name] = read(record, within_rows)
    return Register(**found)


def row(record: Any, *, province: str, places: Places, **more: Any) -> Record:
    """Return a new row of a record, with the place it belongs to and the keys it is found and sorted by."""
    model = model_of(type(record))
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return model(**(values | {"province": province, "path": places.path(record)} | keys(values, model) | more))


def keys(values: Mapping[str, Any], model: type[Record]) -> dict[str, Any]:
    """Return search and sort key of a row, where its model has them."""
    if not any(field.name == "sort_key" for field in model._meta.get_fields()):
        return {}
    if "given_name" in values:
        family, given = values["family_names"], values["given_name"]
        return {"search_key": search_key(f"{family} {given}"), "sort_key": packed(person_key(family, given))}
    return {"search_key": search_key(values["name"]), "sort_key": packed(sort_key(values["name"]))}


def packed(key: Any) -> bytes:
    """Return a sort key as bytes that a database compares in the same order: nested tuples of small numbers."""
    if isinstance(key, int):
        return min(key + 1, 0xFFFF).to_bytes(2, "big")
    return b"".join(packed(part) for part in key) + b"\0\0"


class Places:
    """
    Paths of places and people on a day: the way down from the province.

    08/01234/08-TYT-01234/08-DT-7/ : a point of a station in commune 01234 of province 08
    """

    def __init__(self, province: str, found: Register, *, on: date) -> None:
        """
        Find everybody's place.

        found : the facilities and appointments that say where things are
        on    : the day; what is over stays where it was last, what is to come is where it will be first
        """
        self.root = f"{province}/"
        facilities = sorted(found.facilities, key=lambda one: (*_near(one, on), one.start or date.min))
        self._facilities = {facility.code: facility for facility in facilities}
        self._paths: dict[str, str] = {}
        self._homes: dict[str, str] = {}
        for one in sorted(found.appointments, key=lambda one: (*_near(one, on), one.end or date.max, one.share)):
            self._homes[one.staff] = one.facility

    def facility(self, code: str) -> str:
        """Return the path of a facility; of one that nobody knows, the province's."""
        if code not in self._paths:
            chain, current = [], self._facilities.get(code)
            commune = current.commune if current else None
            while current is not None and current.commune == commune and current.code not in chain:
                chain.append(current.code)
                current = self._facilities.get(current.parent or "")
            self._paths[code] = "".join([self.root, *(f"{part}/" for part in (commune, *reversed(chain)) if part)])
        return self._paths[code]

    def staff(self, code: str) -> str:
        """Return the path of a person: that of the facility of the largest appointment that lasts longest."""
        home = self._homes.get(code)
        return self.facility(home) if home else self.root

    def path(self, record: Any) -> str:
        """Return the path of any record."""
        kind = type(record).__name__
        if kind == "Commune":
            return f"{self.root}{record.code}/"
        if kind == "Facility":
            return self.facility(record.code)
        if kind == "Staff":
            return self.staff(record.code)
        if getattr(record, "facility", None) and kind not in {"PastTour", "Travel", "Lock"}:
            return self.facility(record.facility)
        return self.staff(record.staff) if hasattr(record, "staff") else self.root


def _near(one: Any, on: date) -> tuple[int, int]:
    """Return what puts rows of one thing in order: those to come, those over, the one true on the day last."""
    if one.start is not None and on < one.start:
        return 0, -one.start.toordinal()
    return (1, one.end.toordinal()) if one.end is not None and one.end <= on else (2, 0)


def changed(old: Record, new: Record, names: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """Return field -> (before, after) of what differs."""
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return {name: (before, after) for name, before, after in pairs if before != after}


def by_key(found: Iterable[Any], key: Sequence[str]) -> dict[tuple[Any, ...], Any]:
    """Return rows by their key."""
    return {tuple(getattr(one, name) for name in key): one for one in found}
