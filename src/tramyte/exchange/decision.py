"""The decision as Word and PDF, in the layout of Decree 30/2020. A draft says so on every page until it is whole."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import typst
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tramyte.domain.decision import Amendment, Decision, is_open
from tramyte.domain.errors import BadData, TramyteError
from tramyte.domain.finding import Finding, Severity
from tramyte.domain.plan import PlanReport, TourLine
from tramyte.exchange.board import name_key
from tramyte.exchange.paper import People, content, kinds, plain
from tramyte.norms.days import working_days
from tramyte.norms.instruments import fits, instrument
from tramyte.norms.legal import bases
from tramyte.norms.reader import norm

FONT = "Tinos"
STYLES = {
    ("normal", 400): "Tinos-Regular.ttf",
    ("normal", 700): "Tinos-Bold.ttf",
    ("italic", 400): "Tinos-Italic.ttf",
    ("italic", 700): "Tinos-BoldItalic.ttf",
}
LACKS = re.compile(r'the text `"(?P<letters>.+)"` could not be displayed with font `"(?P<font>.+)"`')
NAMED = 3  # people that a finding names; it counts the others
TOGETHER = {"N106": "X114", "N107": "X115"}  # a term of one person -> the sentence for all who have such a term
OWN = ("days", "short")  # fields of such a term that differ from one person to the next
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class NoFont(BadData):
    """A font of the package is missing. Nothing is wrong with the input, so the exit code is that of `TramyteError`."""

    exit_code = TramyteError.exit_code


def draft(
    kind: str,
    *,
    on: date,
    superior: str,
    agency: str,
    symbol: str,
    place: str,
    signer_post: str,
    number: str | None = None,
    signer: str | None = None,
    signed_on: date | None = None,
    authority_form: str = "",
    legal_bases: Sequence[str] | None = None,
    basis: Sequence[str] = (),
    amends: Amendment | None = None,
) -> Decision:
    """
    Return a decision with the legal bases in force on the day it is signed, or on `on` while it is not.

    kind           : support, rotation, secondment, transfer; never mixed. symbol: "QĐ-SYT"
    number, signer, signed_on : all, or none: a draft
    authority_form : "" (the head signs), KT., TM., TL., TUQ., Q.
    legal_bases    : sentences to use instead; None: those of the law file
    basis          : sentences for the bases with brackets, in their order; further ones stand after the last basis
    amends         : what it changes of an earlier decision, which is a basis of it too
    raises         : BadData, an unknown kind or form, only some of number, signer, date, or a basis with brackets or
                     without words; NormMissing
    source         : Decree 30/2020/NĐ-CP, Annex I
    """
    day = signed_on or on
    half = _half_signed(number=number, signer=signer, signed_on=signed_on)
    given = [_basis(text) for text in basis]
    if problems := [*_unknown(kind, authority_form, day), *half, *_unfit(given)]:
        raise BadData(problems)
    found = bases(kind, on=day) if legal_bases is None else ()
    texts = [row.text for row in found] if legal_bases is None else legal_bases
    earlier = [amends.of] if amends else []
    return Decision(
        kind=kind, superior=superior, agency=agency, symbol=symbol, place=place, signer_post=signer_post, on=day,
        legal_bases=(*_filled(texts, given), *earlier), basis_norms=tuple(dict.fromkeys(row.norm_id for row in found)),
        authority_form=authority_form, number=number or None, signer=signer or None, signed_on=signed_on,
        amends=amends,
    )  # fmt: skip


def _basis(text: str) -> str:
    """Return a basis as it was typed, without the word and the closing mark that the paper sets itself."""
    return re.sub(r"^căn cứ\b\s*", "", plain(text), flags=re.IGNORECASE).rstrip(" ;.")


def _unfit(given: Sequence[str]) -> Iterator[Finding]:
    for nth, text in enumerate(given, start=1):
        if not text or is_open(text):
            yield Finding("X113", fields={"nth": nth, "basis": text or "—"})


def _filled(texts: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    """Return the bases, those with brackets replaced in their order; what is left over stands after the last one."""
    rest = iter(given)
    return (*(next(rest, text) if is_open(text) else text for text in texts), *rest)


def _half_signed(**given: object) -> Iterator[Finding]:
    there, missing = ([key for key, value in given.items() if bool(value) is wanted] for wanted in (True, False))
    if there and missing:
        yield Finding("X111", fields={"given": ", ".join(there), "missing": ", ".join(missing)})


def _unknown(kind: str, form: str, on: date) -> Iterator[Finding]:
    if kind not in kinds():
        yield Finding("X105", fields={"kind": repr(kind), "known": ", ".join(kinds())})
    forms = norm("document_layout", on=on).value["authority_forms"]
    if form not in forms:
        yield Finding("X106", fields={"form": repr(form), "known": ", ".join(known for known in forms if known)})


def findings(decision: Decision, report: PlanReport, *, campaign: str | None = None) -> tuple[Finding, ...]:
    """
    Return what stands between this plan and a signed decision; errors stop a signed paper, warnings are for the eye.

    campaign : instrument of the campaign, which the decision shares; None: not known

    Checked: there is somebody to send; days exist and none is before the signing date; the law is that of the signing
    date and has no brackets left; the plan breaks no rule; instrument and terms fit (regulations: Decree 30/2020; Law
    on public employees). A draft is checked against `decision.on`, so that it shows today what would stop it.
    """
    found: list[Finding] = list(_unknown(decision.kind, decision.authority_form, decision.on))
    if found:
        return tuple(found)
    report = _sent(decision, report)
    if not report.tours and decision.amends is None:
        found.append(Finding("X110"))
    if decision.signed_on and decision.signed_on != decision.on:
        found.append(Finding("X103", fields={"on": _day(decision.on), "signed": _day(decision.signed_on)}))
    if report.breaches:
        found.append(Finding("X104", fields={"count": len(report.breaches)}))
    found += _open_bases(decision)
    found += _early_or_undated(decision, report)
    found += _other_instrument(decision, campaign)
    return (*found, *_transferred_twice(decision, report), *_terms(decision, report))


def _sent(decision: Decision, report: PlanReport) -> PlanReport:
    """Return the plan with those alone whom the paper sends: an amending one also lists who stays at home."""
    if decision.amends is None:
        return report
    left = decision.amends.gone | decision.amends.begun
    return replace(report, tours=tuple(line for line in report.tours if line.tour.key not in left))


def _open_bases(decision: Decision) -> Iterator[Finding]:
    """Yield each basis with brackets, numbered as they are to be given: any of them keeps the paper a draft."""
    texts = decision.open_bases
    for nth, basis in enumerate(texts, start=1):
        yield Finding("X112", fields={"basis": basis, "nth": nth, "count": len(texts)}, severity="warning")


def _severity(decision: Decision) -> Severity:
    return "warning" if decision.is_draft else "error"


def _other_instrument(decision: Decision, campaign: str | None) -> Iterator[Finding]:
    """Yield that the decision moves people by another instrument than the campaign was planned for."""
    if campaign in (None, decision.kind):
        return
    own, planned = (instrument(code, on=decision.on) for code in (decision.kind, str(campaign)))
    fields = {"name_vi": own.vi, "name_en": own.en, "campaign_vi": planned.vi, "campaign_en": planned.en}
    yield Finding("X117", fields={**fields, "kind": campaign}, severity=_severity(decision))


def _transferred_twice(decision: Decision, report: PlanReport) -> Iterator[Finding]:
    """Yield who would leave for good more than once: one finding for all."""
    tours = Counter(line.tour.key[0] for line in report.tours)
    twice = {
        code: f"{line.staff_name} ({code}): {tours[code]}"
        for line in sorted(report.tours, key=_name_order)
        if tours[code := line.tour.key[0]] > 1
    }
    if decision.kind == "transfer" and twice:
        yield Finding("X116", fields=_people(twice), severity=_severity(decision))


def _name_order(line: TourLine) -> tuple[object, ...]:
    return name_key(line.staff_name), line.tour.key


def _early_or_undated(decision: Decision, report: PlanReport) -> Iterator[Finding]:
    """Yield one finding for all who would start before the signing date, one for all who have no first day."""
    signed = decision.signed_on or decision.on
    early: dict[str, str] = {}
    undated: dict[str, str] = {}
    for line in sorted(report.tours, key=lambda line: (line.tour.start, name_key(line.staff_name), line.tour.key)):
        who = f"{line.staff_name} ({line.tour.key[0]})"
        if line.start_date is None:
            undated.setdefault(line.tour.key[0], who)
        elif line.start_date < signed:
            early.setdefault(line.tour.key[0], f"{who}, {line.station_name}, {_day(line.start_date)}")
    if undated:
        yield Finding("X102", fields=_people(undated))
    if early:
        yield Finding("X101", fields={**_people(early), "signed": _day(signed)})


def _people(found: Mapping[str, str]) -> dict[str, Any]:
    """Return how many people are meant, and the first few of them in words."""
    return {"count": len(found), "first": "; ".join([*found.values()][:NAMED]) + ("; …" if len(found) > NAMED else "")}


def _terms(decision: Decision, report: PlanReport) -> Iterator[Finding]:
    """Yield the terms that do not fit the instrument, each sentence once for all whom it concerns."""
    by_person: dict[str, list[TourLine]] = defaultdict(list)
    for line in sorted(report.tours, key=_name_order):
        if line.start_date is not None:
            by_person[line.tour.key[0]].append(line)
    together: dict[str, dict[str, str]] = defaultdict(dict)
    told: dict[object, Finding] = {}
    for staff, lines in by_person.items():
        for finding in _misfits(decision, [_span(line) for line in lines]):
            # six months across Tết are a lawful term, though the days to serve are fewer: that stays a warning
            code = TOGETHER.get(finding.code, "") if finding.severity == "error" or finding.code == "N107" else ""
            if code:
                together[code].setdefault(staff, f"{lines[0].staff_name} ({staff}): {finding.fields['days']}")
            key = code or (finding.code, str(sorted(finding.fields.items())))
            told.setdefault(key, replace(finding, code=code or finding.code))
    for finding in told.values():
        if whom := together.get(finding.code):
            common = {key: value for key, value in finding.fields.items() if key not in OWN}
            yield replace(finding, fields={**common, **_people(whom)}, severity=_severity(decision))
        else:
            yield finding if finding.severity == "warning" else replace(finding, severity=_severity(decision))


def _misfits(decision: Decision, spans: list[tuple[date, date]]) -> Iterator[Finding]:
    """Yield what is wrong with the terms of one person; days of a rotation add up, one sentence tells of them all."""
    if decision.kind != "rotation":
        for start, end in spans:
            last = None if decision.kind == "transfer" else end
            yield from fits(decision.kind, start=start, end=last, on=decision.on)
        return
    spans = _joined(spans)
    days = [working_days(*span) for span in spans]
    found = [
        finding
        for (start, end), own in zip(spans, days, strict=True)
        for finding in fits(decision.kind, start=start, end=end, on=decision.on, other_days=sum(days) - own)
    ]
    # one term of six months is enough, whatever is added to it
    yield from sorted(found, key=lambda finding: finding.severity != "warning")[:1]


def _joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the terms, one instead of two where the second begins on the day the first ends."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _span(line: TourLine) -> tuple[date, date]:
    """Return the first day and the day after the last."""
    start = line.start_date or date.min
    return start, start + timedelta(weeks=line.tour.weeks)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def docx(
    decision: Decision, report: PlanReport, *, people: People | None = None, template: bytes | None = None
) -> bytes:
    """
    Return the decision as .docx; the same input makes the same bytes.

    people   : staff code -> title, title_code, birth_year
    template : another Word file with the same names; filled in a sandbox, since it may come from anywhere
    raises   : BadData, a signed paper that may not be issued (see `findings`), or a template that cannot be filled
    """
    checked(decision, report)
    return filled(content(decision, report, people=people), template or skeleton("decision.docx"))


def skeleton(name: str) -> bytes:
    """Return one of our files for papers."""
    return (resources.files("tramyte.exchange") / "papers" / name).read_bytes()


def filled(words: Mapping[str, Any], template: bytes) -> bytes:
    """
    Return a Word file with its names filled in.

    raises : BadData, it is no Word file, or asks for what is not there
    """
    out = io.BytesIO()
    # A template is a program of its own, from anywhere: whatever it raises is its fault and has no common root.
    try:
        paper = DocxTemplate(io.BytesIO(template))
        sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        paper.render(dict(words), sandbox, autoescape=True)
        paper.save(out)
    except Exception as broken:
        raise BadData([Finding("X109", fields={"reason": str(broken)})]) from broken
    return fixed_zip(out.getvalue())


def pdf(decision: Decision, report: PlanReport, *, people: People | None = None, fonts: Path | None = None) -> bytes:
    """
    Return the decision as PDF/A-2a; the same input makes the same bytes.

    people : staff code -> title, title_code, birth_year
    fonts  : folder with the four files of Tinos; None: those of the package
    raises : BadData, a signed paper that may not be issued, or a letter the font lacks; NoFont, a font is missing
    """
    checked(decision, report)
    return typeset(content(decision, report, people=people), "decision.typ", on=decision.on, fonts=fonts)


def typeset(words: Mapping[str, Any], name: str, *, on: date, fonts: Path | None = None) -> bytes:
    """
    Return one of our papers as PDF/A-2a.

    name   : its layout in papers/; on: the day that stands in the file as the day of making, the clock never does
    raises : BadData, a letter the font lacks; NoFont, a font is missing
    """
    at = datetime(on.year, on.month, on.day, tzinfo=UTC)
    try:
        made: Any = typst.compile(
            skeleton(name),
            format="pdf",
            font_paths=_fonts(fonts or Path(str(resources.files("tramyte.exchange") / "fonts"))),
            sys_inputs={"paper": json.dumps(words, ensure_ascii=False)},
            pdf_standards=["a-2a"],
            timestamp=at,
        )
    except typst.TypstError as error:
        lacks = LACKS.search(str(error))
        if lacks is None:
            raise
        raise BadData([Finding("X108", fields=lacks.groupdict())]) from error
    return bytes(made)


def checked(decision: Decision, report: PlanReport, *, campaign: str | None = None) -> tuple[Finding, ...]:
    """
    Return the findings; a draft may be printed with open questions, a signed paper may not.

    campaign : as for `findings`
    raises   : BadData, the errors of a paper that may not be issued
    """
    found = findings(decision, report, campaign=campaign)
    errors = [finding for finding in found if finding.severity == "error"]
    if decision.is_draft:
        errors = [finding for finding in errors if finding.code in ("X105", "X106")]
    if errors:
        raise BadData(errors)
    return found


def _fonts(folder: Path) -> Any:
    """Return the four styles of Tinos and nothing else: a missing one would be replaced without a word."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    there = {(font.style.lower(), font.weight) for font in found.fonts() if font.family == FONT}
    for style, file in STYLES.items():
        if style not in there:
            raise NoFont([Finding("X107", fields={"file": file})])
    return found


def fixed_zip(data: bytes) -> bytes:
    """Return the zip with fixed dates, in its own order: the clock would leave its mark otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return out.getvalue()
