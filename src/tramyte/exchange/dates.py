"""Days between rows: ends before starts, two rows or tours at once, more than one person's working time."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from tramyte.domain.finding import Finding
from tramyte.exchange.cells import shown
from tramyte.exchange.pages import Page

DATED = ("communes", "facilities", "authorities", "posts")  # one row at a time may be in force for a key
D = TypeVar("D", date, int)
FULL = 1.0 + 1e-9


def date_findings(pages: Mapping[str, Page]) -> list[Finding]:
    """Return everything wrong in days within a row and between rows."""
    findings: list[Finding] = []
    for name, page in pages.items():
        if "end" in page.values:
            findings += _backwards(page)
        if name in DATED:
            findings += _twice_in_force(page)
    if "licences" in pages:
        findings += _expired_before_issue(pages["licences"])
    if "appointments" in pages:
        findings += _more_than_full_time(pages["appointments"])
    if "past_tours" in pages:
        findings += _two_tours_at_once(pages["past_tours"])
    if "absences" in pages:
        findings += _away_twice(pages["absences"])
    if "locks" in pages:
        findings += _two_locks_at_once(pages["locks"])
    return findings


def _backwards(page: Page) -> Iterator[Finding]:
    for row, (start, end) in enumerate(zip(page.values["start"], page.values["end"], strict=True)):
        if start is not None and end is not None and end <= start:
            other = page.cell("start", row)
            yield page.finding("E401", "end", row, read=shown(end), start=shown(start), other=other)


def _expired_before_issue(page: Page) -> Iterator[Finding]:
    for row, (start, end) in enumerate(zip(page.values["issued"], page.values["expires"], strict=True)):
        if start is not None and end is not None and end < start:
            other = page.cell("issued", row)
            yield page.finding("E405", "expires", row, read=shown(end), start=shown(start), other=other)


def _spans(page: Page, fields: Sequence[str]) -> dict[tuple[Any, ...], list[tuple[date, date, int]]]:
    """Return key -> (start, end, row) in order; open days become the first or last day there is."""
    found: dict[tuple[Any, ...], list[tuple[date, date, int]]] = defaultdict(list)
    keys = zip(*(page.values[field] for field in fields), strict=True)
    spans = zip(page.values["start"], page.values["end"], strict=True)
    for row, (key, (start, end)) in enumerate(zip(keys, spans, strict=True)):
        if None not in key and (start or date.min) < (end or date.max):
            found[key].append((start or date.min, end or date.max, row))
    return {key: sorted(rows) for key, rows in found.items() if len(rows) > 1}


def _collisions(rows: Sequence[tuple[D, D, int]]) -> Iterator[tuple[int, int, D, D]]:
    """Return (row, earlier row, start of the row, end of the earlier) for each that starts before all have ended."""
    last_end, last_row = rows[0][1], rows[0][2]
    for start, end, row in rows[1:]:
        if start < last_end:
            yield row, last_row, start, last_end
        if end > last_end:
            last_end, last_row = end, row


def _twice_in_force(page: Page) -> Iterator[Finding]:
    """Equal keys with equal starts are duplicates, and said there."""
    fields = [field for field in page.sheet.key if field != "start"]
    for key, rows in _spans(page, fields).items():
        for row, other, start, _ in _collisions(rows):
            if page.values["start"][row] != page.values["start"][other]:
                place = page.cell("start", other)
                yield page.finding("E404", "start", row, key=" · ".join(key), read=shown(start), other=place)


def _two_tours_at_once(page: Page) -> Iterator[Finding]:
    for (staff,), rows in _spans(page, ["staff"]).items():
        for row, other, start, until in _collisions(rows):
            place = page.cell("start", other)
            fields = {"staff": staff, "read": shown(start), "until": shown(until), "other": place}
            yield page.finding("E403", "start", row, **fields)


def _away_twice(page: Page) -> Iterator[Finding]:
    """Days that two rows take from a person are taken once; equal keys are duplicates, and said there."""
    for (staff,), rows in _spans(page, ["staff"]).items():
        for row, other, start, until in _collisions(rows):
            if any(page.values[field][row] != page.values[field][other] for field in page.sheet.key):
                end = shown(until) if until < date.max else "…"
                fields = {"staff": staff, "read": shown(start), "until": end, "other": page.cell("start", other)}
                yield page.finding("W507", "start", row, **fields)


def _two_locks_at_once(page: Page) -> Iterator[Finding]:
    """No plan holds two tours of one person in one week; equal first weeks are duplicates, and said there."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for row, lock in enumerate(zip(*(page.values[field] for field in ("staff", "week", "weeks")), strict=True)):
        if None not in lock:
            staff, week, weeks = lock
            found[staff].append((week, week + weeks, row))
    for staff, rows in found.items():
        for row, other, start, until in _collisions(sorted(rows)):
            if start != page.values["week"][other]:
                fields = {"staff": staff, "read": start, "until": until - 1, "other": page.cell("week", other)}
                yield page.finding("E406", "week", row, **fields)


def _more_than_full_time(page: Page) -> Iterator[Finding]:
    """Walk a person's appointments by start, keeping those still running; say where the sum passes 1."""
    shares = page.values["share"]
    for (staff,), rows in _spans(page, ["staff"]).items():
        running: list[tuple[date, int]] = []
        for start, end, row in rows:
            while running and running[0][0] <= start:
                heapq.heappop(running)
            heapq.heappush(running, (end, row))
            total = sum(shares[other] or 0 for _, other in running)
            if total <= FULL:
                continue
            others = ", ".join(page.cell("share" if "share" in page.letters else "staff", other)
                               for _, other in sorted(running)[:5] if other != row)  # fmt: skip
            day = shown(start) if start > date.min else "…"
            share = f"{total:.4g}".replace(".", ",")
            yield page.finding("E402", "share", row, staff=staff, total=share, day=day, others=others)
            running.remove((end, row))
            heapq.heapify(running)
