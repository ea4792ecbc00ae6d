"""Quảng Ninh on 1 November 2025: 55 stations, 92 points, and 253 doctors who work there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tramyte.domain.people import Staff
from tramyte.domain.place import Authority, Facility, Project
from tramyte.sample.buildings import Network, point_of
from tramyte.sample.made import Made
from tramyte.sample.people import move
from tramyte.sample.places import Former, Place, distance_km, kept_points, new_commune, places
from tramyte.sample.quang_ninh_march import ISLANDS, OPENED, March, terrain

POINTS = 92
FROM_OLD_STATIONS, TRANSFERRED = 140, 113
VAN_DON, HIEP_HOA = "06994", "07147"
ISLAND_SEAT = "Quan Lạn"
DEPARTMENT = "Sở Y tế tỉnh Quảng Ninh"
MERGED = "Quyết định giả định số 4100/QĐ-UBND ngày 28/10/2025"
TRANSFER = "Quyết định giả định số 1750/QĐ-SYT ngày 30/10/2025"
LAND_M2 = 5_000
INSPECTED_FROM, BUILT_FROM = date(2025, 11, 6), date(2026, 1, 1)


@dataclass
class November:
    """
    The province after the reform.

    mains   : the 55 stations; replaced: old commune -> building that took over
    doctors : station code -> doctors there
    """

    march: March
    mains: list[Facility] = field(default_factory=list)
    replaced: dict[Former, str] = field(default_factory=dict)
    doctors: dict[str, int] = field(default_factory=dict)

    @property
    def made(self) -> Made:
        """The register in the making."""
        return self.march.made


def november(before: March) -> November:
    """Return the province of November 2025, entered beside what was there in March."""
    found = November(before)
    _buildings(found)
    _move_the_old_crews(found)
    _transfer_doctors(found)
    _projects(found)
    return found


def _buildings(found: November) -> None:
    """One station a commune and two in Vân Đồn; of the other old stations 92 go on as points."""
    before = found.march
    network = Network(found.made, OPENED, OPENED, before.network.care)
    seat = next(old for old in before.olds if (old.successor, old.name) == (VAN_DON, ISLAND_SEAT))
    points = kept_points((old for old in before.olds if old != seat), total=POINTS, keep=(HIEP_HOA, VAN_DON))
    for at in places("22"):
        here = [old for old in before.olds if old.successor == at.code]
        mainland = [old for old in here if not _is_island(old)]
        main = _building(found, network, at, mainland, points[at.code], code=f"TYT-{at.code}")
        if at.code == VAN_DON:
            name, islands = f"Trạm Y tế {at.low_name} (khu vực đảo)", [old for old in here if _is_island(old)]
            _building(found, network, at, islands, points[at.code], code=f"TYT-{at.code}-2", name=name)
        found.made.add(new_commune(at, population=_population(found, here), zone=main.zone))


def _building(
    found: November, network: Network, at: Place, olds: list[Former], points: Sequence[Former], *,
    code: str, name: str = "",
) -> Facility:  # fmt: skip
    """Add a station for these old communes, with the points that stay, and enter who takes over from whom."""
    kept = [old for old in points if old in olds]
    main = network.station(
        at, terrain=terrain(at, olds[0].name), points=[old.name for old in kept], code=code, name=name,
        population=_population(found, olds),
    )  # fmt: skip
    found.mains.append(main)
    found.replaced |= dict.fromkeys(olds, main.code)
    found.replaced |= {old: f"DT-{code.removeprefix('TYT-')}-{number}" for number, old in enumerate(kept, 1)}
    found.made.add(Authority(main.code, at.committee, DEPARTMENT, MERGED, start=OPENED))
    return main


def _is_island(old: Former) -> bool:
    return old.successor == VAN_DON and old.name in ISLANDS


def _population(found: November, olds: list[Former]) -> int:
    codes = {found.march.stations[old].commune for old in olds}
    return sum(row.population or 0 for row in found.made.sheets["communes"] if row.code in codes)


def _move_the_old_crews(found: November) -> None:
    """Everybody goes to the building that took over, save 8 doctors of the fullest places, who go to a centre."""
    before, made = found.march, found.made
    for old, people in before.crew.items():
        for person in people:
            move(made, person, found.replaced[old], on=OPENED, decision=MERGED)
    station = {row.code: row.parent or row.code for row in made.sheets["facilities"]}
    there: dict[str, list[tuple[Former, Staff]]] = {main.code: [] for main in found.mains}
    for old, person in before.doctors.items():
        there[station[found.replaced[old]]].append((old, person))
    while sum(map(len, there.values())) > FROM_OLD_STATIONS:
        old, person = max(there.values(), key=len).pop()
        centre = before.network.nearest("centre", before.stations[old])
        move(made, person, centre.code, on=OPENED, decision=TRANSFER)
    for code, rows in there.items():
        found.doctors[code] = len(rows)
        for old, person in rows:
            move(made, person, found.replaced[old], on=OPENED, decision=MERGED)


def _transfer_doctors(found: November) -> None:
    """113 doctors of the medical centres, each to the station with the fewest, from the nearest that still has one."""
    pools = {centre.code: list(found.march.specialists[centre.code]) for centre in found.march.centres}
    mains = {main.code: main for main in found.mains}
    for _ in range(TRANSFERRED):
        code = min(found.doctors, key=lambda code: (found.doctors[code], code))
        able = [centre for centre in found.march.centres if len(pools[centre.code]) > 20]
        centre = min(able, key=lambda row: distance_km(point_of(row), point_of(mains[code])))
        move(found.made, pools[centre.code].pop(), code, on=OPENED, decision=TRANSFER)
        found.doctors[code] += 1


def _projects(found: November) -> None:
    """Land and buildings for all, inspections from 6 November where the place is open, a list of households."""
    made = found.made
    for number, main in enumerate(found.mains, 1):
        made.change(main, land_m2=made.rng.randrange(LAND_M2, 9000, 100))
        note = "Quỹ đất tối thiểu 5.000 m²"
        made.add(
            Project(
                f"XD-22-{number:02}", "works", f"Xây dựng mới {main.name}", main.code,
                BUILT_FROM, date(2027, 1, 1), note,
            )
        )  # fmt: skip
        if number % 2:
            name = f"Kiểm tra, thống nhất vị trí và quy mô xây dựng {main.name}"
            made.add(Project(f"KT-22-{number:02}", "inspection", name, main.code, INSPECTED_FROM, BUILT_FROM, note))
    name = "Rà soát, cập nhật danh sách hộ gia đình phường Hiệp Hòa"
    made.add(Project("HGD-22-01", "household_review", name, f"TYT-{HIEP_HOA}", OPENED, BUILT_FROM))
