"""F12: provincial units send for one or two weeks, medical centres for about a month."""

from tests.stories.rows import at_work, told


def test_senders_are_the_hospitals_the_cdc_and_the_medical_centres():
    register = told("11")
    kind = {row.code: row.kind for row in register.facilities}
    assert {(kind[row.facility], row.tier) for row in register.senders} == {
        ("hospital", "P"),
        ("cdc", "P"),
        ("centre", "M"),
    }
    assert sum(kind[row.facility] == "hospital" for row in register.senders) == 2


def test_turns_last_one_or_two_weeks_from_the_province_and_four_from_a_centre():
    weeks = {(row.tier, row.tour_weeks_min, row.tour_weeks_max) for row in told("11").senders}
    assert weeks == {("P", 1, 2), ("M", 4, 4)}


def test_everybody_who_can_be_sent_works_at_a_sender():
    register = told("11")
    work = at_work(register, register.campaign[0].first_monday)
    senders = set().union(*(work[row.facility] for row in register.senders))
    assert {row.staff for row in register.skills} <= senders
