from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.need.worlds import ON, commune, facility, world
from tramyte.domain.errors import NormMissing
from tramyte.need.establishment import _left_out, establishments
from tramyte.need.establishment import grant as grant_all
from tramyte.need.standing import standing
from tramyte.norms.local import Change, Law

JOINED = date(2025, 7, 1)


def grant(*communes, on=ON, **more):
    """Return the establishment of the only station, and the codes of the findings."""
    station = facility("S1", **more)
    found, findings = establishments(world(communes=communes or (commune("C1"),), facilities=(station,)), on=on)
    assert len(found) == 1
    return found[0], findings


def former(code, *, population=None, zone=None):
    return commune(code, end=JOINED, successor="C1", population=population, zone=zone)


def merged(*before, **more):
    return grant(*before, commune("C1", start=JOINED), **more)


@pytest.mark.parametrize(
    ("population", "zone", "lo", "hi", "default"),
    [(5000, 1, 5, 5, 5), (15700, 2, 9, 12, 10), (15700, 3, 17, 21, 20), (30000, 1, 13, 17, 13)],
)
def test_posts_range_over_the_readings_of_the_circular(population, zone, lo, hi, default):
    found, findings = grant(catchment_population=population, zone=zone)
    assert (found.lo, found.hi, found.default) == (lo, hi, default)
    assert findings == () and found.norm_id == "staffing_03_2023@2023-04-05"
    assert len(found.values) == 8


def test_the_formula_reads_with_the_numbers_of_the_station():
    found, _ = grant(catchment_population=15700, zone=2)
    formulas = [(value.formula("vi"), value.formula("en")) for value in found.values]
    assert formulas[0] == (
        "(5 + ⌊(15.700 − 6.000) / 3.000⌋) × 1,2 = 9,6 → 10",
        "(5 + ⌊(15,700 − 6,000) / 3,000⌋) × 1.2 = 9.6 → 10",
    )
    assert "5 × 1.2 + ⌈(15,700 − 6,000) / 2,000⌉ = 11 → 11" in [en for _, en in formulas]
    small, _ = grant(catchment_population=6000, zone=1)
    assert small.values[0].formula("vi") == "(5 + 0) × 1 = 5 → 5"


@given(st.integers(0, 200_000), st.integers(1, 3))
def test_the_range_holds_every_reading(population, zone):
    found, _ = grant(catchment_population=population, zone=zone)
    posts = [value.posts for value in found.values]
    assert min(posts) == found.lo <= found.default <= found.hi == max(posts)
    assert found.lo >= 5


def test_an_unknown_population_has_no_value_and_a_finding():
    found, (finding,) = grant(zone=1)
    assert found.lo is None and found.hi is None and found.default is None and found.values == ()
    assert finding.code == "D030" and finding.fields["places"] == ["S1"] and "S1" in finding.sentence("vi")
    assert grant(zone=1, catchment_population=0)[0].lo == 5


def test_the_population_of_the_commune_stands_in_for_its_only_station():
    found, _ = grant(commune("C1", population=6000), zone=1)
    assert (found.population, found.population_source) == (6000, "commune")
    two = world(communes=(commune("C1", population=6000),), facilities=(facility("S1"), facility("S2")))
    assert [one.population for one in establishments(two, on=ON)[0]] == [None, None]


def test_an_unknown_zone_has_no_value_and_a_finding():
    found, (finding,) = grant(catchment_population=6000)
    assert found.values == () and finding.code == "D031"


def test_the_zone_is_the_facilitys_then_the_communes_then_what_distance_says():
    given_by = {"terrain": "mountain", "very_hard": False, "km_to_hospital": 9.0}
    assert grant(commune("C1", zone=2), zone=3, **given_by)[0].zone_source == "facility"
    assert grant(commune("C1", zone=2))[0].zone_source == "commune"
    assert (grant(**given_by)[0].zone, grant(**given_by)[0].zone_source) == (3, "computed")
    assert grant(terrain="mountain")[0].zone_source == "unknown"


def test_terrain_not_stated_as_very_hard_is_unknown_and_not_easy():
    assert grant(terrain="mountain", km_to_hospital=4.0)[0].zone is None
    assert grant(terrain="mountain", km_to_hospital=6.0)[0].zone == 3


def test_a_zone_that_the_distance_contradicts_is_a_finding():
    found, (finding,) = grant(catchment_population=6000, zone=1, terrain="mountain", very_hard=True, km_to_hospital=3.0)
    assert found.zone == 1 and finding.code == "D032" and "S1 (1 ≠ 3)" in finding.sentence("en")


def test_a_merged_commune_counts_as_one_station_and_as_its_former_stations():
    found, findings = merged(
        former("C2", population=7000, zone=1), former("C1", population=9000, zone=1),
        catchment_population=16000, zone=1,
    )  # fmt: skip
    assert findings == ()
    by_reading = {
        value.reading.merged: value.posts for value in found.values if value.reading.step == "hi"
        and value.reading.rounding == "floor" and value.reading.coef_on == "total"
    }  # fmt: skip
    assert by_reading == {"one_station": 8, "sum_of_former": 11}
    assert (found.lo, found.hi) == (8, 13)
    text = next(value.formula("vi") for value in found.values if value.reading.merged == "sum_of_former")
    assert (
        text == "Xã C1: (5 + ⌊(9.000 − 6.000) / 3.000⌋) × 1 → 6; Xã C2: (5 + ⌊(7.000 − 6.000) / 3.000⌋) × 1 → 5; = 11"
    )


def zones_read(found):
    return {value.reading.zone_of_merged: value.parts[0].zone for value in found.values if len(value.parts) == 1}


def test_a_merged_commune_has_the_zone_of_the_worst_of_most_people_or_of_the_main_site():
    before = former("C2", population=9000, zone=3), former("C1", population=4000, zone=1)
    found, _ = merged(*before, catchment_population=13000, zone=1)
    assert zones_read(found) == {"worst": 3, "weighted": 2, "main": 1}
    assert found.values[0].reading.zone_of_merged == "worst"
    found, _ = merged(*before, catchment_population=13000, zone=3)
    assert zones_read(found) == {"worst": 3, "weighted": 2}


def test_former_communes_where_nobody_lives_leave_the_zone_of_the_main_site():
    found, _ = merged(
        former("C1", population=0, zone=3), former("C2", population=0, zone=3), catchment_population=1, zone=2
    )
    assert zones_read(found) == {"worst": 3, "weighted": 2}


def test_former_communes_without_population_leave_that_reading_out_with_a_finding():
    found, (finding,) = merged(former("C1", population=9000, zone=1), former("C2"), catchment_population=9000, zone=1)
    assert {value.reading.merged for value in found.values} == {"one_station"}
    assert finding.code == "D033" and finding.fields["places"] == ["S1"]


def test_one_predecessor_or_two_stations_are_no_merger_that_could_be_added_up():
    found, findings = merged(former("C1", population=9000, zone=1), catchment_population=9000, zone=1)
    assert {value.reading.merged for value in found.values} == {"one_station"} and findings == ()
    communes = former("C1", population=9000, zone=1), former("C2", population=9000, zone=1), commune("C1", start=JOINED)
    stations = (facility("S1", catchment_population=1, zone=1), facility("S2", catchment_population=1, zone=1))
    found, _ = establishments(world(communes=communes, facilities=stations), on=ON)
    assert {value.reading.merged for one in found for value in one.values} == {"one_station"}


def test_before_the_merger_there_is_nothing_to_add_up():
    before = former("C1", population=9000, zone=1), former("C2", population=9000, zone=1)
    found, _ = grant(*before, catchment_population=9000, zone=1, on=date(2025, 6, 30))
    assert {value.reading.merged for value in found.values} == {"one_station"}


def left_out(found):
    return [note["code"] for note in found.not_computed("vi")]


def test_a_reading_that_one_population_cannot_tell_apart_is_said_and_not_passed_over():
    found = grant(catchment_population=15700, zone=2)[0]
    assert left_out(found) == ["D035", "D036"]
    note = found.to_json("en")["not_computed"][0]
    assert note["norm"] == found.norm_id and note["text"].startswith("staffing_03_2023@2023-04-05: the reading by reg")
    assert "dân số đăng ký và dân số thực tế" in found.to_json("vi")["not_computed"][0]["text"]


def test_readings_of_a_merger_are_said_when_they_could_not_be_computed():
    known = former("C1", population=9000, zone=1), former("C2", population=9000, zone=1)
    assert left_out(merged(*known, catchment_population=9000, zone=1)[0]) == ["D035"]
    assert left_out(merged(known[0], former("C2"), catchment_population=9000, zone=1)[0]) == ["D035", "D037"]
    assert left_out(merged(*known, zone=1)[0]) == []  # no value at all: D030 says it


def test_a_register_that_tells_both_populations_apart_would_leave_nothing_out():
    found = grant(catchment_population=15700, zone=2)[0]
    both = [replace(row, reading=replace(row.reading, population=name)) for row in found.values for name in ("a", "b")]
    assert list(_left_out(both, ())) == ["D036"]


def test_a_row_opens_to_every_reading():
    found = grant(catchment_population=15700, zone=2)[0].to_json("en")
    assert found["lo"] == 9 and found["norm"] == "staffing_03_2023@2023-04-05"
    assert found["readings"][0] == {
        "coef_on": "total", "step": "hi", "rounding": "floor", "merged": "one_station", "zone_of_merged": "main",
        "zone": 2, "exact": 9.6, "posts": 10, "formula": "(5 + ⌊(15,700 − 6,000) / 3,000⌋) × 1.2 = 9.6 → 10",
    }  # fmt: skip
    assert (
        merged(former("C1", population=1, zone=1), former("C2", population=1, zone=1), catchment_population=2, zone=1)[
            0
        ].to_json()["readings"][1]["zone"]
        is None
    )


def test_before_the_circular_there_is_no_norm():
    with pytest.raises(NormMissing):
        grant(on=date(2023, 4, 4))


def test_a_province_that_adds_up_former_communes_alone_gets_no_other_reading():
    law = Law((Change("staffing_03_2023", "readings.merged", "sum_of_former", date(2026, 1, 1)),))
    before = [former("C2", population=5000, zone=1), former("C3", population=6000, zone=1)]
    station = facility("S1", catchment_population=11000, zone=1)
    own = world(communes=(*before, commune("C1", start=JOINED)), facilities=(station,))
    (found,), _ = grant_all(standing(own, on=ON, law=law), own.communes)
    assert {one.reading.merged for one in found.values} == {"sum_of_former"}
