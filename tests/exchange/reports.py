"""A tiny plan: 4 people of 2 units, 2 stations, 4 weeks from 15/12/2025, and papers that go with it."""

from dataclasses import replace
from datetime import date, timedelta

from tramyte.domain.plan import LoadLine, NeedLine, Objective, Plan, PlanReport, Tour, TourLine, Unmet

MONDAY = date(2025, 12, 15)
UNITS = {"BV": "Bệnh viện Đa khoa tỉnh", "TT": "Trung tâm Y tế Tủa Chùa"}
STATIONS = {"MN": "Trạm y tế Mường Nhé", "NK": "Trạm y tế Nậm Kè"}
SKILLS = {"IM": "Bác sĩ nội", "US": "Chẩn đoán hình ảnh"}
PEOPLE = {
    "S1": ("Lò Thị Hoa", "BV"),
    "S2": ("Lò Thanh Hoa", "BV"),
    "S3": ("Đặng Ánh", "TT"),
    "S4": ("Giàng A An", "TT"),
}


def line(staff, station, skill, start, weeks, *, minutes=90, locked=False, monday=MONDAY, costs=None):
    """Return one tour as people read it."""
    name, unit = PEOPLE[staff]
    first = monday and monday + timedelta(weeks=start)
    return TourLine(
        tour=Tour(staff, station, skill, start, weeks),
        staff_name=name,
        unit=unit,
        unit_name=UNITS[unit],
        station_name=STATIONS[station],
        skill_name=SKILLS[skill],
        travel_minutes=minutes,
        is_locked=locked,
        start_date=first,
        end_date=first and first + timedelta(days=7 * weeks - 1),
        costs=costs or {},
    )


def need(station, skill, index, week, count, critical, served, cost):
    """Return one need in one week."""
    return NeedLine(station, STATIONS[station], skill, SKILLS[skill], index, week, count, critical, served, cost)


def load(staff, prior, weeks, target, tours, cost):
    """Return one person's weeks away."""
    name, unit = PEOPLE[staff]
    return LoadLine(staff, name, unit, UNITS[unit], prior, weeks, target, tours, cost)


def plan():
    """Return the answer of a solver that stopped two points above its bound."""
    return Plan(
        assignments=(),
        objective=Objective(shortage=280, fairness=10, travel=9, start=12, return_=-4, disruption=3),
        bound=308,
        status="feasible",
        seconds=1.5,
        seed=7,
        unmet=(
            Unmet("MN", "IM", 0, 2, 1, 1, {"R2": 1, "R6": 1, "R9": 2}),
            Unmet("MN", "IM", 0, 3, 1, 1, {"R2": 1, "R6": 2, "R9": 1}),
            Unmet("NK", "IM", 0, 0, 0, 1, {"R2": 1, "COST": 3}),
            Unmet("NK", "IM", 0, 1, 0, 1, {"R2": 1, "COST": 3}),
        ),
    )


def report(*, monday=MONDAY, **changes):
    """
    Return the tiny plan.

    Mường Nhé wants one internist in all four weeks (critical) and one ultrasound doctor in weeks 1-2; Nậm Kè wants two
    internists in weeks 1-2, one critically. Week 3-4 of Mường Nhé and one person in weeks 1-2 of Nậm Kè stay unmet.
    """
    made = PlanReport(
        name="Đợt 01/2026 & tăng cường",
        weeks=4,
        first_monday=monday,
        plan=plan(),
        tours=(
            line("S1", "MN", "IM", 0, 2, monday=monday, costs={"travel": 3, "start": 3}),
            line("S2", "NK", "IM", 0, 2, monday=monday, costs={"travel": 3, "start": 3, "return": -4}),
            line("S4", "MN", "US", 0, 1, monday=monday, locked=True, costs={"travel": 3, "start": 3}),
            line("S3", "MN", "US", 1, 1, monday=monday, costs={"start": 3}),
        ),
        needs=(
            *(need("MN", "IM", 0, week, 1, 1, 1 if week < 2 else 0, 0 if week < 2 else 120) for week in range(4)),
            *(need("MN", "US", 1, week, 1, 0, 1, 0) for week in range(2)),
            *(need("NK", "IM", 0, week, 2, 1, 1, 20) for week in range(2)),
        ),
        loads=(
            load("S1", 0, 2, 2, 1, 0),
            load("S2", 3, 2, 4, 1, 10),
            load("S3", 0, 1, 2, 1, 0),
            load("S4", 0, 1, 2, 1, 0),
        ),
        travel="đường chim bay × 1,4, 30 km/giờ",
        synthetic=True,
        as_of=date(2025, 12, 1),
        source="province.xlsx",
    )
    return replace(made, **changes)


def big(people=108, weeks=12):
    """Return a plan of so many people, one tour each, for papers with long annexes."""
    families = ("Lò Thị", "Quàng Văn", "Giàng A", "Nguyễn Thị Thanh", "Mùa")
    given = ("Hoa", "Đông", "Ánh", "An", "Âu", "Khánh", "Thủy", "Yến")
    lines, loads = [], []
    for index in range(people):
        code, unit = f"NV{index:03}", f"U{index % 6}"
        name = f"{families[index % 5]} {given[index % 8]}"
        unit_name = f"Trung tâm Y tế khu vực Mường Ảng số {index % 6}"
        station = f"T{index % 45:02}"
        first = MONDAY + timedelta(weeks=index % (weeks - 1))
        tour = Tour(code, station, "IM", index % (weeks - 1), 2)
        lines.append(
            TourLine(tour, name, unit, unit_name, f"Trạm y tế xã Mường Thử {index % 45}", "Bác sĩ nội", 120, False,
                     first, first + timedelta(days=13), {"travel": 40, "start": 5})
        )  # fmt: skip
        loads.append(LoadLine(code, name, unit, unit_name, 0, 2, 2, 1, 0))
    needs = tuple(_need(lines, at, week) for at in range(45) for week in range(weeks))
    shortage = sum(row.cost for row in needs)
    objective = Objective(shortage=shortage, travel=40 * people, start=5 * people)
    unmet = tuple(Unmet(n.station, n.skill, 0, n.week, 0, 1, {"R7": 60, "R9": 48}) for n in needs if not n.served)
    plan = Plan((), objective, objective.total - 40, "feasible", 60.0, 1, unmet)
    return PlanReport(
        "Đợt 01/2026",
        weeks,
        MONDAY,
        plan,
        tuple(lines),
        needs,
        tuple(loads),
        travel="ma trận thời gian đi lại",
        synthetic=True,
    )


def _need(lines, at, week):
    """Return the need for one internist at station number `at`."""
    served = sum(row.tour.station == f"T{at:02}" and row.tour.start <= week < row.tour.end for row in lines)
    name = f"Trạm y tế xã Mường Thử {at}"
    return NeedLine(f"T{at:02}", name, "IM", "Bác sĩ nội", 0, week, 1, 0, served, 0 if served else 10)
