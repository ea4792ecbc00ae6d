"""F15: a plan for 2026-2030, more specialists, five specialties to add, attraction, two pilots with measured effect."""

from collections import Counter
from datetime import date

from tests.stories.rows import titled, told


def test_a_plan_a_policy_and_two_pilots_run_from_2026_to_2030():
    kinds = Counter(
        row.kind for row in told("22").projects if (row.start, row.end) == (date(2026, 1, 1), date(2031, 1, 1))
    )
    assert kinds == {"plan": 1, "policy": 1, "pilot": 2}


def test_the_share_of_specialists_can_be_counted():
    register = told("22")
    doctors = titled(register, "V.08.01.")
    ranks = Counter(person.qualification for person in register.staff if person.code in doctors)
    assert ranks.total() == 2_080
    assert 0.1 < ranks["specialist_1"] / ranks.total() < 0.5
    assert 0.02 < ranks["specialist_2"] / ranks.total() < ranks["specialist_1"] / ranks.total()


def test_posts_for_the_wanted_specialties_are_vacant():
    register = told("22")
    filled = {row.post for row in register.appointments}
    vacant = {row.specialty for row in register.posts if row.code not in filled}
    assert vacant == {"HUYETHOC", "TRUYENMAU", "GHEPTANG", "TIMMACH", "TIEUHOA"}
