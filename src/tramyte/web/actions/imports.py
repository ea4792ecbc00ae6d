"""Workbooks coming in: asked for, read, mended, recorded in one transaction, undone by another."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from tramyte.domain.errors import AlreadyIssued, BadData
from tramyte.domain.finding import Finding
from tramyte.domain.register import Register
from tramyte.web.actions.writing import writing
from tramyte.web.differences import ORDER, Differences, differences, reverse, told
from tramyte.web.models import Account, Event, Run
from tramyte.web.records import kept
from tramyte.web.roles import Permission

BATCH = 500


def ask(*, by: Account | None, path: str, filename: str, data: bytes) -> Run:
    """Keep a workbook that somebody dropped, to be read in the background."""
    with writing("imports.ask", by=by, may=Permission.IMPORT, path=path) as note:
        run = Run.objects.create(
            kind="import", province=path[:2], path=path, asked_by=by, asked_at=note.at, filename=filename, file=data,
            file_sha256=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
        note.about, note.details = str(run.id), {"filename": filename, "sha256": run.file_sha256, "bytes": len(data)}
    return run


def accept(*, by: Account | None, run: Run, register: Register, on: Any, is_complete: bool = False) -> Event:
    """
    Record what a workbook changes, all of it or nothing.

    register : what was read from the file
    raises   : AlreadyIssued, it was recorded before; BadData, nothing would change
    """
    with writing("imports.accept", by=by, may=Permission.IMPORT, path=run.path) as note:
        _take(run)
        found = differences(register, province=run.province, path=run.path, on=on, is_complete=is_complete)
        if found.is_empty:
            raise BadData([Finding("E130", "", "", {})])
        record(found, by=by)
        note.about, note.details = str(run.id), {"sha256": run.file_sha256, **told(found)}
    assert note.event is not None  # noqa: S101
    return note.event


def undo(*, by: Account | None, run: Run, event: Event) -> Event:
    """
    Put back what an import changed: a new record, nothing is taken out of the history.

    event  : of `accept`; rows changed since stay as they are, and the new event names them
    raises : AlreadyIssued, it was undone before; BadData, nothing is left to put back
    """
    with writing("imports.undo", by=by, may=Permission.IMPORT, path=run.path) as note:
        back = Run.objects.create(
            kind="import", province=run.province, path=run.path, asked_by=by, asked_at=note.at, state="done",
            ended_at=note.at, undoes=_untouched(run), filename=run.filename,
        )  # fmt: skip
        _take(back)
        found, clashes = reverse(event.details)
        if found.is_empty:
            raise BadData([Finding("E130", "", "", {})])
        record(found, by=by)
        kept_as_is = [[type(one.row).__name__, one.row.pk, sorted(one.fields)] for one in clashes]
        note.about, note.details = str(back.id), {"undoes": str(run.id), "kept": kept_as_is, **told(found)}
    assert note.event is not None  # noqa: S101
    return note.event


def _untouched(run: Run) -> Run:
    """Return the run, if nobody has undone it yet."""
    if Run.objects.select_for_update().filter(undoes=run).exists():
        raise AlreadyIssued(str(run.id))
    return run


def _take(run: Run) -> None:
    """Note that a run is recorded; of two people who record it at once, one is told that it is done."""
    taken = Run.objects.filter(pk=run.pk, accepted_at__isnull=True).update(accepted_at=timezone.now())
    if not taken:
        raise AlreadyIssued(str(run.id))


def record(found: Differences, *, by: Account | None) -> None:
    """Write changes with their history; only inside the transaction of an action."""
    assert transaction.get_connection().in_atomic_block  # noqa: S101
    for name in ORDER:
        model = kept()[name][1]
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
