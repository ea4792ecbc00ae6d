"""Half-open spans, and weeks named by their Monday."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.domain.week import Week, in_force, overlap


@dataclass(frozen=True)
class Span:
    start: date | None = None
    end: date | None = None


DAY = date(2026, 1, 8)
days = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 12)))


@pytest.mark.parametrize(
    ("span", "wanted"),
    [
        (Span(), True),
        (Span(DAY), True),
        (Span(DAY + timedelta(days=1)), False),
        (Span(None, DAY), False),
        (Span(None, DAY + timedelta(days=1)), True),
    ],
)
def test_the_start_is_in_and_the_end_is_out(span, wanted):
    assert in_force(span, DAY) is wanted


@given(days, days, days, days)
def test_spans_overlap_when_a_day_is_in_both(a, b, c, d):
    one, other = Span(a, b), Span(c, d)
    shared = [
        day
        for step in range(-5, 25)
        for day in [date(2026, 1, 1) + timedelta(days=step)]
        if in_force(one, day) and in_force(other, day)
    ]
    empty = any(span.start and span.end and span.start >= span.end for span in (one, other))
    if not empty:
        assert overlap(one, other) == bool(shared)


def test_a_week_is_named_as_an_office_writes_it():
    assert Week(date(2025, 12, 15)).label == "tuần 51/2025 (15–21/12)"
    assert Week(date(2025, 12, 29)).label == "tuần 01/2026 (29/12–04/01)"


def test_a_week_knows_its_days_and_its_followers():
    week = Week(date(2025, 12, 15))
    assert week.sunday == date(2025, 12, 21)
    assert week.end == date(2025, 12, 22)
    assert week.plus(2) == Week(date(2025, 12, 29))
    assert week < week.plus(1)


def test_a_week_starts_on_monday():
    with pytest.raises(ValueError, match="not a Monday"):
        Week(date(2025, 12, 16))
