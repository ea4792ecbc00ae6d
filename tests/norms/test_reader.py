"""The law is asked on a day, and answers only on its days."""

from __future__ import annotations

from datetime import date

import pytest

from tramyte.domain.errors import NormMissing
from tramyte.norms import every, names, norm


def test_a_norm_cites_its_source() -> None:
    found = norm("doctors_per_station", on=date(2025, 9, 9))
    assert found.id == "doctors_per_station@2025-09-09"
    assert "72-NQ/TW" in found.source
    assert repr(found).startswith("<Norm doctors_per_station@2025-09-09: Nghị quyết 72-NQ/TW")


def test_an_unknown_name_is_missing() -> None:
    with pytest.raises(NormMissing, match="no_such_norm has no value on 2026-01-08") as caught:
        norm("no_such_norm", on=date(2026, 1, 8))
    assert caught.value.known_in("vi") == "không có quy định nào mang tên này"
    assert caught.value.known_in("en") == "no norm has this name"
    with pytest.raises(KeyError):
        every("no_such_norm")


def test_a_missing_norm_tells_its_days() -> None:
    with pytest.raises(NormMissing, match="2024-07-01 to 2026-06-30; from 2026-07-01 on") as caught:
        norm("base_salary", on=date(2024, 6, 30))
    assert caught.value.spans == ((date(2024, 7, 1), date(2026, 7, 1)), (date(2026, 7, 1), None))
    assert caught.value.known_in("vi") == "01/07/2024 đến 30/06/2026; từ 01/07/2026"


def test_nobody_can_change_the_law() -> None:
    found = norm("doctors_per_station", on=date(2026, 1, 8))
    with pytest.raises(TypeError):
        found.value["min"] = 3
    assert isinstance(norm("exemptions", on=date(2026, 1, 8)).value["mother"], type(found.value))
    assert isinstance(norm("document_layout", on=date(2026, 1, 8)).value["authority_forms"], tuple)


def test_names_are_sorted_and_complete() -> None:
    assert list(names()) == sorted(names())
    asked = {"titles", "retirement", "health_zones", "legal_bases", "instruments", "exemptions", "licence",
             "staffing_03_2023", "staffing_08_2007", "sender_minimum", "qualifications", "specialties"}  # fmt: skip
    assert asked <= set(names())
