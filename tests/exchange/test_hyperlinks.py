"""Links in data cells are refused by their cells, wherever they lead; links beside the data do not matter."""

import io
import struct

import openpyxl
import pytest

from tests.exchange.files import WEIGHTS, label, ods, ole, record, row, text, value, weights_xls, words, xlsx
from tests.exchange.province import only, province
from tests.exchange.test_raw import ONE, refused
from tramyte.domain.messages import say
from tramyte.exchange import hostile
from tramyte.exchange.workbook import read, write

ROWS = row(1, text("A1", "x")) + row(2, text("A2", "Mã trọng số"), text("B2", "Giá trị"))
ROWS += row(3, text("A3", "w_crit"), '<c r="B3"><v>1000</v></c>')
ROWS += row(5, text("A5", "fair1"), '<c r="B5"><v>20</v></c>', '<c r="D5"><v>1</v></c>')


def linked(*links):
    return xlsx(f"{ROWS}</sheetData><hyperlinks>{''.join(links)}</hyperlinks><sheetData>")


def cells(findings):
    return [finding.cell for finding in findings if finding.code == "E218"]


@pytest.mark.parametrize(
    "target", ["https://so-y-te.example", "mailto:a@b.example", "#'Nhân lực'!A1", "file:///a.xlsx"]
)
def test_a_link_typed_into_a_workbook_is_refused_by_its_cell_whatever_its_target(target):
    book = openpyxl.load_workbook(io.BytesIO(write(province(), synthetic=True)))
    for title, address in (("Nhân lực", "C3"), ("Nhân lực", "A1"), ("Nhân lực", "A2"), ("Hướng dẫn", "A1")):
        book[title][address].hyperlink = target
    buffer = io.BytesIO()
    book.save(buffer)
    findings = [finding for finding in refused(buffer.getvalue()) if finding.severity == "error"]
    finding = only(findings, "E218")
    assert finding.where == "Nhân lực!C3" and finding.fields["column_vi"] == "Tên"
    assert "Remove Hyperlink" in finding.sentence("vi") and "keep the text" in finding.sentence("en")


def test_an_area_of_links_is_told_cell_by_cell_in_rows_that_are_filled():
    assert cells(refused(linked('<hyperlink ref="A1:XFD1048576"/>'))) == ["A3", "B3", "A5", "B5"]
    assert cells(refused(linked('<x:hyperlink ref="B5:A4" display="B3"/>'))) == ["A5", "B5"]
    assert cells(refused(linked('<hyperlink ref="B3"/>', '<hyperlink ref="A3:B3"/>'))) == ["A3", "B3"]


def test_a_link_is_found_behind_whatever_stands_before_its_address():
    assert cells(refused(linked("""<hyperlink tooltip='/>ref="D9"' location="ref=>" ref = 'A3' />"""))) == ["A3"]


def test_links_above_below_and_beside_the_data_do_not_matter():
    links = [f'<hyperlink ref="{area}"/>' for area in ("A1:B2", "A4", "A6:B9", "C3:D5")]
    register, findings = read(linked(*links), filename="a.xlsx")
    assert len(register.weights) == 2 and all(finding.severity == "warning" for finding in findings)


@pytest.mark.parametrize("link", ["<hyperlink/>", '<hyperlink ref="R1C1">', '<hyperlink xref="A3"/>'])
def test_a_link_without_address_is_refused(link):
    assert only(refused(linked(link)), "E118").fields["detail"] == "link without address"


A = '<text:a xlink:href="https://a.example">{}</text:a>'
SPACE = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
NUMBER = '<table:table-row><table:table-cell office:value-type="string"><text:p>w_crit</text:p></table:table-cell>'
NUMBER += '<table:table-cell office:value-type="float" office:value="1000"/></table:table-row>'


def test_a_link_in_an_ods_is_refused_by_its_cell():
    rows = words(A.format("x")) + words("Mã trọng số", "Giá trị") + words("w_crit", A.format("1000"))
    findings = refused(ods(rows.replace("<text:a ", f"<text:a {SPACE} ")), "a.ods")
    assert cells(findings) == ["B3"]


def test_repeated_links_of_an_ods_are_told_in_every_row_and_column():
    table = words("Mã trọng số", "Giá trị") + (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" '
        f'office:value-type="string"><text:p><text:a {SPACE} xlink:href="#x">w_crit</text:a></text:p>'
        "</table:table-cell></table:table-row>"
    )
    assert cells(refused(ods(table), "a.ods")) == ["A2", "B2", "A3", "B3"]


def test_a_link_on_a_drawing_beside_the_cells_of_an_ods_does_not_matter():
    drawing = f"<table:shapes><text:a {SPACE} xlink:href='#x'>x</text:a></table:shapes>"
    table = drawing + words("Mã trọng số", "Giá trị") + NUMBER
    assert read(ods(table), filename="a.ods")[0].weights == ONE
    before = words("x").replace("<table:table-row>", '<table:table-row table:number-rows-repeated="3">')
    assert read(ods(before, table, titles=("Hướng dẫn", "Trọng số")), filename="a.ods")[0].weights == ONE


def test_links_of_one_sheet_of_an_ods_are_not_those_of_the_next():
    guide = (words("x") + words(A.format("y"))).replace("<text:a ", f"<text:a {SPACE} ")
    data = ods(guide, words("Mã trọng số", "Giá trị") + NUMBER, titles=("Hướng dẫn", "Trọng số"))
    assert read(data, filename="a.ods")[0].weights == ONE


def test_a_link_of_a_number_of_an_ods_stands_in_its_style():
    style = '<style:style xmlns:style="x" style:name="{}"><style:table-cell-properties>{}</style:table-cell-properties>'
    style += "</style:style>"
    styles = style.format("ce1", "<style:hyperlink/>") + style.format("ce2", "")
    number = NUMBER.replace('office:value-type="float"', 'table:style-name="{}" office:value-type="float"')
    table = styles + words("Mã trọng số", "Giá trị") + number
    assert cells(refused(ods(table.format("ce1")), "a.ods")) == ["B2"]
    assert read(ods(table.format("ce2")), filename="a.ods")[0].weights == ONE


def test_a_link_in_an_xls_is_refused_by_its_cell():
    link = record(0x01B8, struct.pack("<HHHH", 1, 2, 1, 2) + bytes(24))
    stream = weights_xls(label(1, 0, "w_crit"), value(1, 1, 1000), label(2, 0, "fair1"), value(2, 1, 20), link)
    assert cells(refused(ole(stream), "a.xls")) == ["B2", "B3"]


def test_links_beyond_measure_are_refused_with_the_cure(monkeypatch):
    monkeypatch.setattr(hostile, "LINK_LIMIT", 1)
    links = [f'<hyperlink ref="A{number}"/>' for number in (3, 5)]
    finding = only(refused(linked(*links)), "E123")
    assert finding.sheet == "Trọng số" and "Remove Hyperlinks" in say("E123", "vi", limit=1)
    assert read(xlsx(WEIGHTS), filename="a.xlsx")[0].weights == ()
