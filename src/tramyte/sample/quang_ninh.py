"""Quảng Ninh, told in March 2025 (people) and in November 2025 (55 new stations). Read the two months after this."""

from __future__ import annotations

from datetime import date, timedelta

from tramyte.domain.people import Post
from tramyte.domain.place import Project
from tramyte.domain.register import Register
from tramyte.domain.work import AwayLimit, Campaign, PastTour, Requirement, Sender, StatedTotal
from tramyte.sample.buildings import point_of
from tramyte.sample.campaign import Drive
from tramyte.sample.made import Made
from tramyte.sample.people import COAST
from tramyte.sample.places import distance_km
from tramyte.sample.quang_ninh_march import (
    DOCTORS,
    MEDICAL,
    NO_TITLE,
    OPENED,
    OTHER,
    TOLD_ON,
    WITHOUT_DOCTOR,
    March,
    march,
)
from tramyte.sample.quang_ninh_november import FROM_OLD_STATIONS, POINTS, TRANSFERRED, november

MARCH_SOURCE = "Báo Quảng Ninh 3/2025"
NOVEMBER_SOURCE = "Báo Quảng Ninh 11/2025"
SENT_ON = date(2024, 8, 19)
FIRST_MONDAY = date(2025, 3, 10)  # the 23 now out come home, 23 others follow
WEEKS = 28  # 134 working days: a turn of rotation needs 132
WANTED = ("HUYETHOC", "TRUYENMAU", "GHEPTANG", "TIMMACH", "TIEUHOA")
ROADMAP = date(2026, 1, 1), date(2031, 1, 1)
PLANS = (
    ("plan", "Đề án phát triển nguồn nhân lực y tế giai đoạn 2026-2030, cân đối cung và cầu",
     "Nâng tỷ lệ bác sĩ chuyên khoa I và chuyên khoa II"),
    ("policy", "Chính sách thu hút, phát triển nhân lực y tế chất lượng cao",
     "Huyết học, truyền máu, ghép tạng, tim mạch, tiêu hóa"),
    ("pilot", "Thí điểm mô hình bác sĩ gia đình", "Đo hiệu quả: trước và sau, có nhóm so sánh"),
    ("pilot", "Thí điểm mô hình y học dự phòng tại xã", "Đo hiệu quả: trước và sau, có nhóm so sánh"),
)  # fmt: skip


def build(*, seed: int, on: date | None) -> Register:
    """Return the register of Quảng Ninh."""
    made = Made("22", "QN", seed=seed, families=COAST)
    before = march(made)
    drive = Drive(made, _campaign(on or TOLD_ON))
    _rotation(before, drive)
    november(before)
    _plans(before)
    _totals(made)
    return made.register()


def _campaign(on: date) -> Campaign:
    return Campaign(
        code="QN-2025-03", name="Luân phiên bác sĩ về trạm y tế xã chưa có bác sĩ, đợt 2025", province="22",
        first_monday=FIRST_MONDAY, weeks=WEEKS, instrument="rotation", max_tours=1, rest_weeks=4, max_travel_min=360,
        as_of=on,
    )  # fmt: skip


def _rotation(before: March, drive: Drive) -> None:
    """23 doctors of the medical centres are out at the 23 stations without one; the campaign sends the next 23."""
    made = before.made
    for centre in before.centres:
        made.add(Sender(centre.code, "M", WEEKS, WEEKS, WEEKS), AwayLimit(centre.code, "DK", 3))
        for person in before.generalists[centre.code]:
            drive.send(person, centre.code, "DK", weeks=WEEKS)
    free = {centre.code: list(before.generalists[centre.code][:3]) for centre in before.centres}
    decision = f"Quyết định giả định số 1208/QĐ-SYT ngày {SENT_ON - timedelta(days=10):%d/%m/%Y}"
    for station in before.without_doctor:
        able = [centre for centre in before.centres if free[centre.code]]
        home = min(able, key=lambda row: distance_km(point_of(row), point_of(station)))
        person = free[home.code].pop()
        made.add(
            PastTour(person.code, station.code, "DK", SENT_ON, FIRST_MONDAY, "rotation", decision),
            Requirement(station.code, "DK", 1, WEEKS, 1, 1, source="target"),
        )


def _plans(before: March) -> None:
    """The roadmap of 2026-2030 and what it wants: posts without anybody in them."""
    for number, (kind, name, note) in enumerate(PLANS, 1):
        before.made.add(Project(f"DA-22-{number:02}", kind, name, None, *ROADMAP, note))
    for unit in before.units[:2]:
        for specialty in WANTED:
            before.made.add(Post(f"VT-{unit.code}-{specialty}", unit.code, "V.08.01.03", specialty, "Ngân sách tỉnh"))


def _totals(made: Made) -> None:
    march_ = {
        "staff": MEDICAL + OTHER + NO_TITLE, "staff_medical": MEDICAL, "staff_other": OTHER, "doctors": DOCTORS,
        "communes": 171, "communes_with_doctor": 171 - WITHOUT_DOCTOR, "communes_without_doctor": WITHOUT_DOCTOR,
        "deployed": WITHOUT_DOCTOR,
    }  # fmt: skip
    november_ = {"stations": 55, "points": POINTS, "doctors_at_stations": FROM_OLD_STATIONS + TRANSFERRED}
    for on, source, stated in ((TOLD_ON, MARCH_SOURCE, march_), (OPENED, NOVEMBER_SOURCE, november_)):
        made.add(*(StatedTotal(measure, on, value, source) for measure, value in stated.items()))
