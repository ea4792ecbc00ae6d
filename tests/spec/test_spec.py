"""The specification of the norms holds, and docs/spec.md is what it prints."""

from __future__ import annotations

import pytest

from tests.spec import cases
from tests.spec.print_spec import PAGE, page

EVERY = [
    pytest.param(case, id=f"{sheet.name}-{row}-{case}")
    for sheet in cases.sheets()
    for row, case in enumerate(sheet.cases)
]


@pytest.mark.parametrize("case", EVERY)
def test_the_code_answers_as_the_specification_says(case: cases.Case) -> None:
    if isinstance(case.then, str) and case.then in cases.REFUSALS:
        with pytest.raises(cases.REFUSALS[case.then]):
            cases.answer(case)
        return
    found = cases.answer(case)
    assert found == pytest.approx(case.then, abs=case.margin) if case.margin else found == case.then


def test_a_reason_is_given_in_both_languages() -> None:
    for case in (case for sheet in cases.sheets() for case in sheet.cases):
        assert set(case.why) == {"vi", "en"}, str(case)
        assert bool(case.why["vi"]) == bool(case.why["en"]), str(case)


def test_every_question_is_asked() -> None:
    assert {sheet.ask for sheet in cases.sheets()} == set(cases.QUESTIONS)


def test_the_page_is_what_the_cases_print() -> None:
    assert PAGE.read_text("utf-8") == page(), "print it again: python -m tests.spec.print_spec"
