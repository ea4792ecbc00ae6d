from datetime import date

import pytest

from tests.need.worlds import ON, commune, facility, person, world
from tramyte.domain.people import Collaborator
from tramyte.domain.work import PastTour, StatedTotal
from tramyte.need.doctors import count_doctors
from tramyte.need.reconcile import COUNTERS, reconcile
from tramyte.need.standing import standing


def found(register):
    today = standing(register, on=ON)
    return reconcile(today, count_doctors(today))


def total(measure, value, *, on=ON):
    return StatedTotal(measure, on, value, source="Báo cáo 12")


RIGHT = {
    "staff": 7, "staff_medical": 6, "staff_other": 0, "staff_without_title": 1, "doctors": 4, "preventive_doctors": 1,
    "doctors_at_stations": 3, "communes": 3, "communes_with_doctor": 2, "communes_without_doctor": 0, "stations": 2,
    "points": 1, "polyclinics": 1, "hospitals": 1, "centres": 0, "collaborators": 1, "deployed": 1,
}  # fmt: skip


def province(**more):
    base = world()
    return world(
        **{
            "communes": (commune("C1"), commune("C2"), commune("C3"), commune("C4", end=ON)),
            "staff": (*base.staff, person("G", None)),
            "collaborators": (Collaborator("K", "S1", "village", "Vàng", "Mỷ"),),
            "past_tours": (PastTour("F", "S2", "NOI", date(2026, 1, 5), date(2026, 2, 1), "support"),),
            **more,
        }
    )


def test_every_measure_is_counted_from_the_rows():
    today = standing(province(), on=ON)
    assert {name: count(today, count_doctors(today)) for name, count in COUNTERS.items()} == RIGHT


@pytest.mark.parametrize("measure", RIGHT)
def test_a_total_that_adds_up_is_no_finding_and_one_that_does_not_is(measure):
    def codes(value):
        return [one.code for one in found(province(totals=(total(measure, value),))) if one.sheet == "totals"]

    assert codes(RIGHT[measure]) == []
    assert codes(RIGHT[measure] + 1) == ["D012" if measure == "doctors" else "D010"]


def test_a_total_of_another_day_is_left_to_that_day():
    assert [one.code for one in found(world(totals=(total("staff", 99, on=date(2025, 3, 5)),)))] == []


def test_a_total_of_doctors_says_what_it_would_be_with_preventive_doctors():
    (finding,) = found(world(totals=(total("doctors", 5),)))
    assert finding.fields["counted"] == 4 and finding.fields["with_preventive"] == 5
    assert "5" in finding.sentence("vi")


def test_a_measure_nobody_can_count_is_a_finding():
    (finding,) = found(world(totals=(total("beds", 5),)))
    assert finding.code == "D011" and "beds" in finding.sentence("en")


def test_people_without_a_title_are_named():
    register = world(staff=(*world().staff, person("G", None), person("I", None, end=ON)))
    finding = next(one for one in found(register) if one.code == "D014")
    assert finding.fields["staff"] == ["G"] and finding.fields["total"] == 7
    assert "G Lò Văn G" in finding.sentence("vi") and finding.severity == "warning"


def test_people_without_an_appointment_are_named():
    finding = next(one for one in found(world(staff=(*world().staff, person("G", "01.003")))) if one.code == "D016")
    assert finding.fields["staff"] == ["G"]


def test_groups_of_a_paper_that_do_not_add_up_to_its_whole_are_a_finding():
    groups = total("staff_medical", 5), total("staff_other", 0)
    assert [one.code for one in found(world(totals=(total("staff", 6), *groups)))] == ["D010", "D013"]
    assert [one.code for one in found(world(totals=(total("staff", 5), *groups)))] == ["D010", "D010"]


def test_other_staff_have_a_title_that_is_not_of_health():
    register = world(staff=(person("A"), person("B", "01.003")), facilities=(facility("S1"),), appointments=())
    assert COUNTERS["staff_other"](standing(register, on=ON), count_doctors(standing(register, on=ON))) == 1
