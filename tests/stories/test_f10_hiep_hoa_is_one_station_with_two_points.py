"""F10: Hiệp Hòa ward: one main station, two points, staff assigned to areas, the household list reviewed."""

from datetime import date

from tests.stories.rows import at_work, told

ON = date(2025, 11, 1)


def test_one_main_station_and_two_points_with_their_own_staff():
    register = told("22")
    here = [row for row in register.as_of(ON).facilities if row.commune == "07147"]
    assert sorted(row.kind for row in here) == ["point", "point", "station"]
    work = at_work(register, ON)
    assert all(work[row.code] for row in here)


def test_the_household_list_is_reviewed():
    (project,) = (row for row in told("22").projects if row.kind == "household_review")
    assert project.facility == "TYT-07147"
