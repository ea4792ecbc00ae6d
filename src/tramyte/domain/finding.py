"""A finding is something wrong in data; a breach is something wrong in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from tramyte.domain.messages import Lang, messages, say

Severity = Literal["error", "warning"]
PROBLEM_FILE = "P1"  # codes of a problem file begin so: there `sheet` is a path in the file, which has no title


@dataclass(frozen=True)
class Finding:
    """
    One thing wrong in the input, with its place and its cure.

    code     : a code of messages.csv, whose template says what was read, what was expected, what to do
    sheet    : sheet of the workbook (its title, or the register's field), or path in a problem file ("staff[3].skills")
    cell     : "D17", "" where no single cell is meant
    fields   : values for the template; a `date` is worded as each language writes it
    severity : an error stops the input; a warning is shown and kept
    """

    code: str
    sheet: str = ""
    cell: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"

    @property
    def where(self) -> str:
        """The place, as people write it: Staff!D17."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell

    def place(self, lang: Lang) -> str:
        """Return the place in words: a field of the register, which no reader knows, becomes the title of its sheet."""
        title = f"SHEET_{self.sheet}"
        if self.cell or self.code.startswith(PROBLEM_FILE) or title not in messages():
            return self.where
        return say(title, lang)

    def sentence(self, lang: Lang) -> str:
        """Return code, place and sentence, on one line."""
        place = self.place(lang)
        words = say(self.code, lang, **{name: _worded(value, lang) for name, value in self.fields.items()})
        return " ".join(part for part in (self.code, f"{place}:" if place else "", words) if part)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object; `fields` stay readable by a program."""
        return {
            "code": self.code, "severity": self.severity, "sheet": self.sheet, "cell": self.cell,
            "fields": {name: _worded(value, "en") for name, value in self.fields.items()},
            "vi": self.sentence("vi"), "en": self.sentence("en"), "text": self.sentence(lang),
        }  # fmt: skip


def _worded(value: object, lang: Lang) -> object:
    """Return a date as the language writes it, 15/12/2025 or 2025-12-15; anything else as it is."""
    return value if not isinstance(value, date) else f"{value:%d/%m/%Y}" if lang == "vi" else value.isoformat()


@dataclass(frozen=True)
class Breach:
    """
    One hard rule broken by a plan: which rule, whom it concerns, in which week.

    week : 0-based, as in the problem file; None: no single week. The sentence says it as people count, from 1, too.
    """

    rule: str
    staff: str = ""
    week: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """Return rule, person, week and sentence, on one line."""
        nth = None if self.week is None else self.week + 1
        named = {"rule": self.rule, "staff": self.staff, "week": self.week, "nth": nth}
        return say(f"BREACH_{self.rule}", lang, **named, **self.fields)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "rule": self.rule, "staff": self.staff, "week": self.week, "fields": dict(self.fields),
            "vi": self.sentence("vi"), "en": self.sentence("en"), "text": self.sentence(lang),
        }  # fmt: skip
