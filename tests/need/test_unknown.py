"""Blank is not zero: where no appointment is recorded at all, nobody is counted, and nobody is said to be missing."""

import json

from tests.need.test_workload import counts
from tests.need.worlds import ON, commune, facility, world
from tramyte.domain.work import StatedTotal
from tramyte.need import doctors, needs

PLACES = {
    "communes": (commune("C1", population=8000, zone=1),),
    "facilities": (facility("S1"),),
    "service_counts": counts("S1", "outpatient_visit", *[400] * 12),
}
ALONE = {**PLACES, "staff": (), "appointments": ()}


def codes(found):
    return [finding.code for finding in found.findings]


def test_stations_without_any_appointment_have_no_figures_and_a_finding():
    found = needs(world(**ALONE), on=ON)
    told = found.to_json()
    silent: dict[str, object] = {"total": None, "distribution": {}, "mean": None, "short": {}}
    assert told["doctors"] == {"communes": 1, **silent}
    assert told["doctors_by_station"] == {"stations": 1, **silent}
    target = told["targets"][0]
    assert (target["met"], target["short"], target["mean"], target["missing"]) == (None, None, None, {})
    finding = next(one for one in found.findings if one.code == "D006")
    assert finding.severity == "warning" and finding.sentence("vi").startswith("D006 Bổ nhiệm – phân công: Chưa ghi")
    json.dumps(told, allow_nan=False)


def test_a_station_says_that_its_people_are_unknown_and_keeps_what_needs_no_people():
    found = needs(world(**ALONE), on=ON)
    whole, doctor = (found.to_json()["stations"][0]["cadres"][index] for index in (0, 1))
    assert whole["existing"] == {"persons": None, "fte": None, "staff": []}
    assert whole["norm"]["lo"] == 5 and whole["norm"]["gap"] is None
    assert doctor["target"] == {"levels": [4, 5], "short": {"4": None, "5": None}}
    work = doctor["workload"]
    assert work["mid"] > 0
    assert [work[name] for name in ("existing", "difference", "ratio", "pressure")] == [None] * 4
    assert found.workload and found.workload.ratios["doctor"].facilities == 0
    assert [(row["people"], row["per_10000"]) for row in found.to_json()["density"]] == [(None, None)] * 6


def test_staff_without_appointments_count_for_the_province_alone():
    found = needs(world(**PLACES, appointments=()), on=ON)
    density = {row["place"]: row["people"] for row in found.to_json()["density"] if row["cadre"] == "doctor"}
    assert density == {"": 4, "C1": None}
    assert "D006" in codes(found) and "D016" not in codes(found)


def test_totals_that_rest_on_appointments_are_not_compared():
    measures = ("doctors_at_stations", "communes_with_doctor", "communes_without_doctor", "stations")
    totals = tuple(StatedTotal(measure, ON, 1) for measure in measures)
    found = needs(world(**{**ALONE, "totals": totals}), on=ON)
    assert [(one.code, one.fields["measure"]) for one in found.findings if one.sheet == "totals"] == [
        ("D011", "communes_with_doctor"), ("D011", "communes_without_doctor"), ("D011", "doctors_at_stations"),
    ]  # fmt: skip


def test_one_row_of_appointments_anywhere_is_a_count_and_so_is_no_station():
    register = world()
    elsewhere = tuple(row for row in register.appointments if row.facility == "H")
    counted = doctors(world(**{**PLACES, "appointments": elsewhere}), on=ON)
    assert counted.stations.total == 0 and counted.stations.short[4] == 4 and "D006" not in codes(counted)
    assert "D006" not in codes(doctors(world(facilities=(), appointments=()), on=ON))
