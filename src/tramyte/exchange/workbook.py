"""The province workbook, out and in: `write` a register, `read` one back with every finding at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.names import search_key
from tramyte.domain.register import Register
from tramyte.exchange.columns import Column, sheets
from tramyte.exchange.dates import date_findings
from tramyte.exchange.figures import figure_findings
from tramyte.exchange.links import link_findings
from tramyte.exchange.pages import Page, RawSheet, find_header, read_page
from tramyte.exchange.raw import raw_sheets
from tramyte.exchange.template import FINDINGS, GUIDE, LISTS, header_row, open_book, write_header

SYNTHETIC = "W510"  # the warning that a workbook holds made-up people


def write(register: Register, *, synthetic: bool = False, lang: Lang = "vi") -> bytes:
    """
    Return the register as a full workbook (.xlsx): the same bytes for the same register.

    synthetic : every sheet says that its people are made up
    """
    book = open_book(lang, synthetic=synthetic)
    for sheet in sheets().values():
        page = write_header(book, sheet)
        records = getattr(register, sheet.name)
        for index, column in enumerate(sheet.columns):
            values = [getattr(record, column.field) for record in records]
            _write_column(page, column, values, first=header_row(book) + 1, place=index, look=book.look, lang=lang)
    return book.bytes()


def _write_column(
    page: Any, column: Column, values: Sequence[Any], *, first: int, place: int, look: Any, lang: Lang
) -> None:
    """Write real numbers and dates; text always as text, so that a leading = or + is never a formula."""
    labels = {choice.code: choice.label(lang) for choice in column.choices}
    form = look.of(column)
    for row, value in enumerate(values, start=first):
        if value is None:
            continue
        if isinstance(value, bool):
            page.write_string(row, place, say("WB07" if value else "WB08", lang), form)
        elif isinstance(value, date):
            page.write_datetime(row, place, datetime(value.year, value.month, value.day), form)  # noqa: DTZ001
        elif isinstance(value, (int, float)):
            page.write_number(row, place, value, form)
        else:
            page.write_string(row, place, labels.get(value, value), form)


def read(data: bytes, *, filename: str, on: date = date.max) -> tuple[Register, tuple[Finding, ...]]:
    """
    Return the register of a workbook, and its warnings.

    data     : the file, .xlsx .xls .ods or .csv; its content says which, not its name
    filename : for messages, and to tell which sheet a .csv is
    on       : day whose code lists count; without it the newest ones
    raises   : BadData, with every finding by sheet and cell; there is no partial result
    """
    raws, findings = raw_sheets(data, filename=filename)
    return register_of(raws, findings, on=on)


def register_of(
    raws: Sequence[RawSheet],
    findings: Sequence[Finding] = (),
    *,
    on: date = date.max,
    told: Callable[[int, int], None] | None = None,
) -> tuple[Register, tuple[Finding, ...]]:
    """
    Return the register of raw sheets, and its warnings.

    findings : what is already known to be wrong with the file
    told     : hears, sheet by sheet, how many rows of how many have been read
    raises   : BadData, with every finding by sheet and cell
    """
    pages, found = _pages(raws, on=on, told=told)
    findings = [*findings, *found]
    for look in (link_findings, date_findings, figure_findings):
        findings += look(pages)
    if any(finding.severity == "error" for finding in findings):
        raise BadData(_in_order(findings, raws))
    register = Register(**{name: page.records() for name, page in pages.items()})
    return register, _in_order(findings, raws)


def _in_order(findings: Sequence[Finding], raws: Sequence[RawSheet]) -> tuple[Finding, ...]:
    """Return findings by sheet as the file has them, then row, then column."""
    place = {raw.title: index for index, raw in enumerate(raws)}

    def key(finding: Finding) -> tuple[int, int, int, str, str]:
        row = "".join(letter for letter in finding.cell if letter.isdigit())
        column = finding.cell.rstrip("0123456789")
        return place.get(finding.sheet, -1), int(row or 0), len(column), column, finding.code

    return tuple(sorted(findings, key=key))


def _pages(
    raws: Sequence[RawSheet], *, on: date, told: Callable[[int, int], None] | None = None
) -> tuple[dict[str, Page], list[Finding]]:
    """Match sheets by title, with or without marks, in either language, and read each."""
    pages: dict[str, Page] = {}
    findings: list[Finding] = []
    known = {search_key(title): name for name, sheet in sheets().items() for title in (name, *sheet.title.values())}
    ours = {search_key(title) for titles in (GUIDE, LISTS, FINDINGS) for title in titles.values()}
    done, total = 0, sum(len(raw.rows) for raw in raws)
    for raw in raws:
        if told:
            told(done, total)
        done += len(raw.rows)
        name = known.get(search_key(raw.title.replace("_", " "))) or known.get(search_key(raw.title))
        if name is None and raw.is_text:
            name = _by_header(raw)
        if name is None:
            if raw.is_text:
                findings.append(Finding("E120", raw.title, "", {"filename": f"{raw.title}.csv"}))
            elif search_key(raw.title) not in ours:
                findings.append(Finding("W503", raw.title, "", {"title": raw.title}, "warning"))
        elif name in pages:
            findings.append(Finding("E116", raw.title, "", {"other": pages[name].title}))
        else:
            pages[name], found = read_page(raw, sheets()[name], on=on)
            findings += found
    if not pages and not any(finding.code == "E120" for finding in findings):
        findings.append(Finding("E112", "", "", _known_titles()))
    if synthetic := next((page for page in pages.values() if page.is_synthetic), None):
        findings.append(Finding(SYNTHETIC, synthetic.title, "A1", {}, "warning"))
    return pages, findings


def _by_header(raw: RawSheet) -> str | None:
    """Return the sheet whose columns a nameless table has most of, if it has all the required ones."""
    best, most = None, 0
    for name, sheet in sheets().items():
        score = find_header(sheet, raw.rows)[1]
        if score > most and score >= sum(column.is_required for column in sheet.columns):
            best, most = name, score
    return best


def _known_titles() -> Mapping[str, str]:
    return {f"sheets_{lang}": ", ".join(sheet.title[lang] for sheet in sheets().values()) for lang in ("vi", "en")}
