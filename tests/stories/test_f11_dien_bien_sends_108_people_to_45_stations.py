"""F11: 55 doctors and 53 preventive staff, sent to 45 stations on 15 December 2025."""

from datetime import date

import pytest

from tests.stories.rows import by_code, primary_skills, told
from tramyte.rotation.build import build
from tramyte.rotation.solve import solve

DOCTORS = {"NOI", "NHI", "CDHA", "HSCC"}
PREVENTIVE = {"GSD", "TCMR", "ATTP"}


def test_55_doctors_and_53_preventive_staff_are_108():
    heads = primary_skills(told("11"))
    assert set(heads) == DOCTORS | PREVENTIVE
    assert sum(heads[skill] for skill in DOCTORS) == 55
    assert sum(heads[skill] for skill in PREVENTIVE) == 53
    assert heads.total() == 108


def test_the_55_have_a_doctor_s_title_and_the_53_have_not():
    register = told("11")
    staff = by_code(register)
    for row in register.skills:
        is_doctor = (staff[row.staff].title_code or "").startswith("V.08.01.")
        assert is_doctor == (row.skill in DOCTORS)


def test_every_one_of_45_stations_asks_for_somebody_from_15_december():
    register = told("11")
    stations = {row.code for row in register.facilities if row.kind == "station"}
    assert len(stations) == len(register.communes) == 45
    assert {row.facility for row in register.requirements} == stations
    assert register.campaign[0].first_monday == date(2025, 12, 15)
    assert sum(row.kind == "point" for row in register.facilities) == 84


@pytest.mark.long
def test_the_plan_sends_all_108_people_and_reaches_all_45_stations():
    problem, _ = build(told("11"), synthetic=True)
    plan = solve(problem, work=4000, seed=1)
    assert len({tour.staff for tour in plan.assignments}) == 108
    assert len({tour.station for tour in plan.assignments}) == 45
    assert sum(row.critical for row in plan.unmet) == 0
