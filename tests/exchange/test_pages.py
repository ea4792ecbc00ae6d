"""Header, columns and rows of one sheet, wherever they stand in the file."""

import pytest

from tests.exchange.province import only, province, raws, read_raws, spoil
from tramyte.domain.errors import BadData
from tramyte.exchange.cells import Mark
from tramyte.exchange.columns import sheets
from tramyte.exchange.pages import RawSheet, find_header, letter
from tramyte.exchange.workbook import SYNTHETIC, register_of


def findings_of(tables):
    try:
        return read_raws(tables)[1]
    except BadData as error:
        return error.findings


def test_letters_go_on_after_z():
    assert [letter(index) for index in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_a_clean_province_reads_back_without_a_finding():
    assert read_raws(raws(province())) == (province(), ())


def test_titles_may_stand_above_the_header_and_blank_rows_between():
    tables = raws(province())
    header, *rows = tables["staff"]
    above: list[list[object]] = [["SỞ Y TẾ"], [], ["DANH SÁCH", "", ""], header, [""], rows[0]]
    tables["staff"] = [*above, ["", None, " \n"], rows[1]]
    assert read_raws(tables)[0] == province()
    tables["staff"][7][3] = "mùa xuân"
    assert only(findings_of(tables), "E223").where == "Nhân lực!D8"


def test_a_header_below_row_ten_is_not_found():
    tables = raws(province())
    blank: list[object] = [""]
    tables["senders"] = [*[blank] * 10, *tables["senders"]]
    findings = findings_of(tables)
    assert [(row.code, row.sheet) for row in findings] == [("E113", "Đơn vị cử"), ("E124", "Đơn vị cử")]


def test_an_empty_sheet_is_no_sheet():
    tables = raws(province())
    tables["locks"] = []
    tables["travel"] = [["", None]]
    register, findings = read_raws(tables)
    assert (register.locks, register.travel, findings) == ((), (), ())


def test_sheets_that_are_not_there_are_no_records():
    register, findings = read_raws({"communes": raws(province())["communes"]})
    assert register.communes == province().communes and register.staff == () and findings == ()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_sheets_and_headers_are_read_in_either_language_any_order_any_case_without_marks(lang):
    found = []
    for name, rows in raws(province()).items():
        sheet = sheets()[name]
        titles = [f"{column.title[lang].upper()} (*)\n" for column in sheet.columns]
        table = [row[::-1] for row in [list[object](titles), *rows[1:]]]
        found.append(RawSheet(sheet.title[lang].upper(), table))
    assert register_of(found) == (province(), ())


def test_field_names_are_headers_too():
    rows = raws(province())["past_tours"]
    rows[0] = [column.field for column in sheets()["past_tours"].columns]
    tables = raws(province()) | {"past_tours": rows}
    assert read_raws(tables)[0] == province()
    assert register_of([RawSheet("past_tours", [])])[0].past_tours == ()


def test_an_unknown_column_is_said_and_not_read():
    tables = raws(province())
    tables["staff"][0].append("Số điện thoại")
    finding = only(findings_of(tables), "W502")
    assert finding.where == "Nhân lực!O1" and finding.fields["header"] == "Số điện thoại"
    assert read_raws(tables)[0] == province()


def test_an_unknown_column_among_absences_may_be_a_health_fact_and_is_refused():
    tables = raws(province())
    tables["absences"][0].append("Chẩn đoán")
    assert only(findings_of(tables), "E125").where == "Vắng và miễn!F1"


def test_a_formula_as_unknown_header_is_said():
    tables = raws(province())
    tables["staff"][0].append(Mark.FORMULA)
    assert only(findings_of(tables), "W502").fields["header"] == "#"


def test_a_missing_required_column_is_refused_and_a_missing_optional_one_is_blank():
    tables = raws(province())
    for row in tables["senders"]:
        del row[1]
    assert only(findings_of(tables), "E114").fields["column_vi"] == "Tuyến"
    tables = raws(province())
    for row in tables["appointments"]:
        del row[2]
    tables["appointments"].pop()
    assert [row.share for row in read_raws(tables)[0].appointments] == [1.0, 1.0]


def test_a_column_that_stands_twice_is_refused():
    tables = raws(province())
    tables["senders"][0].append("Tier")
    finding = only(findings_of(tables), "E115")
    assert (finding.cell, finding.fields["other"]) == ("F1", "B1")


@pytest.mark.parametrize("text", ["Tổng cộng", "TỔNG:", "Cộng", "Total", "Tổng số: 45 trạm"])
def test_a_row_that_adds_up_others_is_refused(text):
    tables = raws(province())
    tables["service_counts"].append(["", "", text, 410])
    assert only(findings_of(tables), "E211").where == "Lượt dịch vụ!C3"


@pytest.mark.parametrize("name", ["Tổng Cọt", "Cộng Hòa", "Song Tử Tây"])
def test_names_that_begin_like_a_sum_are_names(name):
    tables = raws(province())
    tables["communes"] = [row[1:] + row[:1] for row in tables["communes"]]
    tables["communes"][1][0] = name
    assert read_raws(tables)[0].communes[0].name == name


def test_short_rows_are_blank_to_the_right():
    tables = raws(province())
    tables["travel"][2] = tables["travel"][2][:2]
    assert read_raws(tables)[0] == province()


def test_every_wrong_cell_is_said_at_once_in_the_order_of_the_file():
    findings = spoil(
        ("staff", 1, "birth_year", "x"), ("staff", 0, "sex", "?"), ("communes", 0, "population", -1.0),
        ("staff", 0, "family_names", ""), ("locks", 0, "weeks", "#REF!"),
    )  # fmt: skip
    assert [(row.code, row.where) for row in findings] == [
        ("E206", "Xã, phường!F2"), ("E201", "Nhân lực!B2"), ("E205", "Nhân lực!E2"), ("E223", "Nhân lực!D3"),
        ("E210", "Lượt ghim!E2"),
    ]  # fmt: skip


def test_synthetic_data_says_so():
    tables = raws(province())
    tables["staff"].insert(0, ["DỮ LIỆU GIẢ LẬP, không phải người thật"])
    register, findings = read_raws(tables)
    assert register == province() and only(findings, SYNTHETIC).sheet == "Nhân lực"


def test_the_header_is_the_row_with_most_known_columns():
    sheet = sheets()["senders"]
    rows = [["Tuyến"], ["Mã cơ sở", "Tuyến", "gì đó"], ["Tier", "x"]]
    assert find_header(sheet, rows) == (1, 2)
    assert find_header(sheet, []) == (0, 0)
