"""Điện Biên, December 2025: 108 people of twelve kinds of service go out to 45 stations for twelve weeks."""

from __future__ import annotations

from datetime import date

from tramyte.domain.people import Post
from tramyte.domain.place import Authority, Facility
from tramyte.domain.register import Register
from tramyte.domain.work import Campaign, StatedTotal
from tramyte.sample.buildings import Network, services
from tramyte.sample.campaign import Drive
from tramyte.sample.made import Made
from tramyte.sample.people import (
    ACCOUNTANT,
    ASSISTANT,
    DOCTOR,
    LAB,
    MIDWIFE,
    NORTH_WEST,
    NURSE,
    NURSE_4,
    ORDERLY,
    PHARMACIST,
    PHARMACY,
    POPULATION,
    doctor,
    hire,
    hire_all,
    preventive,
)
from tramyte.sample.places import Place, former, kept_points, new_commune, place, places

TOLD_ON = date(2025, 12, 15)
FIRST_MONDAY = date(2025, 12, 15)
POINTS = 84
SOURCE = "Báo Nhân Dân 16/12/2025"
DEPARTMENT = "Sở Y tế tỉnh Điện Biên"
CENTRES = (
    ("03127", "thành phố Điện Biên Phủ"), ("03151", "thị xã Mường Lay"), ("03160", "Mường Nhé"),
    ("03172", "Mường Chà"), ("03169", "Nậm Pồ"), ("03217", "Tủa Chùa"), ("03253", "Tuần Giáo"),
    ("03256", "Mường Ảng"), ("03352", "huyện Điện Biên"), ("03203", "Điện Biên Đông"),
)  # fmt: skip
# 24 + 6 + 24 + 1 about to retire = 55 doctors; 23 + 30 = 53 preventive staff
GENERAL = {"NOI": 8, "NHI": 6, "HSCC": 6, "CDHA": 4}
LUNG = {"NOI": 3, "CDHA": 2, "HSCC": 1}
CDC = {"GSD": 10, "TCMR": 8, "ATTP": 5}
CENTRE_DOCTORS = ("NOI", "NHI", "NOI", "HSCC", "NOI", "CDHA", "NHI", "NOI")
CENTRE_PREVENTIVE = ("GSD", "TCMR", "ATTP")
HOME_JOBS = (NURSE, NURSE_4, NURSE_4, MIDWIFE, LAB, PHARMACIST, ACCOUNTANT, ORDERLY)


def build(*, seed: int, on: date | None) -> Register:
    """Return the register of Điện Biên."""
    made = Made("11", "DB", seed=seed, families=NORTH_WEST)
    network = Network(made, FIRST_MONDAY)
    drive = Drive(made, _campaign(on or TOLD_ON))
    _senders(made, network, drive)
    stations = _stations(made, network)
    drive.needs(stations)
    drive.away(exempt=3)
    drive.ledger(stations, decision="Quyết định giả định số 601/QĐ-SYT ngày 25/8/2025")
    drive.lock(stations, count=2)
    general = next(row for row in made.sheets["facilities"] if row.kind == "hospital")
    drive.known_travel(general, stations, kmh=28)
    for measure, value in {"communes": len(stations), "stations": len(stations), "points": POINTS}.items():
        made.add(StatedTotal(measure, TOLD_ON, value, SOURCE))
    return made.register()


def _campaign(on: date) -> Campaign:
    return Campaign(
        code="DB-2025-12", name="Tăng cường nhân lực y tế về trạm y tế xã, phường, đợt tháng 12/2025", province="11",
        first_monday=FIRST_MONDAY, weeks=12, instrument="support", max_tours=2, rest_weeks=2, max_travel_min=600,
        as_of=on,
    )  # fmt: skip


def _senders(made: Made, network: Network, drive: Drive) -> None:
    """The units that send: 54 people of the province for one or two weeks, 54 of the centres for four."""
    city = place("03127")
    general = network.sender("BV-11-01", "Bệnh viện Đa khoa tỉnh Điện Biên", "hospital", city)
    lung = network.sender("BV-11-02", "Bệnh viện Phổi tỉnh Điện Biên", "hospital", place("03334"))
    cdc = network.sender("CDC-11", "Trung tâm Kiểm soát bệnh tật tỉnh Điện Biên", "cdc", city)
    doctors = ("university", "specialist_1", "specialist_1", "specialist_2")
    for unit, heads in ((general, GENERAL), (lung, LUNG)):
        jobs = [(doctor(skill, *doctors), skill) for skill, count in heads.items() for _ in range(count)]
        drive.team(unit, "P", jobs, weeks=(1, 2), fair=2)
    drive.team(cdc, "P", [preventive(made, skill) for skill, n in CDC.items() for _ in range(n)], weeks=(1, 2), fair=2)
    number = 0
    for index, (code, name) in enumerate(CENTRES):
        unit = network.sender(f"TTYT-11-{index + 1:02}", f"Trung tâm Y tế {name}", "centre", place(code))
        size = 3 if index in (2, 5, 6, 8) else 2  # 4 x 3 + 6 x 2 = 24
        skills = [CENTRE_DOCTORS[(number + step) % len(CENTRE_DOCTORS)] for step in range(size)]
        number += size
        jobs = [(doctor(skill), skill) for skill in skills]
        drive.team(unit, "M", jobs + [preventive(made, skill) for skill in CENTRE_PREVENTIVE], weeks=(4, 4), fair=4)
        hire_all(made, unit.code, HOME_JOBS, on=FIRST_MONDAY)
    # one of the 55 reaches the age of retirement at the end of December 2025, inside the campaign
    leaver = hire(made, lung.code, doctor("NOI", "specialist_1"), on=FIRST_MONDAY, born=(1964, 9), sex="male")
    drive.send(leaver, lung.code, "NOI", weeks=2)
    for unit in (general, lung, cdc):
        hire_all(made, unit.code, HOME_JOBS * 2, on=FIRST_MONDAY)


def _stations(made: Made, network: Network) -> list[Facility]:
    """45 main stations and 84 points with their own staff, still under the medical centres."""
    points = kept_points(former("11"), total=POINTS)
    stations = []
    for at in places("11"):
        population = int(made.rng.triangular(5200, 33000, 11500))
        main = network.station(
            at, terrain=_terrain(at), points=[row.name for row in points[at.code]], population=population
        )  # fmt: skip
        stations.append(main)
        made.add(new_commune(at, population=population, zone=main.zone))
        made.add(Authority(main.code, network.nearest("centre", main).name, DEPARTMENT))
        _crew(made, main, len(points[at.code]))
        services(made, main, until=TOLD_ON)
    return stations


def _terrain(at: Place) -> str:
    if at.lon < 102.75:
        return "border"
    return "mountain" if at.kind == "phường" or at.lat < 21.6 else "remote"


def _crew(made: Made, main: Facility, points: int) -> None:
    doctors = made.rng.choice((0, 1, 1, 1, 2, 2))
    if not doctors:
        made.add(Post(f"VT-{main.code}-1", main.code, "V.08.01.03", "DK", "Ngân sách tỉnh"))
    hire_all(made, main.code, [DOCTOR] * doctors + [ASSISTANT, NURSE_4, MIDWIFE, PHARMACY, POPULATION], on=FIRST_MONDAY)
    for number in range(1, points + 1):
        hire_all(
            made, f"DT-{main.commune}-{number}", made.rng.sample((ASSISTANT, NURSE_4, MIDWIFE), 2), on=FIRST_MONDAY
        )
