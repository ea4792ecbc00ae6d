"""Workbooks coming in: asked for, read, mended, recorded in one transaction, undone by another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from tramyte.domain.errors import AlreadyIssued, BadData
from tramyte.domain.finding import Finding
from tramyte.domain.register import Register
from tramyte.web.actions import runs
from tramyte.web.actions.moves import follow
from tramyte.web.actions.writing import writing
from tramyte.web.differences import MOVES, ORDER, Change, Differences, differences, digest, told
from tramyte.web.models import Account, Event, Run
from tramyte.web.records import BESIDE, table
from tramyte.web.roles import Permission
from tramyte.web.undoing import undoing
from tramyte.web.work.fixes import Edit, place

BATCH = 500
SURVEYED = 1000  # rows of each index that SQLite looks at


def ask(
    *, by: Account | None, path: str, filename: str, data: bytes, on: date | None = None, is_complete: bool = False
) -> Run:
    """
    Keep a workbook that somebody dropped, to be read in the background.

    on          : day from which its changes hold; None: today
    is_complete : rows in force that it does not have end on that day
    """
    given = {"on": on and on.isoformat(), "is_complete": is_complete}
    return runs.ask(by=by, kind="import", path=path, given=given, file=data, filename=filename)


def mend(*, by: Account | None, run: Run, edits: Iterable[Edit]) -> None:
    """
    Put edits on top of the file, which stays as it came, and have it read again.

    raises : AlreadyIssued, it was recorded before, or is being read
    """
    standing = {place(one): one for one in run.given.get("edits", ())}
    for one in edits:
        before = standing.get(place(one))
        standing[place(one)] = {**one, "was": before["was"]} if before else dict(one)
    runs.again(by=by, run=run, given={"edits": list(standing.values())}, action="imports.mend")


def unmend(*, by: Account | None, run: Run, places: Iterable[tuple[str, str]] | None = None) -> None:
    """Take edits away again, all of them where none are named, and have the file read as it came."""
    gone = None if places is None else set(places)
    left = [one for one in run.given.get("edits", ()) if gone is not None and place(one) not in gone]
    runs.again(by=by, run=run, given={"edits": left}, action="imports.unmend")


def settle(*, by: Account | None, run: Run, on: date, is_complete: bool) -> None:
    """Say from which day the changes hold, and whether the list is complete; what would change is counted again."""
    given = {"on": on.isoformat(), "is_complete": is_complete}
    runs.again(by=by, run=run, given=given, action="imports.settle")


def accept(
    *, by: Account | None, run: Run, register: Register, on: Any, is_complete: bool = False, seen: str | None = None
) -> Event:
    """
    Record what a workbook changes, all of it or nothing.

    register : what was read from the file
    seen     : digest of the changes that somebody agreed to; None: whatever they are
    raises   : AlreadyIssued, it was recorded before; BadData, nothing would change, other changes than those seen, or
               changes outside the place it was asked for
    """
    try:
        with writing("imports.accept", by=by, may=Permission.IMPORT, path=run.path) as note:
            _take(run)
            found = differences(register, province=run.province, path=run.path, on=on, is_complete=is_complete)
            if found.is_empty:
                raise BadData([Finding("E130", "", "", {})])
            if outside := beyond(found, run.path):
                raise BadData([outside])
            if seen is not None and digest(found) != seen:
                raise BadData([Finding("E133", "", "", {})])
            along = record(found, province=run.province, by=by)
            note.about, note.details = str(run.id), {"sha256": run.file_sha256, **told(found), **along}
    except IntegrityError as error:
        raise BadData([Finding("E134", "", "", {})]) from error
    assert note.event is not None  # noqa: S101
    return note.event


def beyond(found: Differences, path: str) -> Finding | None:
    """Return a finding when changes belong to places outside the one they were asked for."""
    rows = [row for rows in found.added.values() for row in rows if not row.path.startswith(path)]
    changed = (one for changes in found.changed.values() for one in changes)
    rows += [one.row for one in changed if not str(one.fields.get("path", ("", path))[1]).startswith(path)]
    return Finding("E132", "", "", {"count": len(rows)}) if rows else None


def undo(*, by: Account | None, run: Run, event: Event, chosen: Collection[str] = ()) -> Event:
    """
    Put back what an import changed: a new record, nothing is taken out of the history.

    event  : of `accept`
    chosen : keys of rows changed since that go back as well (undoing.py); the others stay, and the new event names them
    raises : AlreadyIssued, it was undone before; BadData, nothing is left to put back
    """
    with writing("imports.undo", by=by, may=Permission.IMPORT, path=run.path) as note:
        back = Run.objects.create(
            kind="import", province=run.province, path=run.path, asked_by=by, asked_at=note.at, state="done",
            ended_at=note.at, undoes=_untouched(run), filename=run.filename,
        )  # fmt: skip
        _take(back)
        done = undoing(event, chosen=chosen)
        if done.changes.is_empty:
            raise BadData([Finding("E130", "", "", {})])
        found = done.changes
        along = record(found, province=run.province, by=by)
        stays = [*(one.change for one in done.stays), *(Change(row, {}) for row in done.named)]
        kept_as_is = [[type(one.row).__name__, one.row.pk, sorted(one.fields)] for one in stays]
        note.about, note.details = str(back.id), {"undoes": str(run.id), "kept": kept_as_is, **told(found), **along}
    assert note.event is not None  # noqa: S101
    return note.event


def _untouched(run: Run) -> Run:
    """Return the run, if nobody has undone it yet."""
    if Run.objects.select_for_update().filter(undoes=run).exists():
        raise AlreadyIssued(str(run.id))
    return run


def _take(run: Run) -> None:
    """Note that a run is recorded; of two people who record it at once, one is told that it is done."""
    now = timezone.now()
    taken = Run.objects.filter(pk=run.pk, accepted_at__isnull=True).update(
        accepted_at=now, state="done", ended_at=Coalesce(F("ended_at"), now), **runs.FREE
    )
    if not taken:
        raise AlreadyIssued(str(run.id))


def record(found: Differences, *, province: str, by: Account | None) -> dict[str, Any]:
    """Write changes with their history; only inside the transaction of an action. Returns what `follow` took along."""
    assert transaction.get_connection().in_atomic_block  # noqa: S101
    for name in (*ORDER, *BESIDE):
        model = table(name)
        # what ends makes room for what begins
        for changes in (found.ended.get(name, []), found.changed.get(name, [])):
            for one in changes:
                for part, (_, after) in one.fields.items():
                    setattr(one.row, part, after)
            if changes:
                columns = sorted({part for one in changes for part in one.fields})
                rows = [one.row for one in changes]
                bulk_update_with_history(rows, model, columns, batch_size=BATCH, default_user=by, manager=model.every)
        if added := found.added.get(name):
            bulk_create_with_history(added, model, batch_size=BATCH, default_user=by)
    survey()
    changed = {name: [*found.changed.get(name, ()), *found.ended.get(name, ())] for name in MOVES | {"staff"}}
    moved = {one.fields["path"][0]: one.fields["path"][1] for one in changed["facilities"] if "path" in one.fields}
    people = {one.row.code for one in changed["staff"] if "path" in one.fields}
    people |= {one.row.staff for one in changed["appointments"]}
    return follow(province, by=by, moved=moved, people=people) if any(changed.values()) else {}


def survey() -> None:
    """Let SQLite look how rows are spread; else it goes through all licences of a province for each of its people."""
    connection = transaction.get_connection()
    if connection.vendor == "sqlite":  # the other engine does so by itself
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SURVEYED}")
            cursor.execute("ANALYZE")
