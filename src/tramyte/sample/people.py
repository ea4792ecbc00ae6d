"""Made-up people: names from syllables, plausible ages, titles, licences, an appointment each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tramyte.domain.people import Appointment, Collaborator, Licence, Staff
from tramyte.norms import norm
from tramyte.norms.titles import title
from tramyte.sample.made import Made

KINH = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Phan", "Đinh", "Trịnh")
NORTH_WEST = (*KINH[:7], "Lò", "Quàng", "Cà", "Tòng", "Lường", "Điêu", "Giàng", "Mùa", "Vàng", "Sùng", "Thào", "Hạng")
NORTH_EAST = (*KINH[:8], "Nông", "Ma", "Lý", "Triệu", "Bàn", "Hoàng", "Vàng", "Giàng", "Sùng", "Hầu", "Phàn", "Tẩn")
COAST = (*KINH, "Lục", "Chíu", "Tằng", "Phùn", "Lỷ", "Vi", "La")
HMONG = ("Giàng", "Mùa", "Vàng", "Sùng", "Thào", "Hạng")
MIDDLE = {
    "male": ("Văn", "Đức", "Quang", "Hữu", "Xuân", "Trọng", "Mạnh", "Bá", "Công", "Việt"),
    "female": ("Thị", "Thị Thu", "Thị Thanh", "Thị Ngọc", "Thị Hồng", "Thị Bích", "Thùy", "Khánh", "Diệu"),
}
GIVEN = {
    "male": ("An", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Hùng", "Khánh", "Lâm", "Long", "Nghĩa",
             "Phúc", "Quân", "Sơn", "Thắng", "Thịnh", "Toàn", "Trung", "Tú", "Tùng", "Vinh", "Vượng"),
    "female": ("Anh", "Chi", "Dung", "Giang", "Hà", "Hiền", "Hoa", "Huệ", "Huyền", "Lan", "Liên", "Loan",
               "Mai", "Nga", "Ngân", "Nhung", "Oanh", "Thảo", "Thu", "Thủy", "Trang", "Vân", "Yến"),
}  # fmt: skip
FEW_MEN = {"V.08.05": 0.2, "V.08.06": 0.0, "V.08.10": 0.35}


@dataclass(frozen=True)
class Job:
    """What a person is employed as. ranks: qualifications it is held with, drawn alike."""

    title: str | None
    ranks: tuple[str, ...]
    specialty: str | None = None


DOCTOR = Job("V.08.01.03", ("university", "university", "specialist_1"), "DK")
PREVENTIVE_DOCTOR = Job("V.08.02.06", ("university", "university", "specialist_1"), "YHDP")
ASSISTANT = Job("V.08.03.07", ("intermediate", "college"))
PUBLIC_HEALTH = Job("V.08.04.10", ("university", "university", "master"), "YTCC")
NURSE = Job("V.08.05.12", ("university",), "DIEUDUONG")
NURSE_4 = Job("V.08.05.13", ("college", "intermediate"), "DIEUDUONG")
MIDWIFE = Job("V.08.06.16", ("college", "intermediate"), "HOSINH")
LAB = Job("V.08.07.18", ("university",), "XN")
IMAGING = Job("V.08.07.19", ("college",), "KTHA")
PHARMACIST = Job("V.08.08.22", ("university",), "DUOC")
PHARMACY = Job("V.08.08.23", ("college", "intermediate"), "DUOC")
POPULATION = Job("V.08.10.29", ("college", "intermediate"), "DANSO")
ACCOUNTANT = Job("06.031", ("university",), "QLHC")
OFFICER = Job("01.003", ("university",), "QLHC")
ORDERLY = Job("16.130", ("elementary",))
YEARS_OF_STUDY = {
    "elementary": 19, "intermediate": 21, "college": 22, "university": 25, "master": 30, "residency": 30,
    "specialist_1": 32, "doctorate": 36, "specialist_2": 40,
}  # fmt: skip


def doctor(specialty: str, *ranks: str) -> Job:
    """Return the job of a doctor of one specialty; the grade follows from the rank when hired."""
    return Job(DOCTOR.title, ranks or ("university", "specialist_1"), specialty)


def preventive(made: Made, skill: str) -> tuple[Job, str]:
    """Return the job of a preventive worker, and the skill."""
    job = made.rng.choice((PREVENTIVE_DOCTOR, PUBLIC_HEALTH, ASSISTANT, PUBLIC_HEALTH))
    return Job(job.title, job.ranks, skill), skill


def name(made: Made, sex: str) -> tuple[str, str]:
    """Return family with middle name, and given name."""
    family = made.rng.choice(made.families)
    middle = "A" if family in HMONG and sex == "male" else made.rng.choice(MIDDLE[sex])
    return f"{family} {middle}", made.rng.choice(GIVEN[sex])


def hire(
    made: Made, facility: str, job: Job, *, on: date, start: date | None = None, end: date | None = None,
    contract: str = "public_employee", born: tuple[int, int] | None = None, sex: str | None = None,
) -> Staff:  # fmt: skip
    """
    Add one person with a licence where the title asks for one, and a full-time appointment.

    on    : a day the person is at work; nobody of the sample has passed the age of retirement then
    start : of the appointment; drawn from the years before `on` when left out. end: its end, not the person's
    born  : (year, month), drawn when left out
    """
    rng = made.rng
    sex = sex or ("male" if rng.random() < FEW_MEN.get((job.title or "")[:7], 0.5) else "female")
    rank = rng.choice(job.ranks)
    oldest = on.year - (52 if sex == "female" else 57)
    youngest = on.year - 3 - YEARS_OF_STUDY[rank]
    year, month = born or (rng.randint(oldest, youngest), rng.randint(1, 12))
    family, given = name(made, sex)
    person = Staff(
        code=made.next_person(), family_names=family, given_name=given, birth_year=year, birth_month=month, sex=sex,
        title_code=_grade(job.title, rank), qualification=rank, specialty=job.specialty, contract=contract,
    )  # fmt: skip
    began = start or date(rng.randint(year + YEARS_OF_STUDY[rank] + 1, on.year - 1), rng.randint(1, 12), 1)
    made.add(person)
    made.appoint(Appointment(person.code, facility, start=began, end=end))
    if job.title and (row := title(job.title, on=on)) and row.needs_licence:
        made.add(_licence(made, person, on=on))
    return person


def hire_all(made: Made, facility: str, jobs: Iterable[Job], *, on: date, start: date | None = None) -> list[Staff]:
    """Add one person a job."""
    return [hire(made, facility, job, on=on, start=start) for job in jobs]


def move(made: Made, person: Staff, to: str, *, on: date, decision: str | None = None) -> None:
    """End the person's appointment on the day and start a full-time one at `to`."""
    made.end_appointment(person.code, on=on)
    made.appoint(Appointment(person.code, to, start=on, decision=decision))


def collaborators(made: Made, facility: str, count: int, *, kind: str) -> None:
    """Add people who help the station and are not its staff."""
    for number in range(1, count + 1):
        family, given = name(made, "female" if made.rng.random() < 0.8 else "male")
        made.add(Collaborator(f"CTV-{facility}-{number:02}", facility, kind, family, given))


def _grade(code: str | None, rank: str) -> str | None:
    """A doctor with a second-level specialty holds the principal grade."""
    return "V.08.01.02" if code == DOCTOR.title and rank == "specialist_2" else code


def _licence(made: Made, person: Staff, *, on: date) -> Licence:
    """Licences since 2024 last five years; the certificates before them have no end."""
    rng, number = made.rng, f"{int(person.code.rpartition('-')[2]):06}/{made.prefix}"
    first_year = person.birth_year + YEARS_OF_STUDY[person.qualification or "elementary"] + 1
    scope = person.specialty or "DK"
    if rng.random() < 0.3:
        issued = date(2024, rng.randint(2, 12), rng.randint(1, 28))
        expires = issued.replace(year=issued.year + norm("licence", on=on).value["validity_years"]["gphn"])
        return Licence(person.code, f"{number}-GPHN", "gphn", scope, issued, expires, float(rng.randrange(8, 49, 4)))
    issued = date(rng.randint(min(max(first_year, 2012), 2023), 2023), rng.randint(1, 12), rng.randint(1, 28))
    return Licence(person.code, f"{number}-CCHN", "cchn", scope, issued)
