"""F4: Phố Là, Phố Cáo and Lũng Thầu below the polyclinic, 17 staff, over 15,700 people, no doctor at Phố Cáo."""

from datetime import date

from tests.stories.rows import at_stations, at_work, titled, told

ON = date(2026, 1, 8)
CLINIC = "PK-00745"


def below(register):
    return {row.name.removeprefix("Trạm Y tế "): row for row in register.facilities if row.parent == CLINIC}


def test_three_stations_roll_up_to_the_polyclinic():
    register = told("08")
    assert set(below(register)) == {"Phố Là", "Phố Cáo", "Lũng Thầu"}
    assert {row.kind for row in below(register).values()} == {"station"}
    assert len(at_stations(register, ON)[CLINIC]) == 17


def test_it_answers_for_over_15_700_people():
    (clinic,) = (row for row in told("08").facilities if row.code == CLINIC)
    assert 15_700 < (clinic.catchment_population or 0) < 15_800


def test_pho_cao_has_staff_but_no_doctor_and_is_planned_to_become_a_polyclinic():
    register = told("08")
    code = below(register)["Phố Cáo"].code
    people = at_work(register, ON)[code]
    assert people
    assert not people & titled(register, "V.08.01.")
    (project,) = (row for row in register.projects if row.facility == code)
    assert project.kind == "plan"
    assert "phòng khám đa khoa khu vực" in project.name


def test_four_specialties_are_wanted():
    register = told("08")
    filled = {row.post for row in register.appointments}
    wanted = {row.specialty for row in register.posts if row.facility == CLINIC and row.code not in filled}
    assert wanted == {"NOI", "NGOAI", "SAN", "NHI"}
