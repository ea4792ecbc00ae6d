"""The work of an import: read the file with its edits, say everything that is wrong, and what it would change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.register import Register
from tramyte.exchange import workbook
from tramyte.exchange.columns import sheets
from tramyte.exchange.marked import write
from tramyte.exchange.raw import raw_sheets
from tramyte.web.actions import imports
from tramyte.web.differences import Change, Differences, differences, digest
from tramyte.web.models import Run
from tramyte.web.records import kept
from tramyte.web.work.fixes import applied, proposals

MOST = 20_000  # findings, and rows of a kind, that are kept to be looked at; all of them are counted
SHEETS = {model.__name__: name for name, (_, model) in kept().items()}
HIDDEN = {"search_key", "sort_key"}  # follow from a name


class Stopped(Exception):
    """Somebody asked to leave off."""


@dataclass(frozen=True)
class Book:
    """What stands in a file: its register, its warnings, its sheets with their rows."""

    register: Register
    findings: tuple[Finding, ...]
    sheets: Mapping[str, int]


def read(run: Run, progress: Callable[..., None], stopped: Callable[[], bool]) -> dict[str, Any] | None:
    """Return everything wrong in the file of a run, and what recording it would change."""
    began = time.monotonic()
    counted: dict[str, int] = {}

    def told(done: int, total: int) -> None:
        progress(done, total, "UI_run_reading")
        if stopped():
            raise Stopped

    try:
        try:
            found = book(run, told=told, counted=counted)
            findings, preview = list(found.findings), None
            progress(sum(counted.values()), sum(counted.values()), "UI_run_comparing")
            outside = elsewhere(found.register, run)
            if outside is None:
                changed = changes(found.register, run)
                outside = imports.beyond(changed, run.path)
            if outside is None:
                preview = _preview(changed)
            else:
                findings.append(outside)
        except BadData as error:
            findings, preview = list(error.findings), None
        if stopped():
            raise Stopped
    except Stopped:
        return None
    return {
        "seconds": round(time.monotonic() - began, 1), "sheets": counted, "preview": preview,
        "errors": sum(one.severity == "error" for one in findings),
        "warnings": sum(one.severity == "warning" for one in findings),
        "findings": [_kept(one) for one in findings[:MOST]],
    }  # fmt: skip


def book(run: Run, *, told: Callable[[int, int], None] | None = None, counted: dict[str, int] | None = None) -> Book:
    """
    Return what stands in the file of a run, its edits made.

    told    : hears how many rows of how many are read
    counted : filled with title -> rows even when the reading ends with findings
    raises  : BadData, with every finding
    """
    rows = {} if counted is None else counted
    raws, findings = raw_sheets(bytes(run.file or b""), filename=run.filename or "")
    raws = applied(raws, run.given.get("edits", ()))
    rows.update({raw.title: len(raw.rows) for raw in raws})
    register, warnings = workbook.register_of(raws, findings, told=told)
    return Book(register, warnings, rows)


def day_of(run: Run) -> date:
    """Return the day from which the changes of an import hold: as asked, else the day it was asked."""
    asked = run.given.get("on")
    return date.fromisoformat(asked) if asked else timezone.localdate(run.asked_at)


def changes(register: Register, run: Run) -> Differences:
    """Return what recording the register would change, as a run asks for it."""
    return differences(
        register, province=run.province, path=run.path, on=day_of(run), is_complete=bool(run.given.get("is_complete"))
    )


def elsewhere(register: Register, run: Run) -> Finding | None:
    """Return a finding when the communes of a file are another province's."""
    others = sorted({commune.province for commune in register.communes} - {run.province})
    return Finding("E131", "communes", "", {"read": ", ".join(others), "province": run.province}) if others else None


def decoded(kept: Mapping[str, Any]) -> Finding:
    """Return a finding as it was before it was kept."""
    fields = {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value
        for name, value in kept["fields"].items()
    }
    return Finding(kept["code"], kept["sheet"], kept["cell"], fields, kept["severity"])


def _kept(finding: Finding) -> dict[str, Any]:
    fields = {
        name: {"day": value.isoformat()} if isinstance(value, date) else value for name, value in finding.fields.items()
    }
    return {
        "code": finding.code, "sheet": finding.sheet, "cell": finding.cell, "severity": finding.severity,
        "fields": fields, "fixes": proposals(finding),
    }  # fmt: skip


def _preview(found: Differences) -> dict[str, Any]:
    """Return what a page shows of changes: for each kind and sheet how many, and the rows."""
    rows = {
        "added": {name: [[label(row), {}] for row in rows[:MOST]] for name, rows in found.added.items()},
        "changed": {name: _rows(changed) for name, changed in found.changed.items()},
        "ended": {name: _rows(ended) for name, ended in found.ended.items()},
    }
    counts = {
        kind: {name: len(rows) for name, rows in getattr(found, kind).items()} for kind in ("added", "changed", "ended")
    }
    return {
        "counts": counts, "count": found.count, "same": sum(found.same.values()), "rows": rows, "seen": digest(found),
    }  # fmt: skip


def marked(run: Run, lang: Lang) -> bytes:
    """
    Return the file of a run as a workbook with what was found in it, its edits made; see `exchange/marked.py`.

    A file that is not safe to open gives the sheet of findings alone.
    """
    result = run.result or {}
    found = [decoded(one) for one in result["findings"]]
    try:
        raws = applied(raw_sheets(bytes(run.file or b""), filename=run.filename or "")[0], run.given.get("edits", ()))
    except BadData:
        raws = []
    count = result["errors"] + result["warnings"]
    shown = "UI_import_marked_cut" if len(found) < count else "UI_import_marked"
    source = say(shown, lang, shown=len(found), count=count, edits=len(run.given.get("edits", ())))
    return write(raws, found, title=run.filename or "", source=source, lang=lang)


def _rows(changed: Sequence[Change]) -> list[Any]:
    return [[label(one.row), _fields(one)] for one in changed[:MOST]]


def _fields(change: Change) -> dict[str, list[Any]]:
    return {name: [plain(part) for part in pair] for name, pair in change.fields.items() if name not in HIDDEN}


def label(row: Any) -> str:
    """Return how people name a row: what it is called, else the codes that tell it from others."""
    if hasattr(row, "given_name"):
        return f"{row.family_names} {row.given_name} ({row.code})"
    if hasattr(row, "name") and hasattr(row, "code"):
        return f"{row.name} ({row.code})"
    key = SHEETS[type(row).__name__]
    names = dict.fromkeys(("code", *(sheets()[key].key if key in sheets() else ())))
    return " · ".join(str(value) for name in names if (value := getattr(row, name, None)) is not None)


def plain(value: Any) -> Any:
    """Return a value as JSON has it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
