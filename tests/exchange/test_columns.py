"""columns.csv is the only truth of the workbook."""

from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from tramyte.domain.names import search_key
from tramyte.domain.register import Register
from tramyte.exchange.columns import TYPES, code_list, sheets, words
from tramyte.exchange.guide import column_guide
from tramyte.exchange.pages import header_key, header_keys

ALL = [column for sheet in sheets().values() for column in sheet.columns]
PYTHON = {"text": str, "code": str, "choice": str, "int": int, "float": float, "share": float, "bool": bool,
          "date": date, "month": date}  # fmt: skip


def test_every_field_of_the_register_is_a_sheet_in_the_same_order():
    assert list(sheets()) == [item.name for item in fields(Register)]


@pytest.mark.parametrize("sheet", sheets().values(), ids=lambda sheet: sheet.name)
def test_every_field_of_a_record_is_a_column_in_the_same_order_and_of_the_same_type(sheet):
    hints = get_type_hints(sheet.record)
    assert [column.field for column in sheet.columns] == [item.name for item in fields(sheet.record)]
    for column in sheet.columns:
        hint = hints[column.field]
        kinds = set(get_args(hint)) - {type(None)} or {hint}
        assert kinds == {PYTHON[column.type]}, column


@pytest.mark.parametrize("sheet", sheets().values(), ids=lambda sheet: sheet.name)
def test_a_column_is_required_exactly_where_the_record_has_no_default(sheet):
    needed = {item.name for item in fields(sheet.record) if item.default is MISSING}
    assert {column.field for column in sheet.columns if column.is_required} == needed


@pytest.mark.parametrize("sheet", sheets().values(), ids=lambda sheet: sheet.name)
def test_no_two_columns_of_a_sheet_read_alike(sheet):
    for lang in ("vi", "en"):
        assert len({header_key(column.title[lang]) for column in sheet.columns}) == len(sheet.columns)
    assert len(set(header_keys(sheet).values())) == len(sheet.columns)
    for column in sheet.columns:
        for text in (column.field, *column.title.values()):
            assert header_keys(sheet)[header_key(text)] == column.field


def test_sheet_titles_fit_excel_and_differ_without_marks():
    for lang in ("vi", "en"):
        titles = [sheet.title[lang] for sheet in sheets().values()]
        assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
        assert len({search_key(title) for title in titles}) == len(titles)


@pytest.mark.parametrize("column", ALL, ids=repr)
def test_every_column_is_whole(column):
    assert column.type in TYPES and column.width > 0
    assert all(column.title.values()) and bool(column.note["vi"]) == bool(column.note["en"])
    assert bool(column.unit["vi"]) == bool(column.unit["en"])
    assert bool(column.choices) == (column.type == "choice")
    if column.type in ("int", "float", "share"):
        assert column.low is not None and column.high is not None and column.low <= column.high
    if column.target:
        sheet, field = column.target
        assert field in {other.field for other in sheets()[sheet].columns}
    for name in column.lists:
        assert code_list(name, on=date.max)


def test_every_sheet_has_a_key():
    assert all(sheet.key for sheet in sheets().values())
    assert sheets()["skills"].key == ("staff", "skill")


def test_words_of_a_choice_are_read_by_code_and_by_either_language_without_marks():
    kind = sheets()["facilities"].column("kind")
    known = words(kind, on=date.max)
    assert known["station"] == known["tram y te"] == known["health station"] == "station"


def test_words_of_a_code_list_are_read_by_code_and_by_name():
    known = words(sheets()["staff"].column("title_code"), on=date(2026, 1, 1))
    assert known["v.08.01.03"] == known["bac si"] == "V.08.01.03"
    assert known["06.031"] == "06.031"


def test_the_page_of_columns_is_current():
    page = Path(__file__).parents[2] / "docs" / "cot-du-lieu.md"
    assert page.read_text("utf-8") == column_guide()
