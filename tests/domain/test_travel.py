"""The method of travel is written once, in Vietnamese, and told in the language of its reader."""

import pytest

from tramyte.domain.messages import say
from tramyte.domain.plan import TRAVEL, Objective, Plan, PlanReport

NUMBERS = {
    "vi": {"factor": "1,8", "speed": "22", "pairs": "4.932"},
    "en": {"factor": "1.8", "speed": "22", "pairs": "4,932"},
}


def report(travel):
    plan = Plan((), Objective(), 0, "optimal", 0.0, 1)
    return PlanReport("x", 4, None, plan, (), (), (), travel=travel)


@pytest.mark.parametrize("code", TRAVEL)
def test_every_way_to_measure_is_told_in_both_languages(code):
    found = report(say(code, "vi", **NUMBERS["vi"]))
    assert found.travel_in("vi") == found.travel
    assert found.travel_in("en") == say(code, "en", **NUMBERS["en"])


def test_several_ways_are_told_one_by_one_and_a_planners_own_words_stay():
    note = "đường chim bay × 1,8, 22 km/h (282 cặp); bảng đi lại của tỉnh (9 cặp); đo bằng xe máy"
    assert report(note).travel_in("en") == (
        "great circle × 1.8, 22 km/h (282 pairs); travel sheet of the province (9 pairs); đo bằng xe máy"
    )
    assert report("").travel_in("en") == ""
