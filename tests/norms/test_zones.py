"""Zones of the national criteria. The edges stand in tests/spec/zones.yaml."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.norms import norm
from tramyte.norms.zones import mismatch, zone

ON = date(2026, 1, 8)
TERRAINS = st.sampled_from(["mountain", "remote", "border", "island", "plain", "midland"])


@given(TERRAINS, st.booleans(), st.floats(0, 200), st.floats(0, 200))
def test_farther_is_never_easier(terrain: str, very_hard: bool, one: float, two: float) -> None:
    near, far = sorted((one, two))
    assert zone(terrain, very_hard, km=near, on=ON) <= zone(terrain, very_hard, km=far, on=ON)


@given(TERRAINS, st.floats(0, 200))
def test_a_very_hard_way_is_never_easier(terrain: str, km: float) -> None:
    assert zone(terrain, False, km=km, on=ON) <= zone(terrain, True, km=km, on=ON)


def test_an_unknown_terrain_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="mountain, remote, border, island, plain, midland"):
        zone("sea", False, km=1, on=ON)


def test_every_terrain_has_a_zone_and_a_detour() -> None:
    found = norm("health_zones", on=ON).value
    terrains = {*found["high"]["terrains"], *found["low"]["terrains"]}
    assert terrains | {"unknown"} == set(norm("detour", on=ON).value)


def test_a_zone_of_the_list_that_the_distance_does_not_give_is_a_warning() -> None:
    (finding,) = mismatch(1, terrain="mountain", very_hard=False, km=6.5, on=ON)
    assert (finding.code, finding.severity) == ("N110", "warning")
    assert "6.5" in finding.sentence("en") and "6,5" in finding.sentence("vi")
    assert mismatch(3, terrain="mountain", very_hard=False, km=6.5, on=ON) == ()


@pytest.mark.parametrize(("official", "terrain", "km"), [(None, "plain", 3), (2, None, 3), (2, "plain", None)])
def test_what_is_not_given_is_not_compared(official, terrain, km) -> None:
    assert mismatch(official, terrain=terrain, very_hard=None, km=km, on=ON) == ()
