"""The real communes: their names, what they were joined from, and where they lie."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from tramyte.domain.place import Commune
from tramyte.sample.made import Made

KINDS = "xã|phường|thị trấn|đặc khu"
PART = r".*\bphần\b(?: diện tích| tự nhiên| còn lại| của)*"
OLD = re.compile(rf"(?P<part>{PART})?\s*(?:của )?(?:các )?(?:(?P<kind>{KINDS}) )?(?P<name>\w.*)", re.IGNORECASE)
JOINED = re.compile(r"(?:hợp nhất|nhập)(?: từ)? (.*)", re.IGNORECASE)
REFORM = date(2025, 7, 1)
EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Place:
    """
    One commune of the list of July 2025.

    short    : name without its kind
    lon, lat : degrees, centre of area; is_located tells whether the point may be used for distances
    """

    code: str
    name: str
    short: str
    kind: str
    province: str
    lon: float
    lat: float
    is_located: bool

    @property
    def low_name(self) -> str:
        """The name inside a sentence: xã Mường Nhé."""
        return self.name[0].lower() + self.name[1:]

    @property
    def committee(self) -> str:
        """The commune's People's Committee."""
        return f"Ủy ban nhân dân {self.low_name}"


@dataclass(frozen=True)
class Former:
    """One commune of before July 2025, by name, and the commune that took all or most of it."""

    kind: str
    name: str
    successor: str

    @property
    def full_name(self) -> str:
        """The name with its kind, as on the signboard."""
        return f"{self.kind.capitalize()} {self.name}"


def places(province: str) -> tuple[Place, ...]:
    """Return the communes of a province, by code."""
    return tuple(place for place in _all().values() if place.province == province)


def place(code: str) -> Place:
    """Return the commune of this code."""
    return _all()[code]


@cache
def province_names() -> Mapping[str, str]:
    """Return code -> name with its kind, "Tỉnh Thanh Hóa", of the provinces since July 2025."""
    return {row["province_code"]: row["province_name"] for row in _table("communes_core.csv")}


@cache
def _all() -> dict[str, Place]:
    return {row["code"]: _place(row) for row in _table("communes_core.csv")}


def _table(name: str) -> list[dict[str, str]]:
    text = (resources.files("tramyte.sample") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _place(row: dict[str, str]) -> Place:
    return Place(
        code=row["code"], name=row["name_vi"], short=row["short_vi"], kind=row["kind"], province=row["province_code"],
        lon=float(row["lon"] or 0), lat=float(row["lat"] or 0), is_located=row["coord_check"] == "ok",
    )  # fmt: skip


def centre(at: Place) -> tuple[float, float]:
    """
    Return lon and lat to place buildings around.

    A point marked wrong or moved is not used: the nearest code of the province stands in, since the
    statistics office numbers neighbours one after the other.
    """
    if at.is_located:
        return at.lon, at.lat
    near = min(
        (other for other in places(at.province) if other.is_located), key=lambda o: abs(int(o.code) - int(at.code))
    )
    return near.lon, near.lat


def beside(made: Made, at: Place, *, km: float) -> tuple[float, float]:
    """Return lon and lat of a made-up building within `km` of the commune's centre."""
    lon, lat = centre(at)
    angle, reach = made.rng.uniform(0, 2 * math.pi), km * math.sqrt(made.rng.random())
    north = reach * math.sin(angle) / 111.2
    east = reach * math.cos(angle) / (111.2 * math.cos(math.radians(lat)))
    return round(lon + east, 5), round(lat + north, 5)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance between two points given as lon, lat, in km."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    haversine = (
        math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(haversine))


def former(province: str, *, unnamed: Mapping[str, tuple[tuple[str, str], ...]] | None = None) -> tuple[Former, ...]:
    """
    Return the communes of before July 2025, read from the decree's notes, by new commune.

    An old commune split between several goes to the one that took it whole, else to the first named.
    unnamed : new code -> (kind, name) of the old communes that the note leaves out
    """
    whole: dict[tuple[str, str], Former] = {}
    parts: dict[tuple[str, str], Former] = {}
    for at in places(province):
        left_out = (unnamed or {}).get(at.code, ())
        named = _named(at.code)
        if not named and not left_out:
            named = [(at.kind, at.short, False)]
        for kind, name, is_part in [*named, *((kind, name, False) for kind, name in left_out)]:
            (parts if is_part else whole).setdefault((kind, name), Former(kind, name, at.code))
    return tuple(sorted({**parts, **whole}.values(), key=lambda row: (row.successor, row.kind, row.name)))


def _named(code: str) -> list[tuple[str, str, bool]]:
    """Return kind, name and "only a part of it" of each old commune that the note of `code` names."""
    found: list[tuple[str, str, bool]] = []
    joined = JOINED.search(_notes()[code].split(". Bỏ cấp huyện")[0])
    kind = "xã"
    for item in re.split(r", | và ", joined[1].split(" thành ")[0]) if joined else ():
        old = OLD.fullmatch(item.strip(" .;"))
        # "12 xã thuộc huyện đảo ..." names nobody: a name starts with a capital letter
        if old and old["name"][0].isupper():
            kind = (old["kind"] or ("xã" if kind == "thị trấn" else kind)).lower()
            found.append((kind, old["name"], bool(old["part"])))
    return found


@cache
def _notes() -> dict[str, str]:
    return {row["code"]: row["note"] for row in _table("communes_notes.csv")}


def new_commune(at: Place, *, population: int, zone: int | None) -> Commune:
    """Return the record of a commune of July 2025."""
    return Commune(at.code, at.name, at.province, at.kind, zone, population, start=REFORM)


def kept_points(of: Iterable[Former], *, total: int, keep: Collection[str] = ()) -> dict[str, tuple[Former, ...]]:
    """
    Return new commune -> old communes whose station stays open as a point, `total` in all.

    One old commune of each new one holds the main station. Of the others the communes with most points close one
    after the other, save in the communes to `keep`.
    """
    open_: dict[str, list[Former]] = {}
    for row in of:
        open_.setdefault(row.successor, []).append(row)
    for code, rows in open_.items():
        rows.remove(next((row for row in rows if row.name == place(code).short), rows[0]))
    while sum(map(len, open_.values())) > total:
        fullest = max((code for code in open_ if code not in keep), key=lambda code: (len(open_[code]), code))
        open_[fullest].pop()
    return {code: tuple(rows) for code, rows in open_.items()}
