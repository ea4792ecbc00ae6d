"""A world that fits in the head: two communes, three stations, a point, a hospital, six people."""

from datetime import date
from typing import Any

from tramyte.domain.people import Appointment, Staff
from tramyte.domain.place import Commune, Facility
from tramyte.domain.register import Register

ON = date(2026, 1, 8)
DOCTOR, PREVENTIVE, NURSE = "V.08.01.03", "V.08.02.06", "V.08.05.12"


def person(code: str, title: str | None = DOCTOR, **more: Any) -> Staff:
    return Staff(code, "Lò Văn", code, 1985, "male", title_code=title, **more)


def at(staff: str, facility: str, **more: Any) -> Appointment:
    return Appointment(staff, facility, **more)


def commune(code: str, **more: Any) -> Commune:
    return Commune(code, f"Xã {code}", "08", "xã", **more)


def facility(code: str, commune: str = "C1", kind: str = "station", **more: Any) -> Facility:
    return Facility(code, f"Cơ sở {code}", kind, commune, **more)


def world(**more: Any) -> Register:
    """C1: station S1 with point P1; C2: polyclinic S2 with child station S3 below it. H: a hospital, no station."""
    sheets: dict[str, Any] = {
        "communes": (commune("C1"), commune("C2")),
        "facilities": (
            facility("S1"),
            facility("P1", kind="point", parent="S1"),
            facility("S2", "C2", kind="polyclinic"),
            facility("S3", "C2", parent="S2"),
            facility("H", "C2", kind="hospital"),
        ),
        "staff": (person("A"), person("B"), person("C"), person("D", PREVENTIVE), person("E", NURSE), person("F")),
        "appointments": (at("A", "S1"), at("B", "P1"), at("C", "S3"), at("D", "S1"), at("E", "S2"), at("F", "H")),
    }
    return Register(**{**sheets, **more})
