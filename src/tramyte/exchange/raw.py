"""Bytes in, raw sheets out: what kind of file it is, is it safe to open, what stands in its cells."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from tramyte.domain.finding import Finding
from tramyte.exchange.pages import RawSheet


def raw_sheets(data: bytes, *, filename: str) -> tuple[list[RawSheet], list[Finding]]:
    wb = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [RawSheet(n, wb.get_sheet_by_name(n).to_python(skip_empty_area=False)) for n in wb.sheet_names], []
