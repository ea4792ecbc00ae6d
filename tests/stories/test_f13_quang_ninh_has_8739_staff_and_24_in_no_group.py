"""F13: 8,739 staff, 7,164 medical and pharmaceutical, 1,551 other, 2,080 doctors: 24 people are in no group."""

from datetime import date

from tests.stories.rows import at_work, told

ON = date(2025, 3, 5)


def test_the_rows_count_to_the_published_groups():
    register = told("22")
    staff = register.as_of(ON).staff
    titles = [person.title_code for person in staff]
    assert len(staff) == 8_739
    assert len(set().union(*at_work(register, ON).values())) == 8_739
    assert sum(title is not None and title.startswith("V.08.") for title in titles) == 7_164
    assert sum(title is not None and not title.startswith("V.08.") for title in titles) == 1_551
    assert sum(title is not None and title.startswith("V.08.01.") for title in titles) == 2_080


def test_24_people_are_in_no_group():
    assert sum(person.title_code is None for person in told("22").as_of(ON).staff) == 24


def test_the_published_totals_stand_beside_the_rows():
    stated = {row.measure: row.value for row in told("22").totals if row.on == ON}
    assert (stated["staff"], stated["staff_medical"], stated["staff_other"]) == (8_739, 7_164, 1_551)
    assert stated["doctors"] == 2_080
    assert stated["staff"] - stated["staff_medical"] - stated["staff_other"] == 24
