"""Legal bases of decisions. What is cited when stands in tests/spec/legal_bases.yaml."""

from __future__ import annotations

from datetime import date

import pytest

from tramyte.domain.errors import NormMissing
from tramyte.norms import legal

KINDS = ("support", "rotation", "secondment", "transfer")
DAYS = (
    date(2025, 7, 1),
    date(2024, 1, 1),
    date(2025, 6, 30),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2027, 1, 1),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("on", DAYS)
def test_a_basis_is_one_clean_clause(kind: str, on: date) -> None:
    found = legal.bases(kind, on=on)
    assert len({basis.text for basis in found}) == len(found) >= 4
    for basis in found:
        assert not basis.text.startswith("Căn cứ")
        assert basis.text == " ".join(basis.text.split()) and basis.text[-1] not in ".;,"
        assert basis.norm_id.startswith("legal_bases@")


@pytest.mark.parametrize("on", DAYS)
def test_each_kind_rests_on_its_own(on: date) -> None:
    assert len({legal.bases(kind, on=on) for kind in KINDS}) == len(KINDS)


def test_what_the_drafter_fills_in_is_marked() -> None:
    found = legal.bases("support", on=DAYS[2])
    assert found[0].is_placeholder and found[-1].is_placeholder
    assert not found[1].is_placeholder


def test_an_unknown_kind_is_missing() -> None:
    with pytest.raises(NormMissing, match="known: support, rotation, secondment, transfer"):
        legal.bases("reception", on=DAYS[2])
