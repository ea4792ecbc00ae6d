"""A workbook comes back with what was found in it: notes at the cells, a sheet of findings, nothing that could act."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from tests.exchange.province import province
from tramyte.domain.finding import Finding
from tramyte.exchange import marked
from tramyte.exchange.cells import Mark
from tramyte.exchange.pages import RawSheet
from tramyte.exchange.raw import raw_sheets
from tramyte.exchange.workbook import read, write

HOSTILE = ('=HYPERLINK("http://x","x")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "{=1+1}", "http://x.example")


def made(raws, *findings, lang="vi"):
    data = marked.write(raws, findings, title="số liệu.xlsx", source="2 phát hiện", lang=lang)
    return data, openpyxl.load_workbook(io.BytesIO(data))


def wrong(code="E101", cell="B2", sheet="Nhân lực", severity="error"):
    return Finding(code, sheet, cell, {"filename": "x.xlsx"}, severity)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_was_marked_reads_back_as_it_was(lang):
    raws, _ = raw_sheets(write(province(), lang=lang), filename="tinh.xlsx")
    data, book = made(raws, wrong(sheet=raws[1].title), lang=lang)
    assert book.sheetnames == [{"vi": "Phát hiện", "en": "Findings"}[lang], *(raw.title for raw in raws)]
    assert read(data, filename="tinh.xlsx") == (province(), ())
    again, _ = raw_sheets(data, filename="tinh.xlsx")
    assert made(again, lang=lang)[1].sheetnames == book.sheetnames, "marked twice, the sheet of findings stands once"


def test_each_finding_is_a_note_and_a_colour_at_its_cell_and_a_line_that_leads_there():
    raw = RawSheet("Nhân lực", [["Mã", "Tên"], ["01", "Ánh"]])
    both = (wrong(), wrong("E135", "B2", severity="warning"), wrong(cell="D9", severity="warning"), wrong(cell=""))
    _, book = made([raw], *both)
    page = book["Nhân lực"]
    assert page["B2"].comment.text.count("\n") == 1 and page["B2"].comment.text.startswith("E101 ")
    assert page["B2"].fill.fgColor.rgb == "FFA61B1B" and page["B2"].value == "Ánh"
    assert page["D9"].comment and page["D9"].value is None and page["D9"].fill.fgColor.rgb == "FFFFF0CC"
    assert page["A1"].comment is None and page["A2"].value == "01" and page["A2"].data_type == "s"
    listed = book["Phát hiện"]
    rows = [[cell.value for cell in row] for row in listed.iter_rows(min_row=6)]
    assert [row[2] for row in rows] == ["E101", "E135", "E101", "E101"]
    assert [row[0] for row in rows] == ["Nhân lực!B2", "Nhân lực!B2", "Nhân lực!D9", "Nhân lực"]
    assert listed["A6"].hyperlink.location == "'Nhân lực'!B2" and listed["A9"].hyperlink is None


def test_no_formula_link_or_part_of_the_file_comes_along():
    raws = [
        RawSheet("=1+1'", [list(HOSTILE), [Mark.FORMULA, Mark.ERROR]], counted={(1, 0): 12.0}, links=[(0, 0, 0, 0)]),
        RawSheet("a/b:c*?[x]" * 5, [["x"]]), RawSheet("A/B:C*?[X]" * 5, [["y"]]),
    ]  # fmt: skip
    data, book = made(raws, *(wrong(cell=f"{letter}1", sheet=raws[0].title) for letter in "ABCDEF"))
    page = book.worksheets[1]
    assert [page.cell(1, at + 1).value for at in range(len(HOSTILE))] == list(HOSTILE)
    assert {page.cell(1, at + 1).data_type for at in range(len(HOSTILE))} == {"s"}
    assert page["A2"].value == 12 and page["B2"].value is None
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        text = b"".join(folder.read(name) for name in folder.namelist())
        assert not [name for name in folder.namelist() if "externalLink" in name or "vba" in name or "media" in name]
    assert b"<f>" not in text and b'TargetMode="External"' not in text
    assert [sheet.cell(1, 1).value for sheet in book.worksheets[2:]] == ["x", "y"]


def test_values_that_a_workbook_has_no_kind_for_stand_as_text():
    moment = datetime(2026, 1, 8, 7, 30)  # noqa: DTZ001  a workbook knows no zone
    values = [True, 1.5, float("inf"), date(1850, 5, 1), date(2026, 1, 8), moment, "x" * 40_000, None]
    _, book = made([RawSheet("t", [values])])
    found = [cell.value for cell in book["t"][1]]
    assert found[:4] == [True, 1.5, "inf", "1850-05-01"]
    assert found[4:6] == [moment.replace(hour=0, minute=0), moment] and len(found[6]) == marked.LONGEST


def test_a_file_that_could_not_be_read_gives_the_findings_alone():
    _, book = made([], wrong(sheet="", cell=""))
    assert book.sheetnames == ["Phát hiện"] and book["Phát hiện"]["C6"].value == "E101"
    assert made([])[1]["Phát hiện"]["A6"].value
