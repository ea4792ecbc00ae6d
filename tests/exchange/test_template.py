"""The blank workbook: one sheet each, bold heads, notes, drop-downs, lists, a guide; the same bytes each time."""

import io
from datetime import date

import openpyxl
import pytest

from tramyte.domain.register import Register
from tramyte.exchange.columns import sheets
from tramyte.exchange.template import column_note, template
from tramyte.exchange.workbook import read


@pytest.fixture(scope="module", params=["vi", "en"])
def blank(request):
    data = template(request.param)
    return request.param, data, openpyxl.load_workbook(io.BytesIO(data))


def test_the_blank_workbook_reads_as_an_empty_register(blank):
    assert read(blank[1], filename="mau.xlsx") == (Register(), ())


def test_the_same_input_gives_the_same_bytes(blank):
    assert template(blank[0]) == blank[1]


def test_it_has_a_guide_every_sheet_and_the_lists(blank):
    lang, _, book = blank
    ends = {"vi": ("Hướng dẫn", "Danh mục"), "en": ("Guide", "Lists")}[lang]
    assert book.sheetnames == [ends[0], *(sheet.title[lang] for sheet in sheets().values()), ends[1]]
    guide = [row[0].value for row in book[ends[0]].iter_rows(max_col=1)]
    assert {sheet.title[lang] for sheet in sheets().values()} <= set(guide)


def test_heads_are_bold_frozen_and_explained(blank):
    lang, _, book = blank
    for sheet in sheets().values():
        page = book[sheet.title[lang]]
        assert page.freeze_panes == "B2"
        for index, column in enumerate(sheet.columns, start=1):
            head = page.cell(1, index)
            assert head.font.bold and head.value == column.title[lang] + (" *" if column.is_required else "")
            assert head.comment.text.strip().endswith(column_note(column, lang).splitlines()[-1])


def test_a_note_says_sense_type_unit_limits_words_and_whether_it_must_be_given():
    weeks = column_note(sheets()["campaign"].column("weeks"), "vi")
    assert weeks == "Độ dài của đợt\nSố nguyên\nĐơn vị tính: tuần\nTừ 1 đến 104\nBắt buộc."
    assert column_note(sheets()["staff"].column("sex"), "en").splitlines()[-2:] == ["male; female", "Must be given."]
    assert column_note(sheets()["staff"].column("specialty"), "vi").endswith("Có thể để trống.")


def _rules(page):
    return {str(rule.sqref).split("2:")[0]: rule for rule in page.data_validations.dataValidation}


def test_cells_offer_and_hold_what_may_stand_in_them():
    book = openpyxl.load_workbook(io.BytesIO(template()))
    rules = _rules(book["Nhân lực"])
    assert (rules["E"].type, rules["E"].formula1) == ("list", '"nam,nữ"')
    assert (rules["K"].type, rules["D"].type, rules["A"].type if "A" in rules else "") == ("date", "whole", "")
    assert rules["G"].type == "list" and rules["G"].errorStyle == "warning"
    assert _rules(book["Bổ nhiệm – phân công"])["C"].type == "decimal"
    assert _rules(book["Vị trí việc làm"])["F"].formula1 == '"Có,Không"'


@pytest.mark.parametrize(("title", "column", "first"), [("Nhân lực", "G", "V.08.01.01"), ("Nhân lực", "J", "viên chức"),
                                                        ("Cơ sở", "H", "miền núi")])  # fmt: skip
def test_long_lists_point_into_the_sheet_of_lists(title, column, first):
    book = openpyxl.load_workbook(io.BytesIO(template()))
    formula = _rules(book[title])[column].formula1
    name, _, cells = formula.replace("'", "").rpartition("!")
    values = [row[0].value for row in book[name][cells.replace("$", "")]]
    assert values[0] == first and all(values)


def test_lists_stand_as_on_the_day():
    assert template(on=date(2026, 1, 1)) == template()
