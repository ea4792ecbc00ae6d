"""Bytes in, raw sheets out: what kind of file it is, whether it is safe to open, what stands in its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from tramyte.domain.finding import Finding
from tramyte.exchange.biff import scan_xls
from tramyte.exchange.cells import Mark
from tramyte.exchange.columns import sheets
from tramyte.exchange.hostile import hold, kind_of, refuse
from tramyte.exchange.opendoc import scan_ods
from tramyte.exchange.pages import RawSheet, find_header
from tramyte.exchange.scan import Scan, scan_xlsx

SEPARATORS = ",;\t"
HEAD = 20_000  # characters in which the separator shows


def raw_sheets(data: bytes, *, filename: str) -> tuple[list[RawSheet], list[Finding]]:
    """
    Return every sheet with its rows, formulas and errors marked, and findings about the file as a whole.

    raises : BadData, one finding: the file is not safe to open, or is no workbook
    """
    kind = kind_of(data, filename)
    if kind == "csv":
        return [_csv_sheet(data, filename)], []
    findings: list[Finding] = []
    if kind == "xls":
        scans = scan_xls(data, filename=filename)
    else:
        scans, findings = (scan_xlsx if kind == "xlsx" else scan_ods)(data, filename=filename)
    marks = {scan.title: scan for scan in scans}
    return [_raw(title, rows, marks.get(title, Scan(title))) for title, rows in _calamine(data, filename)], findings


def _calamine(data: bytes, filename: str) -> list[tuple[str, list[list[Any]]]]:
    """Read all sheets. A reader in another language may also panic: that is the file's fault, and said so."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in book.sheet_names]
    except PasswordError:
        refuse("E103", filename=filename)
    except (CalamineError, ValueError, OSError) as error:
        refuse("E118", filename=filename, detail=str(error)[:80])
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        refuse("E118", filename=filename, detail="panic")


def _raw(title: str, rows: list[list[Any]], scan: Scan) -> RawSheet:
    counted = {(row, at): rows[row][at] for row, at in scan.formulas if row < len(rows) and at < len(rows[row])}
    return RawSheet(title, _marked(rows, scan), links=scan.links, counted=counted)


def _marked(rows: list[list[Any]], scan: Scan) -> list[list[Any]]:
    """Put a mark where the reader gave the value of a formula, or nothing for an error."""
    for mark, places in ((Mark.ERROR, scan.errors), (Mark.FORMULA, scan.formulas)):
        _mark(rows, places, mark)
    return rows


def _mark(rows: list[list[Any]], places: Iterable[tuple[int, int]], mark: Mark) -> None:
    for row, column in sorted(places):
        rows.extend([] for _ in range(len(rows), row + 1))
        rows[row].extend("" for _ in range(len(rows[row]), column + 1))
        rows[row][column] = mark


def _csv_sheet(data: bytes, filename: str) -> RawSheet:
    text = _decoded(data, filename)
    hold(filename, rows=text.count("\n"))
    separator = _separator(text)
    hold(filename, cells=text.count(separator) + text.count("\n"))
    return RawSheet(PurePath(filename).stem, _parsed(text, separator, filename), is_text=True)


def _decoded(data: bytes, filename: str) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        refuse("E119", filename=filename)


def _separator(text: str) -> str:
    """Return the mark under which the first lines hold most of a known header."""
    head = text[:HEAD].rsplit("\n", 1)[0] if len(text) > HEAD else text

    def known(separator: str) -> int:
        rows = _parsed(head, separator, "")
        return max(find_header(sheet, rows)[1] for sheet in sheets().values())

    return max(SEPARATORS, key=known)


def _parsed(text: str, separator: str, filename: str) -> Sequence[Sequence[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        refuse("E118", filename=filename, detail=str(error)[:80])
