"""Communes and facilities are joined and split: who came before whom, and what figures of earlier days add up to."""

from datetime import date

import pytest

from tramyte.web.succession import COMMUNE, Link, added, before

JOINED = date(2025, 7, 1)
SPLIT = date(2026, 3, 1)
LINKS = (
    Link(COMMUNE, "90001", "00100", "full", JOINED),
    Link(COMMUNE, "90002", "00100", "full", JOINED),
    Link(COMMUNE, "00100", "00100", "part", SPLIT),
    Link(COMMUNE, "00100", "00200", "part", SPLIT),
)


@pytest.mark.parametrize(
    ("code", "at", "units"),
    [
        ("00100", date(2026, 3, 1), {"00100": "full"}),
        ("00100", date(2026, 2, 28), {"00100": "part"}),
        ("00200", date(2025, 8, 1), {"00200": "full", "00100": "part"}),
        ("00200", date(2025, 6, 30), {"00200": "full", "00100": "part", "90001": "part", "90002": "part"}),
    ],
)
def test_a_unit_leads_back_to_those_it_came_from(code, at, units):
    assert before(code, kind=COMMUNE, at=at, on=date(2026, 4, 1), known=LINKS) == units


def test_a_code_that_goes_on_as_another_unit_is_not_its_own_predecessor():
    links = (Link(COMMUNE, "1", "2", "full", JOINED), Link(COMMUNE, "3", "1", "full", JOINED))
    assert before("1", kind=COMMUNE, at=date(2025, 1, 1), on=SPLIT, known=links) == {"3": "full"}
    taken_in = (Link(COMMUNE, "3", "1", "full", JOINED),)
    assert before("1", kind=COMMUNE, at=date(2025, 1, 1), on=SPLIT, known=taken_in) == {"1": "full", "3": "full"}


def test_two_predecessors_that_reported_are_summed_and_both_are_visible():
    units = {"90001": "full", "90002": "full", "90003": "part", "90004": "full"}
    found = added(units, {"90001": 40, "90002": 2, "90003": 7, "90004": None}, {"90001": "Xã Bản Rịa"})
    assert found.total == 42
    assert (found.parts[0].name, found.parts[0].value) == ("Xã Bản Rịa", 40)
    assert [part.code for part in found.missing] == ["90003", "90004"]
    assert added(units, {"90004": None}, {}).total is None
