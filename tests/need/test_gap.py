import json
import time
from dataclasses import replace
from datetime import date

import pytest

from tests.need.test_workload import counts
from tests.need.worlds import DOCTOR, NURSE, ON, at, commune, facility, person, world
from tramyte.domain.errors import NormMissing
from tramyte.domain.register import Register
from tramyte.domain.work import StatedTotal
from tramyte.need import needs

PEOPLED = (commune("C1", population=8000, zone=1), commune("C2", population=12000, zone=2))
VISITS = counts("S1", "outpatient_visit", *[400] * 12)


def report(*, on=ON, preventive=False, **more):
    return needs(world(**{"communes": PEOPLED, "service_counts": VISITS, **more}), on=on, preventive=preventive)


def row(found, station="S1", cadre="doctor"):
    return found.rows[station][cadre]


def reasons(found, station="S1", cadre="doctor"):
    return [reason.code for reason in row(found, station, cadre).reasons]


def test_the_four_lenses_stand_side_by_side_and_cite_their_norms():
    found = row(report()).to_json("vi")
    assert found["existing"] == {"persons": 2, "fte": 2.0, "staff": ["A", "B"]}
    assert found["norm"] is None
    assert found["target"] == {"levels": [4, 5], "short": {"4": 2, "5": 3}}
    assert found["workload"]["state"] == "known"
    assert found["density"] == {
        "wanted": 15.2,
        "population": 8000,
        "year": 2030,
        "norm": "doctors_per_10000@2024-02-27",
    }
    assert found["norms"] == [
        "doctors_per_station@2025-09-09", "working_time@2026-01-01", "activity_standards@2021-01-01",
        "wisn_allowances@2021-01-01", "workload_pressure@2021-01-01", "service_codes@2021-01-01",
        "doctors_per_10000@2024-02-27",
    ]  # fmt: skip


def test_the_norm_is_granted_to_the_station_as_a_whole():
    found = row(report(), cadre="all").to_json("en")
    assert found["existing"]["persons"] == 3
    assert (found["norm"]["lo"], found["norm"]["hi"], found["norm"]["gap"]) == (5, 6, [2, 3])
    assert found["target"] is None and found["workload"] is None and found["density"] is None
    assert [one["code"] for one in found["reasons"]] == ["D050"]
    assert "5" in found["reasons"][0]["text"]


def test_a_norm_of_one_value_needs_no_reason_and_an_unknown_one_has_no_gap():
    small = report(communes=(commune("C1", population=5000, zone=1), commune("C2")))
    assert reasons(small, cadre="all") == []
    assert row(small, "S2", "all").to_json("vi")["norm"]["gap"] is None
    assert row(small, "S2").density is None


def test_every_station_has_a_row_for_cadres_with_people_or_with_a_lens():
    found = report(staff=(*world().staff, person("G", None)), appointments=(*world().appointments, at("G", "S1")))
    assert list(found.rows["S1"]) == [
        "all",
        "doctor",
        "preventive_doctor",
        "nurse",
        "midwife",
        "pharmacist",
        "no_title",
    ]
    assert list(found.rows["S2"]) == ["all", "doctor", "nurse", "midwife", "pharmacist"]


def test_why_target_workload_and_density_differ_is_said():
    assert reasons(report()) == ["D051", "D055", "D054"]
    busy = report(service_counts=counts("S1", "outpatient_visit", *[9000] * 12))
    assert reasons(busy)[0] == "D052"
    level = report(service_counts=counts("S1", "outpatient_visit", *[2400] * 12))
    assert reasons(level) == ["D055", "D054"]
    assert reasons(report(), "S2") == ["D053", "D054"]
    assert reasons(report(), cadre="nurse") == ["D055"]


def test_a_reason_writes_numbers_as_the_language_does_and_years_as_years():
    reason = row(report()).reasons[-1]
    assert "15,2 người cho 8.000 dân" in reason.sentence("vi") and "2030" in reason.sentence("vi")
    assert "15.2 for 8,000 people" in reason.sentence("en") and "2030" in reason.sentence("en")
    assert reason.to_json("en")["fields"]["wanted"] == 15.2


def test_a_need_without_a_band_is_compared_by_its_middle():
    assert reasons(report(service_counts=counts("S1", "outpatient_visit", 400)))[0] == "D051"


def test_work_of_zero_is_said_to_be_no_need():
    rows = (*counts("S1", "delivery", *[0] * 12), *counts("S1", "antenatal_visit", *[0] * 12))
    assert reasons(report(service_counts=rows), cadre="midwife") == ["D056"]


def test_a_density_within_the_target_or_without_a_target_needs_no_reason():
    assert "D054" not in reasons(report(communes=(commune("C1", population=2300, zone=1),)))
    found = report()
    assert row(found, cadre="nurse").density is not None and "D054" not in reasons(found, cadre="nurse")


def test_fully_reported_services_need_no_reason_of_their_own():
    services = ("outpatient_visit", "chronic_follow_up", "vaccination", "antenatal_visit", "home_visit")
    rows = tuple(one for service in services for one in counts("S1", service, *[10] * 12))
    assert "D055" not in reasons(report(service_counts=rows))


def test_a_lens_whose_norm_is_not_in_force_is_left_out_with_a_finding():
    found = report(on=date(2025, 3, 5))
    assert [one.fields["norm"] for one in found.findings if one.code == "D060"] == ["doctors_per_station"]
    assert found.targets == () and row(found).levels is None and row(found).density is not None
    assert "doctors_per_station@2025-09-09" not in [norm.id for norm in found.norms]
    assert found.conflicts == ()


def test_early_in_time_only_what_was_known_stands():
    found = report(on=date(2022, 7, 1))
    assert [one.fields["norm"] for one in found.findings if one.code == "D060"] == [
        "staffing_03_2023", "doctors_per_station", "doctors_per_10000",
    ]  # fmt: skip
    assert row(found, cadre="all").norm is None and found.densities == ()
    assert report(on=date(2022, 7, 1)).to_json()["targets"] == []


def test_without_assumptions_on_workload_the_other_lenses_stand(monkeypatch):
    def missing(*_args, **_kwargs):
        raise NormMissing("working_time", ON)

    monkeypatch.setattr("tramyte.need.workload.standards", missing)
    found = report()
    assert found.workload is None and found.to_json()["workload"] is None
    assert row(found).workload is None and row(found).levels == {4: 2, 5: 3}


def test_before_the_list_of_titles_nothing_can_be_said():
    with pytest.raises(NormMissing):
        report(on=date(2022, 6, 9))


def test_the_report_is_one_json_object_in_a_fixed_order():
    found = report()
    assert list(found.to_json()) == [
        "on", "synthetic", "preventive", "doctors", "doctors_by_station", "targets", "stations", "density", "workload",
        "norms", "conflicts", "findings",
    ]  # fmt: skip
    text = json.dumps(found.to_json("en"), allow_nan=False)
    base = world(communes=PEOPLED, service_counts=VISITS)
    turned = replace(
        base, staff=base.staff[::-1], appointments=base.appointments[::-1], facilities=base.facilities[::-1],
        communes=base.communes[::-1], service_counts=base.service_counts[::-1],
    )  # fmt: skip
    assert json.dumps(needs(turned, on=ON).to_json("en"), allow_nan=False) == text


def test_counts_norms_and_conflicts_are_in_the_report():
    found = report(preventive=True).to_json("vi")
    assert found["on"] == "2026-01-08" and found["preventive"] is True and found["synthetic"] is False
    assert found["doctors"]["distribution"] == {"1": 1, "3": 1}
    assert found["doctors_by_station"]["stations"] == 2
    first = found["norms"][0]
    assert first["id"].startswith("titles@") and set(first) == {
        "id", "title", "source", "article", "confidence", "draft", "note",
    }  # fmt: skip
    assert any("4-5 bác sĩ" in one["text"] for one in found["conflicts"])
    assert {one["per"] for one in found["targets"]} == {"station", "commune"}
    station = found["stations"][0]
    assert (station["code"], station["commune"], station["members"]) == ("S1", "C1", ["P1", "S1"])
    assert station["commune_name"] == "Xã C1"
    assert report(communes=()).to_json()["stations"][0]["commune_name"] == ""


def test_what_does_not_add_up_is_in_the_findings():
    totals = (StatedTotal("staff", ON, 9), StatedTotal("staff", date(2025, 3, 5), 9))
    found = report(staff=(*world().staff, person("G", None), person("I", "V.08.01.98")), totals=totals)
    by_code = {finding.code: finding for finding in found.findings}
    assert by_code["D010"].fields["counted"] == 8
    assert by_code["D014"].fields["staff"] == ["G"]
    assert by_code["D015"].fields["staff"] == ["I"]
    assert by_code["D016"].fields["staff"] == ["G", "I"]
    assert {"D041", "D043"} <= set(by_code)
    for finding in found.findings:
        assert finding.sentence("vi") and finding.sentence("en") and finding.severity == "warning"


def province(stations: int, staff: int) -> Register:
    people = tuple(person(f"N{number:05}", DOCTOR if number % 4 else NURSE) for number in range(staff))
    places = tuple(
        facility(f"T{number:03}", f"{number:05}", catchment_population=9000 + number) for number in range(stations)
    )
    months = [date(2025, month, 1) for month in range(1, 13)]
    return Register(
        communes=tuple(commune(f"{number:05}", population=9000 + number, zone=2) for number in range(stations)),
        facilities=places,
        staff=people,
        appointments=tuple(at(one.code, places[number % stations].code) for number, one in enumerate(people)),
        service_counts=tuple(
            one for place in places for one in counts(place.code, "outpatient_visit", *range(12), months=months)
        ),
    )


def test_a_province_of_nine_thousand_people_takes_under_two_seconds():
    register = province(171, 9000)
    start = time.perf_counter()
    found = needs(register, on=ON)
    json.dumps(found.to_json())
    assert time.perf_counter() - start < 2
    assert found.doctors.stations.total == 6750


def test_a_fixed_allowance_that_is_no_need_is_said():
    found = report(service_counts=counts("S1", "outpatient_visit", *[0] * 12))
    assert reasons(found)[:2] == ["D056", "D057"]
    assert "0,2" in row(found).reasons[1].sentence("vi")


def test_what_could_not_be_computed_is_said_once_with_the_number_of_stations():
    told = report().not_computed("en")
    assert len(told) == 2 and set(told.values()) == {2}
    assert needs(world(), on=date(2022, 6, 10)).not_computed("en") == {}
