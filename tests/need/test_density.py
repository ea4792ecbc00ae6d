import doctest
from datetime import date

import pytest

from tests.need.worlds import NURSE, ON, at, commune, person, world
from tramyte.domain.errors import NormMissing
from tramyte.domain.register import Register
from tramyte.need import density
from tramyte.need.density import densities, next_stated

PEOPLED = (commune("C1", population=8000), commune("C2", population=12000))


def row(register, cadre="doctor", place="", **more):
    found, _ = densities(register, on=ON, **more)
    return next(one for one in found if (one.cadre, one.place) == (cadre, place))


def test_the_example_in_the_docstring_holds():
    assert doctest.testmod(density).failed == 0


def test_the_province_counts_all_staff_and_a_commune_those_at_its_stations():
    register = world(communes=PEOPLED)
    assert row(register).people == ("A", "B", "C", "F") and row(register).per_10000 == 2
    assert row(register, place="C2").people == ("C",)
    assert row(register, place="C1").to_json() == {
        "cadre": "doctor", "place": "C1", "people": 2, "population": 8000, "per_10000": 2.5, "target": 19,
        "year": 2030, "wanted": 15.2, "norm": "doctors_per_10000@2024-02-27",
    }  # fmt: skip
    assert row(register, preventive=True).per_10000 == 2.5


def test_nurses_and_university_pharmacists_have_their_own_rows():
    staff = (person("A", "V.08.08.22"), person("B", "V.08.08.23"), person("C", NURSE))
    register = world(communes=PEOPLED, staff=staff, appointments=(at("A", "S1"), at("B", "S1"), at("C", "S1")))
    assert row(register, "pharmacist").people == ("A",)
    assert row(register, "nurse", "C1").people == ("C",)
    assert row(register).people == ()


def test_an_unknown_population_has_no_density_and_makes_the_provinces_unknown_too():
    register = world(communes=(commune("C1", population=8000), commune("C2")))
    (finding,) = densities(register, on=ON)[1]
    assert finding.code == "D034" and finding.fields["places"] == ["C2"]
    assert row(register).per_10000 is None and row(register, place="C1").per_10000 == 2.5
    assert row(register, place="C2").to_json()["per_10000"] is None
    assert row(register, place="C2").to_json()["wanted"] is None


def test_nobody_lives_there_means_no_density_and_no_register_no_population():
    empty = (commune("C1", population=0), commune("C2", population=0))
    assert row(world(communes=empty)).per_10000 is None and row(world(communes=empty)).wanted == 0
    assert row(Register()).population is None


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2025, 12, 31), 2025), (date(2026, 1, 1), 2030), (date(2031, 1, 1), 2050), (date(2060, 1, 1), 2050)],
)
def test_the_target_is_the_one_of_the_next_year_that_the_plan_states(day, year):
    assert next_stated("doctors_per_10000", on=day)[0] == year


def test_before_the_plan_there_is_no_target():
    with pytest.raises(NormMissing):
        densities(world(), on=date(2024, 2, 26))
