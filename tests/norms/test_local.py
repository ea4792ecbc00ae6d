"""A province chooses among readings and sets what nobody verified, from a day on; the law itself stays as it is."""

from datetime import date
from typing import Any

import pytest

from tests.need.worlds import facility, world
from tramyte.need import needs
from tramyte.norms import norm
from tramyte.norms.local import LAW, Change, Law, conflicts, parameters
from tramyte.norms.staffing import readings

NORM = "staffing_03_2023"
FROM = date(2026, 3, 1)
DAY_BEFORE = date(2026, 2, 28)


def law(part, value, *, name=NORM, start=FROM, **more):
    return Law((Change(name, part, value, start, **more),))


def test_a_chosen_reading_narrows_the_norm_from_its_day_on():
    chosen = law("readings.step", "lo", source="Công văn 12")
    assert {one.step for one in readings(on=DAY_BEFORE, law=chosen)} == {"hi", "lo"}
    assert {one.step for one in readings(on=FROM, law=chosen)} == {"lo"}
    found = chosen.norm(NORM, on=FROM)
    assert found.id == f"{NORM}@2023-04-05+2026-03-01" and "Công văn 12" in found.note
    assert norm(NORM, on=FROM).value["readings"]["step"] == ("hi", "lo")
    assert LAW.norm(NORM, on=FROM) == norm(NORM, on=FROM)


def test_the_last_value_counts_and_none_is_the_law_again():
    both = Law((Change(NORM, "readings.step", "lo", FROM), Change(NORM, "readings.step", None, date(2026, 5, 1))))
    assert both.norm(NORM, on=date(2026, 4, 30)).value["readings"]["step"] == ("lo",)
    assert both.norm(NORM, on=date(2026, 5, 1)) == norm(NORM, on=date(2026, 5, 1))


def test_a_number_deep_in_a_list_is_replaced_alone():
    found = law("individual.0.amount", 4, name="wisn_allowances").norm("wisn_allowances", on=FROM).value
    assert (found["individual"][0]["amount"], found["individual"][1]["amount"]) == (4, 12)
    assert norm("wisn_allowances", on=FROM).value["individual"][0]["amount"] == 8


def test_what_may_be_set_is_what_is_open_or_not_verified():
    assert {one.part for one in parameters(NORM, on=FROM)} == {
        f"readings.{name}" for name in norm(NORM, on=FROM).value["readings"]
    }
    assert {one.part for one in parameters("doctors_per_station", on=FROM)} == {"min", "max", "by"}
    assert not parameters("retirement", on=FROM)
    assert conflicts("doctors_per_station", on=FROM)


def test_a_written_value_is_a_choice_or_a_number_of_either_language():
    step, level = parameters(NORM, on=FROM)[1], parameters("doctors_per_station", on=FROM)[0]
    assert step.read(" lo ") == "lo" and level.read("5") == 5
    for one, text in ((step, "middle"), (level, "4,5"), (level, "-1"), (level, "bốn")):
        with pytest.raises(ValueError):
            one.read(text)
    share = next(one for one in parameters("unverified", on=FROM) if one.part == "rotation_allowance_of_base")
    assert share.read("0,7") == 0.7


def test_the_need_follows_the_law_that_is_handed_over():
    places = world(facilities=(facility("S1", catchment_population=15_700, zone=2),))
    before: Any = needs(places, on=FROM).rows["S1"]["all"].norm
    after: Any = needs(places, on=FROM, law=law("readings.step", "lo")).rows["S1"]["all"].norm
    assert before.lo < after.lo and before.hi == after.hi and after.norm_id.endswith("+2026-03-01")
    then: Any = needs(places, on=DAY_BEFORE, law=law("readings.step", "lo")).rows["S1"]["all"].norm
    assert (then.lo, then.hi) == (before.lo, before.hi)
    levels = needs(places, on=FROM, law=law("min", 5, name="doctors_per_station")).targets
    assert {one.level for one in levels} == {5}


def test_every_number_of_an_uncertain_norm_may_be_set_in_lists_too_and_words_and_answers_may_not():
    found = {one.part: one.value for one in parameters("wisn_allowances", on=FROM)}
    value = norm("wisn_allowances", on=FROM).value
    assert found["individual.1.amount"] == value["individual"][1]["amount"] == 12
    assert found and all(isinstance(one, int | float) and not isinstance(one, bool) for one in found.values())
