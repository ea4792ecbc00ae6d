"""F1: 101 stations and 26 polyclinics change hands on one day; the Department goes on guiding them."""

from datetime import date

from tests.stories.rows import told
from tramyte.domain.register import roots

BEFORE, AFTER = date(2025, 12, 31), date(2026, 1, 1)


def by_facility(register, on):
    return {row.facility: row for row in register.as_of(on).authorities}


def test_101_stations_and_26_polyclinics_are_handed_over():
    register = told("08")
    kind = {row.code: row.kind for row in register.facilities}
    stations = set(roots(register.facilities).values())
    assert sum(kind[code] == "station" for code in stations) == 101
    assert sum(kind[code] == "polyclinic" for code in stations) == 26
    assert set(by_facility(register, AFTER)) == set(by_facility(register, BEFORE)) == stations


def test_every_commune_has_one_and_three_have_two():
    register = told("08")
    communes = {row.code: row.commune for row in register.facilities}
    at = [communes[code] for code in set(roots(register.facilities).values())]
    assert set(at) == {row.code for row in register.communes}
    assert len(at) - len(set(at)) == 3


def test_all_change_the_managing_authority_on_one_day_under_one_decision_and_none_the_supervising():
    register = told("08")
    before, after = by_facility(register, BEFORE), by_facility(register, AFTER)
    assert sum(before[code].managing != after[code].managing for code in after) == 127
    assert all(row.managing.startswith("Ủy ban nhân dân") for row in after.values())
    assert {(row.decision, row.start) for row in after.values()} == {(after["TYT-01234"].decision, AFTER)}
    assert {row.supervising for row in (*before.values(), *after.values())} == {"Sở Y tế tỉnh Tuyên Quang"}


def test_the_people_go_along():
    register = told("08")
    stations = roots(register.facilities)
    there = [row for row in register.appointments if row.facility in stations]
    assert there
    assert all(row.start and row.start < BEFORE and row.end is None for row in there)
