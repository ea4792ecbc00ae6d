"""Corrections by hand: a record added, corrected, ended, withdrawn; and any of these undone by a new record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang
from tramyte.web.actions.corrections import (
    Draft,
    held,
    last_saved,
    named_by,
    refused_by_walls,
    save,
    saved_by,
    since_findings,
    sorting_keys,
)
from tramyte.web.actions.writing import Note, writing
from tramyte.web.checks import findings
from tramyte.web.models import Account, Event
from tramyte.web.nouns import Noun, noun_of, nouns
from tramyte.web.permissions import allowed


@dataclass(frozen=True)
class Done:
    """What was recorded: its event, the rows, and what should be looked at again."""

    event: Event
    rows: tuple[Any, ...]
    warnings: tuple[Finding, ...] = ()


def may(by: Account | None, noun: Noun, path: str) -> bool:
    """Return whether somebody may record this noun at a place."""
    return by is None or allowed(by, noun.may, noun.at(path), on=timezone.localdate())


def add(
    *, by: Account | None, noun: str, province: str, values: Mapping[str, Any], reason: str | None = None,
    lang: Lang = "vi", unread: Sequence[Finding] = (),
) -> Done:  # fmt: skip
    """
    Record something new; a new person together with the first appointment.

    values : field -> value, as `forms.read` returns them
    unread : fields that could not be read: nothing is recorded then, and they are told with all else that is wrong
    raises : BadData, with every finding at its field; NotAllowed
    """
    kind = nouns()[noun]
    new = [_row(kind, province, values)]
    if noun == "staff":
        new.append(_row(nouns()["appointments"], province, {**values, "staff": values["code"]}))
    draft = Draft(province, added=new, warnings=list(unread))
    draft.settle()
    with _recording("register.add", by=by, draft=draft, kind=kind, path=new[0].path, reason=reason, lang=lang) as note:
        pass
    return _done(note, draft)


def correct(
    *, by: Account | None, noun: str, pk: int, seen: int, values: Mapping[str, Any], since: date | None = None,
    reason: str | None = None, lang: Lang = "vi", unread: Sequence[Finding] = (), answers: int | None = None,
) -> Done:  # fmt: skip
    """
    Correct a record.

    seen   : number of the state that whoever corrects has looked at: who was faster is never written over
    since  : the day from which it is otherwise, on which the row ends and another begins; None: it was always wrong
    unread : as in `add`; answers: number of the proposal that this takes
    raises : BadData, with every finding at its field, one of each that somebody else has saved since; NotAllowed
    """
    kind = nouns()[noun]
    row = kind.model.objects.get(pk=pk)
    draft = Draft(row.province, warnings=list(unread))
    with _recording("register.correct", by=by, draft=draft, kind=kind, path=row.path, reason=reason, lang=lang) as note:
        row = held(kind, pk, seen, values)
        if since is None:
            draft.change(row, values)
        else:
            draft.warnings += since_findings(kind, row, since, values)
            draft.added.append(_row(kind, row.province, {**values, "start": since}))
            draft.change(row, {"end": since})
        draft.settle()
        note.details |= {"since": since} | ({"answers": answers} if answers else {})
    return _done(note, draft)


def end(*, by: Account | None, noun: str, pk: int, seen: int, on: date, reason: str | None, lang: Lang = "vi") -> Done:
    """
    End a record: the day is the first on which it is true no more. A person's appointments end with them.

    raises : BadData, other records still name it on that day, it ended before, there is no reason; NotAllowed
    """
    kind = nouns()[noun]
    row = kind.model.objects.get(pk=pk)
    draft = Draft(row.province)
    with _recording("register.end", by=by, draft=draft, kind=kind, path=row.path, reason=reason, lang=lang) as note:
        _ask_reason(kind, reason)
        row = held(kind, pk, seen, None)
        if row.end is not None and row.end <= on:
            raise BadData([Finding("E146", noun, "end", {"end": row.end})])
        if noun == "staff":
            draft.change(row, {"end": on, "leave_reason": (reason or "")[:80]})
            _end_appointments(draft, row, on)
        else:
            named_by(kind, row, on)
            draft.change(row, {"end": on})
        draft.settle()
        note.details["on"] = on
    return _done(note, draft)


def withdraw(*, by: Account | None, noun: str, pk: int, seen: int, reason: str | None, lang: Lang = "vi") -> Done:
    """
    Take back what was recorded by mistake: it counts nowhere from now on, and stays in the history.

    raises : BadData, other records name it, there is no reason; NotAllowed
    """
    kind = nouns()[noun]
    row = kind.model.objects.get(pk=pk)
    draft = Draft(row.province)
    with _recording(
        "register.withdraw", by=by, draft=draft, kind=kind, path=row.path, reason=reason, lang=lang
    ) as note:
        _ask_reason(kind, reason)
        row = held(kind, pk, seen, None)
        named_by(kind, row, None)
        draft.change(row, {"is_withdrawn": True})
        draft.settle()
    return _done(note, draft)


def undo(*, by: Account | None, event: Event, reason: str | None, lang: Lang = "vi") -> Done:
    """
    Put back what a correction changed, by a new record.

    raises : BadData, somebody has changed it since, it was undone before, there is no reason; NotAllowed
    """
    draft = undone(event)
    row = draft.rows[0]
    kind = noun_of(row)
    with _recording("register.undo", by=by, draft=draft, kind=kind, path=row.path, reason=reason, lang=lang) as note:
        _ask_reason(kind, reason)
        draft.changes = undone(event, hold=True).changes
        draft.settle()
        note.details["undoes"] = event.number
    return _done(note, draft)


def undone(event: Event, *, hold: bool = False) -> Draft:
    """
    Return what undoing a correction would record.

    hold   : whether the rows are held until the action is over
    raises : BadData, it is no correction, or a row was changed since
    """
    draft = Draft(event.province)
    for name, pk, before, after in reversed(event.details.get("history", [])):
        kind = nouns()[name]
        rows = kind.model.every.select_for_update() if hold else kind.model.every.all()
        row = rows.get(pk=pk)
        was, then = (row.history.filter(history_id=number).first() for number in (before, after))
        changes = {"is_withdrawn": True}
        if was is not None:
            names = [column.field for column in kind.columns] + ["is_withdrawn"]
            changes = {one: getattr(was, one) for one in names if getattr(was, one) != getattr(then, one)}
        if any(getattr(row, one) != getattr(then, one) for one in changes):
            raise BadData([Finding("E143", name, "", saved_by(last_saved(row)))])
        draft.change(row, changes)
    if not draft.changes:
        raise BadData([Finding("E148", "", "", {})])
    return draft


@contextmanager
def _recording(
    action: str, *, by: Account | None, draft: Draft, kind: Noun, path: str, reason: str | None, lang: Lang
) -> Iterator[Note]:  # fmt: skip
    """Open an action; when its body has filled the draft, check it, ask at every place it touches, and save it."""
    reason = (reason or "").strip()[:500] or None
    with refused_by_walls(), writing(action, by=by, may=kind.may, path=kind.at(path), reason=reason) as note:
        yield note
        together = draft.by_noun()
        for name, rows in together.items():
            for row in rows if not draft.warnings else ():
                if not may(by, nouns()[name], row.path):
                    raise NotAllowed(nouns()[name].may.value, nouns()[name].at(row.path))
            known = {one.cell for one in draft.warnings}
            draft.warnings += [one for one in findings(
                nouns()[name], rows, together=together, province=draft.province, by=by,
                on=timezone.localdate(note.at), lang=lang,
            ) if one.cell not in known]  # fmt: skip
        if wrong := [one for one in draft.warnings if one.severity == "error"]:
            raise BadData(wrong)
        if not draft.rows:
            raise BadData([Finding("E149", kind.name, "", {})])
        note.about = f"{kind.name} {kind.key(draft.rows[0])}"[:200]
        note.details |= save(draft, by=by, reason=reason)


def _done(note: Note, draft: Draft) -> Done:
    assert note.event is not None  # noqa: S101
    return Done(note.event, tuple(draft.rows), tuple(draft.warnings))


def _row(kind: Noun, province: str, values: Mapping[str, Any]) -> Any:
    """Return a new row of the values, its keys of finding and sorting with it."""
    own = {column.field: values[column.field] for column in kind.columns if column.field in values}
    return kind.model(province=province, **own, **sorting_keys(own, kind.model))


def _ask_reason(kind: Noun, reason: str | None) -> None:
    if not (reason or "").strip():
        raise BadData([Finding("E145", kind.name, "reason", {})])


def _end_appointments(draft: Draft, person: Any, on: date) -> None:
    """End the appointments of a person who leaves; one that has not begun by then never happens."""
    rows: Sequence[Any] = nouns()["appointments"].model.objects.filter(province=person.province, staff=person.code)
    for row in rows:
        if row.start is not None and row.start >= on:
            draft.change(row, {"is_withdrawn": True})
        elif row.end is None or row.end > on:
            draft.change(row, {"end": on})
