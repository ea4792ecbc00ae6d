"""Prints docs/spec.md from the norms and the cases: `python -m tests.spec.print_spec`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tests.spec import cases
from tramyte.norms import Norm, every, names, norm

PAGE = Path(__file__).parents[2] / "docs" / "spec.md"
HEAD = """# Đặc tả quy định · Specification of the norms

Trang này do bộ kiểm thử in ra, không sửa tay. Mỗi dòng dưới đây được chạy như một phép thử.
Printed by the tests, never edited by hand; every row below runs as a test.
Print again: `python -m tests.spec.print_spec`.

Độ tin cậy · Confidence: **H** đã đọc, khớp · read and consistent; **M** một nguồn yếu · one weak source;
**L** chưa kiểm chứng, là tham số · unverified, a parameter. Khoảng ngày gồm ngày đầu, không gồm ngày cuối ·
a span holds its first day, not its last. Ngoài khoảng ngày phần mềm từ chối trả lời ·
outside it there is no answer: `NormMissing`.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD, *_cases(), *_registry(), *_conflicts()]
    return "\n".join(parts).rstrip("\n") + "\n"


def _cases() -> Iterator[str]:
    for sheet in cases.sheets():
        yield f"\n## {sheet.title['vi']} · {sheet.title['en']}\n"
        if sheet.norm:
            yield from (f"> {_cited(row)}" for row in every(sheet.norm))
            yield ""
        yield from _table(
            ("Ngày · On", "Cho · Given", "Thì · Then", "Sai số · Margin", "Vì sao · Why"),
            (
                (case.day, _plain(case.given), _plain(case.then), case.margin or "", _both(case.why))
                for case in sheet.cases
            ),
        )


def _registry() -> Iterator[str]:
    yield "\n## Sổ quy định · Register of the norms\n"
    heads = ("Tên · Name", "Nội dung · Title", "Từ · From", "Đến · To", "Nguồn · Source", "Tin cậy", "Ghi chú · Note")
    yield from _table(heads, (_registered(row) for name in names() for row in every(name)))


def _registered(row: Norm) -> tuple[object, ...]:
    return f"`{row.name}`", _both(row.title), row.start, row.end or "", _source(row), row.confidence, row.note


def _conflicts() -> Iterator[str]:
    found = norm("open_conflicts", on=date(2026, 10, 1))
    yield f"\n## {found.title['vi']} · {found.title['en']}\n"
    yield from _table(
        ("#", "Điểm chưa rõ · Issue", "Cách xử lý · Handling"),
        (
            (number, _both(row), _both({"vi": row["handling_vi"], "en": row["handling_en"]}))
            for number, row in enumerate(found.value, 1)
        ),
    )


def _cited(row: Norm) -> str:
    return f"`{row.id}` {_source(row)}. Tin cậy · confidence {row.confidence}.  "


def _source(row: Norm) -> str:
    return row.source if row.article == "-" else f"{row.source}; {row.article}"


def _both(texts: Mapping[str, str]) -> str:
    return " · ".join(text for text in (texts["vi"], texts["en"]) if text)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "không có vướng mắc · nothing wrong"
    if isinstance(value, bool):
        return "có · yes" if value else "không · no"
    return "–" if value is None else str(value) or '""'


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    heads = tuple(heads)
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).strip().replace('|', '/') for cell in row)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
