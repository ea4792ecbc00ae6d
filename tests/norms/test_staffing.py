"""The staffing circular under its readings. The table stands in tests/spec/staffing.yaml."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.norms.staffing import posts, reading, readings, staffing

ON = date(2026, 1, 8)
PEOPLE, ZONES, READINGS = st.integers(0, 200_000), st.sampled_from([1, 2, 3]), st.sampled_from([*readings(on=ON)])


def test_there_are_eight_readings_of_one_station_and_the_default_leads() -> None:
    found = [*readings(on=ON)]
    assert len(set(found)) == 8
    assert found[0] == reading(on=ON)
    assert repr(found[0]) == "<Reading total, hi, floor, one_station>"
    assert {(one.merged, one.population, one.zone_of_merged) for one in found} == {
        ("one_station", "registered", "worst")
    }


def test_a_chosen_reading_differs_in_that_alone() -> None:
    found = reading(on=ON, merged="sum_of_former")
    assert (found.merged, found.coef_on) == ("sum_of_former", reading(on=ON).coef_on)


@pytest.mark.parametrize(("name", "choice"), [("step", "middle"), ("colour", "red")])
def test_a_reading_nobody_knows_is_refused(name: str, choice: str) -> None:
    with pytest.raises(ValueError, match=name):
        reading(on=ON, **{name: choice})  # type: ignore[arg-type]


@given(PEOPLE, PEOPLE, ZONES, READINGS)
def test_more_people_never_mean_fewer_posts(one, two, zone, chosen) -> None:
    few, many = sorted((one, two))
    assert staffing(few, zone=zone, on=ON, reading=chosen) <= staffing(many, zone=zone, on=ON, reading=chosen)


@given(PEOPLE, READINGS)
def test_a_harder_zone_never_means_fewer_posts(people, chosen) -> None:
    by_zone = [staffing(people, zone=zone, on=ON, reading=chosen) for zone in (1, 2, 3)]
    assert by_zone == sorted(by_zone)


@given(PEOPLE, ZONES, READINGS)
def test_posts_are_the_nearest_whole_persons(people, zone, chosen) -> None:
    exact = staffing(people, zone=zone, on=ON, reading=chosen)
    whole = posts(people, zone=zone, on=ON, reading=chosen)
    assert -0.5 < whole - exact + 1e-9 <= 0.5 + 2e-9
    assert whole >= 5


def test_half_a_person_counts_up() -> None:
    chosen = reading(on=ON)
    assert staffing(15_700, zone=3, on=ON, reading=chosen) == 19.5
    assert posts(15_700, zone=3, on=ON, reading=chosen) == 20
