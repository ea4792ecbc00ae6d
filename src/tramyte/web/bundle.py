"""Every file around a decision: for the submission dossier, and one by one for units, communes and people."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tramyte.domain.errors import NormMissing
from tramyte.domain.messages import Lang, say
from tramyte.domain.names import search_key
from tramyte.domain.plan import PlanReport, TourLine
from tramyte.exchange import letters
from tramyte.exchange.decision import fixed_zip
from tramyte.exchange.letters import Facts
from tramyte.web import costs
from tramyte.web.actions.authorities import committee
from tramyte.web.dossier import Dossier, layout_of
from tramyte.web.norms import law_of

LETTERS = "thu"
LISTS = "danh-sach"
FORMS = ("docx", "pdf")


@dataclass(frozen=True)
class Party:
    """Somebody to whom a paper goes. kind: letter_sender, letter_receiver; unit: code of the facility or commune."""

    kind: str
    code: str
    name: str
    lines: tuple[TourLine, ...]


def money(dossier: Dossier, lang: Lang, *, is_whole: bool = False) -> str:
    """
    Return what a plan costs in words, as a range where rates are open; without rates, that it is not known.

    is_whole : to the đồng, as papers say it; else in millions
    """
    try:
        rows = costs.costs(dossier.sheet.report.tours, law=law_of(dossier.draft.province))
    except NormMissing:
        return say("UI_sg_money_unknown", lang)
    total = costs.total(one.amount for one in rows)
    if is_whole:
        return say("UI_sg_money_is", lang, amount=costs.dong(total, lang))
    return say("UI_sg_money_millions", lang, amount=costs.millions(total, lang))


def parties(dossier: Dossier) -> list[Party]:
    """Return every sending unit and every commune that receives, with their tours."""
    lines = dossier.case.lines
    units: dict[str, list[TourLine]] = {}
    for one in lines:
        units.setdefault(one.unit, []).append(one)
    communes = {row.code: row.commune for row in dossier.register.facilities}
    committees = {row.code: committee(row) for row in dossier.register.communes}
    there: dict[str, list[TourLine]] = {}
    for one in lines:
        if commune := communes.get(one.tour.key[1]):
            there.setdefault(commune, []).append(one)
    senders = [Party("letter_sender", code, own[0].unit_name, tuple(own)) for code, own in units.items()]
    receivers = [Party("letter_receiver", code, committees.get(code, code), tuple(own)) for code, own in there.items()]
    return sorted(senders, key=lambda one: one.code) + sorted(receivers, key=lambda one: one.code)


def names(dossier: Dossier) -> list[str]:
    """Return the names of the files of the submission dossier, in their order."""
    return list(_plan(dossier, {}))


def zipped(dossier: Dossier, words: Mapping[str, str]) -> bytes:
    """
    Return the submission dossier: the same draft makes the same bytes on the same day.

    words : what the submission letter says beside the plan
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, make in _plan(dossier, words).items():
            archive.writestr(name, make())
    return fixed_zip(out.getvalue())


def _plan(dossier: Dossier, words: Mapping[str, str]) -> dict[str, Any]:
    """Return file -> what makes it."""
    found: dict[str, Any] = {}
    report = dossier.report
    everything = Facts(words, report.tours, letters.of_units(report), report.synthetic)
    listed = Facts({**words, "campaign": report.name}, report.tours, (), report.synthetic)
    found |= _both(dossier, "1-to-trinh", "submission", everything)
    found["2-du-thao-quyet-dinh.docx"] = dossier.docx
    found["2-du-thao-quyet-dinh.pdf"] = dossier.pdf
    found |= _both(dossier, "3-danh-sach", "annex", listed)
    if dossier.before is not None:
        found |= _both(dossier, "5-so-sanh", "comparison", comparison(dossier, dossier.before))
    found |= _both(dossier, "4-y-kien", "opinions", opinions(dossier))
    for one in parties(dossier):
        facts, name = facts_of(dossier, one), file_name(one)
        if one.kind == "letter_sender":
            found[f"{LETTERS}/{name}.docx"] = _maker(dossier, one.kind, facts, "docx")
            found[f"{LISTS}/{name}.pdf"] = _maker(dossier, "unit_list", facts, "pdf")
        else:  # many: a PDF takes a quarter of the time, the Word file is given one by one
            found[f"{LETTERS}-xa/{name}.pdf"] = _maker(dossier, one.kind, facts, "pdf")
    return found


def _both(dossier: Dossier, name: str, kind: str, facts: Facts) -> dict[str, Any]:
    return {f"{name}.{form}": _maker(dossier, kind, facts, form) for form in FORMS}


def _maker(dossier: Dossier, kind: str, facts: Facts, form: str) -> Any:
    return lambda: letter(dossier, kind, facts, form=form)


def facts_of(dossier: Dossier, party: Party) -> Facts:
    """Return what a letter or a list of one unit or commune says."""
    words = {"unit": party.name, "campaign": dossier.report.name}
    return Facts(words, party.lines, (), dossier.report.synthetic)


def opinions(dossier: Dossier) -> Facts:
    """Return what a summary of the opinions says: each party, what it answered, number and date of its letter."""
    given = {(one.side, one.party): one for one in dossier.case.answers}
    sides = {"letter_sender": "sender", "letter_receiver": "receiver"}
    rows = []
    for number, party in enumerate(parties(dossier), start=1):
        one = given.get((sides[party.kind], party.code))
        day = f"{one.letter_on:%d/%m/%Y}" if one and one.letter_on else ""
        said = letters.wording()["answers"][one.answer if one and one.answer else "none"]
        rows.append((str(number), party.name, said, (one and one.letter) or "", day))
    return Facts({"campaign": dossier.report.name}, (), tuple(rows), dossier.report.synthetic)


def comparison(dossier: Dossier, before: PlanReport) -> Facts:
    """Return what a comparison with the plan before says."""
    after = dossier.sheet.report
    rows = letters.compared(before, after, on=dossier.on)
    same = {one.tour.key[0] for one in after.tours} | {one.tour.key[0] for one in before.tours}
    words = {
        "campaign": after.name, "compared": before.name, "changed": str(len(rows)), "same": str(len(same) - len(rows)),
    }  # fmt: skip
    return Facts(words, (), rows, after.synthetic)


def letter(dossier: Dossier, kind: str, facts: Facts, *, form: str) -> bytes:
    """Return a paper as Word or PDF. raises: BadData."""
    if form == "pdf":
        return letters.pdf(kind, dossier.decision, facts=facts)
    return letters.docx(kind, dossier.decision, facts=facts, template=layout_of(dossier.draft.province, kind))


def file_name(party: Party) -> str:
    """Return the name of a file for somebody, without marks."""
    words = search_key(party.name).replace(" ", "-")
    return "".join(sign for sign in f"{party.code}-{words}" if sign.isalnum() or sign in "-_")[:80]
