from tests.need.worlds import ON, person, world
from tramyte.need.cadres import CADRES, by_cadre, cadre_of, is_university_pharmacist
from tramyte.need.standing import standing
from tramyte.norms import titles


def test_each_person_has_the_cadre_of_the_title():
    cadres, findings = cadre_of(standing(world(), on=ON))
    assert [cadres[code] for code in "ADE"] == ["doctor", "preventive_doctor", "nurse"]
    assert findings == ()


def test_every_cadre_of_the_law_has_a_row():
    assert {title.cadre for title in titles.titles(on=ON).values()} <= set(CADRES)


def test_a_title_nobody_knows_is_named_and_no_title_is_left_to_its_own_finding():
    staff = (person("A", "V.08.01.99"), person("B", None))
    cadres, (finding,) = cadre_of(standing(world(staff=staff), on=ON))
    assert set(cadres.values()) == {"no_title"}
    assert finding.code == "D015" and finding.fields["staff"] == ["A"] and "V.08.01.99" in finding.sentence("vi")


def test_people_of_a_station_fall_into_cadres_with_their_working_time():
    assert by_cadre({"B": 1.0, "A": 0.5}, {"A": "doctor", "B": "nurse"}) == {"doctor": {"A": 0.5}, "nurse": {"B": 1.0}}


def test_a_pharmacist_below_university_level_is_not_what_the_network_plan_counts():
    assert is_university_pharmacist("V.08.08.22", on=ON)
    assert not is_university_pharmacist("V.08.08.23", on=ON)
    assert not is_university_pharmacist("V.08.05.12", on=ON)
    assert not is_university_pharmacist("", on=ON)
