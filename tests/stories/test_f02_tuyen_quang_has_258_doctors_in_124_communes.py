"""F2: 24 communes with 1 doctor, 72 with 2, 22 with 3, 6 with 4."""

from collections import Counter
from datetime import date

from tests.stories.rows import at_stations, titled
from tramyte.sample import sample

ON = date(2026, 1, 8)


def by_commune(register):
    commune = {row.code: row.commune for row in register.facilities}
    doctors = titled(register, "V.08.01.")
    found: dict[str, set[str]] = {row.code: set() for row in register.communes}
    for station, people in at_stations(register, ON).items():
        found[commune[station]] |= people & doctors
    return [len(people) for people in found.values()]


def test_the_distribution_and_the_total():
    counts = by_commune(sample("08"))
    assert Counter(counts) == {1: 24, 2: 72, 3: 22, 4: 6}
    assert sum(counts) == 258
    assert round(sum(counts) / len(counts), 2) == 2.08


def test_what_is_short_of_each_target():
    counts = by_commune(sample("08"))
    short = {level: sum(max(0, level - count) for count in counts) for level in (2, 3, 4, 5)}
    assert short == {2: 24, 3: 120, 4: 238, 5: 362}
    assert sum(count >= 4 for count in counts) == 6


def test_it_holds_for_every_seed():
    for seed in (2, 3, 4):
        assert Counter(by_commune(sample("08", seed=seed))) == {1: 24, 2: 72, 3: 22, 4: 6}


def test_there_are_preventive_doctors_at_stations_who_are_not_counted():
    register = sample("08")
    people = set().union(*at_stations(register, ON).values())
    assert people & titled(register, "V.08.02.")
