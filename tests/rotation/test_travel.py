"""The way to a station: what the province measured first, else the great circle, and the method is named."""

from datetime import date
from typing import Any

import pytest

from tests.rotation.province import place
from tramyte.domain.messages import say
from tramyte.domain.plan import TRAVEL
from tramyte.domain.work import Travel
from tramyte.rotation.travel import MEASURED, UNKNOWN, great_circle_km, ways

ON = date(2026, 1, 5)
HOME = place("H", terrain=None)


def _ways(stations, *measured):
    return ways([HOME], stations, measured=measured, on=ON)


def test_a_degree_along_a_meridian_is_111_km():
    assert great_circle_km(place("a", lat=21.0), place("b", lat=22.0)) == pytest.approx(111.195, abs=0.001)
    assert great_circle_km(place("a"), place("b")) == 0


def test_both_ways_are_equally_far_and_the_other_side_of_the_earth_is_half_way_round():
    a, b = place("a", lon=103.0, lat=21.4), place("b", lon=107.1, lat=20.9)
    assert great_circle_km(a, b) == pytest.approx(great_circle_km(b, a)) == pytest.approx(430, abs=2)
    assert great_circle_km(place("a", lon=0.0, lat=0.0), place("b", lon=180.0, lat=0.0)) == pytest.approx(20015, abs=1)


def test_minutes_follow_the_terrain_of_the_station_and_are_rounded_up():
    north: dict[str, Any] = {"lat": 21.1}  # 11.1195 km
    found = _ways([place("M", **north), place("P", terrain="plain", **north), place("U", terrain=None, **north),
                   place("X", terrain="moon", **north), place("H2")])  # fmt: skip
    # 60 x 11.1195 x 1.8 / 22 = 54.6; x 1.3 / 40 = 21.7; x 1.5 / 30 = 33.4
    assert found.minutes == ((55, 22, 34, 34, 0),)
    assert found.note == (
        "đường chim bay × 1,3, 40 km/h (1 cặp); đường chim bay × 1,5, 30 km/h (2 cặp); "
        "đường chim bay × 1,8, 22 km/h (2 cặp)"
    )
    assert found.findings == ()


def test_what_the_province_measured_goes_first_and_blank_is_out_of_reach():
    stations = [place("A", lat=21.1), place("B", lat=21.1), place("C", lat=21.1)]
    found = _ways(stations, Travel("H", "A", 12), Travel("H", "B", None), Travel("A", "C", 1))
    assert found.minutes == ((12, None, 55),)
    assert found.note == "đường chim bay × 1,8, 22 km/h (1 cặp); bảng đi lại của tỉnh (2 cặp)"


def test_a_place_without_coordinates_is_named_once_and_counts_as_out_of_reach():
    lost = place("L", lon=None)
    found = ways([HOME, place("T")], [lost, place("A"), place("N", lat=None)], measured=[Travel("T", "L", 9)], on=ON)
    assert found.minutes == ((None, 0, None), (9, 0, None))
    assert [(row.code, row.sheet, row.fields["facility"], row.severity) for row in found.findings] == [
        ("P320", "facilities", "L", "warning"), ("P320", "facilities", "N", "warning"),
    ]  # fmt: skip
    assert found.note.endswith("chưa có tọa độ, coi như không tới được (3 cặp)")


def test_many_pairs_are_counted_as_vietnamese_writes_numbers():
    units, stations = [place(f"U{number}") for number in range(36)], [place(f"S{number}") for number in range(137)]
    found = ways(units, stations, measured=(), on=ON)
    assert found.note == "đường chim bay × 1,8, 22 km/h (4.932 cặp)"


def test_the_method_is_said_in_english_as_well():
    assert say("P392", "en", pairs=3, factor="", speed="") == "travel sheet of the province (3 pairs)"


def test_every_way_to_measure_can_be_told_in_another_language():
    assert {"P391", MEASURED, UNKNOWN} == set(TRAVEL)
