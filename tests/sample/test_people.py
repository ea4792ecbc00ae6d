"""People who do not exist: names, ages, moves."""

from datetime import date

import pytest

from tramyte.sample.made import Made
from tramyte.sample.people import DOCTOR, GIVEN, HMONG, MIDWIFE, Job, doctor, hire, move, name

ON = date(2025, 12, 15)


@pytest.fixture
def made():
    return Made("11", "DB", seed=1, families=("Lò", "Giàng"))


def test_a_name_has_a_family_a_middle_and_a_given_part(made):
    for _ in range(40):
        family, given = name(made, "male")
        assert family.split()[0] in ("Lò", "Giàng")
        assert (family.split()[1] == "A") == (family.split()[0] in HMONG)
        assert given in GIVEN["male"]
    assert name(made, "female")[0].split()[1] != "A"


def test_codes_count_up_with_the_prefix(made):
    assert [hire(made, "F", DOCTOR, on=ON).code for _ in range(2)] == ["DB-0001", "DB-0002"]


def test_a_second_level_specialist_holds_the_principal_grade(made):
    assert hire(made, "F", doctor("NOI", "specialist_2"), on=ON).title_code == "V.08.01.02"
    assert hire(made, "F", doctor("NOI", "specialist_1"), on=ON).title_code == "V.08.01.03"


def test_somebody_without_a_title_has_no_licence(made):
    person = hire(made, "F", Job(None, ("college",)), on=ON)
    assert person.title_code is None
    assert not made.register().licences


def test_midwives_are_women(made):
    assert {hire(made, "F", MIDWIFE, on=ON).sex for _ in range(20)} == {"female"}


def test_a_move_ends_the_last_appointment_and_starts_the_next(made):
    person = hire(made, "F", DOCTOR, on=ON)
    move(made, person, "G", on=ON, decision="Số 1")
    old, new = made.register().appointments
    assert (old.facility, old.end) == ("F", ON)
    assert (new.facility, new.start, new.end, new.decision) == ("G", ON, None, "Số 1")
