"""Which places can be made up, and how each is built."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.register import Register
from tramyte.sample import dien_bien, dong_tien, places, quang_ninh, tuyen_quang

BUILDERS: dict[str, Callable[..., Register]] = {
    "08": tuyen_quang.build,
    "11": dien_bien.build,
    "22": quang_ninh.build,
    "15724": dong_tien.build,
}
KNOWN = {
    "08": "Tuyên Quang",
    "11": "Điện Biên",
    "22": "Quảng Ninh",
    "15724": "Đồng Tiến (Thanh Hóa)",
}


def province_of(place: str) -> str | None:
    """Return the code of the province of a place: of a commune, the one it lies in; None, there is no such place."""
    if place in places.province_names():
        return place
    return places.place(place).province if place in BUILDERS else None


def sample(place: str, *, seed: int = 1, on: date | None = None) -> Register:
    """
    Return the made-up register of a province or commune, the same for the same seed on every machine.

    place  : 08, 11, 22 (provinces), 15724 (a commune)
    on     : the day the sample is told, written as the campaign's `as_of`; rows keep their own dates
    raises : BadData, no sample of this place
    """
    if place not in BUILDERS:
        known = ", ".join(f"{code} {name}" for code, name in KNOWN.items())
        raise BadData([Finding("S001", "place", fields={"read": place, "known": known})])
    return BUILDERS[place](seed=seed, on=on)
