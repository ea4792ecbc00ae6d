"""Which professional title does a code stand for, and which code was meant?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any

from tramyte.norms.reader import Norm, norm

HEALTH = re.compile(r"^V ?0?8 ?(\d\d|\d(?= )) ?(\d{1,2})$")  # V.08.GG.NN, however the dots were typed


@dataclass(frozen=True)
class Title:
    """
    One professional title.

    code    : V.08.01.03; group: V.08.01, "" for the shared titles of other sectors
    grade   : I to IV, None where the title has no grade
    cadre   : doctor, preventive_doctor, assistant_doctor, public_health, nurse, midwife, technician, pharmacist,
              nutrition, population, optometry, other
    licence : title of the law on examination and treatment one practises under; None: no licence exists for it
    needs_licence : whether the title as a rule works with patients; `licence.required` knows the exceptions
    """

    code: str
    group: str
    vi: str
    en: str
    grade: str | None
    cadre: str
    is_health: bool
    licence: str | None
    needs_licence: bool
    norm_id: str


def title(code: str, *, on: date) -> Title | None:
    """Return the title of a code exactly as written, or None. raises: NormMissing, before the list begins."""
    return titles(on=on).get(code)


def titles(*, on: date) -> Mapping[str, Title]:
    """Return code -> title, health titles first, in the order of the codes. raises: NormMissing."""
    return _table(on)


@cache
def _table(on: date) -> Mapping[str, Title]:
    if_clinical = norm("licence_reading", on=on).value["only_if_clinical"]
    rows = [*_rows(norm("titles", on=on), if_clinical), *_rows(norm("titles_shared", on=on), if_clinical)]
    return MappingProxyType({row.code: row for row in rows})


def _rows(found: Norm, if_clinical: tuple[str, ...]) -> list[Title]:
    rows: Mapping[str, Mapping[str, Any]] = found.value
    return [
        Title(
            code=code,
            group=code.rpartition(".")[0] if code.startswith("V.08.") else "",
            vi=row["vi"],
            en=row["en"],
            grade=row["grade"],
            cadre=row["cadre"],
            is_health=code.startswith("V.08."),
            licence=row["licence"],
            needs_licence=row["licence"] is not None and row["licence"] not in if_clinical,
            norm_id=found.id,
        )
        for code, row in rows.items()
    ]


def suggest(text: str, *, on: date) -> str | None:
    """
    Return the valid code nearest to what was written, or None. A valid code suggests itself.

    The last number runs from 01 to 30 through all groups, so it names the title alone and a wrong group is mended;
    a number that does not exist gives way to the nearest of its group.

    >>> suggest("v08.01.06", on=date(2026, 1, 8))
    'V.08.02.06'
    """
    known = titles(on=on)
    plain = re.sub(r"[^0-9A-Z]+", " ", text.upper()).strip()
    found = HEALTH.match(plain)
    if found:
        return _by_number(f"V.08.{int(found[1]):02d}", int(found[2]), known)
    by_plain = {code.replace(".", ""): code for code in known}
    near = get_close_matches(plain.replace(" ", ""), by_plain, n=1, cutoff=0.75)
    return by_plain[near[0]] if near else None


def _by_number(group: str, number: int, known: Mapping[str, Title]) -> str | None:
    by_number = {int(code[-2:]): code for code, row in known.items() if row.is_health}
    if number in by_number:
        return by_number[number]
    in_group = [other for other, code in by_number.items() if known[code].group == group]
    return by_number[min(in_group, key=lambda other: abs(other - number))] if in_group else None
