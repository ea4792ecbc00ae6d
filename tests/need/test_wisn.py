import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.domain.errors import BadData
from tramyte.need import wisn
from tramyte.need.wisn import (
    allowance_factor,
    available_working_time,
    both_ratios,
    individual_allowance,
    pressure,
    ratio,
    required_fte,
    standard_workload,
    yearly_count,
    yearly_minutes,
)

TIME = available_working_time(52, 5, hours_per_day=8, days_off={"holiday": 11, "leave": 14})
share = st.floats(0, 0.3)


def codes(error: pytest.ExceptionInfo[BadData]) -> list[str]:
    assert str(error.value)
    return [finding.code for finding in error.value.findings]


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(wisn)
    assert result.attempted >= 7 and result.failed == 0


def test_leave_of_a_whole_year_is_refused():
    with pytest.raises(BadData) as error:
        available_working_time(52, 5, hours_per_day=8, days_off={"leave": 260})
    assert codes(error) == ["D020"]


def test_a_day_without_hours_is_refused():
    with pytest.raises(BadData) as error:
        available_working_time(52, 5, hours_per_day=0, days_off={})
    assert codes(error) == ["D020"]


def test_allowances_of_every_period_are_added_in_minutes_of_a_year():
    assert TIME.weeks == 47
    assert yearly_minutes(0.1, unit="share", period="week", time=TIME) == pytest.approx(11280)
    assert yearly_minutes(30, unit="minute", period="day", time=TIME) == 30 * 235
    assert yearly_minutes(1, unit="day", period="month", time=TIME) == 12 * 480
    monthly = yearly_minutes(4, unit="hour", period="month", time=TIME)
    yearly = yearly_minutes(48, unit="hour", period="year", time=TIME)
    assert monthly == yearly


def test_standard_workload_is_working_time_over_unit_time():
    assert standard_workload([20, np.nan], time=TIME)[0] == 5640
    assert math.isnan(standard_workload([20, np.nan], time=TIME)[1])
    with pytest.raises(BadData) as error:
        standard_workload([20, 0], time=TIME)
    assert codes(error) == ["D021"]


def test_support_of_one_cadre_does_not_leak_into_the_next():
    together = allowance_factor([[0.2, 0.3], [0.0, 0.1], [0.0, 0.0]])
    alone = [allowance_factor([row])[0] for row in ([0.2, 0.3], [0.0, 0.1], [0.0, 0.0])]
    assert together.tolist() == alone == [2.0, 1 / 0.9, 1.0]


@pytest.mark.parametrize("shares", [[0.6, 0.4], [1.5, 0.0], [-0.1, 0.2], [np.nan, 0.1]])
def test_support_that_takes_all_the_time_is_refused_and_never_taken_as_one(shares):
    with pytest.raises(BadData) as error:
        allowance_factor([[0.1, 0.1], shares], cadres=["doctor", "nurse"])
    assert codes(error) == ["D022"]
    assert error.value.findings[0].fields["cadre"] == "nurse"


def test_a_refused_row_without_names_is_named_by_its_number():
    with pytest.raises(BadData) as error:
        allowance_factor([[1.0]])
    assert error.value.findings[0].fields["cadre"] == 0


@given(st.lists(share, min_size=1, max_size=3), share)
def test_more_support_never_means_fewer_people(shares, more):
    low, high = allowance_factor([[*shares, 0.0]])[0], allowance_factor([[*shares, min(more, 0.09)]])[0]
    assert 1 <= low <= high


@given(st.lists(st.floats(0, 1e5), min_size=2, max_size=2), st.floats(0, 1e5), st.floats(1, 3))
def test_more_services_never_mean_fewer_people(services, more, allowance):
    standard = [2000.0, 400.0]
    low = required_fte(np.array([services]), standard, allowance=allowance, extra=[0])[0]
    high = required_fte(np.array([[services[0], services[1] + more]]), standard, allowance=allowance, extra=[0])[0]
    assert low <= high


def test_individual_allowances_are_people_times_their_minutes():
    assert individual_allowance([11280, 5640], [[1, 2], [0, 0]], time=TIME).tolist() == [0.2, 0.0]


def test_an_unknown_count_stays_unknown_and_only_there():
    need = required_fte([[4000.0, np.nan], [2000.0, 0.0]], [2000, 400], allowance=1, extra=[0, 0])
    assert math.isnan(need[0]) and need[1] == 1


def test_an_activity_in_use_without_a_standard_is_refused():
    assert required_fte([[2000, 0]], [2000, np.nan], allowance=1, extra=[0]).tolist() == [1]
    for count in (5.0, np.nan):
        with pytest.raises(BadData) as error:
            required_fte([[2000, count]], [2000, np.nan], allowance=1, extra=[0])
        assert codes(error) == ["D023"]


def test_an_allowance_below_one_is_refused():
    with pytest.raises(BadData) as error:
        required_fte([[1]], [1], allowance=0.9, extra=[0])
    assert codes(error) == ["D024"]


def test_no_need_and_unknown_need_have_no_ratio():
    found = ratio([2, 3, 1], [4, 0, np.nan])
    assert found[0] == 0.5 and math.isnan(found[1]) and math.isnan(found[2])
    assert pressure(found, classes=[("none", 1.0)]) == [None, None, None]


def test_mean_of_ratios_and_ratio_of_sums_are_both_named():
    assert both_ratios([1, 9], [2, 10]).to_json() == {
        "mean_of_ratios": 0.7, "ratio_of_sums": 0.8333, "facilities": 2,
    }  # fmt: skip
    assert both_ratios([1], [0]).to_json() == {"mean_of_ratios": None, "ratio_of_sums": None, "facilities": 0}


def test_a_missing_month_is_left_out_and_not_zero():
    lo, mid, hi = yearly_count([10, np.nan, 20], spread=2)
    assert mid == 180 and lo == pytest.approx(60) and hi == pytest.approx(300)
    assert yearly_count([0, 30], spread=2)[0] == 0
    assert all(map(math.isnan, yearly_count([np.nan], spread=2)))
    lo, mid, hi = yearly_count([7], spread=2)
    assert mid == 84 and math.isnan(lo) and math.isnan(hi)


@given(st.lists(st.floats(0, 1e4), min_size=2, max_size=12))
def test_the_band_holds_the_middle(months):
    lo, mid, hi = yearly_count(months, spread=1.96)
    assert 0 <= lo <= mid + 1e-6 and mid <= hi + 1e-6
