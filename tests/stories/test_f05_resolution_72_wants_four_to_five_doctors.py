"""F5: at least 4-5 doctors at each station by 2027; how far Tuyên Quang is from it."""

from datetime import date

from tests.stories.rows import at_stations, titled, told
from tramyte.norms import norm

ON = date(2026, 1, 8)


def test_the_target_is_four_to_five_by_2027():
    target = norm("doctors_per_station", on=ON).value
    assert (target["min"], target["max"], target["by"]) == (4, 5, 2027)


def test_few_stations_of_tuyen_quang_reach_it():
    register = told("08")
    target = norm("doctors_per_station", on=ON).value
    doctors = titled(register, "V.08.01.")
    counts = [len(people & doctors) for people in at_stations(register, ON).values()]
    assert len(counts) == 127
    assert sum(count >= target["min"] for count in counts) <= 6
    assert sum(count >= target["max"] for count in counts) == 0
