"""Title codes V.08.01.01 to V.08.11.30, and the shared ones."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.norms import norm, titles

ON = date(2026, 1, 8)


def test_health_titles_are_numbered_1_to_30_without_a_hole() -> None:
    health = [code for code, row in titles.titles(on=ON).items() if row.is_health]
    assert [int(code[-2:]) for code in health] == list(range(1, 31))
    assert health == sorted(health)


def test_every_group_has_one_cadre() -> None:
    by_group: dict[str, set[str]] = {}
    for row in titles.titles(on=ON).values():
        by_group.setdefault(row.group, set()).add(row.cadre)
    assert len(by_group) == 12
    assert all(len(cadres) == 1 for cadres in by_group.values())
    assert by_group["V.08.01"] == {"doctor"} and by_group[""] == {"other"}


def test_grades_fall_within_a_group() -> None:
    for group in {row.group for row in titles.titles(on=ON).values() if row.is_health}:
        grades = [
            ["I", "II", "III", "IV"].index(row.grade or "")
            for row in titles.titles(on=ON).values()
            if row.group == group
        ]
        assert grades == list(range(grades[0], grades[0] + len(grades)))


def test_every_licence_is_a_title_of_the_law() -> None:
    known = set(norm("licence", on=ON).value["titles"])
    assert len(known) == 10
    assert {row.licence for row in titles.titles(on=ON).values()} - {None} <= known


def test_a_title_cites_its_norm() -> None:
    doctor, clerk = titles.title("V.08.01.03", on=ON), titles.title("01.005", on=ON)
    assert doctor and clerk
    assert (doctor.norm_id, clerk.norm_id) == ("titles@2022-06-10", "titles_shared@2022-06-10")
    assert (doctor.group, clerk.group) == ("V.08.01", "")


def test_nobody_can_add_a_title() -> None:
    with pytest.raises(TypeError):
        titles.titles(on=ON)["V.08.12.31"] = None  # type: ignore[index]


@given(st.sampled_from(sorted(titles.titles(on=ON))), st.sampled_from([".", "", " ", "-", "/", ". "]), st.booleans())
def test_a_code_is_found_however_it_is_punctuated(code: str, mark: str, lower: bool) -> None:
    written = code.replace(".", mark)
    assert titles.suggest(written.lower() if lower else written, on=ON) == code


@given(st.text(max_size=20))
def test_a_suggestion_is_a_valid_code_or_nothing(text: str) -> None:
    found = titles.suggest(text, on=ON)
    assert found is None or titles.title(found, on=ON) is not None
