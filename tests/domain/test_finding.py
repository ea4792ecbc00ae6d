"""A finding reads in the language of its reader: titles of sheets, days as people write them."""

from dataclasses import fields
from datetime import date

import pytest

from tramyte.domain.finding import Finding
from tramyte.domain.messages import messages
from tramyte.domain.register import Register
from tramyte.exchange.columns import sheets


@pytest.mark.parametrize("sheet", [row.name for row in fields(Register)])
def test_a_field_of_the_register_is_named_as_its_sheet_in_the_workbook(sheet):
    title = sheets()[sheet].title
    assert messages()[f"SHEET_{sheet}"] == {"vi": title["vi"], "en": title["en"]}
    assert Finding("P301", sheet, fields={"count": 2}).sentence("vi").startswith(f"P301 {title['vi']}: Tệp có 2 đợt")
    assert Finding("P301", sheet, fields={"count": 2}).sentence("en").startswith(f"P301 {title['en']}: The workbook")


def test_no_sheet_is_named_that_no_register_has():
    named = {code.removeprefix("SHEET_") for code in messages() if code.startswith("SHEET_")}
    assert named == {row.name for row in fields(Register)}


def test_a_path_of_a_problem_file_and_a_title_of_a_workbook_stay_as_written():
    assert Finding("P102", "staff", fields={"read": "4"}).place("vi") == "staff"
    assert Finding("E201", "staff", "D17").place("vi") == "staff!D17"
    assert Finding("E116", "Weights").place("vi") == "Weights"


def test_a_day_is_written_as_each_language_does():
    finding = Finding("D060", fields={"norm": "titles", "on": date(2025, 12, 15)})
    assert "ngày 15/12/2025" in finding.sentence("vi")
    assert "on 2025-12-15;" in finding.sentence("en")
    assert finding.to_json()["fields"] == {"norm": "titles", "on": "2025-12-15"}
    assert finding.fields["on"] == date(2025, 12, 15)
