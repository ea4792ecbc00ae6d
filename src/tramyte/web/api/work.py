"""Imports and other long work: asked for with a file, looked at, recorded, undone, stopped; as the pages do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import BeforeValidator

from tramyte.domain.finding import Finding
from tramyte.exchange.hostile import kind_of
from tramyte.web.actions import imports, runs
from tramyte.web.api.answers import written
from tramyte.web.api.asking import MOST, Asked, Cursor, MaybeDay, PlacePath, Text, account_of, cut, lang_of, plain
from tramyte.web.api.errors import Found, Refusal, finding
from tramyte.web.api.lists import REFUSALS
from tramyte.web.models import Event, Run
from tramyte.web.models.base import below
from tramyte.web.undoing import undoing
from tramyte.web.views import import_rows
from tramyte.web.views import runs as seen
from tramyte.web.work import reading

CONFLICT: Final = {409: Refusal}


class RunRow(Schema):
    """One piece of long work; done of total is how far it is."""

    id: UUID
    kind: str
    province: str
    path: str
    state: str
    asked_by: str | None
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int | None
    filename: str | None
    file_sha256: str | None
    accepted_at: datetime | None
    undoes: UUID | None


class Runs(Schema):
    """A page of runs."""

    count: int | None
    rows: list[RunRow]
    next: str | None


class RunOne(RunRow):
    """One run with what came of it; `seen` names the changes that accepting it would record."""

    errors: int | None
    warnings: int | None
    counts: dict[str, dict[str, int]]
    seen: str | None


class RunFindings(Schema):
    """What is wrong in the file of a run, by cell."""

    count: int
    rows: list[Found]
    next: str | None


class AskedRuns(Asked):
    """A question for long work, oldest first."""

    place: PlacePath = Field(None, description="at and below this place: 08/")
    state: Text = Field(None, description="waiting, running, done, failed, cancelled")
    after: Cursor = Field(None, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=MOST, description="rows of a page")


class RunChange(Schema):
    """One row that an import adds, changes or ends; `changes`: column, before, after."""

    kind: str
    sheet: str
    row: str
    changes: dict[str, list[Any]]


class RunChanges(Schema):
    """A page of what an import would change, or has changed; `count`: of those that are kept to be looked at."""

    count: int
    rows: list[RunChange]
    next: str | None


class UndoRow(Schema):
    """One row that somebody changed since; `key` chooses it to go back as well."""

    key: str
    row: str
    changes: str


class Undo(Schema):
    """What undoing an import would put back; `stays`: those changed since, `named`: those that others name by now."""

    count: int
    stays: list[UndoRow]
    named: list[str]


class Chosen(Schema):
    """Which of the rows changed since shall go back as well."""

    chosen: list[Annotated[str, BeforeValidator(plain), Field(max_length=60)]] = Field(
        [], max_length=MOST, description="keys of rows; *: all of them"
    )


class AskedFindings(Asked):
    """A question for the findings of a run."""

    after: int = Field(0, ge=0, le=1_000_000, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=MOST, description="rows of a page")


class Import(Schema):
    """A workbook to be read for a place."""

    place: str = Field(pattern=r"^\d\d/([0-9A-Za-z._-]+/)*$", max_length=200)
    on: MaybeDay = Field(None, description="day from which its changes hold; none: today")
    is_complete: bool = Field(False, description="rows in force that it does not have end on that day")


class Agreed(Schema):
    """What somebody agreed to: `seen` of the run."""

    seen: str = Field(max_length=64)


class EventNumber(Schema):
    """The event by which it was recorded."""

    event: int


COLUMNS = {name: name for name in RunRow.model_fields} | {"asked_by": "asked_by__username"}


def work(router: Router) -> None:
    """Add the questions and the orders about long work."""
    _runs(router)
    _imports(router)


def _runs(router: Router) -> None:
    @router.get("/runs", operation_id="runs", tags=["work"], response={200: Runs, **REFUSALS})
    def listing(request: HttpRequest, asked: Query[AskedRuns]) -> HttpResponse:
        rows = Run.objects.filter(seen.mine(request), below(asked.place or ""))
        if asked.state:
            rows = rows.filter(state=asked.state)
        count = None if asked.after else rows.count()
        found, last = cut(rows, ("asked_at", "id"), asked.after, asked.limit, COLUMNS)
        return written({"count": count, "rows": found, "next": last})

    @router.get("/runs/{uuid:number}", operation_id="run", tags=["work"], response={200: RunOne, **REFUSALS})
    def one(request: HttpRequest, number: UUID) -> HttpResponse:
        return written(_one(seen.found(request, number)))

    @router.get(
        "/runs/{uuid:number}/findings", operation_id="run_findings", tags=["work"],
        response={200: RunFindings, **REFUSALS},
    )  # fmt: skip
    def findings(request: HttpRequest, number: UUID, asked: Query[AskedFindings]) -> HttpResponse:
        told = (seen.found(request, number).result or {}).get("findings", [])
        rows = [finding(_finding(row), lang_of(request)) for row in told[asked.after : asked.after + asked.limit]]
        last = asked.after + len(rows)
        return written({"count": len(told), "rows": rows, "next": str(last) if last < len(told) else None})

    @router.get(
        "/runs/{uuid:number}/changes", operation_id="run_changes", tags=["work"],
        response={200: RunChanges, **REFUSALS},
    )  # fmt: skip
    def changes(request: HttpRequest, number: UUID, asked: Query[AskedFindings]) -> HttpResponse:
        kept = ((seen.found(request, number).result or {}).get("preview") or {}).get("rows", {})
        every = [
            {"kind": kind, "sheet": sheet, "row": label, "changes": fields}
            for kind, sheets in kept.items() for sheet, rows in sheets.items() for label, fields in rows
        ]  # fmt: skip
        rows = every[asked.after : asked.after + asked.limit]
        last = asked.after + len(rows)
        return written({"count": len(every), "rows": rows, "next": str(last) if last < len(every) else None})

    @router.post(
        "/runs/{uuid:number}/cancel", operation_id="run_cancel", tags=["work"],
        response={200: RunOne, **REFUSALS, **CONFLICT},
    )  # fmt: skip
    def cancel(request: HttpRequest, number: UUID) -> HttpResponse:
        run = seen.found(request, number)
        runs.cancel(by=account_of(request), run=run)
        run.refresh_from_db()
        return written(_one(run))


def _imports(router: Router) -> None:
    @router.post("/imports", operation_id="import_ask", tags=["work"], response={201: RunOne, **REFUSALS, **CONFLICT})
    def ask(request: HttpRequest, asked: Form[Import], file: File[UploadedFile]) -> HttpResponse:
        data, name = file.read(), file.name or ""
        kind_of(data, name)
        run = imports.ask(
            by=account_of(request), path=asked.place, filename=name, data=data, on=asked.on,
            is_complete=asked.is_complete,
        )  # fmt: skip
        return written(_one(run), status=201)

    @router.post(
        "/imports/{uuid:number}/accept", operation_id="import_accept", tags=["work"],
        response={200: EventNumber, **REFUSALS, **CONFLICT},
    )  # fmt: skip
    def accept(request: HttpRequest, number: UUID, agreed: Agreed) -> HttpResponse:
        run = seen.found(request, number, "import")
        event = imports.accept(
            by=account_of(request), run=run, register=reading.book(run).register, on=reading.day_of(run),
            is_complete=bool(run.given.get("is_complete")), seen=agreed.seen,
        )  # fmt: skip
        return written({"event": event.number})

    @router.post(
        "/imports/{uuid:number}/undo", operation_id="import_undo", tags=["work"],
        response={200: EventNumber, **REFUSALS, **CONFLICT},
    )  # fmt: skip
    def undo(request: HttpRequest, number: UUID, asked: Chosen | None = None) -> HttpResponse:
        run = seen.found(request, number, "import")
        done = imports.undo(by=account_of(request), run=run, event=_accepted(run), chosen=asked.chosen if asked else ())
        return written({"event": done.number})

    @router.get(
        "/imports/{uuid:number}/undo", operation_id="import_undo_preview", tags=["work"],
        response={200: Undo, **REFUSALS},
    )  # fmt: skip
    def preview(request: HttpRequest, number: UUID) -> HttpResponse:
        run, lang = seen.found(request, number, "import"), lang_of(request)
        found = undoing(_accepted(run))
        stays = [
            {"key": one["key"], "row": one["words"], "changes": one["fields"]}
            for one in import_rows.clashes(found.clashes, lang)
        ]
        named = [import_rows.called(row, lang) for row in found.named]
        return written({"count": found.changes.count, "stays": stays, "named": named})


def _accepted(run: Run) -> Event:
    """Return the event by which an import was recorded. raises: Http404, it was not."""
    event = Event.objects.filter(action="imports.accept", about=str(run.pk)).first()
    if event is None:
        raise Http404
    return event


def _one(run: Run) -> dict[str, Any]:
    result, preview = run.result or {}, (run.result or {}).get("preview") or {}
    row = {name: getattr(run, name) for name in COLUMNS if name not in ("asked_by", "undoes")}
    return row | {
        "asked_by": run.asked_by.username if run.asked_by else None, "undoes": run.undoes_id,
        "errors": result.get("errors"), "warnings": result.get("warnings"), "counts": preview.get("counts", {}),
        "seen": preview.get("seen"),
    }  # fmt: skip


def _finding(row: Mapping[str, Any]) -> Finding:
    fields = {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) and "day" in value else value
        for name, value in row["fields"].items()
    }
    return Finding(row["code"], row["sheet"], row["cell"], fields, row["severity"])
