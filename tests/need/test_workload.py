import doctest
import math
from dataclasses import replace
from datetime import date

import pytest

from tests.need.worlds import NURSE, ON, at, facility, person, world
from tramyte.domain.errors import BadData, NormMissing
from tramyte.domain.register import Register
from tramyte.domain.work import ServiceCount
from tramyte.need import workload as module
from tramyte.need.standing import standing
from tramyte.need.workload import last_months, standards, workload, yearly_services

YEAR = [date(2025, month, 1) for month in range(1, 13)]


def counts(facility, service, *values, months=YEAR):
    return tuple(ServiceCount(facility, month, service, value) for month, value in zip(months, values, strict=False))


def run(*rows, **more):
    return workload(world(service_counts=tuple(row for part in rows for row in part), **more), on=ON)


def doctor(report, station="S1"):
    return report.of(station)["doctor"]


def codes(report):
    return [finding.code for finding in report.findings]


def test_the_example_in_the_docstring_holds():
    assert doctest.testmod(module).failed == 0


def test_work_of_a_year_becomes_fte_with_allowances():
    report = run(counts("S1", "outpatient_visit", *[400] * 12))
    rules = standards(on=ON)
    work = 4800 * 12 / rules.time.minutes * rules.factors["doctor"] + rules.extra["doctor"]
    row = doctor(report)
    assert row.state == "known" and row.mid == pytest.approx(work)
    assert row.existing == 2 and row.difference == pytest.approx(2 - work)
    assert row.ratio == pytest.approx(2 / work) and row.pressure == "none"
    assert row.services == {"outpatient_visit": 4800}


def test_the_band_comes_from_the_months_and_from_the_standards():
    steady, swinging = (
        run(counts("S1", "outpatient_visit", *[400] * 12)),
        run(counts("S1", "outpatient_visit", *[300, 500] * 6)),
    )
    assert doctor(steady).lo < doctor(steady).mid < doctor(steady).hi
    assert doctor(swinging).mid == pytest.approx(doctor(steady).mid)
    assert doctor(swinging).lo < doctor(steady).lo and doctor(swinging).hi > doctor(steady).hi


def test_monthly_weekly_and_daily_allowances_are_added_in_one_unit_and_by_cadre():
    rules = standards(on=date(2025, 6, 1))
    minutes = (260 - 31) * 480
    weeks = (260 - 31) / 5
    doctors = 0.1 + (60 * weeks + 12 * 480) / minutes
    nurses = doctors + 30 * (260 - 31) / minutes
    assert rules.time.minutes == minutes
    assert rules.factors["doctor"] == rules.factors["midwife"] == pytest.approx(1 / (1 - doctors))
    assert rules.factors["nurse"] == pytest.approx(1 / (1 - nurses))
    assert rules.extra == {
        "doctor": pytest.approx(8 * 60 * weeks / minutes),
        "nurse": pytest.approx((12 * 12 + 24) * 60 / minutes),
        "midwife": 0,
    }


def test_points_add_to_their_station():
    apart = run(counts("S1", "outpatient_visit", *[300] * 12), counts("P1", "outpatient_visit", *[100] * 12))
    assert doctor(apart).mid == pytest.approx(doctor(run(counts("S1", "outpatient_visit", *[400] * 12))).mid)


def test_missing_months_are_named_and_the_year_is_the_mean_of_the_known_ones():
    report = run(counts("S1", "outpatient_visit", 100, None, 100))
    assert doctor(report).services == {"outpatient_visit": 1200}
    finding = next(one for one in report.findings if one.code == "D040")
    assert finding.fields["places"] == ["S1"] and "S1 2/12" in finding.sentence("vi")


def test_a_single_known_month_has_no_band():
    row = doctor(run(counts("S1", "outpatient_visit", 100)))
    assert row.mid is not None and row.lo is None and row.hi is None
    assert row.to_json()["lo"] is None


def test_a_service_with_blank_counts_only_is_unknown_for_who_gives_it_and_not_zero():
    report = run(counts("S1", "outpatient_visit", *[100] * 12), counts("S1", "injection", None, None))
    assert report.of("S1")["nurse"].state == "unknown" and report.of("S1")["nurse"].mid is None
    assert doctor(report).state == "known"
    assert math.isnan(report.of("S1")["nurse"].services["injection"])
    assert report.of("S1")["nurse"].to_json()["services"]["injection"] is None


def test_an_unknown_building_makes_the_sum_of_the_station_unknown():
    report = run(counts("S1", "outpatient_visit", *[100] * 12), counts("P1", "outpatient_visit", None))
    assert doctor(report).state == "unknown"


def test_nothing_reported_is_unknown_and_named():
    report = run(counts("S1", "outpatient_visit", *[100] * 12))
    assert doctor(report, "S2").state == "unknown" and doctor(report, "S2").ratio is None
    finding = next(one for one in report.findings if one.code == "D041")
    assert finding.fields["places"] == ["S2"]


def test_no_work_at_all_is_no_need_and_has_no_ratio():
    row = run(counts("S1", "antenatal_visit", *[0] * 12), counts("S1", "delivery", *[0] * 12)).of("S1")["midwife"]
    assert row.state == "no_need"
    assert (row.mid, row.ratio, row.pressure, row.difference) == (None, None, None, None)


def test_a_fixed_allowance_alone_is_no_need_and_stays_visible():
    row = doctor(run(counts("S1", "outpatient_visit", *[0] * 12)))
    assert row.allowance == standards(on=ON).extra["doctor"] > 0
    assert row.state == "no_need" and row.services == {"outpatient_visit": 0}
    assert (row.lo, row.mid, row.hi, row.ratio, row.pressure, row.difference) == (None,) * 6
    assert row.to_json()["individual_allowance"] == round(row.allowance, 2)


def test_one_service_above_zero_brings_the_allowance_into_the_need():
    row = doctor(run(counts("S1", "outpatient_visit", *[0] * 11, 1), counts("S1", "antenatal_visit", *[0] * 12)))
    assert row.state == "known" and row.mid > row.allowance


def test_zero_beside_blank_is_unknown_and_not_no_need():
    zero, blank = counts("S1", "outpatient_visit", *[0] * 12), counts("S1", "home_visit", None)
    minutes = standards(on=ON).minutes["doctor"]
    assert {"outpatient_visit", blank[0].service} <= set(minutes)
    assert doctor(run(zero, blank)).state == "unknown"


def test_services_never_reported_are_left_out_and_said():
    report = run(counts("S1", "outpatient_visit", *[100] * 12))
    assert "vaccination" in doctor(report).not_reported
    assert report.of("S1")["midwife"].state == "unknown"
    assert "delivery: 1" in next(one for one in report.findings if one.code == "D043").fields["services"]


def test_a_service_without_a_standard_is_a_finding_at_a_station_only():
    report = run(counts("S1", "karaoke", *[9] * 12), counts("H", "karaoke", *[9] * 12))
    finding = next(one for one in report.findings if one.code == "D042")
    assert finding.fields["places"] == ["S1"] and "karaoke" in finding.sentence("en")


def test_a_code_of_reports_stands_for_its_activity_and_is_not_counted_twice():
    alias, code = counts("S1", "visit", *[400] * 12), counts("S1", "outpatient_visit", *[300] * 12)
    assert doctor(run(alias)).services == {"outpatient_visit": 4800}
    assert doctor(run(code, alias)).services == doctor(run(alias, code)).services == {"outpatient_visit": 3600}
    insured = counts("S1", "insured_visit", *[100] * 12)
    assert doctor(run(alias, insured)).services == {"outpatient_visit": 4800}
    assert codes(run(insured)) == ["D041"]


def test_every_alias_stands_for_an_activity_that_has_a_standard():
    rules = standards(on=ON)
    assert {activity for activity in rules.aliases.values() if activity} <= rules.services
    assert not set(rules.aliases) & rules.services


def test_counts_of_other_months_are_left_out():
    assert last_months(date(2026, 1, 1), 2) == (date(2025, 11, 1), date(2025, 12, 1))
    other = [date(2024, 12, 1), date(2026, 1, 1)]
    assert codes(run(counts("S1", "outpatient_visit", 5, 5, months=other))) == ["D041"]
    mid_month = [day.replace(day=15) for day in YEAR]
    report = run(counts("S1", "outpatient_visit", *[5] * 12, months=mid_month))
    assert doctor(report).services == {"outpatient_visit": 60}


def test_full_reports_leave_no_finding():
    services = sorted(standards(on=ON).services)
    rows = [counts(place, service, *[10] * 12) for place in ("S1", "S2") for service in services]
    assert codes(run(*rows)) == []


def test_both_ratios_are_over_stations_that_have_one():
    rows = counts("S1", "outpatient_visit", *[400] * 12), counts("S2", "outpatient_visit", *[900] * 12)
    report = run(*rows)
    one, two = doctor(report, "S1"), doctor(report, "S2")
    found = report.ratios["doctor"]
    assert found.facilities == 2
    assert found.mean_of_ratios == pytest.approx((one.ratio + two.ratio) / 2)
    assert found.ratio_of_sums == pytest.approx((one.existing + two.existing) / (one.mid + two.mid))


def test_existing_staff_count_by_cadre_and_share_of_time():
    staff = (person("A"), person("E", NURSE))
    report = run(
        counts("S1", "outpatient_visit", *[400] * 12),
        staff=staff, appointments=(at("A", "S1", share=0.5), at("E", "S1")), facilities=(facility("S1"),),
    )  # fmt: skip
    assert doctor(report).existing == 0.5 and report.of("S1")["nurse"].existing == 1


def test_rows_and_report_read_back():
    report = run(counts("S1", "outpatient_visit", *[400] * 12))
    assert list(report.of("S1")) == ["doctor", "nurse", "midwife"] and report.of("S9") == {}
    assert set(report.to_json()["category_allowance_factor"]) == {"doctor", "nurse", "midwife"}
    assert report.to_json()["norms"][1] == "activity_standards@2021-01-01"
    row = doctor(report).to_json()
    assert row["state"] == "known" and row["lo"] <= row["mid"] <= row["hi"]


def test_an_empty_register_has_no_rows():
    report = workload(Register(), on=ON)
    assert report.rows == () and report.ratios["doctor"].facilities == 0 and report.findings == ()


def test_support_that_takes_all_the_time_of_one_cadre_is_refused():
    time = standards(on=ON).time
    full = {"doctor": [{"amount": 1, "unit": "share", "period": "year"}]}
    with pytest.raises(BadData) as error:
        module._factors(full, ("nurse", "doctor"), time)
    assert [one.fields["cadre"] for one in error.value.findings] == ["doctor"]


def test_a_cadre_without_support_work_has_factor_one():
    half = {"doctor": [{"amount": 0.5, "unit": "share", "period": "year"}]}
    assert module._factors(half, ("doctor", "nurse"), standards(on=ON).time) == {"doctor": 2.0, "nurse": 1.0}


def test_before_the_assumptions_begin_there_is_no_workload():
    with pytest.raises(NormMissing):
        workload(world(), on=date(2020, 12, 31))


def test_fewer_months_may_be_asked_for():
    today = standing(world(service_counts=counts("S1", "outpatient_visit", *[1] * 12)), on=ON)
    found, _ = yearly_services(today, replace(standards(on=ON), months=3))
    assert found["S1"]["outpatient_visit"].window == 3
