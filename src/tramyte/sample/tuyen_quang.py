"""Tuyên Quang, January 2026: 127 stations and polyclinics handed to the communes, and 258 doctors in 124 communes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tramyte.domain.people import Appointment, Post
from tramyte.domain.place import Authority, Facility, Project
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
    NORTH_EAST,
    NURSE,
    NURSE_4,
    ORDERLY,
    PHARMACIST,
    PHARMACY,
    POPULATION,
    PREVENTIVE_DOCTOR,
    Job,
    doctor,
    hire,
    hire_all,
    preventive,
)
from tramyte.sample.places import Former, Place, former, kept_points, new_commune, place, places

TOLD_ON = date(2026, 1, 8)
HANDED_OVER = date(2026, 1, 1)
FIRST_MONDAY = date(2026, 1, 12)
SOURCE = "Báo Tuyên Quang 08/01/2026"
DEPARTMENT = "Sở Y tế tỉnh Tuyên Quang"
DECISION = "Quyết định giả định số 1920/QĐ-UBND ngày 29/12/2025 (Đề án 192)"
DOCTORS = {1: 24, 2: 72, 3: 22, 4: 6}  # doctors at the commune's stations -> communes
POLYCLINICS, TWO_ROOTS, POINTS = 26, 3, 190
PHO_BANG, YEN_THANH = "00745", "01234"
NAMED = (PHO_BANG, YEN_THANH, "01090", "00892", "00691")
CENTRES = (
    ("00721", "Đồng Văn"), ("00769", "Mèo Vạc"), ("00820", "Yên Minh"), ("00874", "Quản Bạ"), ("00913", "Vị Xuyên"),
    ("00991", "Bắc Mê"), ("01021", "Hoàng Su Phì"), ("01108", "Xín Mần"), ("01153", "Bắc Quang"),
    ("01237", "Quang Bình"), ("02221", "Nà Hang"), ("02266", "Lâm Bình"), ("02287", "Chiêm Hóa"), ("02374", "Hàm Yên"),
    ("02473", "Yên Sơn"), ("02536", "Sơn Dương"),
)  # fmt: skip
HOSPITALS = (
    ("BV-08-01", "Bệnh viện Đa khoa tỉnh Tuyên Quang", "02215",
     {"NOI": 12, "NHI": 9, "SAN": 8, "NGOAI": 8, "HSCC": 8, "CDHA": 6}),
    ("BV-08-02", "Bệnh viện Đa khoa tỉnh Hà Giang", "00694",
     {"NOI": 10, "NHI": 8, "SAN": 6, "NGOAI": 6, "HSCC": 6, "CDHA": 5}),
    ("BV-08-03", "Bệnh viện Y dược cổ truyền và Phục hồi chức năng", "02512", {"NOI": 4, "CDHA": 2}),
)  # fmt: skip
CDC = {"GSD": 16, "TCMR": 13, "ATTP": 9}
CENTRE = ("NOI", "NHI", "SAN")
CENTRE_FOURTH = ("NGOAI", "HSCC", "CDHA")
CENTRE_PREVENTIVE = ("GSD", "TCMR", "ATTP")
HOME_JOBS = (NURSE, NURSE_4, NURSE_4, MIDWIFE, LAB, PHARMACIST, ACCOUNTANT, ORDERLY)
CREW = (ASSISTANT, NURSE_4, MIDWIFE, PHARMACY, POPULATION, ASSISTANT, NURSE_4, MIDWIFE, NURSE)


@dataclass(frozen=True)
class Layout:
    """Which commune has a polyclinic, which has both, and how many doctors each counts."""

    doctors: dict[str, int]
    polyclinics: frozenset[str]
    both: frozenset[str]


def build(*, seed: int, on: date | None) -> Register:
    """Return the register of Tuyên Quang."""
    made = Made("08", "TQ", seed=seed, families=NORTH_EAST)
    network = Network(made, TOLD_ON)
    drive = Drive(made, _campaign(on or TOLD_ON))
    _senders(made, network, drive)
    stations = _stations(made, network, _layout(made))
    drive.needs(stations)
    drive.away(exempt=6)
    drive.ledger(stations, decision="Quyết định giả định số 702/QĐ-SYT ngày 15/9/2025")
    drive.lock(stations, count=2)
    drive.known_travel(network.nearest("hospital", stations[0]), stations, kmh=28)
    stated = {"communes": 124, "stations": 127, "polyclinics": 26, "doctors_at_stations": 258}
    made.add(*(StatedTotal(measure, TOLD_ON, value, SOURCE) for measure, value in stated.items()))
    return made.register()


def _campaign(on: date) -> Campaign:
    return Campaign(
        code="TQ-2026-01", name="Tăng cường nhân lực cho trạm y tế xã, phường, đợt tháng 01/2026", province="08",
        first_monday=FIRST_MONDAY, weeks=12, instrument="support", max_tours=2, rest_weeks=2, max_travel_min=480,
        as_of=on,
    )  # fmt: skip


def _senders(made: Made, network: Network, drive: Drive) -> None:
    """About 250 people who can be sent: three hospitals and the CDC for two weeks, sixteen centres for four."""
    for code, name, at, heads in HOSPITALS:
        unit = network.sender(code, name, "hospital", place(at))
        jobs = [(doctor(skill), skill) for skill, count in heads.items() for _ in range(count)]
        drive.team(unit, "P", jobs, weeks=(1, 2), fair=2)
        hire_all(made, unit.code, HOME_JOBS * 3, on=TOLD_ON)
    cdc = network.sender("CDC-08", "Trung tâm Kiểm soát bệnh tật tỉnh Tuyên Quang", "cdc", place("02215"))
    drive.team(cdc, "P", [preventive(made, skill) for skill, n in CDC.items() for _ in range(n)], weeks=(1, 2), fair=2)
    for number, (at, name) in enumerate(CENTRES):
        unit = network.sender(f"TTYT-08-{number + 1:02}", f"Trung tâm Y tế khu vực {name}", "centre", place(at))
        jobs = [(doctor(skill), skill) for skill in (*CENTRE, CENTRE_FOURTH[number % 3])]
        drive.team(unit, "M", jobs + [preventive(made, skill) for skill in CENTRE_PREVENTIVE], weeks=(3, 4), fair=4)
        hire_all(made, unit.code, HOME_JOBS, on=TOLD_ON)


def _layout(made: Made) -> Layout:
    """Draw who has what: Yên Thành has 2 doctors and Phố Bảng 4; two stations need two doctors at least."""
    counts = [count for count, communes in DOCTORS.items() for _ in range(communes)]
    counts.remove(2)
    counts.remove(4)
    made.rng.shuffle(counts)
    codes = [at.code for at in places("08") if at.code not in (YEN_THANH, PHO_BANG)]
    doctors = {YEN_THANH: 2, PHO_BANG: 4, **dict(zip(codes, counts, strict=True))}
    free = [code for code in codes if code not in NAMED]
    both = made.rng.sample([code for code in free if doctors[code] > 1], TWO_ROOTS)
    rest = [code for code in free if code not in both]
    only = made.rng.sample(rest, POLYCLINICS - TWO_ROOTS - 1)  # and Phố Bảng
    return Layout(doctors, frozenset((*both, *only, PHO_BANG)), frozenset(both))


def _stations(made: Made, network: Network, layout: Layout) -> list[Facility]:
    points = kept_points(former("08"), total=POINTS, keep=(PHO_BANG, YEN_THANH))
    found: list[Facility] = []
    for at in places("08"):
        population = 15_742 if at.code == PHO_BANG else int(made.rng.triangular(4800, 34000, 11000))
        mains = _roots(network, at, points[at.code], layout, population)
        made.add(new_commune(at, population=population, zone=mains[0].zone))
        for main in mains:
            _authorities(made, network, main, at)
        if at.code == PHO_BANG:
            _pho_bang(made, mains[0])
        elif at.code == YEN_THANH:
            _yen_thanh(made, mains[0])
        else:
            _crew(made, mains, layout.doctors[at.code])
            for main in mains:
                services(made, main, until=TOLD_ON)
        found += mains
    return found


def _roots(network: Network, at: Place, old: Sequence[Former], layout: Layout, population: int) -> list[Facility]:
    """The station with its points, the polyclinic with its child stations, or both."""
    terrain, mains = _terrain(at), []
    if at.code in layout.polyclinics:
        people = population // 2 if at.code in layout.both else population
        clinic = network.station(at, terrain=terrain, population=people, kind="polyclinic")
        mains.append(clinic)
        if at.code not in layout.both:
            for number, row in enumerate(old, 1):
                network.child(clinic, at, row.name, terrain=terrain, number=number)
            return mains
        population -= people
    mains.append(network.station(at, terrain=terrain, points=[row.name for row in old], population=population))
    return mains


def _terrain(at: Place) -> str:
    if at.lat > 23.1 or (at.lon < 104.72 and at.lat > 22.6):
        return "border"
    if at.lat < 21.95:
        return "midland"
    return "remote" if at.lat > 22.3 and at.kind == "xã" else "mountain"


def _authorities(made: Made, network: Network, main: Facility, at: Place) -> None:
    """The commune takes over from the medical centre; the Department goes on guiding."""
    centre = network.nearest("centre", main)
    made.add(
        Authority(main.code, centre.name, DEPARTMENT, end=HANDED_OVER),
        Authority(main.code, at.committee, DEPARTMENT, DECISION, start=HANDED_OVER),
    )


def _crew(made: Made, mains: Sequence[Facility], doctors: int) -> None:
    """Six to twelve people a station: its doctors, one now and then for two buildings, and the other cadres."""
    rng = made.rng
    for index, main in enumerate(mains):
        below = [row.code for row in made.sheets["facilities"] if row.parent == main.code]
        count = 1 if index + 1 < len(mains) else doctors - index
        for number in range(count):
            person = hire(made, main.code, DOCTOR, on=TOLD_ON)
            if number and below and rng.random() < 0.3:
                _half_at(made, person.code, rng.choice(below))
        if rng.random() < 0.15:
            hire(made, main.code, PREVENTIVE_DOCTOR, on=TOLD_ON)
        for number, job in enumerate(CREW[: max(6, rng.randint(7, 12)) - count]):
            hire(made, below[number % len(below)] if number > 4 and below else main.code, job, on=TOLD_ON)


def _half_at(made: Made, staff: str, point: str) -> None:
    """Share the person's time between the station and one of its buildings."""
    whole: Appointment = made.sheets["appointments"].pop()
    made.appoint(Appointment(staff, whole.facility, 0.5, start=whole.start))
    made.appoint(Appointment(staff, point, 0.5, start=whole.start))


def _yen_thanh(made: Made, main: Facility) -> None:
    """A main station and the point of Bản Rịa: 11 people, 2 of them doctors, about 400 visits a month."""
    hire_all(made, main.code, [DOCTOR, DOCTOR, ASSISTANT, NURSE_4, MIDWIFE, PHARMACY, POPULATION], on=TOLD_ON)
    hire(made, main.code, ORDERLY, on=TOLD_ON, contract="support_111")
    point = f"DT-{main.commune}-1"
    hire_all(made, point, [ASSISTANT, MIDWIFE], on=TOLD_ON)
    hire(made, point, NURSE_4, on=TOLD_ON, contract="professional_111")
    services(made, main, until=TOLD_ON, visits=400)


def _pho_bang(made: Made, clinic: Facility) -> None:
    """A polyclinic and three stations: 17 people; Phố Cáo has no doctor and is to become a polyclinic itself."""
    crews: dict[str, list[Job]] = {
        "Trạm Y tế Phố Là": [DOCTOR, NURSE_4, MIDWIFE],
        "Trạm Y tế Phố Cáo": [ASSISTANT, NURSE_4, MIDWIFE],
        "Trạm Y tế Lũng Thầu": [DOCTOR, ASSISTANT, MIDWIFE],
    }
    below = {row.name: row.code for row in made.sheets["facilities"] if row.parent == clinic.code}
    for name, jobs in crews.items():
        hire_all(made, below[name], jobs, on=TOLD_ON)
    jobs = [DOCTOR, DOCTOR, ASSISTANT, NURSE, NURSE_4, MIDWIFE, LAB, PHARMACY]
    hire_all(made, clinic.code, jobs, on=TOLD_ON)
    for specialty in ("NOI", "NGOAI", "SAN", "NHI"):
        made.add(Post(f"VT-{clinic.code}-{specialty}", clinic.code, "V.08.01.03", specialty, "Ngân sách xã"))
    made.add(
        Project(
            "DA-08-01", "plan", "Đầu tư, xây dựng Trạm Y tế Phố Cáo thành phòng khám đa khoa khu vực",
            below["Trạm Y tế Phố Cáo"], date(2026, 1, 1), date(2031, 1, 1), "Hiện chưa có bác sĩ làm việc thường xuyên",
        )
    )  # fmt: skip
    services(made, clinic, until=TOLD_ON)
