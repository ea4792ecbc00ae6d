"""The map: a cell for every commune, none over another, all inside the outline; the islands stand on every map."""

import csv
import json
from itertools import combinations

import pytest
import shapely

from tests.house.tree import ROOT, SRC
from tramyte.web.views.map import CELLS, ISLANDS, drawing
from tramyte.web.views.map import look as colour

CORE = SRC / "sample" / "data" / "communes_core.csv"


def drawn(*what, level=4):
    """Return a map that is there."""
    found = drawing(*what, look=lambda doctors: colour(doctors, level))
    assert found is not None
    return found


def look(frame):
    """Return how the cell of an island group looks."""
    return frame.cell.look if frame.cell else None


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ALL = rows(CELLS)
PROVINCES = sorted({row["province"] for row in ALL})


def shape(path):
    """Return a path of the drawing as a shape."""
    parts = []
    for ring in path.split("M")[1:]:
        start, steps = ring.rstrip("z").split("l")
        spot = tuple(map(int, start.split()))
        numbers = list(map(int, steps.split()))
        corners = [spot]
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            spot = (spot[0] + across, spot[1] + down)
            corners.append(spot)
        parts.append(shapely.Polygon(corners).buffer(0))
    return shapely.union_all(parts)


def test_every_commune_of_the_country_has_a_cell_but_the_islands_which_have_a_frame():
    cells = {row["commune"]: row["province"] for row in ALL if row["commune"]}
    known = {row["code"]: row["province_code"] for row in rows(CORE)}
    assert cells == {code: province for code, province in known.items() if code not in ISLANDS}
    assert len(cells) == 3319 and len(PROVINCES) == 34


@pytest.mark.parametrize("province", PROVINCES)
def test_cells_fill_the_outline_and_none_lies_over_another(province):
    cells = {row["commune"]: shape(row["path"]) for row in ALL if row["province"] == province}
    land = cells.pop("")
    assert all(not cell.is_empty and cell.is_valid for cell in cells.values())
    whole = shapely.union_all(list(cells.values()))
    assert land.difference(whole).area < 0.01 * land.area, "the cells fill the land"
    at_sea = [cell for cell in cells.values() if not cell.intersects(land)]
    outside = whole.difference(land.buffer(2)).difference(shapely.union_all(at_sea))
    assert outside.area < 0.001 * land.area, "no cell reaches beyond the outline"
    over = sum(one.intersection(other).area for one, other in combinations(cells.values(), 2))
    assert over < 0.005 * land.area, "whole units of the drawing overlap by a hair at most"


def test_each_number_stands_inside_its_cell():
    for row in ALL:
        if row["commune"]:
            spot = shapely.Point(int(row["x"]), int(row["y"]))
            assert shape(row["path"]).distance(spot) <= 1, row["commune"]


@pytest.mark.parametrize("province", PROVINCES)
def test_the_islands_stand_on_the_map_of_every_province(province):
    found = drawn(province, {}, {})
    assert [frame.name for frame in found.frames] == ["Hoàng Sa", "Trường Sa"]
    left, top, width, height = map(int, found.box.split())
    for frame in found.frames:
        assert all(left < x < left + width and top < y < top + height for x, y in frame.dots)
        assert frame.x + frame.width < left + width and frame.lines[1] < top + height
        assert frame.cell is None


def test_the_numbers_of_the_islands_show_on_the_maps_of_their_provinces():
    found = drawn("48", {"20333": 1, "20194": None, "99999": 2}, {"20333": "Đặc khu Hoàng Sa"})
    assert [look(one) for one in found.frames] == ["d1", None]
    assert found.missing == 1, "a commune without a cell is counted, not left out"
    assert {cell.look for cell in found.cells} == {""}
    assert look(drawn("56", {"22736": 7}, {}).frames[1]) == "d5"


def test_a_province_that_nobody_knows_has_no_map():
    assert drawing("99", {}, {}, look=str) is None


def test_colours_tell_who_reaches_the_target_whatever_it_is():
    assert [colour(doctors, 4) for doctors in range(8)] == ["d0", "d1", "d2", "d3", "d4", "d5", "d5", "d5"]
    assert [colour(doctors, 6) for doctors in range(8)] == ["d0", "d0", "d0", "d1", "d2", "d3", "d4", "d5"]
    assert [colour(doctors, 2) for doctors in range(5)] == ["d2", "d3", "d4", "d5", "d5"]
    assert [colour(doctors, None) for doctors in range(7)] == ["d0", "d1", "d2", "d3", "d4", "d5", "d5"]
    assert look(drawn("56", {"22736": 4}, {}, level=5).frames[1]) == "d3"


def test_the_outlines_are_those_of_natural_earth():
    found = json.loads((ROOT / "tools" / "data" / "provinces_34_naturalearth.geojson").read_text("utf-8"))
    assert sorted(one["properties"]["code"] for one in found["features"]) == PROVINCES
