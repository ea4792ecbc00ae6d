"""What a search may spend: the clock, units of work, or neither."""

import time

import pytest

from tramyte.rotation.solve.budget import ENDLESS, Budget


def test_a_budget_without_limits_is_never_spent():
    budget = Budget(None, None, used=ENDLESS / 4)
    assert budget.share == 0.25
    assert budget.seconds_until(0.5) is None
    assert budget.units_until(0.5, 1.0) == ENDLESS / 4
    budget.used = 10 * ENDLESS
    assert budget.share == 0.99
    assert not budget.is_spent
    assert budget.units_until(1.0, 1.0) == 0.0


def test_work_alone_decides_without_the_clock():
    budget = Budget(None, 100, used=40.0, began=-1e9)
    assert budget.share == 0.4
    assert budget.seconds_until(0.9) is None
    assert budget.units_until(0.9, 1e-9) == 50.0
    budget.used = 100.0
    assert budget.is_spent
    assert budget.units_until(1.0, 1e9) == 0.0


def test_the_clock_alone_tells_seconds_and_the_pace_turns_them_into_work(monkeypatch):
    monkeypatch.setattr("tramyte.rotation.solve.budget.time.monotonic", lambda: 14.0)
    budget = Budget(10.0, None, began=10.0)
    assert budget.elapsed == 4.0
    assert budget.share == 0.4
    assert budget.seconds_until(0.5) == 1.0
    assert budget.seconds_until(0.3) == 0.0
    assert budget.units_until(0.5, 7.0) == pytest.approx(7.0)


def test_of_two_limits_the_nearer_one_holds(monkeypatch):
    monkeypatch.setattr("tramyte.rotation.solve.budget.time.monotonic", lambda: 5.0)
    budget = Budget(10.0, 100, used=20.0, began=0.0)
    assert budget.share == 0.5
    assert budget.units_until(1.0, 2.0) == 10.0
    assert budget.units_until(1.0, 1000.0) == 80.0


def test_no_time_at_all_is_spent_at_once():
    assert Budget(0.0, None, began=time.monotonic() - 0.001).is_spent  # a clock may stand still for a while
    assert Budget(None, 0.0, used=1.0).is_spent
