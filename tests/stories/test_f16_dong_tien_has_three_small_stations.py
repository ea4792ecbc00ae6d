"""F16: Đồng Thắng, Đồng Tiến, Đồng Lợi: criteria met, 4-5 staff and 5-10 collaborators each, worn, to be upgraded."""

from collections import Counter
from datetime import date

from tests.stories.rows import at_stations
from tramyte.sample import sample

ON = date(2025, 9, 15)


def test_three_stations_meet_the_national_criteria_in_worn_buildings():
    register = sample("15724")
    names = [row.name.removeprefix("Trạm Y tế ") for row in register.facilities]
    assert names == ["Đồng Thắng", "Đồng Tiến", "Đồng Lợi"]
    assert {row.building_grade for row in register.facilities} == {"worn"}
    assert {row.facility: row.is_met for row in register.assessments} == {row.code: True for row in register.facilities}
    assert [row.code for row in register.communes] == ["15724"]


def test_four_or_five_staff_and_five_to_ten_collaborators_each():
    for seed in range(1, 8):
        register = sample("15724", seed=seed)
        people = at_stations(register, ON)
        collaborators = Counter(row.facility for row in register.collaborators)
        assert len(people) == 3
        assert all(len(staff) in (4, 5) for staff in people.values())
        assert all(5 <= collaborators[code] <= 10 for code in people)
        assert not {row.code for row in register.collaborators} & {row.code for row in register.staff}


def test_an_upgrade_of_2025_to_2030_is_planned_for_each():
    register = sample("15724")
    upgrades = {row.facility: row for row in register.projects if row.kind == "upgrade"}
    assert set(upgrades) == {row.code for row in register.facilities}
    assert {(row.start.year, row.end) for row in upgrades.values() if row.start} == {(2025, date(2031, 1, 1))}
