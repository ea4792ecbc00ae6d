"""Retirement by birth month and sex. The cases at every edge stand in tests/spec/retirement.yaml."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.domain.errors import NormMissing
from tramyte.norms import norm
from tramyte.norms.retirement import retirement

ON = date(2026, 1, 8)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_the_cohorts_follow_each_other_month_by_month(sex: str) -> None:
    rows = norm("retirement", on=ON).value[sex]
    for before, after in pairwise(rows):
        year, month = map(int, before["born_to"].split("-"))
        following = (date(year, month, 28) + timedelta(days=7)).strftime("%Y-%m")
        assert after["born_from"] == following
    assert rows[-1]["born_to"] is None


@given(st.integers(1967, 2010), st.integers(1, 12), st.sampled_from(["male", "female"]))
def test_the_pension_starts_the_day_after_a_month_ends(year: int, month: int, sex: str) -> None:
    found = retirement(year, month, sex=sex, on=ON)
    assert found.pension_from == found.last_day + timedelta(days=1)
    assert found.pension_from.day == 1
    months = (found.last_day.year - year) * 12 + found.last_day.month - month
    assert months == found.age_months


@given(st.integers(1967, 2010), st.integers(1, 11), st.sampled_from(["male", "female"]))
def test_the_younger_never_retire_earlier(year: int, month: int, sex: str) -> None:
    assert retirement(year, month, sex=sex, on=ON).last_day <= retirement(year, month + 1, sex=sex, on=ON).last_day


def test_no_month_counts_as_january() -> None:
    assert retirement(1970, None, sex="female", on=ON) == retirement(1970, 1, sex="female", on=ON)


def test_it_cites_the_decree() -> None:
    assert retirement(1980, 3, sex="male", on=ON).norm_id == "retirement@2021-01-01"


def test_a_person_born_before_the_table_is_missing() -> None:
    with pytest.raises(NormMissing, match="male born 1960-12, the table begins 1961-01"):
        retirement(1960, 12, sex="male", on=ON)


@pytest.mark.parametrize(
    ("month", "sex", "said"), [(0, "male", "birth_month"), (13, "male", "birth_month"), (1, "x", "sex")]
)
def test_what_cannot_be_is_refused(month: int, sex: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        retirement(1980, month, sex=sex, on=ON)
