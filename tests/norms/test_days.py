"""Working days, public holidays and Tết."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.norms import days, norm

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
NEW_YEARS = {  # first day of the lunar year
    2021: date(2021, 2, 12), 2022: date(2022, 2, 1), 2023: date(2023, 1, 22), 2024: date(2024, 2, 10),
    2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6), 2028: date(2028, 1, 26),
    2029: date(2029, 2, 13), 2030: date(2030, 2, 2),
}  # fmt: skip


@given(DAYS, DAYS, DAYS)
def test_spans_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    assert days.working_days(first, last) == days.working_days(first, middle) + days.working_days(middle, last)


@given(DAYS)
def test_a_holiday_is_never_worked_on(day: date) -> None:
    if days.is_holiday(day):
        assert not days.is_working_day(day)


def test_a_holiday_has_a_vietnamese_name() -> None:
    assert days.is_holiday(date(2026, 9, 2)) == "Quốc khánh"
    assert days.is_holiday(date(2026, 4, 27)) == "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"
    assert days.is_holiday(date(2026, 1, 10)) is None


@pytest.mark.parametrize(("year", "new_year"), NEW_YEARS.items())
def test_tet_surrounds_the_lunar_new_year(year: int, new_year: date) -> None:
    first, last = days.tet(year)
    assert first < new_year < last
    assert days.working_days(first, last + timedelta(days=1)) == 0
    assert (last - first).days + 1 >= norm("public_holidays", on=new_year).value["tet"]


@pytest.mark.parametrize("year", range(2021, 2027))
def test_a_year_has_the_weekdays_less_the_holidays_of_the_law(year: int) -> None:
    # a holiday on a weekend is made up for on a weekday, a day off in exchange on a Saturday: the total stands
    weekdays = sum(day.weekday() < 5 for day in _year(year))
    by_law = sum(norm("public_holidays", on=date(year, 6, 1)).value.values())
    assert days.working_days(date(year, 1, 1), date(year + 1, 1, 1)) == weekdays - by_law


def test_culture_day_is_off_from_2026() -> None:
    assert days.is_working_day(date(2025, 11, 24))
    assert days.is_holiday(date(2026, 11, 24))


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="before start"):
        days.working_days(date(2026, 1, 2), date(2026, 1, 1))


def _year(year: int) -> list[date]:
    return [
        date(year, 1, 1) + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
