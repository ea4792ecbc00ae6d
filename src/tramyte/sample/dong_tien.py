"""Đồng Tiến, a commune of Thanh Hóa, September 2025: three small stations that meet the criteria and want repair."""

from __future__ import annotations

from datetime import date

from tramyte.domain.place import Assessment, Authority, Facility, Project
from tramyte.domain.register import Register
from tramyte.domain.work import Campaign, StatedTotal, Weight
from tramyte.sample.buildings import Network, services
from tramyte.sample.campaign import PRICES
from tramyte.sample.made import Made
from tramyte.sample.people import ASSISTANT, DOCTOR, KINH, MIDWIFE, NURSE_4, POPULATION, collaborators, hire_all
from tramyte.sample.places import centre, new_commune, place

TOLD_ON = date(2025, 9, 15)
COMMUNE = "15724"
STATIONS = ("Đồng Thắng", "Đồng Tiến", "Đồng Lợi")
SOURCE = "Hội nghị của Đảng ủy xã 15/9/2025"
CRITERIA = "Bộ tiêu chí quốc gia về y tế xã đến năm 2030 (Quyết định 1300/QĐ-BYT)"
UPGRADE = date(2025, 10, 1), date(2031, 1, 1)


def build(*, seed: int, on: date | None) -> Register:
    """Return the register of Đồng Tiến commune."""
    made = Made(COMMUNE, "TH", seed=seed, families=KINH)
    made.add(_campaign(on or TOLD_ON), *(Weight(code, value) for code, value in PRICES.items()))
    at = place(COMMUNE)
    lon, lat = centre(at)
    network = Network(made, TOLD_ON, care={"": (lon - 0.05, lat + 0.02)})  # the medical centre, some 6 km off
    stations = [_station(made, network, number, name) for number, name in enumerate(STATIONS, 1)]
    population = sum(row.catchment_population or 0 for row in stations)
    made.add(new_commune(at, population=population, zone=stations[0].zone))
    made.add(StatedTotal("communes", TOLD_ON, 1, SOURCE), StatedTotal("stations", TOLD_ON, len(STATIONS), SOURCE))
    return made.register()


def _campaign(on: date) -> Campaign:
    return Campaign(
        code="TH-2025-09", name="Hỗ trợ các trạm y tế xã Đồng Tiến, 2025", province="38", first_monday=TOLD_ON,
        weeks=12, instrument="support", max_tours=2, rest_weeks=2, max_travel_min=120, as_of=on,
    )  # fmt: skip


def _station(made: Made, network: Network, number: int, name: str) -> Facility:
    at, people = place(COMMUNE), made.rng.randrange(6_200, 8_400)
    station = network.station(
        at, terrain="plain", population=people, code=f"TYT-{COMMUNE}-{number}", name=f"Trạm Y tế {name}", km=3.0
    )  # fmt: skip
    made.change(station, building_grade="worn")
    crew = [DOCTOR, ASSISTANT, NURSE_4, MIDWIFE, POPULATION]
    hire_all(made, station.code, crew[: made.rng.choice((4, 5))], on=TOLD_ON)
    collaborators(made, station.code, made.rng.randint(5, 10), kind="population")
    services(made, station, until=TOLD_ON)
    made.add(
        Authority(station.code, "Trung tâm Y tế Triệu Sơn", "Sở Y tế tỉnh Thanh Hóa"),
        Assessment(station.code, CRITERIA, 2025, True, float(made.rng.randint(82, 93))),
        Project(
            f"DA-{COMMUNE}-{number}", "upgrade", f"Nâng cao cơ sở vật chất và hoạt động {station.name} 2025-2030",
            station.code, *UPGRADE, "Đề án của xã, giai đoạn 2025-2030",
        ),
    )  # fmt: skip
    return station
