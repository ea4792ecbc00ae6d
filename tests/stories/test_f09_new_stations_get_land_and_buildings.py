"""F9: at least 5,000 m2 a station, building in 2026, inspections from 6 November 2025."""

from datetime import date

from tests.stories.rows import told


def test_each_new_station_has_the_land_and_a_building_project_of_2026():
    register = told("22")
    stations = {row.code: row for row in register.as_of(date(2025, 11, 1)).facilities if row.kind == "station"}
    assert all((row.land_m2 or 0) >= 5_000 for row in stations.values())
    works = [row for row in register.projects if row.kind == "works"]
    assert {row.facility for row in works} == set(stations)
    assert {row.start.year for row in works if row.start} == {2026}


def test_inspections_start_on_6_november():
    inspections = [row for row in told("22").projects if row.kind == "inspection"]
    assert inspections
    assert {row.start for row in inspections} == {date(2025, 11, 6)}
