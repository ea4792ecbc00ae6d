"""Papers in the layout of an office: a Word file in place of ours, or ours again; what papers say of the office."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Objective, Plan, PlanReport, Tour, TourLine
from tramyte.exchange import decision as printing
from tramyte.exchange import hostile, letters
from tramyte.exchange.letters import Facts
from tramyte.web.actions.writing import writing
from tramyte.web.dossier import DECISION, OFFICE, Words
from tramyte.web.models import Account, Layout
from tramyte.web.roles import Permission

LIMIT = 5_000_000  # bytes of a Word template
PART = "word/document.xml"
MONDAY = date(2026, 1, 5)
SAMPLE_ON = date(2026, 1, 2)


def kinds() -> tuple[str, ...]:
    """Return the kinds of paper that have a layout."""
    return (DECISION, *letters.kinds())


def ours(kind: str) -> bytes:
    """Return our Word file for a kind of paper."""
    return printing.skeleton("decision.docx" if kind == DECISION else letters.WORD)


def sample(kind: str, words: Words, *, template: bytes | None, form: str = "docx") -> bytes:
    """Return a kind of paper filled with made-up people. raises: BadData, the template cannot be filled."""
    decision = printing.draft(
        "support", on=SAMPLE_ON, superior=words.superior, agency=words.agency, symbol=words.symbol, place=words.place,
        signer_post=words.signer_post, authority_form=words.authority_form, basis=words.bases,
    )  # fmt: skip
    report = _made_up()
    if kind == DECISION:
        return printing.pdf(decision, report) if form == "pdf" else printing.docx(decision, report, template=template)
    line = report.tours[0]
    rows = letters.of_units(report) if kind == "submission" else ()
    rows = letters.compared(_made_up(0), report, on=SAMPLE_ON) if kind == "comparison" else rows
    facts = Facts({"unit": line.unit_name, "campaign": report.name, "name": line.staff_name}, report.tours, rows, True)
    if form == "pdf":
        return letters.pdf(kind, decision, facts=facts)
    return letters.docx(kind, decision, facts=facts, template=template)


def _made_up(count: int = 2) -> PlanReport:
    """Return a plan of people who do not exist."""
    names = ("Lò Thị Mẫu", "Giàng A Mẫu")[:count]
    lines = tuple(
        TourLine(
            Tour(f"M{nth}", "T", "NOI", nth, 1), name, "BV", "Bệnh viện Mẫu", "Trạm y tế xã Mẫu", "Nội khoa", 60, False,
            MONDAY + timedelta(weeks=nth), MONDAY + timedelta(weeks=nth, days=6),
        )
        for nth, name in enumerate(names)
    )  # fmt: skip
    plan = Plan((), Objective(), 0, "feasible", 0.0, 0)
    return PlanReport("Đợt mẫu", 2, MONDAY, plan, lines, (), (), travel="—", synthetic=True)


def upload(*, by: Account, province: str, kind: str, filename: str, data: bytes, words: Words) -> Layout:
    """
    Put a Word file in the place of ours, if our sample can be filled into it.

    raises : BadData, it is no Word file, hostile, too large, or asks for what is not there
    """
    with writing("layouts.upload", by=by, may=Permission.EDIT_RULES, path=f"{province}/") as note:
        check(kind, filename, data, words)
        made = _keep(by, province, kind, filename, data, note.at)
        note.about, note.details = kind, {"filename": filename, "sha256": made.sha256}
    return made


def check(kind: str, filename: str, data: bytes, words: Words) -> None:
    """Refuse a file that is no template. raises: BadData, with everything found."""
    if kind not in kinds():
        raise BadData([Finding("X109", fields={"reason": kind})])
    if len(data) > LIMIT:
        hostile.refuse("E104", part=filename, size=len(data) // hostile.MB, limit=LIMIT // hostile.MB)
    archive = hostile.open_zip(data, filename=filename)
    entries = archive.namelist()
    found = hostile.parts_to_refuse(entries)
    if PART not in entries:
        found.append(Finding("X109", fields={"reason": PART}))
    for name in entries:
        if name.endswith((".xml", ".rels")):
            text = hostile.part(archive, name, filename=filename)
            if b'TargetMode="External"' in text:
                found.append(Finding("E110", "", "", {"part": name}))
    if found:
        raise BadData(found)
    sample(kind, words, template=data)


def go_back(*, by: Account, province: str, kind: str, reason: str) -> Layout:
    """Let ours count again for a kind of paper. raises: BadData, without a reason."""
    with writing("layouts.go_back", by=by, may=Permission.EDIT_RULES, path=f"{province}/", reason=reason) as note:
        if not reason.strip():
            raise BadData([Finding("E604")])
        made = _keep(by, province, kind, "", None, note.at)
        note.about = kind
    return made


def say_of_office(*, by: Account, province: str, words: Words) -> Layout:
    """Say what papers of a province say of its office from now on: heads, place, who signs, bases."""
    with writing("layouts.say_of_office", by=by, may=Permission.EDIT_RULES, path=f"{province}/") as note:
        data = json.dumps(words.to_json(), ensure_ascii=False, sort_keys=True).encode()
        made = _keep(by, province, OFFICE, "", data, note.at)
        note.about, note.details = OFFICE, {"words": words.to_json()}
    return made


def _keep(by: Account, province: str, kind: str, filename: str, data: bytes | None, at: Any) -> Layout:
    return Layout.objects.create(
        province=province, path=f"{province}/", kind=kind, filename=filename[-120:], content=data,
        sha256=hashlib.sha256(data).hexdigest() if data else None, at=at, account=by,
    )  # fmt: skip
