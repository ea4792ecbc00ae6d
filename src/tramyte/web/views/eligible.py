"""Verdicts on who may go, in words: rule, what it rests on, the value read, the day it clears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tramyte.domain.errors import NormMissing
from tramyte.domain.messages import Lang, say
from tramyte.norms import norm
from tramyte.web.eligibility import Verdict
from tramyte.web.views.place import skill_words

LOOKS = {True: "met", False: "short", None: "unknown"}


@dataclass(frozen=True)
class Line:
    """
    One rule as a page shows it.

    look   : met, short, near (it asks for a reason alone) or unknown; word: the same in a word
    clears : from when it would hold, in words; blank: it holds, or nobody knows
    """

    rule: str
    title: str
    look: str
    word: str
    read: str
    basis: str
    clears: str


def lines(found: Iterable[Verdict], lang: Lang, *, on: date) -> list[Line]:
    """Return verdicts in words. on: the day on which names of the law are asked."""
    made = []
    for one in found:
        look = "near" if one.holds is False and one.is_soft else LOOKS[one.holds]
        clears = say("UI_ca_clears", lang, day=day_words(one.clears, lang)) if one.clears else ""
        made.append(Line(
            one.rule, say(f"UI_ca_rule_{one.rule}", lang), look, say(f"UI_ca_look_{look}", lang),
            say(one.code, lang, **_fields(one, lang, on)), basis(one.basis, lang, on=on), clears,
        ))  # fmt: skip
    return made


def basis(name: str, lang: Lang, *, on: date) -> str:
    """Return what a rule rests on: article and paper of a norm, the register, or the terms of the campaign."""
    if name in ("register", "campaign"):
        return say(f"UI_ca_basis_{name}", lang)
    try:
        found = norm(name, on=on)
    except NormMissing:
        return "—"
    source = found.source.strip()
    return source if found.article in ("", "-") else f"{found.article} ({source})"


def day_words(day: date | None, lang: Lang) -> str:
    """Return a day as the language writes it; none is a dash."""
    return "—" if day is None else f"{day:%d/%m/%Y}" if lang == "vi" else day.isoformat()


def _fields(one: Verdict, lang: Lang, on: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in one.fields.items():
        if isinstance(value, date) or value is None:
            found[name] = day_words(value, lang)
        elif name == "skill":
            found[name] = skill_words(value, lang, on=on)
        elif name == "skills":
            found[name] = ", ".join(skill_words(code, lang, on=on) or code for code in value)
        else:
            found[name] = value
    return found


def week_words(spans: Iterable[tuple[int, int]]) -> str:
    """
    Return spans of weeks of a campaign, half-open and from 0, as people write them.

    >>> week_words([(0, 4), (6, 7)])
    '1–4, 7'
    """
    return ", ".join(str(first + 1) if last == first + 1 else f"{first + 1}–{last}" for first, last in spans)
