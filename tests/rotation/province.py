"""A province of four people, two sending units, three stations and four weeks, as a workbook hands it over."""

from datetime import date
from typing import Any

from tramyte.domain.people import Appointment, Licence, Staff, StaffSkill
from tramyte.domain.place import Facility
from tramyte.domain.register import Register
from tramyte.domain.work import AwayLimit, Campaign, Lock, Requirement, Sender, Travel, Weight

MONDAY = date(2026, 1, 5)
DOCTOR, PREVENTIVE, POPULATION = "V.08.01.03", "V.08.02.06", "V.08.10.29"


def person(code: str, title: str | None = DOCTOR, **more: Any) -> Staff:
    return Staff(
        code, "Lò Thị", code.capitalize(), **{"birth_year": 1985, "sex": "female", "title_code": title, **more}
    )


def place(code: str, kind: str = "station", **more: Any) -> Facility:
    return Facility(code, f"Cơ sở {code}", kind, "C1", **{"lon": 103.0, "lat": 21.0, "terrain": "mountain", **more})


def licence(staff: str, **more: Any) -> Licence:
    return Licence(staff, f"{staff}/CCHN", **{"kind": "cchn", **more})


SHEETS: dict[str, Any] = {
    "campaign": (Campaign("D1", "Đợt 1", "11", MONDAY, 4, "support", max_tours=2, rest_weeks=1, max_travel_min=300),),
    "weights": (Weight("w_crit", 500), Weight("fair1", 7)),
    "facilities": (
        place("H", "hospital", terrain=None), place("T", "centre", lat=21.1), place("A", lat=21.2),
        place("B", terrain="remote", lat=21.3), place("C"),
    ),
    "staff": (person("lan"), person("minh"), person("hoa", PREVENTIVE), person("dung", POPULATION), person("home")),
    "skills": (
        StaffSkill("lan", "NHI", 2), StaffSkill("lan", "NOI", 1), StaffSkill("minh", "NOI", 1),
        StaffSkill("hoa", "TCMR", 1), StaffSkill("dung", "DANSO", 1),
    ),
    "licences": (licence("lan"), licence("minh"), licence("hoa")),
    "appointments": (
        Appointment("lan", "H"), Appointment("minh", "H"), Appointment("hoa", "T"), Appointment("dung", "T"),
        Appointment("home", "A"),
    ),
    "requirements": (
        Requirement("B", "TCMR", 2, 3, 2),
        Requirement("A", "NOI", 1, 4, 1, 1, w_crit=9000),
        Requirement("A", "NOI", 2, 2, 1, w_norm=3),
    ),
    "senders": (Sender("H", "P", 1, 2, 2), Sender("T", "M", 4, 4, 4)),
    "away_limits": (AwayLimit("H", "NOI", 1), AwayLimit("T", "TCMR", 1), AwayLimit("T", "DANSO", 1)),
    "locks": (Lock("lan", "A", "NOI", 2, 2),),
    "travel": (Travel("H", "A", 45), Travel("T", "B", None)),
}  # fmt: skip


def province(**sheets: Any) -> Register:
    """The province, some sheets in the place of its own."""
    return Register(**{**SHEETS, **sheets})
