"""What the fast reader cannot see in an .ods: formulas, links, and how far its repeated rows and cells reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from tramyte.domain.finding import Finding
from tramyte.exchange.cells import Area
from tramyte.exchange.hostile import (
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
from tramyte.exchange.scan import Scan

TABLE, ROW, CELLS = "table:table", "table:table-row", ("table:table-cell", "table:covered-table-cell")
LINK = "text:a"
STYLE, LINK_OF_STYLE = "style:style", ("style:hyperlink", "loext:hyperlink")  # LibreOffice, on numbers and dates


@dataclass
class _Walk:
    """Where in the document the parser is: sheet, row, column, and the extent of what is filled."""

    scans: list[Scan] = field(default_factory=list)
    title: str = ""
    formulas: set[tuple[int, int]] = field(default_factory=set)
    links: set[Area] = field(default_factory=set)
    style: str = ""
    linked_styles: set[str] = field(default_factory=set)
    row: int = 0
    column: int = 0
    times: int = 1
    rows: int = 0
    columns: int = 0
    row_is_filled: bool = False
    cells: int = 0
    is_in_cell: bool = False
    cell_times: int = 1
    cell_text: int = 0
    row_text: int = 0
    text: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == TABLE:
            self.title, self.formulas, self.row = attributes.get("table:name", ""), set(), 0
            self.links, self.rows, self.columns = set(), 0, 0
        elif name == ROW:
            self.column, self.row_text, self.row_is_filled = 0, 0, False
            self.times = _times(attributes, "table:number-rows-repeated")
        elif name in CELLS:
            self._cell(attributes)
        elif name == LINK and self.is_in_cell:
            self._link()
        elif name == STYLE:
            self.style = attributes.get("style:name", "")
        elif name in LINK_OF_STYLE:
            self.linked_styles.add(self.style)

    def _cell(self, attributes: dict[str, str]) -> None:
        times = _times(attributes, "table:number-columns-repeated")
        if "table:formula" in attributes:
            self.formulas.add((self.row, self.column))
        if "office:value-type" in attributes or "table:formula" in attributes:
            self.row_is_filled = True
            self.columns = max(self.columns, self.column + times)
        self.column += times
        self.is_in_cell = True
        self.cell_times, self.cell_text = times, len(attributes.get("office:string-value", ""))
        if attributes.get("table:style-name") in self.linked_styles:
            self._link()

    def _link(self) -> None:
        """The cell has been counted: it ends before `column`, and stands in each repetition of its row."""
        self.links.add((self.row, self.column - self.cell_times, self.row + self.times - 1, self.column - 1))
        hold_links(self.title, len(self.links))

    def words(self, text: str) -> None:
        self.cell_text += len(text)

    def end(self, name: str) -> None:
        if name in CELLS:
            self.row_text += self.cell_text * self.cell_times
            self.is_in_cell = False
        elif name == ROW:
            self.text += self.row_text * self.times
            if self.text > TEXT_LIMIT:
                refuse("E121", self.title, read=self.text // MB, limit=TEXT_LIMIT // MB)
            if self.row_is_filled:
                self.rows = self.row + self.times
                hold(self.title, rows=self.rows, columns=self.columns, cells=self.cells + self.rows * self.columns)
            self.row += self.times
        elif name == TABLE:
            self.cells += self.rows * self.columns
            self.scans.append(Scan(self.title, frozenset(self.formulas), links=frozenset(self.links)))


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1 if text == "" else 10_000_000


def scan_ods(data: bytes, *, filename: str) -> tuple[list[Scan], list[Finding]]:
    """
    Return one scan a sheet, and findings about macros, links and objects.

    raises : BadData, damaged or beyond a limit: the file must not be given to the reader
    """
    archive = open_zip(data, filename=filename)
    findings = parts_to_refuse(archive.namelist())
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in part(
        archive, "META-INF/manifest.xml", filename=filename
    ):
        refuse("E103", filename=filename)
    xml = part(archive, "content.xml", filename=filename)
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.words
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        refuse("E106", filename=filename, detail=str(error)[:80])
    if len(walk.scans) > SHEET_LIMIT:
        refuse("E108", read=len(walk.scans), limit=SHEET_LIMIT)
    return walk.scans, findings
