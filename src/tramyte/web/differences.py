"""What a register would change in the database: added, changed, ended, the same; and how to put such changes back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Model
from django.utils import timezone

from tramyte.domain.register import Register
from tramyte.exchange.columns import sheets
from tramyte.web import records
from tramyte.web.models.base import Record, below

Value = Any
ORDER = tuple(records.kept())
MOVES = {"facilities", "appointments"}  # what says where people and places belong
MANY = 500  # numbers of one question
ALONG = "moved"  # why a state stands in the history: its row is elsewhere, and says what it said before
MOVED = {*ORDER, "equipment", "contacts"}  # what belongs where its facility or its person does


@dataclass
class Change:
    """One row that is there already, and what it becomes: field -> (before, after)."""

    row: Record
    fields: dict[str, tuple[Value, Value]]


@dataclass
class Differences:
    """By field of Register; `same` counts rows that stay as they are."""

    added: dict[str, list[Record]] = field(default_factory=dict)
    changed: dict[str, list[Change]] = field(default_factory=dict)
    ended: dict[str, list[Change]] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows change."""
        return sum(len(rows) for kind in (self.added, self.changed, self.ended) for rows in kind.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return self.count == 0


def differences(
    found: Register,
    *,
    province: str,
    path: str,
    on: date,
    is_complete: bool = False,
    names: Iterable[str] | None = None,
) -> Differences:
    """
    Return what recording a register would change.

    path        : nothing outside this place is looked at
    on          : day from which rows end that a complete list no longer has
    is_complete : rows in force that the register does not have end; otherwise they stay
    names       : the sheets that the file had; None: all with rows
    """
    campaign = found.campaign[0].code if found.campaign else None
    places = records.Places(province, _known(found, province), on=timezone.localdate())
    answer = Differences()
    given = list(names) if names is not None else [one.name for one in fields(Register) if getattr(found, one.name)]
    for name in given:
        _compare(answer, name, getattr(found, name), places, province, campaign, path, on, is_complete=is_complete)
    if MOVES & set(given):
        for name in MOVED - set(given):
            _move(answer, name, places, province, path)
    return answer


def _move(answer: Differences, name: str, places: records.Places, province: str, path: str) -> None:
    """Add the rows that belong to another place now, because a person or a facility moved."""
    for row in records.table(name).objects.filter(below(path), province=province):
        if row.path != (there := places.path(row)):
            answer.changed.setdefault(name, []).append(Change(row, {"path": (row.path, there)}))


def _known(found: Register, province: str) -> Register:
    """Return where things are: as the file says, else as the database does."""
    known: dict[str, Any] = {}
    for name in MOVES:
        rows = (*records.read(*_table(name, province)), *getattr(found, name))
        known[name] = tuple(records.by_key(rows, sheets()[name].key).values())
    return Register(**known)


def _table(name: str, province: str) -> tuple[Any, Any]:
    record, model = records.kept()[name]
    return record, model.objects.filter(province=province)


def _compare(
    answer: Differences, name: str, found: Iterable[Any], places: records.Places, province: str, campaign: str | None,
    path: str, on: date, *, is_complete: bool,
) -> None:  # fmt: skip
    record, model = records.kept()[name]
    more = {"campaign": campaign} if _has(model, "campaign") else {}
    rows = model.objects.filter(below(path), province=province, **more)
    key = sheets()[name].key or ("code",)
    there = records.by_key(rows, key)
    columns = [one.name for one in fields(record)]
    columns += [extra for extra in ("path", "search_key", "sort_key") if _has(model, extra)]
    for one in found:
        row = records.row(one, province=province, places=places, **more)
        old = there.pop(tuple(getattr(row, part) for part in key), None)
        if old is None:
            answer.added.setdefault(name, []).append(row)
        elif changed := records.changed(old, row, columns):
            answer.changed.setdefault(name, []).append(Change(old, changed))
        else:
            answer.same[name] = answer.same.get(name, 0) + 1
    for old in there.values() if is_complete else ():
        if _ends(old, on):
            answer.ended.setdefault(name, []).append(Change(old, _end(old, on)))


def _has(model: type[Model], name: str) -> bool:
    return any(one.name == name for one in model._meta.get_fields())


def _ends(row: Any, on: date) -> bool:
    """Return whether a row that a complete list no longer has is in force on the day."""
    if not _has(type(row), "end"):
        return True
    return (row.start is None or row.start <= on) and (row.end is None or row.end > on)


def _end(row: Any, on: date) -> dict[str, tuple[Value, Value]]:
    """Return how a row ends: on the day; one without days, or that began on that very day, is withdrawn."""
    if _has(type(row), "end") and (row.start is None or row.start < on):
        return {"end": (row.end, on)}
    return {"is_withdrawn": (False, True)}


def reverse(details: Mapping[str, Any]) -> tuple[Differences, list[Change]]:
    """
    Return the changes that put back what an event tells, and those rows that somebody has changed since.

    details : of the event: {"added": {name: [pk]}, "changed" and "ended": {name: [[pk, {field: [before, after]}]]}}
    """
    answer, clashes = Differences(), []
    for name, keys in details.get("added", {}).items():
        for row in rows_of(name, keys):
            answer.ended.setdefault(name, []).append(Change(row, {"is_withdrawn": (False, True)}))
    for kind in ("changed", "ended"):
        for name, told in details.get(kind, {}).items():
            by_pk = {row.pk: row for row in rows_of(name, [pk for pk, _ in told])}
            for pk, changes in told:
                row = by_pk[pk]
                back = {
                    one: (_value(row, one, after), _value(row, one, before)) for one, (before, after) in changes.items()
                }
                stale = {one: pair for one, pair in back.items() if getattr(row, one) != pair[0]}
                own = {one: (getattr(row, one), pair[1]) for one, pair in stale.items() if one != "path"}
                if own:  # where a row belongs follows from others, and is no change that somebody made
                    clashes.append(Change(row, own))
                back = {one: pair for one, pair in back.items() if one not in stale and pair[0] != pair[1]}
                if back:
                    answer.changed.setdefault(name, []).append(Change(row, back))
    return answer, clashes


def built_on(details: Mapping[str, Any]) -> dict[str, set[int]]:
    """Return table -> numbers of rows that an event tells it added, and that somebody has changed since."""
    found: dict[str, set[int]] = {}
    for name, keys in details.get("added", {}).items():
        for start in range(0, len(keys), MANY):
            states = records.table(name).history.filter(id__in=keys[start : start + MANY])
            counted = states.exclude(history_change_reason=ALONG).values("id").annotate(times=Count("history_id"))
            found.setdefault(name, set()).update(counted.filter(times__gt=1).values_list("id", flat=True))
    return {name: keys for name, keys in found.items() if keys}


def rows_of(name: str, keys: Iterable[Any]) -> list[Record]:
    """Return the rows of a table by their numbers, withdrawn ones too."""
    model = records.table(name)
    wanted, found = list(keys), []
    for start in range(0, len(wanted), MANY):
        found += list(model.every.filter(pk__in=wanted[start : start + MANY]))
    return found


def _value(row: Any, name: str, told: Any) -> Any:
    """Return a value of an event's details as the field keeps it."""
    if name == "sort_key":
        return bytes.fromhex(told)
    return type(row)._meta.get_field(name).to_python(told)


def told(found: Differences) -> dict[str, Any]:
    """Return what an event tells of changes that were made: keys of rows, and each value before and after."""
    return {
        "added": {name: [row.pk for row in rows] for name, rows in found.added.items()},
        **{
            kind: {name: [_told(one) for one in rows] for name, rows in getattr(found, kind).items()}
            for kind in ("changed", "ended")
        },
    }


def digest(found: Differences) -> str:
    """Return what tells changes from any others: two that are the same do the same to the same rows."""
    new = {name: [_new(row) for row in rows] for name, rows in sorted(found.added.items())}
    text = json.dumps([new, told(found) | {"added": {}}], cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _new(row: Record) -> list[Any]:
    return [_plain(getattr(row, one.attname)) for one in row._meta.concrete_fields if not one.primary_key]


def _told(change: Change) -> list[Any]:
    return [change.row.pk, {part: [_plain(old), _plain(new)] for part, (old, new) in change.fields.items()}]


def _plain(value: Any) -> Any:
    """Return a value for JSON: bytes as hex; dates are written by the encoder."""
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
