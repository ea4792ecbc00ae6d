"""The signed document that makes a plan binding. A draft until number, signer, date and every legal basis are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Decision:
    """
    kind         : support, rotation, secondment, transfer
    number, signer, signed_on : all or none; without them the paper is a draft
    superior, agency : the two lines top left; place: where it is signed
    signer_post  : GIÁM ĐỐC; authority_form: "" (head signs), KT., TL., TUQ., Q.
    legal_bases  : sentences without "Căn cứ", valid on the day
    on           : the day whose law counts, also while the paper is a draft
    """

    kind: str
    superior: str
    agency: str
    symbol: str
    place: str
    signer_post: str
    on: date
    legal_bases: tuple[str, ...]
    basis_norms: tuple[str, ...] = ()
    authority_form: str = ""
    number: str | None = None
    signer: str | None = None
    signed_on: date | None = None

    def __post_init__(self) -> None:
        given = (self.number, self.signer, self.signed_on)
        if any(given) and not all(given):
            raise ValueError("number, signer and signed_on come all together or not at all")

    @property
    def is_draft(self) -> bool:
        """Whether nobody has signed and numbered it yet, or a legal basis is still to be filled in."""
        return self.number is None or bool(self.open_bases)

    @property
    def open_bases(self) -> tuple[str, ...]:
        """The legal bases with brackets left for the office to fill in."""
        return tuple(basis for basis in self.legal_bases if is_open(basis))


def is_open(basis: str) -> bool:
    """Return whether brackets are left in a legal basis for the office to fill in."""
    return "[" in basis or "]" in basis
