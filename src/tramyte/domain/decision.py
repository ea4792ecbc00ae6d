"""The signed document that makes a plan binding. A draft until number, signer, date and every legal basis are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Key = tuple[str, str, str, int, int]  # of a tour


@dataclass(frozen=True)
class Amendment:
    """
    What a decision changes of an earlier one; whoever it does not name goes as decided before.

    of      : number and day of the earlier one: "Quyết định số 812/QĐ-SYT ngày 09 tháng 01 năm 2026"
    gone    : tours that are withdrawn
    changed : tours that take the place of one of the same person -> what that was, in words
    begun   : tours that have begun under the earlier one: of those only the end changes
    """

    of: str
    gone: frozenset[Key] = frozenset()
    changed: Mapping[Key, str] = field(default_factory=dict)
    begun: frozenset[Key] = frozenset()


@dataclass(frozen=True)
class Decision:
    """
    kind         : support, rotation, secondment, transfer
    number, signer, signed_on : all or none; without them the paper is a draft
    superior, agency : the two lines top left; place: where it is signed
    signer_post  : GIÁM ĐỐC; authority_form: "" (head signs), KT., TL., TUQ., Q.
    legal_bases  : sentences without "Căn cứ", valid on the day
    on           : the day whose law counts, also while the paper is a draft
    amends       : what it changes of an earlier decision; None: it stands for itself
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
    amends: Amendment | None = None

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
