"""Quảng Ninh on 5 March 2025: 171 old communes with a station each, 8,739 people, and who is in no group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, islice

from tramyte.domain.people import Staff
from tramyte.domain.place import Commune, Facility
from tramyte.domain.work import ServiceCount
from tramyte.sample.buildings import Network
from tramyte.sample.made import Made, parts
from tramyte.sample.people import (
    ACCOUNTANT,
    ASSISTANT,
    DOCTOR,
    IMAGING,
    LAB,
    MIDWIFE,
    NURSE,
    NURSE_4,
    OFFICER,
    ORDERLY,
    PHARMACIST,
    PHARMACY,
    POPULATION,
    PREVENTIVE_DOCTOR,
    PUBLIC_HEALTH,
    Job,
    doctor,
    hire,
    hire_all,
)
from tramyte.sample.places import REFORM, Former, Place, former, place

TOLD_ON = date(2025, 3, 5)
OPENED = date(2025, 11, 1)  # the new stations start, the old ones end
MEDICAL, OTHER, NO_TITLE, DOCTORS = 7164, 1551, 24, 2080
WITHOUT_DOCTOR = 23
VISITS, VISITS_AT_STATIONS = 1_329_487, 214_038  # insured visits, January to June 2025
MAINLAND = ("Đông Xá", "Hạ Long", "Bình Dân", "Đài Xuyên", "Đoàn Kết", "Vạn Yên")
ISLANDS = ("Minh Châu", "Quan Lạn", "Ngọc Vừng", "Thắng Lợi", "Bản Sen")
UNNAMED = {  # what the decree's notes leave out
    "06862": (("thị trấn", "Tiên Yên"),),
    "06994": (("thị trấn", "Cái Rồng"), *(("xã", name) for name in (*MAINLAND, *ISLANDS))),
}
HOSPITALS = (
    ("BV-22-01", "Bệnh viện Đa khoa tỉnh Quảng Ninh", "06685", 16),
    ("BV-22-02", "Bệnh viện Bãi Cháy", "06673", 16),
    ("BV-22-03", "Bệnh viện Sản Nhi Quảng Ninh", "06706", 11),
    ("BV-22-04", "Bệnh viện Việt Nam - Thụy Điển Uông Bí", "06811", 14),
    ("BV-22-05", "Bệnh viện Đa khoa khu vực Cẩm Phả", "06793", 8),
    ("BV-22-06", "Bệnh viện Phổi Quảng Ninh", "06661", 3),
    ("BV-22-07", "Bệnh viện Y dược cổ truyền Quảng Ninh", "06676", 3),
    ("BV-22-08", "Bệnh viện Bảo vệ sức khỏe tâm thần Quảng Ninh", "06778", 2),
    ("BV-22-09", "Bệnh viện Lão khoa - Phục hồi chức năng Quảng Ninh", "06652", 2),
    ("CDC-22", "Trung tâm Kiểm soát bệnh tật tỉnh Quảng Ninh", "06685", 3),
)
CENTRES = (
    ("06658", "Hạ Long"), ("06781", "Cẩm Phả"), ("06832", "Uông Bí"), ("06712", "Móng Cái"), ("07132", "Quảng Yên"),
    ("07093", "Đông Triều"), ("06994", "Vân Đồn"), ("06862", "Tiên Yên"), ("06970", "Ba Chẽ"), ("06838", "Bình Liêu"),
    ("06895", "Đầm Hà"), ("06922", "Hải Hà"), ("07192", "Cô Tô"),
)  # fmt: skip
CENTRE_WEIGHT, CENTRE_GENERALISTS = 3, 6
SPECIALTIES = (
    "NOI", "NGOAI", "SAN", "NHI", "HSCC", "CDHA", "GMHS", "TRUYENNHIEM", "YHCT", "TMH", "MAT", "RHM", "NOI", "NHI",
    "UNGBUOU", "NOITIET", "TIMMACH", "GPB", "TAMTHAN", "PHCN", "DALIEU", "LAO", "TIEUHOA", "NOI",
)  # fmt: skip
RANKS = (
    "university",
    "university",
    "university",
    "specialist_1",
    "specialist_1",
    "master",
    "specialist_2",
    "residency",
)
MEDICAL_JOBS = (NURSE, NURSE_4, NURSE, LAB, NURSE_4, MIDWIFE, NURSE, PHARMACIST, NURSE_4, IMAGING, NURSE, PHARMACY,
                NURSE_4, ASSISTANT, NURSE, PUBLIC_HEALTH, NURSE_4, PREVENTIVE_DOCTOR, LAB, MIDWIFE)  # fmt: skip
OTHER_JOBS = (ORDERLY, ACCOUNTANT, OFFICER, ORDERLY, Job("01.007", ("college", "intermediate")),
              Job("V.11.06.14", ("university",)))  # fmt: skip
CREW = (ASSISTANT, NURSE_4, MIDWIFE, PHARMACY, POPULATION)


@dataclass
class March:
    """
    The province before the reform.

    stations, doctors, crew : by old commune; 23 old communes have no doctor
    units                   : hospitals, the centre for disease control, then the medical centres
    generalists, specialists: doctors of each medical centre, by its code
    """

    network: Network
    olds: tuple[Former, ...]
    stations: dict[Former, Facility] = field(default_factory=dict)
    doctors: dict[Former, Staff] = field(default_factory=dict)
    crew: dict[Former, list[Staff]] = field(default_factory=dict)
    units: list[Facility] = field(default_factory=list)
    generalists: dict[str, list[Staff]] = field(default_factory=dict)
    specialists: dict[str, list[Staff]] = field(default_factory=dict)

    @property
    def made(self) -> Made:
        """The register in the making."""
        return self.network.made

    @property
    def centres(self) -> list[Facility]:
        """The medical centres."""
        return [row for row in self.units if row.kind == "centre"]

    @property
    def without_doctor(self) -> list[Facility]:
        """The stations of the old communes without a doctor."""
        return [self.stations[old] for old in self.olds if old not in self.doctors]


def march(made: Made) -> March:
    """Return the province of March 2025, entered in `made`."""
    found = March(Network(made, TOLD_ON), former("22", unnamed=UNNAMED))
    _units(found)
    _stations(found)
    _staff_of_units(found)
    _visits(found)
    return found


def _units(found: March) -> None:
    for code, name, at, _ in HOSPITALS:
        found.units.append(found.network.sender(code, name, "cdc" if code == "CDC-22" else "hospital", place(at)))
    for number, (at, name) in enumerate(CENTRES, 1):
        found.units.append(found.network.sender(f"TTYT-22-{number:02}", f"Trung tâm Y tế {name}", "centre", place(at)))


def _stations(found: March) -> None:
    """171 old communes under made-up codes 9...., a station each; 148 with one doctor, and 23, all rural, without."""
    rng = found.made.rng
    rural = [old for old in found.olds if old.kind == "xã"]
    without = set(rng.sample(rural, WITHOUT_DOCTOR))
    for number, old in enumerate(found.olds, 1):
        commune, at = f"9{number:04}", place(old.successor)
        station = found.network.old_station(
            at, commune=commune, name=f"Trạm Y tế {old.kind} {old.name}", terrain=terrain(at, old.name), end=OPENED
        )  # fmt: skip
        found.stations[old] = station
        population = int(rng.triangular(2400, 19000, 6000))
        found.made.add(
            Commune(commune, old.full_name, "22", old.kind, station.zone, population, None, REFORM, old.successor)
        )
        if old not in without:
            found.doctors[old] = hire(found.made, station.code, DOCTOR, on=TOLD_ON)
        found.crew[old] = hire_all(found.made, station.code, CREW[: rng.choice((3, 4, 4, 5))], on=TOLD_ON)


def _staff_of_units(found: March) -> None:
    """Everybody else works at hospitals, at the centre for disease control and at medical centres."""
    made, weights = found.made, [row[3] for row in HOSPITALS] + [CENTRE_WEIGHT] * len(CENTRES)
    doctors = parts(DOCTORS - len(found.doctors), weights)
    at_stations = len(found.doctors) + sum(map(len, found.crew.values()))
    medical = parts(MEDICAL - at_stations - sum(doctors), weights)
    other = parts(OTHER, weights)
    for index, unit in enumerate(found.units):
        is_centre = unit.kind == "centre"
        general = CENTRE_GENERALISTS if is_centre else 0
        generalists = hire_all(made, unit.code, [DOCTOR] * general, on=TOLD_ON)
        specialists = hire_all(made, unit.code, _doctors(doctors[index] - general, index), on=TOLD_ON)
        if is_centre:
            found.generalists[unit.code], found.specialists[unit.code] = generalists, specialists
        hire_all(made, unit.code, islice(cycle(MEDICAL_JOBS), medical[index]), on=TOLD_ON)
        hire_all(made, unit.code, islice(cycle(OTHER_JOBS), other[index]), on=TOLD_ON)
    for index in range(NO_TITLE):
        unit = found.units[index % len(found.units)]
        hire(made, unit.code, Job(None, ("college", "intermediate")), on=TOLD_ON, contract="labour")


def _doctors(count: int, offset: int) -> Iterator[Job]:
    """Doctors of all specialties, so that each unit begins with another one."""
    for number in range(count):
        yield doctor(SPECIALTIES[(number + 5 * offset) % len(SPECIALTIES)], *RANKS)


def _visits(found: March) -> None:
    """Insured visits of each month of the half-year; stations and others add up to what the paper states."""
    rng = found.made.rng
    months = [date(2025, month, 1) for month in range(1, 7)]
    treating = [unit for unit in found.units if unit.kind != "cdc"]
    for total, facilities in (
        (VISITS_AT_STATIONS, list(found.stations.values())),
        (VISITS - VISITS_AT_STATIONS, treating),
    ):
        weights = [rng.uniform(0.5, 1.5) for _ in facilities for _ in months]
        for number, count in enumerate(parts(total, weights)):
            facility, month = facilities[number // len(months)], months[number % len(months)]
            row = ServiceCount(facility.code, month, "insured_visit", count, "Báo cáo BHYT (giả định)", "verified")
            found.made.add(row)


def terrain(at: Place, old: str = "") -> str:
    """Return the terrain of a building: islands first, then the border, the mountains, the towns."""
    if at.code in ("07192", "06757", "06967") or (at.code == "06994" and old in ISLANDS):
        return "island"
    if at.is_located and at.lat > 21.48:
        return "border"
    if at.kind == "phường":
        return "plain"
    return "mountain" if at.lon > 107.0 else "midland"
