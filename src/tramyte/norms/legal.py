"""On what does a personnel decision rest, on the day it is drafted for?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tramyte.domain.errors import NormMissing
from tramyte.norms.reader import norm


@dataclass(frozen=True)
class Basis:
    """One legal basis, in Vietnamese, without the word "Căn cứ" and without the closing mark."""

    text: str
    norm_id: str

    @property
    def is_placeholder(self) -> bool:
        """Whether square brackets are left for the drafter to fill in."""
        return "[" in self.text


def bases(kind: str, *, on: date) -> tuple[Basis, ...]:
    """
    Return the legal bases of a decision, in the order they are printed.

    kind   : support, rotation, secondment, transfer
    raises : NormMissing, nothing is known for this kind on the day

    >>> [basis.text[:31] for basis in bases("transfer", on=date(2026, 7, 1))][1]
    'Luật Viên chức số 129/2025/QH15'
    """
    found = norm("legal_bases", on=on)
    if kind not in found.value:
        raise NormMissing("legal_bases", on, f"kind {kind!r}, known: {', '.join(found.value)}")
    return tuple(Basis(text, found.id) for text in found.value[kind])
