from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.need.worlds import DOCTOR, ON, at, commune, facility, person, world
from tramyte.domain.register import Register
from tramyte.domain.work import PastTour
from tramyte.need.doctors import Spread, doctors
from tramyte.need.standing import standing

SHORT = {"2": 1, "3": 3, "4": 5, "5": 7}


def test_doctors_of_points_and_child_stations_roll_up_to_the_station():
    count = doctors(world(), on=ON)
    assert count.to_json() == {
        "doctors": {"communes": 2, "total": 3, "distribution": {"1": 1, "2": 1}, "mean": 1.5, "short": SHORT},
        "doctors_by_station": {
            "stations": 2, "total": 3, "distribution": {"1": 1, "2": 1}, "mean": 1.5, "short": SHORT,
        },
    }  # fmt: skip
    assert count.findings == ()


def test_a_station_reads_aloud():
    assert repr(standing(world(), on=ON).stations[0]) == "<Station Cơ sở S1, S1, 2 buildings>"


def test_every_figure_opens_to_its_people():
    count = doctors(world(), on=ON)
    assert count.stations.places == {"S1": ("A", "B"), "S2": ("C",)}
    assert count.communes.places == {"C1": ("A", "B"), "C2": ("C",)}


def test_preventive_doctors_count_only_when_asked():
    assert doctors(world(), on=ON, preventive=True).stations.places["S1"] == ("A", "B", "D")


def test_a_commune_without_doctors_is_short_of_all_of_them_and_no_count_is_zero():
    only = doctors(world(appointments=(at("A", "S1"),)), on=ON)
    assert only.communes.to_json("communes") == {
        "communes": 2, "total": 1, "distribution": {"0": 1, "1": 1}, "mean": 0.5,
        "short": {"2": 3, "3": 5, "4": 7, "5": 9},
    }  # fmt: skip


def test_a_person_with_two_appointments_in_one_commune_counts_once_there():
    places = (facility("S1"), facility("S2"))
    register = world(
        communes=(commune("C1"),), facilities=places, appointments=(at("A", "S1", share=0.5), at("A", "S2", share=0.5))
    )
    count = doctors(register, on=ON)
    assert count.communes.places == {"C1": ("A",)}
    assert count.stations.places == {"S1": ("A",), "S2": ("A",)}
    (finding,) = count.findings
    assert finding.code == "D003" and finding.fields["staff"] == ["A"]


@pytest.mark.parametrize(
    "change",
    [
        {"staff": (person("A", end=ON), person("B"), person("C"))},
        {"staff": (person("B"), person("C"))},
        {"appointments": (at("A", "S1", end=ON), at("B", "P1"), at("C", "S3"))},
        {"appointments": (at("A", "S1", start=date(2026, 1, 9)), at("B", "P1"), at("C", "S3"))},
    ],
)
def test_person_and_appointment_must_be_in_force_on_the_day(change):
    assert doctors(world(**change), on=ON).stations.places == {"S1": ("B",), "S2": ("C",)}


def test_people_at_a_building_that_stands_no_more_are_named():
    places = (facility("S1"), facility("P1", kind="point", parent="S9"), facility("S2", "C2", end=ON))
    rows = (at("A", "S1"), at("B", "P1"), at("C", "S2"))
    count = doctors(world(communes=(commune("C1"),), facilities=places, appointments=rows), on=ON)
    assert count.stations.places == {"S1": ("A",)}
    assert count.communes.places == {"C1": ("A",)}
    (finding,) = count.findings
    assert finding.code == "D002" and finding.fields["staff"] == ["B", "C"]


def tour(instrument: str, *, end: date = date(2026, 2, 1)) -> tuple[PastTour, ...]:
    return (PastTour("A", "S1", "NOI", date(2026, 1, 5), end, instrument),)


def test_people_there_on_deployment_are_not_counted_and_are_named():
    count = doctors(world(past_tours=tour("rotation")), on=ON)
    assert count.stations.places["S1"] == ("B",)
    (finding,) = count.findings
    assert finding.code == "D001" and finding.fields["staff"] == ["A"]


def test_a_transfer_or_a_tour_that_is_over_is_no_deployment():
    assert doctors(world(past_tours=tour("transfer")), on=ON).stations.places["S1"] == ("A", "B")
    assert doctors(world(past_tours=tour("rotation", end=ON)), on=ON).stations.places["S1"] == ("A", "B")


def test_who_is_away_on_deployment_still_counts_at_home():
    away = PastTour("A", "S2", "NOI", date(2026, 1, 5), date(2026, 2, 1), "support")
    count = doctors(world(past_tours=(away,)), on=ON)
    assert count.stations.places == {"S1": ("A", "B"), "S2": ("C",)}


def test_an_old_commune_is_followed_to_its_successor():
    joined = date(2025, 7, 1)
    communes = (
        commune("C1", end=joined, successor="C1"),
        commune("C1", start=joined),
        commune("C2", end=joined, successor="C3"),
        commune("C3", end=joined, successor="C1"),
    )
    assert doctors(world(communes=communes), on=ON).communes.places == {"C1": ("A", "B", "C")}
    assert set(doctors(world(communes=communes), on=date(2025, 6, 30)).communes.places) == {"C1", "C2"}


def test_successors_that_run_in_a_circle_or_nowhere_leave_the_commune_as_written():
    past = date(2025, 7, 1)
    circle = (commune("C1", end=past, successor="C2"), commune("C2", end=past, successor="C1"))
    assert set(doctors(world(communes=circle), on=ON).communes.places) == {"C1", "C2"}
    nowhere = (commune("C1", end=past, successor="C9"),)
    assert set(doctors(world(communes=nowhere), on=ON).communes.places) == {"C1", "C2"}


def test_a_station_in_a_commune_that_ended_is_named_and_counts_as_written():
    count = doctors(world(communes=(commune("C1"), commune("C2", end=ON))), on=ON)
    assert set(count.communes.places) == {"C1", "C2"}
    (finding,) = count.findings
    assert finding.code == "D004" and finding.fields["places"] == ["S2"] and "S2 (C2)" in finding.sentence("vi")


def test_a_commune_without_a_station_is_named_and_not_counted():
    count = doctors(world(communes=(commune("C1"), commune("C2"), commune("C3"))), on=ON)
    assert len(count.communes.places) == 2
    (finding,) = count.findings
    assert finding.code == "D005" and finding.fields["places"] == ["C3"] and finding.where == "communes"


@given(st.lists(st.integers(0, 7), max_size=20), st.sets(st.integers(1, 9)))
def test_distribution_total_and_shortage_agree_with_a_plain_count(counts, levels):
    spread = Spread({str(place): ("A",) * count for place, count in enumerate(counts)}, tuple(sorted(levels)))
    assert sum(spread.distribution.values()) == len(counts) and 0 not in spread.distribution.values()
    assert sum(count * places for count, places in spread.distribution.items()) == spread.total == sum(counts)
    assert spread.short == {level: sum(level - count for count in counts if count < level) for level in levels}


def test_an_empty_register_has_no_mean():
    assert doctors(Register(), on=ON).to_json()["doctors"] == {
        "communes": 0, "total": 0, "distribution": {}, "mean": None, "short": {"2": 0, "3": 0, "4": 0, "5": 0},
    }  # fmt: skip


def test_the_mean_rounds_half_up():
    assert Spread({str(place): ("A",) * (1 if place else 2) for place in range(8)}).mean == 1.13


def test_levels_are_a_parameter():
    assert doctors(world(), on=ON, levels=(1,)).communes.short == {1: 0}


def test_many_people_in_a_finding_are_cut_in_the_sentence_and_whole_in_the_fields():
    staff = tuple(person(f"N{number:03}", DOCTOR) for number in range(70))
    rows = tuple(at(one.code, "X") for one in staff)
    (finding,) = doctors(world(staff=staff, appointments=rows), on=ON).findings
    assert len(finding.fields["staff"]) == 70
    assert "(+10)" in finding.sentence("vi")
