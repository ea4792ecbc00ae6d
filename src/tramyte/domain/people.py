"""Posts and people. A post is not a person; a vacancy is a post without an appointment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Post:
    """One seat granted to a facility; it may be empty, and it may be frozen."""

    code: str
    facility: str
    title_code: str
    specialty: str | None = None
    funded_source: str | None = None
    is_frozen: bool | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Staff:
    """
    One employed person.

    birth_year, birth_month : the law of retirement asks for no more; month None counts as January
    sex                     : male, female
    title_code              : V.08.01.03 ... or another cadre's; None: in no group, and a finding says so
    qualification           : rank on the ladder (intermediate ... doctorate; specialist_1, specialist_2)
    contract                : public_employee, definite, support_111, professional_111, labour, trainee
    """

    code: str
    family_names: str
    given_name: str
    birth_year: int
    sex: str
    birth_month: int | None = None
    title_code: str | None = None
    qualification: str | None = None
    specialty: str | None = None
    contract: str | None = None
    contract_end: date | None = None
    start: date | None = None
    end: date | None = None
    leave_reason: str | None = None

    @property
    def name(self) -> str:
        """The name as an official list writes it."""
        return f"{self.family_names} {self.given_name}"

    def __repr__(self) -> str:
        return f"<Staff {self.name}, {self.code}>"


@dataclass(frozen=True)
class StaffSkill:
    """What one person can do. rank 1 is the primary skill, which the sending unit counts by."""

    staff: str
    skill: str
    rank: int
    level: int | None = None
    verified_by: str | None = None


@dataclass(frozen=True)
class Licence:
    """
    A licence to practise.

    kind    : gphn (five years), cchn (old certificate, no end date)
    expires : last day of validity; None with a cchn
    cme_hours : credit hours earned in the running cycle; None: not reported
    """

    staff: str
    number: str
    kind: str
    scope: str | None = None
    issued: date | None = None
    expires: date | None = None
    cme_hours: float | None = None


@dataclass(frozen=True)
class Appointment:
    """One person at one facility for a share of working time (0 < share <= 1)."""

    staff: str
    facility: str
    share: float = 1.0
    post: str | None = None
    start: date | None = None
    end: date | None = None
    decision: str | None = None


@dataclass(frozen=True)
class Absence:
    """
    Days on which a person cannot be deployed: outcome, dates and paper, never a diagnosis.

    outcome : absent (leave, training, other duty) or exempt (by law or by the province)
    """

    staff: str
    outcome: str
    start: date
    end: date | None = None
    paper: str | None = None


@dataclass(frozen=True)
class Collaborator:
    """A village health worker or population collaborator: beside staff, never counted as staff."""

    code: str
    facility: str
    kind: str
    family_names: str
    given_name: str
    start: date | None = None
    end: date | None = None
