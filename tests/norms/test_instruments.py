"""Instruments of moving people. The terms stand in tests/spec/instruments.yaml."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tramyte.domain.errors import NormMissing
from tramyte.norms import instruments, norm

ON = date(2026, 1, 8)


@pytest.mark.parametrize("code", norm("instruments", on=ON).value)
def test_every_instrument_can_be_read(code: str) -> None:
    found = instruments.instrument(code, on=ON)
    assert found.vi and found.en and found.pays in ("sending", "receiving")
    assert repr(found) == f"<Instrument {code}: {found.vi}>"


def test_support_and_rotation_are_kept_apart() -> None:
    support, rotation = instruments.instrument("support", on=ON), instruments.instrument("rotation", on=ON)
    assert (support.months_min, support.working_days_min, support.usual_weeks) == (None, None, (1, 4))
    assert support.basis == "provincial_plan" and support.who == ()
    assert (rotation.months_min, rotation.months_max) == (6, 12)
    assert (rotation.working_days_min, rotation.working_days_max, rotation.usual_weeks) == (132, 264, None)
    assert "doctor" in rotation.who and "public_health" not in rotation.who


def test_only_transfer_and_reception_have_no_term_and_do_not_return() -> None:
    every = [instruments.instrument(code, on=ON) for code in norm("instruments", on=ON).value]
    assert {one.code for one in every if not one.has_term} == {"transfer", "reception"}
    assert {one.code for one in every if not one.returns_home} == {"transfer", "reception"}


def test_the_limits_stay_after_july_2026_and_are_marked_to_verify() -> None:
    after = instruments.instrument("secondment", on=date(2026, 7, 1))
    assert after.months_max == 36
    assert norm("instruments", on=date(2026, 7, 1)).confidence == "L"
    assert after.norm_id == "instruments@2026-07-01"


def test_an_unknown_instrument_is_missing() -> None:
    with pytest.raises(NormMissing, match="known: support, rotation, secondment"):
        instruments.instrument("posting", on=ON)


def test_a_finding_speaks_both_languages() -> None:
    (finding,) = instruments.fits("secondment", start=date(2026, 2, 1), end=date(2029, 2, 2), on=ON)
    assert finding.sentence("en").startswith("N104 Secondment lasts at most 36 months. The last day is 31/01/2029")
    assert finding.sentence("vi").startswith("N104 Biệt phái dài nhất 36 tháng. Ngày cuối muộn nhất là 31/01/2029")


@pytest.mark.parametrize(
    ("start", "last_end"),
    [
        (date(2026, 8, 31), date(2029, 8, 31)),
        (date(2024, 2, 29), date(2027, 3, 1)),
        (date(2026, 1, 31), date(2029, 1, 31)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
def test_months_are_counted_by_the_calendar(start: date, last_end: date) -> None:
    on = date(2026, 1, 8)
    assert instruments.fits("secondment", start=start, end=last_end, on=on) == ()
    (finding,) = instruments.fits("secondment", start=start, end=last_end + timedelta(days=1), on=on)
    assert finding.code == "N104"
