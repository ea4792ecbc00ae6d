"""Licences. The cases stand in tests/spec/licence*.yaml and cme.yaml."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.norms import licence, titles

ON = date(2026, 1, 8)


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_a_licence_holds_on_its_last_day_and_not_on_the_next(issued: date) -> None:
    last = licence.last_day("gphn", issued, on=ON)
    assert last is not None
    assert licence.valid_on("gphn", issued, on=last) is True
    assert licence.valid_on("gphn", issued, on=last + timedelta(days=1)) is False
    assert licence.valid_on("gphn", issued, on=issued) is True


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 3000), st.integers(0, 500))
def test_credit_hours_only_grow(start: date, days: int, more: int) -> None:
    early, late = start + timedelta(days=days), start + timedelta(days=days + more)
    assert 0 <= licence.cme_due(start, on=early) <= licence.cme_due(start, on=late) <= 120


@pytest.mark.parametrize("code", titles.titles(on=ON))
def test_whoever_sits_the_exam_needs_the_licence(code: str) -> None:
    late = date(2035, 1, 1)
    assert licence.exam_required(code, on=late) == licence.required(code, on=late)
    assert not licence.exam_required(code, on=ON)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="gphn, cchn"):
        licence.last_day("card", None, on=ON)
