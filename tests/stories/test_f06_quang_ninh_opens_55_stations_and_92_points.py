"""F6: from 1 November 2025, two stations in Vân Đồn and at least one in every commune-level unit."""

from collections import Counter
from datetime import date, timedelta

from tests.stories.rows import told
from tramyte.domain.register import roots

ON = date(2025, 11, 1)


def kinds(on):
    return Counter(row.kind for row in told("22").as_of(on).facilities)


def test_55_stations_and_92_points_stand():
    assert kinds(ON)["station"] == 55
    assert kinds(ON)["point"] == 92


def test_they_start_that_day_and_the_171_old_ones_end():
    assert kinds(ON - timedelta(days=1))["station"] == 171
    assert kinds(ON - timedelta(days=1))["point"] == 0


def test_every_commune_has_one_and_van_don_two_mainland_and_island():
    today = told("22").as_of(ON)
    stations = [row for row in today.facilities if row.code in set(roots(today.facilities).values())]
    at = Counter(row.commune for row in stations)
    assert set(at) == {row.code for row in today.communes}
    assert len(at) == 54
    assert {commune: count for commune, count in at.items() if count > 1} == {"06994": 2}
    van_don = {row.terrain for row in stations if row.commune == "06994"}
    assert "island" in van_don
    assert len(van_don) == 2
