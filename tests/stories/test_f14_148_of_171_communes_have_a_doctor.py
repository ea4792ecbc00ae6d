"""F14: 148 of 171 communes have a doctor, and 23 doctors are rotated to exactly those that lack one."""

from datetime import date

from tests.stories.rows import at_stations, at_work, titled, told
from tramyte.domain.week import in_force

ON = date(2025, 3, 5)


def test_148_of_171_communes_have_a_doctor():
    register = told("22")
    commune = {row.code: row.commune for row in register.facilities}
    doctors = titled(register, "V.08.01.")
    with_doctor = {commune[code] for code, people in at_stations(register, ON).items() if people & doctors}
    assert len(register.as_of(ON).communes) == 171
    assert len(with_doctor) == 148


def test_23_doctors_of_the_medical_centres_are_on_rotation_to_exactly_the_others():
    register = told("22")
    doctors = titled(register, "V.08.01.")
    out = [row for row in register.past_tours if in_force(row, ON)]
    without = {code for code, people in at_stations(register, ON).items() if not people & doctors}
    assert len(out) == len({row.staff for row in out}) == 23
    assert {row.instrument for row in out} == {"rotation"}
    assert {row.facility for row in out} == without
    centres = {row.code for row in register.facilities if row.kind == "centre"}
    at_centres = set().union(*(at_work(register, ON)[code] for code in centres))
    assert {row.staff for row in out} <= doctors & at_centres


def test_every_old_commune_was_joined_to_a_new_one_of_the_list():
    register = told("22")
    new = {row.code for row in register.communes if row.end is None}
    assert len(new) == 54
    assert {row.successor for row in register.communes if row.end} == new


def test_the_campaign_asks_for_one_doctor_at_each_of_the_23():
    register = told("22")
    doctors = titled(register, "V.08.01.")
    without = {code for code, people in at_stations(register, ON).items() if not people & doctors}
    assert {row.facility: row.count for row in register.requirements} == dict.fromkeys(without, 1)
    assert sum(row.max_away for row in register.away_limits) >= 23
