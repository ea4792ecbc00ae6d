"""The columns of the workbook as a page to read, printed from `columns.csv` by `python -m tramyte.exchange.guide`."""

from __future__ import annotations

import sys

from tramyte.domain.messages import say
from tramyte.exchange.columns import Column, sheets


def column_guide() -> str:
    """Return docs/cot-du-lieu.md."""
    lines = ["# Cột dữ liệu của bảng số liệu tỉnh · Columns of the province workbook", "", say("WB18", "vi"), ""]
    lines += [say("WB18", "en"), ""]
    for sheet in sheets().values():
        lines += [f"## {sheet.title['vi']} · {sheet.title['en']} (`{sheet.name}`)", ""]
        lines += ["| Cột | Column | `field` | Kiểu · Type | Ghi chú | Note |", "|---|---|---|---|---|---|"]
        lines += [_row(column) for column in sheet.columns]
        lines.append("")
    return "\n".join(lines)


def _row(column: Column) -> str:
    star = " *" if column.is_required else ""
    key = " 🔑" if column.is_key else ""
    kind = f"{say(f'WB_{column.type}', 'vi')} · {say(f'WB_{column.type}', 'en')}"
    if column.unit["vi"]:
        kind += f" ({column.unit['vi']} · {column.unit['en']})"
    if column.low is not None and column.type in ("int", "float", "share"):
        kind += f", {column.low:.12g}–{column.high:.12g}"
    if column.ref:
        kind += f", → `{column.ref}`"
    if column.choices:
        kind += ": " + "; ".join(f"{choice.vi} · {choice.en} (`{choice.code}`)" for choice in column.choices)
    title = f"{column.title['vi']}{star}{key}"
    return f"| {title} | {column.title['en']} | `{column.field}` | {kind} | {column.note['vi']} | {column.note['en']} |"


if __name__ == "__main__":  # pragma: no cover  the page is held current by a test
    sys.stdout.buffer.write(column_guide().encode())
