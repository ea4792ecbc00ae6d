"""Out and in again: a register written as a workbook reads back as the same register."""

import io
import time
from dataclasses import fields, replace
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.exchange.province import only, province
from tramyte.domain.errors import BadData
from tramyte.domain.people import Appointment, Licence, Staff, StaffSkill
from tramyte.domain.register import Register
from tramyte.domain.work import StatedTotal, Weight
from tramyte.exchange.cells import EARLIEST, LATEST, clean
from tramyte.exchange.columns import sheets
from tramyte.exchange.pages import RawSheet
from tramyte.exchange.workbook import SYNTHETIC, read, register_of, write


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_register_reads_back_as_it_was(lang):
    assert read(write(province(), lang=lang), filename="tinh.xlsx") == (province(), ())


def test_the_same_register_gives_the_same_bytes():
    assert write(province()) == write(province())


def test_an_empty_register_reads_back():
    assert read(write(Register()), filename="tinh.xlsx") == (Register(), ())


def test_every_sheet_of_synthetic_data_says_so():
    data = write(province(), synthetic=True)
    book = openpyxl.load_workbook(io.BytesIO(data))
    for page in book.worksheets[1:]:
        assert page["A1"].value == "DỮ LIỆU GIẢ LẬP, không phải người thật · SYNTHETIC DATA"
    assert {book[sheet.title["vi"]].freeze_panes for sheet in sheets().values()} == {"B3"}
    assert "SYNTHETIC" in book["Hướng dẫn"]["A2"].value
    register, findings = read(data, filename="tinh.xlsx")
    assert register == province() and only(findings, SYNTHETIC)


def test_drop_downs_of_synthetic_data_point_at_the_words_below_the_mark():
    book = openpyxl.load_workbook(io.BytesIO(write(province(), synthetic=True)))
    assert book["Danh mục"].freeze_panes == "A4" and book["Danh mục"]["A3"].value == "Mã"
    pages = [book[sheet.title["vi"]] for sheet in sheets().values()]
    formulas = {rule.formula1 for page in pages for rule in page.data_validations.dataValidation}
    areas = [formula.rpartition("!")[2].replace("$", "") for formula in formulas if "Danh mục" in str(formula)]
    assert areas
    for area in areas:
        cells = [row[0] for row in book["Danh mục"][area]]
        assert cells[0].row == 4 and all(cell.value for cell in cells) and not cells[-1].offset(1).value


def test_numbers_and_dates_are_real_and_yes_is_a_word():
    book = openpyxl.load_workbook(io.BytesIO(write(province())))
    assert book["Đợt"]["D2"].value.date() == date(2025, 12, 15) and book["Đợt"]["E2"].value == 12
    assert book["Đợt"]["F2"].value == "tăng cường"
    assert book["Cơ sở"]["I3"].value == "Có" and book["Vị trí việc làm"]["F2"].value == "Không"
    assert book["Xã, phường"]["A2"].value == "03160" and book["Xã, phường"]["F3"].value is None


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-1", "@SUM(A1)", "{=A1}", "http://a.vn", "=HYPERLINK(1)", "1,234", "_x0041_ b"]
)
def test_text_that_looks_like_a_formula_stays_text(text):
    register = Register(totals=(StatedTotal("doctors", date(2025, 1, 1), 1, text),))
    data = write(register)
    cell = openpyxl.load_workbook(io.BytesIO(data))["Số công bố"]["D2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert read(data, filename="a.xlsx") == (register, ())


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=2, max_size=20)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20).map(clean)


def _cell(column):
    if column.choices:
        return st.sampled_from([choice.code for choice in column.choices])
    if column.type in ("date", "month"):
        days = st.dates(EARLIEST, LATEST)
        return days.map(lambda day: day.replace(day=1)) if column.type == "month" else days
    if column.type == "bool":
        return st.booleans()
    if column.type == "int":
        return st.integers(int(column.low), int(column.high))
    if column.type in ("float", "share"):
        return st.floats(column.low, column.high).map(lambda number: round(number, 6))
    least, most = int(column.low or 1), int(min(column.high, 20))
    return LETTERS.map(clean).filter(lambda text: least <= len(text) and text[0] != "#").map(lambda text: text[:most])


FREE = [sheets()[name] for name in ("weights", "projects", "totals", "campaign")]


@st.composite
def free_registers(draw):
    """Registers of sheets whose columns point nowhere: any value that fits its column."""
    found = {}
    for sheet in FREE:
        values = {}
        for column in sheet.columns:
            cell = st.none() if column.ref else _cell(column)
            values[column.field] = draw(cell if column.is_required else st.none() | cell)
        if sheet.name == "campaign":
            values["first_monday"] = max(EARLIEST, values["first_monday"]) + timedelta(6)
            values["first_monday"] -= timedelta(values["first_monday"].weekday())
            assume(values["first_monday"] <= LATEST)
        if sheet.name == "projects":
            assume(not (values["start"] and values["end"] and values["end"] <= values["start"]))
        found[sheet.name] = (sheet.record(**values),)
    return Register(**found)


@given(free_registers())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_fits_its_column_is_written_and_read_back_cell_by_cell(register):
    assert read(write(register), filename="a.xlsx")[0] == register


WEIGHTS = [choice.code for choice in sheets()["weights"].column("code").choices]


SOURCES = TEXT.filter(lambda text: bool(text) and text[0] not in "#'")


@given(
    st.dictionaries(st.sampled_from(WEIGHTS), st.integers(0, 10**9)),
    st.dictionaries(SOURCES, st.integers(0, 10**9), max_size=5),
)
@settings(max_examples=15, deadline=None)
def test_tiny_registers_read_back(weights, totals):
    register = Register(
        weights=tuple(Weight(code, value) for code, value in weights.items()),
        totals=tuple(StatedTotal("x", date(2025, 1, 1), value, source) for source, value in totals.items()),
    )
    assert read(write(register), filename="a.xlsx")[0] == register


def test_findings_are_by_true_row_and_column_of_the_file():
    book = openpyxl.load_workbook(io.BytesIO(write(province(), synthetic=True)))
    book["Nhân lực"]["D3"] = "một nghìn"
    book["Đơn vị cử"]["D3"] = 0
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(BadData) as caught:
        read(buffer.getvalue(), filename="tinh.xlsx")
    assert [(row.code, row.where) for row in caught.value.findings] == [
        ("W510", "Đợt!A1"), ("E223", "Nhân lực!D3"), ("E206", "Đơn vị cử!D3"),
    ]  # fmt: skip
    assert caught.value.exit_code == 10


def test_sheets_that_are_not_ours_are_said():
    raws = [RawSheet("Ghi chú", [["x"]]), RawSheet("Hướng dẫn", []), RawSheet("Trọng số", [["Mã trọng số", "Giá trị"]])]
    assert only(register_of(raws)[1], "W503").sheet == "Ghi chú"


def test_how_far_it_is_read_is_told_in_rows():
    told = []
    raws = [RawSheet("Ghi chú", [["x"], ["y"]]), RawSheet("Trọng số", [["Mã trọng số", "Giá trị"]])]
    register_of(raws, told=lambda done, total: told.append((done, total)))
    assert told[:2] == [(0, 3), (2, 3)]


def test_one_list_stands_in_one_sheet():
    head = [["Mã trọng số", "Giá trị"]]
    with pytest.raises(BadData) as caught:
        register_of([RawSheet("Trọng số", head), RawSheet("Weights", head)])
    assert only(caught.value.findings, "E116").where == "Weights"


def test_a_workbook_of_something_else_is_refused():
    with pytest.raises(BadData) as caught:
        register_of([RawSheet("Sheet1", [["a", "b"]])])
    assert [row.code for row in caught.value.findings] == ["E112", "W503"]
    assert "Nhân lực" in caught.value.findings[0].sentence("vi")


def test_nine_thousand_people_are_written_and_read_in_seconds():
    people = [f"NV{number:05}" for number in range(9000)]
    register = replace(
        province(),
        staff=province().staff
        + tuple(Staff(code, "Lò Thị", "Hoa", 1980, "female", 5, "V.08.01.03") for code in people),
        skills=province().skills + tuple(StaffSkill(code, "NOI", 1) for code in people),
        licences=tuple(Licence(code, f"{code}/GPHN", "gphn", expires=date(2030, 1, 1)) for code in people),
        appointments=tuple(Appointment(code, "T1", 1.0, start=date(2010, 1, 1)) for code in people),
        totals=(),
    )
    began = time.perf_counter()
    data = write(register)
    between = time.perf_counter()
    assert read(data, filename="tinh.xlsx")[0] == register
    assert between - began < 10 and time.perf_counter() - between < 10


def test_ten_thousand_rows_all_wrong_are_all_said_in_seconds():
    rows = [[f"NV{n:05}", "Lò", "", "x", "?", 13.0, "V.08", "", "", "", "31/02/2025"] for n in range(10_000)]
    heads = [column.title["vi"] for column in sheets()["staff"].columns]
    wrong = [[f"NW{n:05}", "T1", 1.0] for n in range(10_000)]
    places = [column.title["vi"] for column in sheets()["appointments"].columns]
    began = time.perf_counter()
    with pytest.raises(BadData) as caught:
        register_of([RawSheet("Nhân lực", [heads, *rows]), RawSheet("Bổ nhiệm – phân công", [places, *wrong])])
    assert len(caught.value.findings) == 10_000 * 6 + 10_000 + 1  # the sheet of facilities is missed once
    assert time.perf_counter() - began < 10


def test_every_sheet_is_a_field_of_the_register():
    assert {item.name for item in fields(Register)} == set(sheets())
