from datetime import date

import pytest

from tests.need.worlds import ON, at, world
from tramyte.domain.errors import NormMissing
from tramyte.need import needs
from tramyte.need.target import DOCTORS, levels, stated, targets
from tramyte.norms.local import LAW, Change, Law


def test_both_levels_stand_per_station_and_per_commune():
    found = targets(world(), on=ON)
    assert [(one.per, one.level, one.short, one.met) for one in found] == [
        ("station", 4, 5, 0), ("station", 5, 7, 0), ("commune", 4, 5, 0), ("commune", 5, 7, 0),
    ]  # fmt: skip


def test_the_worst_place_comes_first_and_a_place_that_reaches_the_level_is_left_out():
    rows = (*(at(code, "S1") for code in "ABCF"), at("C", "S3"))
    four = targets(world(appointments=rows), on=ON)[0]
    assert four.missing == {"S2": 3} and four.met == 1
    assert list(targets(world(), on=ON)[0].missing.items()) == [("S2", 3), ("S1", 2)]


def test_the_distribution_is_read_before_the_mean():
    found = targets(world(), on=ON)[0].to_json()
    assert list(found) == ["per", "level", "by", "places", "distribution", "met", "short", "mean", "missing", "norm"]
    assert found["by"] == 2027 and found["norm"] == "doctors_per_station@2025-09-09"


def test_preventive_doctors_count_towards_the_target_only_when_asked():
    assert targets(world(), on=ON, preventive=True)[0].short == 4


def test_there_is_no_target_before_the_resolution():
    with pytest.raises(NormMissing):
        targets(world(), on=date(2025, 3, 5))
    assert stated(LAW, on=date(2025, 3, 5)) is None and levels(None) == ()


def test_levels_are_those_of_the_law_that_is_handed_over_and_each_stands_once():
    def law(**values):
        return Law(tuple(Change(DOCTORS, part, value, ON) for part, value in values.items()))

    assert [levels(stated(law(**given), on=ON)) for given in ({}, {"min": 3, "max": 6}, {"min": 5})] == [
        (4, 5), (3, 6), (5,),
    ]  # fmt: skip
    report = needs(world(), on=ON, law=law(min=1, max=6))
    assert set(report.doctors.stations.short) == {1, 2, 3, 4, 5, 6}
    assert [(one.per, one.level) for one in needs(world(), on=ON, law=law(min=5)).targets] == [
        ("station", 5), ("commune", 5),
    ]  # fmt: skip
