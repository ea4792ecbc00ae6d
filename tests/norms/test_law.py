"""Every file of the law says where it comes from, how sure it is, and when it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tramyte.domain.errors import NormMissing
from tramyte.norms import every, names, norm, titles

CONFIDENCE = {"H", "M", "L"}
EVERY = [pytest.param(row, id=row.id) for name in names() for row in every(name)]
NUMBERS_OF_LAW = ("staffing_03_2023", "retirement", "health_zones", "doctors_per_station", "titles")


@pytest.mark.parametrize("row", EVERY)
def test_every_key_is_filled(row) -> None:
    for texts in (row.title, row.unit):
        assert set(texts) == {"vi", "en"}
        assert all(isinstance(text, str) and text.strip() for text in texts.values())
    assert row.source.strip() and row.article.strip() and row.note.strip()
    assert row.confidence in CONFIDENCE
    assert isinstance(row.draft, bool)
    assert row.value is not None
    assert type(row.start) is date and (row.end is None or type(row.end) is date)


@pytest.mark.parametrize("name", names())
def test_spans_follow_each_other_and_do_not_overlap(name: str) -> None:
    rows = every(name)
    assert all(row.end is None or row.start < row.end for row in rows)
    assert all(before.end is not None and before.end <= after.start for before, after in pairwise(rows))


@pytest.mark.parametrize("name", names())
def test_outside_its_days_a_norm_is_missing(name: str) -> None:
    rows = every(name)
    assert norm(name, on=rows[0].start) is rows[0]
    with pytest.raises(NormMissing, match=name):
        norm(name, on=rows[0].start - timedelta(days=1))
    for row in rows:
        if row.end is not None:
            assert norm(name, on=row.end - timedelta(days=1)) is row
    last = rows[-1].end
    if last is None:
        assert norm(name, on=date(2100, 1, 1)) is rows[-1]
    else:
        with pytest.raises(NormMissing, match=name):
            norm(name, on=last)


@pytest.mark.parametrize("row", EVERY)
def test_no_comma_of_a_sentence_became_a_key(row) -> None:
    # {vi: Tiêm, truyền} is two keys to YAML, the second one empty; a key of ours is one short word
    for key, value in _pairs(row.value):
        assert not (isinstance(key, str) and " " in key), f"{row.id}: put quotes around {key!r} ({value!r})"


@pytest.mark.parametrize("row", EVERY)
def test_what_a_user_reads_is_said_in_both_languages(row) -> None:
    for item in _mappings(row.value):
        assert ("vi" in item) == ("en" in item), row.id
        assert all(str(item[lang]).strip() for lang in ("vi", "en") if lang in item)


@pytest.mark.parametrize("name", NUMBERS_OF_LAW)
def test_what_everything_rests_on_is_well_read(name: str) -> None:
    assert norm(name, on=date(2026, 1, 8)).confidence == "H"


@pytest.mark.parametrize(
    "name", ["activity_standards", "wisn_allowances", "deployment_costs", "detour", "unverified", "exemptions_local"]
)
def test_an_assumption_is_never_called_sure(name: str) -> None:
    assert norm(name, on=date(2026, 1, 8)).confidence == "L"


def test_open_conflicts_name_norms_that_exist() -> None:
    found = norm("open_conflicts", on=date(2026, 1, 8)).value
    assert len(found) == 11
    assert {name for row in found for name in row["norms"]} <= set(names())


def test_points_of_the_criteria_add_up() -> None:
    found = norm("criteria_1300", on=date(2026, 1, 8)).value
    single = sum(row["points"] or 0 for row in found["criteria"].values())
    assert single + sum(row["points"] for row in found["together"]) == found["total"] == 100


def test_the_shares_of_support_leave_time_for_patients() -> None:
    for rows in norm("wisn_allowances", on=date(2026, 1, 8)).value["category"].values():
        assert sum(row["amount"] for row in rows if row["unit"] == "share") < 1


def test_the_bounds_of_a_standard_stand_around_it() -> None:
    services = norm("activity_standards", on=date(2026, 1, 8)).value
    for row in services.values():
        for minutes in row["minutes"].values():
            assert 0 < minutes["low"] <= minutes["usual"] <= minutes["high"]


def test_specialties_with_the_full_allowance_are_specialties() -> None:
    on = date(2026, 1, 8)
    full = norm("professional_allowance", on=on).value["specialties_full"]
    assert set(full) <= set(norm("specialties", on=on).value)


def test_positions_at_a_station_are_cadres_of_the_titles() -> None:
    on = date(2026, 1, 8)
    cadres = {row.cadre for row in titles.titles(on=on).values()}
    assert set(norm("station_positions", on=on).value["professional"]) == cadres - {"other"}
    staffing = norm("staffing_03_2023", on=on).value
    assert {*staffing["structure"], *staffing["structure_by_need"]} <= cadres
    assert set(norm("instruments", on=on).value["rotation"]["who"]) <= cadres


def test_qualifications_that_may_stay_on_are_on_the_ladder() -> None:
    on = date(2026, 1, 8)
    ladder = norm("qualifications", on=on).value
    assert set(norm("retirement_later", on=on).value["qualifications"]) <= set(ladder)
    assert ladder["specialist_2"]["rank"] == ladder["doctorate"]["rank"] > ladder["specialist_1"]["rank"]


def _pairs(value: Any) -> Iterator[tuple[object, object]]:
    for item in _mappings(value):
        yield from item.items()


def _mappings(value: Any) -> Iterator[Mapping[Any, Any]]:
    if isinstance(value, Mapping):
        yield value
        for item in value.values():
            yield from _mappings(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _mappings(item)
