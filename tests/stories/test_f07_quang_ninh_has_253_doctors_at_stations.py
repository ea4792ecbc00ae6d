"""F7: 253 doctors, 140 from the old stations and 113 transferred in: 4.6 per station."""

from datetime import date, timedelta

from tests.stories.rows import at_stations, titled, told

ON = date(2025, 11, 1)


def doctors(register, on):
    people = at_stations(register, on)
    return set().union(*people.values()) & titled(register, "V.08.01."), len(people)


def test_253_doctors_are_4_6_a_station():
    there, stations = doctors(told("22"), ON)
    assert (len(there), stations) == (253, 55)
    assert round(len(there) / stations, 1) == 4.6


def test_140_come_from_the_old_stations_and_113_were_transferred():
    register = told("22")
    before, _ = doctors(register, ON - timedelta(days=1))
    there, _ = doctors(register, ON)
    assert len(there & before) == 140
    assert len(there - before) == 113
    kind = {row.code: row.kind for row in register.facilities}
    came_from = {kind[row.facility] for row in register.appointments if row.staff in there - before and row.end == ON}
    assert came_from == {"centre"}


def test_nobody_is_employed_for_more_than_full_time():
    for on in (ON - timedelta(days=1), ON):
        today = told("22").as_of(on)
        share: dict[str, float] = {}
        for row in today.appointments:
            share[row.staff] = share.get(row.staff, 0.0) + row.share
        assert max(share.values()) <= 1.0
