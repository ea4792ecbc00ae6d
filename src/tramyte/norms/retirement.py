"""When does a person reach the age of retirement? By month of birth and sex, to the month."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from tramyte.domain.errors import NormMissing
from tramyte.norms.reader import norm


@dataclass(frozen=True)
class Retirement:
    """age_months: age of retirement, months; last_day: last day at work; pension_from: first day of the pension."""

    age_months: int
    last_day: date
    pension_from: date
    norm_id: str


def retirement(birth_year: int, birth_month: int | None, *, sex: str, on: date) -> Retirement:
    """
    Return when a person retires by the table in force on the day, without early or late leaving.

    birth_month : 1-12; None counts as January, as the decree says
    sex         : male, female
    raises      : NormMissing, born before the first cohort, or asked before 2021; ValueError, no such month or sex
    source      : Decree 135/2020/NĐ-CP, Article 4 and Annex I

    >>> retirement(1965, 6, sex="male", on=date(2026, 1, 8)).last_day
    datetime.date(2026, 12, 31)
    """
    found = norm("retirement", on=on)
    month = found.value["unknown_birth_month"] if birth_month is None else birth_month
    if not 1 <= month <= 12:
        raise ValueError(f"birth_month is {birth_month}, give 1 to 12 or None")
    if sex not in ("male", "female"):
        raise ValueError(f"sex is {sex!r}, give male or female")
    born = f"{birth_year:04d}-{month:02d}"
    for row in found.value[sex]:
        if row["born_from"] <= born and (row["born_to"] is None or born <= row["born_to"]):
            return _reached(birth_year, month, row["years"] * 12 + row["months"], found.id)
    raise NormMissing("retirement", on, f"{sex} born {born}, the table begins {found.value[sex][0]['born_from']}")


def _reached(birth_year: int, birth_month: int, age_months: int, norm_id: str) -> Retirement:
    years, zero_based_month = divmod(birth_month - 1 + age_months, 12)
    year, month = birth_year + years, zero_based_month + 1
    last_day = date(year, month, monthrange(year, month)[1])
    return Retirement(age_months, last_day, last_day + timedelta(days=1), norm_id)
