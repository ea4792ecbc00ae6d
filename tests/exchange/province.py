"""A province that fits in the head: every sheet has a row; and raw sheets of it that a test can spoil."""

from datetime import date, datetime, time

from tramyte.domain.errors import BadData
from tramyte.domain.people import Absence, Appointment, Collaborator, Licence, Post, Staff, StaffSkill
from tramyte.domain.place import Assessment, Authority, Commune, Facility, Project
from tramyte.domain.register import Register
from tramyte.domain.work import (
    AwayLimit,
    Campaign,
    Lock,
    PastTour,
    Requirement,
    Sender,
    ServiceCount,
    StatedTotal,
    Travel,
    Weight,
)
from tramyte.exchange.columns import sheets
from tramyte.exchange.pages import RawSheet, letter
from tramyte.exchange.workbook import register_of

JAN = date(2025, 1, 1)


def province() -> Register:
    """Return two communes, a hospital, a station and its point, two doctors, one campaign."""
    return Register(
        campaign=(Campaign("D1", "Đợt 1", "11", date(2025, 12, 15), 12, "support", 2, 1, 300, date(2025, 12, 1)),),
        weights=(Weight("w_crit", 1000), Weight("fair1", 20)),
        communes=(
            Commune("03160", "Mường Nhé", "11", "xã", 3, 5000, JAN),
            Commune("03217", "Tủa Chùa", "11", "xã", None, None),
        ),
        facilities=(
            Facility("BV1", "Bệnh viện tỉnh", "hospital", "03217"),
            Facility("T1", "Trạm Mường Nhé", "station", "03160", None, 5000, 3, "mountain", True, 40.5, 102.45, 22.2),
            Facility("D1", "Điểm trạm Một", "point", "03160", "T1", building_grade="worn", land_m2=300),
        ),
        authorities=(Authority("T1", "UBND xã Mường Nhé", "Sở Y tế", "QĐ 1", JAN),),
        posts=(Post("P1", "T1", "V.08.01.03", "DK", "ngân sách", False, JAN),),
        staff=(
            Staff("A", "Lò Thị", "Hoa", 1980, "female", 5, "V.08.01.03", "specialist_1", "NOI", "public_employee"),
            Staff("B", "Lý A", "Páo", 1985, "male", contract_end=date(2027, 1, 1), start=JAN, leave_reason="hết"),
        ),
        skills=(StaffSkill("A", "NOI", 1, 3, "BV1"), StaffSkill("A", "SAN", 2), StaffSkill("B", "SAN", 1)),
        licences=(Licence("A", "001/DB-GPHN", "gphn", "Nội khoa", JAN, date(2030, 1, 1), 24.5),),
        appointments=(
            Appointment("A", "BV1", 0.6),
            Appointment("B", "BV1", 1.0, None, JAN),
            Appointment("A", "T1", 0.4, "P1"),
        ),
        absences=(Absence("B", "absent", date(2026, 1, 5), date(2026, 1, 12), "12/QĐ-BV"),),
        past_tours=(PastTour("A", "T1", "NOI", date(2025, 3, 3), date(2025, 3, 17), "rotation", "QĐ 5"),),
        collaborators=(Collaborator("C1", "T1", "village_health", "Vàng Thị", "Mỷ"),),
        service_counts=(ServiceCount("T1", date(2025, 11, 1), "khám bệnh", 410, "HIS", "verified"),),
        requirements=(Requirement("T1", "NOI", 1, 12, 1, 1, None, 5, "norm"), Requirement("T1", "SAN", 2, 4, 1)),
        senders=(Sender("BV1", "P", 1, 4, 4),),
        away_limits=(AwayLimit("BV1", "NOI", 1), AwayLimit("BV1", "SAN", 1)),
        locks=(Lock("A", "T1", "NOI", 3, 2),),
        travel=(Travel("BV1", "T1", 240, "đo thực tế"), Travel("BV1", "D1", None)),
        projects=(Project("X1", "works", "Xây trạm", "T1", JAN, date(2026, 1, 1), "tầng 1"),),
        assessments=(Assessment("T1", "BTC 2030", 2025, True, 82.5),),
        totals=(StatedTotal("staff", date(2025, 12, 1), 2, "Báo cáo"), StatedTotal("doctors", date(2025, 12, 1), 1)),
    )  # fmt: skip


def raws(register: Register) -> dict[str, list[list[object]]]:
    """Return sheet name -> header and rows, as a file would hold them."""
    found: dict[str, list[list[object]]] = {}
    for sheet in sheets().values():
        rows = [[getattr(record, column.field) for column in sheet.columns] for record in getattr(register, sheet.name)]
        found[sheet.name] = [[column.title["vi"] for column in sheet.columns], *rows]
    return found


def read_raws(tables: dict[str, list[list[object]]]):
    """Read raw sheets, titled in Vietnamese."""
    return register_of([RawSheet(sheets()[name].title["vi"], rows) for name, rows in tables.items()])


def spoil(*changes: tuple[str, int, str, object], tables=None):
    """Put values at (sheet, record, field) and return the findings: of the error, or the warnings."""
    tables = tables or raws(province())
    for sheet, record, field, value in changes:
        tables[sheet][record + 1][place(sheet, field)] = value
    try:
        return read_raws(tables)[1]
    except BadData as error:
        return error.findings


def place(sheet: str, field: str) -> int:
    """Return the 0-based column of a field."""
    return [column.field for column in sheets()[sheet].columns].index(field)


def cell(sheet: str, record: int, field: str) -> str:
    """Return the address of a field of a record."""
    return f"{letter(place(sheet, field))}{record + 2}"


def only(findings, code: str):
    """Return the one finding, which has this code; it must be said in both languages."""
    assert [finding.code for finding in findings] == [code], [finding.sentence("en") for finding in findings]
    finding = findings[0]
    assert code in finding.sentence("vi") and code in finding.sentence("en")
    assert finding.severity == ("warning" if code.startswith("W") else "error")
    return finding


def moment(year: int, month: int, day: int) -> datetime:
    """Return a day as a reader may give it: with a time."""
    return datetime.combine(date(year, month, day), time(7, 30))
