"""What the actions on the register share: a draft of rows, the state one has looked at, the walls, and the saving."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.register import Register
from tramyte.web import records
from tramyte.web.actions.moves import follow
from tramyte.web.differences import Change, Differences, told
from tramyte.web.forms import told as words
from tramyte.web.models import Account, Appointment, Facility
from tramyte.web.models.base import Record
from tramyte.web.nouns import MASK, Noun, noun_of, nouns

SHARES = re.compile("appointments of one person above")  # the words of walls.py
TWICE = re.compile(r"UNIQUE constraint|_key\b")


@dataclass
class Draft:
    """
    Rows as an action will save them: those that are there already, and new ones.

    changes : what differs, field -> (before, after); `settle` puts every row at its place
    """

    province: str
    added: list[Any] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)  # an error among them: nothing is saved

    @property
    def rows(self) -> list[Any]:
        """Every row, those that are there already first: what ends makes room for what begins."""
        return [*(one.row for one in self.changes), *self.added]

    def change(self, row: Any, values: Mapping[str, Any]) -> None:
        """Set values of a row that is there, and note what differs."""
        found = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
        for name, (_, value) in found.items():
            setattr(row, name, value)
        own = {column.field: getattr(row, column.field) for column in noun_of(row).columns}
        for name, value in sorting_keys(own, type(row)).items():
            setattr(row, name, value)
        if found:
            self.changes.append(Change(row, found))

    def by_noun(self) -> dict[str, list[Any]]:
        """Return the rows of each noun."""
        found: dict[str, list[Any]] = {}
        for row in self.rows:
            found.setdefault(noun_of(row).name, []).append(row)
        return found

    def settle(self) -> None:
        """Put every row at the place it belongs to when all of this is recorded."""
        places = self.places()
        for one in self.changes:
            if not one.row.is_withdrawn and one.row.path != (there := places.path(one.row)):
                one.fields["path"] = (one.row.path, there)
        for row in self.rows:
            if not row.is_withdrawn:  # what counts nowhere stays where it was
                row.path = places.path(row)

    def places(self) -> records.Places:
        """Return where facilities and the people of the draft are, when it is recorded."""
        people = {getattr(row, "staff", None) or getattr(row, "code", None) for row in self.rows}
        found: Any = Register(
            facilities=self._with(Facility.objects.filter(province=self.province)),
            appointments=self._with(Appointment.objects.filter(province=self.province, staff__in=people)),
        )
        return records.Places(self.province, found, on=timezone.localdate())

    def _with(self, there: QuerySet[Any]) -> Any:
        """Return rows of the database, those of the draft as they will be."""
        mine = [row for row in self.rows if isinstance(row, there.model)]
        there = there.exclude(pk__in=[row.pk for row in mine if row.pk])
        return (*there, *(row for row in mine if not row.is_withdrawn))


def sorting_keys(values: Mapping[str, Any], model: type[Record]) -> dict[str, Any]:
    """Return the keys a row is found and sorted by; what could not be read counts as blank, and is not saved."""
    return records.keys({name: "" if value is None else value for name, value in values.items()}, model)


def last_saved(row: Any) -> Any:
    """Return the newest state of a row in its history."""
    return row.history.order_by("-history_id").first()


def saved_by(state: Any) -> dict[str, str]:
    """Return who saved a state, and when."""
    who = state.history_user.get_full_name() if state.history_user else "—"
    return {"who": who, "at": f"{timezone.localtime(state.history_date):%d/%m/%Y %H:%M}"}


def held(kind: Noun, pk: int, seen: int, values: Mapping[str, Any] | None) -> Any:
    """
    Return a row, held until the action is over.

    seen   : number of the state that whoever acts has looked at
    values : what they want it to be; None: they end it, so any change since counts
    raises : BadData, somebody was faster: a finding for each field that is now neither what was seen nor what is wanted
    """
    row = kind.model.every.select_for_update().get(pk=pk)
    last = last_saved(row)
    if last is None or last.history_id == seen:
        return row
    base = row.history.filter(history_id=seen).first()
    if row.is_withdrawn or values is None or base is None:
        raise BadData([Finding("E143", kind.name, "", saved_by(last))])
    found: list[Finding] = []
    for column in kind.columns:
        theirs, was = getattr(row, column.field), getattr(base, column.field)
        if column.field in values and theirs not in (values[column.field], was):
            shown = {"theirs": MASK if column.field in kind.masked else theirs}
            found.append(Finding("E140", kind.name, column.field, {**saved_by(last), **_worded(column, shown)}))
    if found:
        raise BadData(found)
    return row


def _worded(column: Any, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value in words of both languages."""
    return {f"{name}_{lang}": words(column, value, lang=lang) for name, value in shown.items() for lang in ("vi", "en")}


def since_findings(kind: Noun, row: Any, since: date, values: Mapping[str, Any]) -> list[Finding]:
    """Return what is wrong with the day on which a row shall end and another begin."""
    if row.start is not None and since <= row.start:
        return [Finding("E144", kind.name, "since", {"since": since, "start": row.start})]
    if row.end is not None and since >= row.end:
        return [Finding("E146", kind.name, "since", {"end": row.end})]
    if all(getattr(row, name) == value for name, value in values.items() if name != "start"):
        return [Finding("E149", kind.name, "", {})]
    return []


def named_by(kind: Noun, row: Any, on: date | None) -> None:
    """
    Refuse to end what other records still name.

    on     : first day without it; None: never was
    raises : BadData, which records name it then
    """
    code = getattr(row, "code", None)
    later = kind.model.objects.filter(province=row.province, code=code).exclude(pk=row.pk) if code else None
    if "code" not in kind.referred or (later is not None and later.exists()):
        return
    found = []
    for noun in nouns().values():
        for column in noun.columns:
            if column.target != (kind.name, "code"):
                continue
            rows = noun.model.objects.filter(province=row.province, **{column.field: code})
            if on is not None and not noun.has_end:
                continue
            rows = rows if on is None else rows.exclude(end__lte=on)
            if count := rows.count():
                titles = {f"sheet_{lang}": noun.sheet.title[lang] for lang in ("vi", "en")}
                found.append(Finding("E147", kind.name, "end" if on else "", {"count": count, **titles}))
    if found:
        raise BadData(found)


@contextmanager
def refused_by_walls() -> Iterator[None]:
    """Turn what the database refuses into a finding: two people who write at once meet here."""
    try:
        yield
    except IntegrityError as error:
        said = str(error).splitlines()[0]
        code = "E150" if SHARES.search(said) else "E151" if TWICE.search(said) else "E152"
        raise BadData([Finding(code, "", "", {"wall": said[:120]} if code == "E152" else {})]) from error


def save(draft: Draft, *, by: Account | None, reason: str | None) -> dict[str, Any]:
    """Save a draft and what moves with it; return what the event tells: nothing of it is masked."""
    states = []
    for row in draft.rows:
        before = last_saved(row) if row.pk else None
        row._history_user, row._change_reason = by, reason
        row.save()
        after = last_saved(row)
        states.append([noun_of(row).name, row.pk, before.history_id if before else None, after.history_id])
    found = Differences()
    for change in draft.changes:
        masked = noun_of(change.row).masked
        fields = {name: (MASK, MASK) if name in masked else pair for name, pair in change.fields.items()}
        found.changed.setdefault(noun_of(change.row).name, []).append(Change(change.row, fields))
    for row in draft.added:
        found.added.setdefault(noun_of(row).name, []).append(row)
    return {**told(found), "history": states, **_along(draft, by=by)}


def _along(draft: Draft, *, by: Account | None) -> dict[str, Any]:
    """Take along what belongs to a person or a facility that moved; return what the event tells of it."""
    people = {row.staff for row in draft.rows if isinstance(row, Appointment)}
    moved = {
        one.fields["path"][0]: one.fields["path"][1]
        for one in draft.changes if isinstance(one.row, Facility) and "path" in one.fields
    }  # fmt: skip
    if not people and not any(isinstance(row, Facility) for row in draft.rows):
        return {}
    return follow(draft.province, by=by, moved=moved, people=people)
