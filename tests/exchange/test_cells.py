"""One cell: what it may say, how it is read, and what is asked instead of guessed."""

import unicodedata
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.province import moment
from tramyte.domain.messages import say
from tramyte.exchange.cells import Mark, clean, numbers, parser, shown
from tramyte.exchange.columns import sheets


def read(sheet, field, value, *, is_text=False):
    return parser(sheets()[sheet].column(field), on=date.max, is_text=is_text)(value)


def code(sheet, field, value):
    """Return the code of a cell that gives no value; its sentence can be said in both languages."""
    column = sheets()[sheet].column(field)
    cell = read(sheet, field, value)
    assert cell.value is None and cell.code.startswith("E")
    for lang in ("vi", "en"):
        names = {"column_vi": column.title["vi"], "column_en": column.title["en"]}
        assert "{" not in say(cell.code, lang, **{**names, **cell.fields})
    return cell.code


def test_text_becomes_nfc_with_single_spaces():
    decomposed = unicodedata.normalize("NFD", "Trạm Y tế")
    assert decomposed != "Trạm Y tế"
    assert read("facilities", "name", f"\u00a0 {decomposed}\n Một \u00a0").value == "Trạm Y tế Một"
    assert clean("\ufeffa\u200b  b") == "a b"


@pytest.mark.parametrize("blank", ["", None, "  ", "\u00a0", "\n"])
def test_blank_is_not_zero(blank):
    assert read("service_counts", "count", blank) == (None, "", {})
    assert read("staff", "birth_year", blank).code == "E201"
    assert read("service_counts", "count", 0.0).value == 0


def test_blank_is_the_default_where_the_record_has_one():
    assert read("appointments", "share", "").value == 1.0
    assert read("requirements", "critical", None).value == 0


def test_numbers_of_a_code_lose_their_point():
    assert read("staff", "code", 17.0).value == "17"
    assert read("staff", "code", "=1+1").value == "=1+1"
    assert read("totals", "measure", 2.5).value == "2.5"


@pytest.mark.parametrize("value", [True, date(2025, 5, 12), moment(2025, 5, 12), time(3), timedelta(days=1)])
def test_a_date_where_text_belongs_is_refused(value):
    assert code("facilities", "name", value) == "E202"


def test_a_code_that_lost_its_zeros_is_refused():
    assert code("communes", "code", 3160.0) == "E219"
    assert code("communes", "code", "031600") == "E220"
    assert read("communes", "code", "03160").value == "03160"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.234,5", (1234.5,)), ("1234,5", (1234.5,)), ("1,234.5", (1234.5,)), ("1234.5", (1234.5,)),
        ("1.234.567", (1234567.0,)), ("1,234,567", (1234567.0,)), ("1.234.567,25", (1234567.25,)),
        ("12", (12.0,)), ("1000", (1000.0,)),
        ("-3,5", (-3.5,)), ("0,250", (0.25,)), ("1 234", (1234.0,)), ("1234,567", (1234.567,)),
        ("1,234", (1.234, 1234.0)), ("12.345", (12.345, 12345.0)),
        ("x", ()), ("1e5", ()), ("1.23.456", ()), ("1,2,3", ()), ("1.2,3,4", ()), ("1.23,4", ()), ("", ()),
        ("12 km", ()),
    ],
)  # fmt: skip
def test_a_number_in_text_has_one_reading_or_two_or_none(text, found):
    assert numbers(text) == pytest.approx(found)


@given(st.floats(0.01, 1e9).map(lambda number: round(number, 2)))
def test_a_number_is_read_back_in_both_ways_of_writing(number):
    english = f"{number:,.2f}"
    assert numbers(english) == (number,)
    assert numbers(english.replace(",", " ").replace(".", ",").replace(" ", ".")) == (number,)


def test_a_number_as_text_is_read_and_said_but_not_in_a_csv():
    cell = read("communes", "population", "5.120")
    assert (cell.value, cell.code, cell.fields["read"]) == (5120, "W501", "5120")
    assert read("communes", "population", "5120", is_text=True) == (5120, "", {})


def test_an_ambiguous_number_is_asked():
    assert code("facilities", "km_to_hospital", "1,234") == "E203"
    fields = read("licences", "cme_hours", "1.234").fields
    assert (fields["small"], fields["large"]) == ("1,234", 1234)


def test_a_comma_in_a_whole_number_is_asked_without_a_decimal_reading():
    cell = read("communes", "population", "1,234")
    assert (cell.value, cell.code, cell.fields["large"]) == (None, "E225", 1234)
    names = {"column_vi": "Dân số", "column_en": "Population"}
    for lang in ("vi", "en"):
        words = say(cell.code, lang, **names, **cell.fields)
        assert "1234" in words and "1,2340" not in words and "1,234 " not in words


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_a_whole_number_out_of_its_limits_is_told_the_limits(text):
    cell = read("skills", "rank", text)
    assert (cell.value, cell.code, cell.fields["high"]) == (None, "E206", "20")


def test_limits_settle_a_point_that_could_be_two_things():
    assert read("facilities", "lon", "103.021").value == 103.021
    assert code("facilities", "lon", "200.021") == "E203"


def test_shares_may_be_per_cent():
    assert read("appointments", "share", "50%").value == 0.5
    assert read("appointments", "share", "0,5").value == 0.5
    assert code("appointments", "share", 50.0) == "E206"
    assert code("appointments", "share", 0.0) == "E206"
    assert code("appointments", "share", "nửa") == "E223"


def test_numbers_out_of_range_and_not_whole_are_refused():
    assert code("communes", "population", -5.0) == "E206"
    assert code("communes", "population", "-5") == "E206"
    assert code("communes", "population", 2.5) == "E212"
    assert code("communes", "population", True) == "E223"
    assert code("communes", "population", date(2025, 1, 1)) == "E223"
    assert code("communes", "population", "năm nghìn") == "E223"
    assert read("communes", "population", 7).value == 7


@pytest.mark.parametrize(
    "value",
    ["31/12/2025", "31-12-2025", "31.12.2025", "31/12/25", "2025-12-31", "2025/12/31", "2025-12-31T00:00:00",
     "31/12/2025 00:00", date(2025, 12, 31), moment(2025, 12, 31)],
)  # fmt: skip
def test_days_are_read_in_every_common_way(value):
    assert read("staff", "start", value) == (date(2025, 12, 31), "", {})


@pytest.mark.parametrize("value", [46022.0, "46022"])
def test_a_day_that_lost_its_format_is_read_and_said(value):
    cell = read("staff", "start", value)
    assert (cell.value, cell.code, cell.fields["read"]) == (date(2025, 12, 31), "W504", "31/12/2025")


@pytest.mark.parametrize(
    "value",
    ["31/02/2025", "12/31/2025", "2025-13-01", "hôm qua", 2025.0, 46022.5, True, time(3), "0/1/2025", "20251231"],
)
def test_a_day_that_cannot_be_is_refused(value):
    assert code("staff", "start", value) == "E207"


@pytest.mark.parametrize("value", ["31/12/1900", "01/01/2200", date(1900, 1, 1), moment(2200, 1, 1), 10000.0])
def test_a_day_out_of_a_working_life_is_refused(value):
    assert code("staff", "start", value) == "E208"


@pytest.mark.parametrize("value", ["11/2025", "2025-11", "tháng 11/2025", "01/11/2025", date(2025, 11, 1), 45962.0])
def test_months_are_read_in_every_common_way(value):
    assert read("service_counts", "month", value).value == date(2025, 11, 1)


def test_a_month_that_cannot_be_is_refused():
    assert code("service_counts", "month", "13/2025") == "E224"
    assert code("service_counts", "month", date(2025, 11, 2)) == "E224"
    assert code("service_counts", "month", "xyz") == "E224"
    assert code("service_counts", "month", "11/1890") == "E208"


@pytest.mark.parametrize(
    ("value", "is_frozen"),
    [("Có", True), ("x", True), (1.0, True), ("1", True), (True, True), ("TRUE", True), ("Không", False), (0.0, False),
     (False, False), ("khong", False), ("", None)],
)  # fmt: skip
def test_yes_and_no_are_read_in_every_common_way(value, is_frozen):
    assert read("posts", "is_frozen", value).value is is_frozen


def test_neither_yes_nor_no_is_refused():
    assert code("posts", "is_frozen", "có lẽ") == "E222"
    assert code("posts", "is_frozen", 2.0) == "E222"


def test_a_choice_is_read_by_word_or_code_and_others_are_refused_with_the_list():
    assert read("facilities", "kind", "TRAM Y TE").value == read("facilities", "kind", "station").value == "station"
    assert code("facilities", "kind", "nhà thuốc") == "E205"
    assert "điểm trạm" in read("facilities", "kind", "nhà thuốc").fields["choices_vi"]


def test_an_unknown_code_is_refused_with_the_nearest():
    assert read("staff", "title_code", "v.08.01.03").value == "V.08.01.03"
    assert code("staff", "title_code", "V.08.01.O3") == "E213"
    assert read("staff", "title_code", "V.08.01.O3").fields["nearest"] == "V.08.01.03"
    assert code("staff", "title_code", "@@@") == "E221"


@pytest.mark.parametrize("value", [Mark.ERROR, "#REF!", "#N/A", "#DIV/0!"])
def test_an_error_in_a_cell_is_refused(value):
    assert code("staff", "start", value) == "E210"


def test_a_formula_is_refused():
    assert code("staff", "start", Mark.FORMULA) == "E209"


def test_what_was_read_is_shown_as_the_cell_shows_it():
    assert [shown(value) for value in (3.0, 2.5, date(2025, 3, 4), moment(2025, 3, 4), "x")] == [
        "3", "2.5", "04/03/2025", "04/03/2025", "x",
    ]  # fmt: skip
    assert len(shown("y" * 100)) == 60


def test_equal_cells_of_different_types_are_not_mixed_up():
    column = parser(sheets()["totals"].column("value"), on=date.max)
    assert column(1.0).value == 1
    assert column(True).code == "E223"
