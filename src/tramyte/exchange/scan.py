"""
What the fast reader cannot see in an .xlsx: formulas, error cells, links, and how far a sheet really reaches.

The XML is searched, not parsed: a few patterns over bytes, at most PART_LIMIT of them. A pattern may see too much
in a strange file (a comment, say) and refuse it; it never sees too little.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from xml.etree import ElementTree

from tramyte.domain.finding import Finding
from tramyte.exchange.cells import Area
from tramyte.exchange.hostile import (
    CELL_LIMIT,
    LINK_LIMIT,
    MB,
    SHEET_LIMIT,
    TEXT_LIMIT,
    hold,
    hold_links,
    open_zip,
    part,
    parts_to_refuse,
    refuse,
)

P = rb"<(?:[^\s<>/:=]+:)?"  # an opening tag, with or without a prefix
CELL = re.compile(P + rb"c(?:\s([^>]*[^>/])?)?>")  # a cell that is not empty
ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([1-9]\d{0,6})["']""")
ROW = re.compile(P + rb"row[\s/>]")
FORMULA = re.compile(P + rb"f[\s/>]")
TOKEN = re.compile(P + rb"(?:c(?:\s([^>]*))?|(f)(?:[\s/][^>]*)?)>")
ERROR = re.compile(P + rb"""c\s(?=[^>]*\bt\s*=\s*["']e["'])([^>]*)>""")
VALUE = re.compile(P + rb"v(?:\s[^>]*)?>\s*(\d+)\s*<")
SHARED = re.compile(P + rb"""c\s(?=[^>]*\bt\s*=\s*["']s["'])[^>/]*>\s*""" + P + rb"v(?:\s[^>]*)?>([^<]*)<")
LINK = re.compile(P + rb"""hyperlink(?=[\s/>])((?:\s+[^\s=<>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)""")
ATTRIBUTE = re.compile(rb"""\s([^\s=<>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
AREA = re.compile(rb"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")
STRING = re.compile(P + rb"si[\s/>]")


@dataclass(frozen=True)
class Scan:
    """0-based (row, column) of formulas and error cells of one sheet, and the areas of its links."""

    title: str
    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    links: frozenset[Area] = frozenset()


def scan_xlsx(data: bytes, *, filename: str) -> tuple[list[Scan], list[Finding]]:
    """
    Return one scan a worksheet, and findings about macros, links and objects.

    raises : BadData, damaged or beyond a limit: the file must not be given to the reader
    """
    archive = open_zip(data, filename=filename)
    names = archive.namelist()
    findings = parts_to_refuse(names)
    sheets = _sheets(archive, filename)
    if len(sheets) > SHEET_LIMIT:
        refuse("E108", read=len(sheets), limit=SHEET_LIMIT)
    strings = [name for name in names if name.lower().endswith("sharedstrings.xml")]
    lengths = _lengths(part(archive, strings[0], filename=filename)) if strings else []
    scans, cells = [], 0
    for title, name in sheets:
        scan, count = scan_sheet(part(archive, name, filename=filename), title=title, lengths=lengths)
        scans.append(scan)
        cells += count
        hold(title, cells=cells)
    rest = {"xl/workbook.xml", *strings, *(name for _, name in sheets)}
    for name in names:
        if name.endswith((".xml", ".rels")) and name not in rest:
            part(archive, name, filename=filename)
    return scans, findings


def _sheets(archive: zipfile.ZipFile, filename: str) -> list[tuple[str, str]]:
    """Return title and part name of each sheet, in the order of the workbook."""
    parts = [part(archive, name, filename=filename) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")]
    if size := max(map(len, parts)) // MB:
        refuse("E104", part="xl/workbook.xml", size=size, limit=1)
    try:
        # definitions were refused by part(), so the standard parser has nothing to expand
        book, links = (ElementTree.fromstring(xml) for xml in parts)  # noqa: S314
    except ElementTree.ParseError as error:
        refuse("E106", filename=filename, detail=str(error)[:80])
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = []
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            own = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(own, "")
            name = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found.append((element.get("name", ""), name))
    return found


def _lengths(xml: bytes) -> list[int]:
    """Return the bytes each shared string takes, at most."""
    starts = [match.start() for match in islice(STRING.finditer(xml), CELL_LIMIT + 1)]
    hold("", cells=len(starts))
    return [after - start for start, after in zip(starts, [*starts[1:], len(xml)], strict=True)]


def scan_sheet(xml: bytes, *, title: str, lengths: Sequence[int] = ()) -> tuple[Scan, int]:
    """
    Return formulas, errors and links of one sheet, and how many cells it reaches over.

    raises : BadData, beyond a limit, or a cell or a link without an address
    """
    hold(title, rows=sum(1 for _ in ROW.finditer(xml)))
    rows, columns, filled = 0, 0, 0
    letters: dict[bytes, int] = {}
    seen: set[bytes] = set()
    for cell in CELL.finditer(xml):
        match = ADDRESS.search(cell[1] or b"")
        if match is None:
            refuse("E118", title, filename=title, detail="cell without address")
        filled += 1
        if match[1] + match[2] in seen:  # one of the two values would win, and nobody could tell which
            refuse("E118", title, filename=title, detail=f"cell {match[1].decode()}{match[2].decode()} stands twice")
        seen.add(match[1] + match[2])
        rows = max(rows, int(match[2]))
        if match[1] not in letters:
            letters[match[1]] = number(match[1]) + 1
            columns = max(columns, letters[match[1]])
    hold(title, rows=rows, columns=columns, cells=max(rows * columns, filled))
    _hold_text(xml, title, lengths, filled)
    _hold_indexes(xml, title, len(lengths))
    formulas = _formulas(xml) if FORMULA.search(xml) else frozenset()
    errors = frozenset(place(match[1]) for match in ERROR.finditer(xml))
    return Scan(title, formulas, errors, _links(xml, title)), rows * columns


def _hold_text(xml: bytes, title: str, lengths: Sequence[int], filled: int) -> None:
    """One long shared string may stand in very many cells; what is no index is counted as the longest string."""
    longest = max(lengths, default=0)
    if longest * filled <= TEXT_LIMIT:
        return
    total, found = 0, 0
    for match in VALUE.finditer(xml):
        index = int(match[1][:9])
        found += 1
        total += lengths[index] if index < len(lengths) else 0
    total += max(0, filled - found) * longest
    if total > TEXT_LIMIT:
        refuse("E121", title, read=total // MB, limit=TEXT_LIMIT // MB)


def _hold_indexes(xml: bytes, title: str, count: int) -> None:
    """Refuse a cell whose shared text does not exist: the reader would show another one, or none."""
    for match in SHARED.finditer(xml):
        index = match[1].strip()
        if not (index.isdigit() and len(index) < 10 and int(index) < count):
            refuse("E118", title, filename=title, detail=f"shared text {index[:20].decode(errors='replace')}")


def _links(xml: bytes, title: str) -> frozenset[Area]:
    """Return the areas of all links, wherever they lead."""
    texts = [link[1] for link in islice(LINK.finditer(xml), LINK_LIMIT + 1)]
    hold_links(title, len(texts))
    found = set()
    for text in texts:
        values = {name: one or two for name, one, two in ATTRIBUTE.findall(text)}
        match = AREA.fullmatch(values.get(b"ref", b""))
        if match is None:
            refuse("E118", title, filename=title, detail="link without address")
        left, right = sorted((number(match[1]), number(match[3] or match[1])))
        top, bottom = sorted((int(match[2]) - 1, int(match[4] or match[2]) - 1))
        found.add((top, left, bottom, right))
    return frozenset(found)


def number(letters: bytes) -> int:
    """Return the 0-based column of its letters."""
    value = 0
    for code in letters:
        value = value * 26 + code - 64
    return value - 1


def place(attributes: bytes) -> tuple[int, int]:
    """Return 0-based row and column of a cell by its attributes; A1 if it does not say."""
    match = ADDRESS.search(attributes)
    return (int(match[2]) - 1, number(match[1])) if match else (0, 0)


def _formulas(xml: bytes) -> frozenset[tuple[int, int]]:
    """Return the places of all cells that hold a formula."""
    found, open_cell = set(), b""
    for token in TOKEN.finditer(xml):
        if token[2]:
            found.add(place(open_cell))
        else:
            open_cell = token[1] or b""
    return frozenset(found)
