"""What a decision says: every word and every row of its annex, before any layout. Word and PDF print the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from string import Template
from typing import Any

import yaml

from tramyte.domain.decision import Amendment, Decision
from tramyte.domain.names import sort_key
from tramyte.domain.plan import PlanReport, TourLine
from tramyte.exchange.board import name_key

People = Mapping[str, Mapping[str, str]]
BLANK_DATE = "....../....../........"
HEAD_LETTERS = 21  # bold capitals of 12 points that fit into one line: 58 mm inside the margins of a Word cell
PLACE = re.compile(r" ((?:TỈNH|THÀNH PHỐ|TP\.?|XÃ|PHƯỜNG|ĐẶC KHU) )", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@cache
def wording() -> Mapping[str, Any]:
    """Return the words of papers/wording.yaml."""
    text = (resources.files("tramyte.exchange") / "papers" / "wording.yaml").read_text("utf-8")
    words: Mapping[str, Any] = yaml.safe_load(text)
    return words


def kinds() -> tuple[str, ...]:
    """Return the kinds of decision that have words."""
    return tuple(wording()["kinds"])


def content(decision: Decision, report: PlanReport, *, people: People | None = None) -> dict[str, Any]:
    """
    Return every word of the paper, as text, lists and flags only.

    people : staff code -> title, title_code, birth_year; what is not given stays a dash
    """
    words = wording()
    kind = words["kinds"][decision.kind]
    told = kind if decision.amends is None else {**kind, **words["amending"]}
    fields = _fields(decision, report)
    articles = [*told["articles"], [words["effect"]]]
    fields["last_article"] = str(len(articles))
    marks = [words["mark"]] if decision.is_draft else []
    marks += [words["synthetic"]] if report.synthetic else []
    return {
        "is_draft": decision.is_draft,
        "mark": " · ".join(marks),
        "nation": words["nation"],
        "motto": words["motto"],
        "superior": in_head(decision.superior),
        "agency": in_head(decision.agency),
        "number": _fill(words["no_number" if decision.number is None else "number"], fields),
        "place_date": _fill(words["place_date"], fields),
        "type_name": words["type_name"],
        "subject": _fill(told["subject"], fields),
        "bases": _bases(decision.legal_bases),
        "authority": _authority(decision),
        "order": words["order"],
        "articles": [
            {
                "head": _fill(words["article"], {"number": str(number)}),
                "first": _fill(lines[0], fields),
                "rest": [_fill(line, fields) for line in lines[1:]],
            }
            for number, lines in enumerate(articles, start=1)
        ],
        "recipients_title": words["recipients_title"],
        "recipients": [_fill(line, fields) for line in words["recipients"]],
        "signature": signature(decision),
        "signer": plain(decision.signer or ""),
        "annex": _annex(decision, report, fields, people=people or {}),
    }


def plain(text: str) -> str:
    """
    Return the text on one line, in composed letters, without control signs: what fonts and XML can hold.

    >>> plain("Lò\\tThị\\x07 Hoa")
    'Lò Thị Hoa'
    """
    return " ".join(CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split())


def in_head(office: str) -> str:
    """
    Return the name of an office for the narrow left side of the head: a long one breaks before its place, not in it.

    >>> in_head("ỦY BAN NHÂN DÂN TỈNH ĐIỆN BIÊN"), in_head("UBND TỈNH ĐIỆN BIÊN")
    ('ỦY BAN NHÂN DÂN\\nTỈNH ĐIỆN BIÊN', 'UBND TỈNH ĐIỆN BIÊN')
    """
    name = plain(office)
    return name if len(name) <= HEAD_LETTERS else PLACE.sub(r"\n\1", name, count=1)


def long_date(day: date) -> str:
    """
    Return a day as papers write it: a zero before days below 10 and months 1 and 2 (Decree 30/2020, Annex I).

    >>> long_date(date(2026, 1, 8)), long_date(date(2026, 3, 12))
    ('08 tháng 01 năm 2026', '12 tháng 3 năm 2026')
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{day.day:02} tháng {month} năm {day.year}"


def _fill(template: str, fields: Mapping[str, str]) -> str:
    # string.Template reaches no attributes: the words file can be edited, and stays words.
    return Template(template).substitute(fields)


def _fields(decision: Decision, report: PlanReport) -> dict[str, str]:
    firsts = [line.start_date for line in report.tours if line.start_date]
    lasts = [line.end_date for line in report.tours if line.end_date]
    words = wording()
    no_date = _fill(words["no_date"], {"year": str(decision.on.year)})
    amends = decision.amends or Amendment("")
    changed = [line for line in report.tours if line.tour.key in amends.changed]
    return {
        "amended": plain(amends.of),
        "gone": padded(str(len(amends.gone))),
        "changed": padded(str(len(changed))),
        "come": padded(str(len(report.tours) - len(amends.gone) - len(changed))),
        "doing": words["kinds"][decision.kind]["doing"],
        "number": padded(decision.number) if decision.number else "        ",
        "symbol": plain(decision.symbol),
        "place": plain(decision.place),
        "date": long_date(decision.signed_on) if decision.signed_on else no_date,
        "level": "thành phố" if "THÀNH PHỐ" in decision.superior.upper() else "tỉnh",
        "home": words["kinds"][decision.kind]["home"],
        "people": padded(str(len({line.tour.key[0] for line in report.tours}))),
        "tours": padded(str(len(report.tours))),
        "stations": padded(str(len({line.tour.key[1] for line in report.tours}))),
        "units": padded(str(len({line.unit for line in report.tours}))),
        "first": long_date(min(firsts)) if firsts else BLANK_DATE,
        "last": long_date(max(lasts)) if lasts else BLANK_DATE,
        "as_of": f"{report.as_of:%d/%m/%Y}" if report.as_of else "—",
        "source": plain(report.source) or "—",
        "travel": plain(report.travel) or "—",
    }


def padded(number: str) -> str:
    """Return a number with a zero before it when it is below 10."""
    text = plain(number)
    return text.zfill(2) if text.isdecimal() else text


def _bases(texts: Sequence[str]) -> list[str]:
    """Return the lines of legal bases: each ends with a semicolon, the last, whose proposal it is, with a full stop."""
    words = wording()
    lines = [f"{words['basis']} {plain(text).rstrip(' ;.')};" for text in texts]
    return [*lines, words["proposal"] + "."]


def _head(agency: str) -> str:
    """Return the post of the agency's head."""
    heads: Mapping[str, str] = wording()["heads"]
    return next(post for start, post in heads.items() if agency.startswith(start))


def _authority(decision: Decision) -> str:
    """Return who decides: the head of the agency with its place, or the collective itself."""
    agency = plain(decision.agency).upper()
    superior = plain(decision.superior).upper()
    area = re.sub(r"^(ỦY BAN NHÂN DÂN|UBND)\s+", "", superior)
    full = agency if area == superior or area in agency else f"{agency} {area}"
    return full if decision.authority_form == "TM." else f"{_head(agency)} {full}"


def signature(decision: Decision) -> list[str]:
    """Return the lines above the signature: the form of authority, then the post."""
    agency, post = plain(decision.agency).upper(), plain(decision.signer_post).upper()
    form = decision.authority_form
    if form in ("", "Q."):
        return [f"{form} {post}".strip()]
    over = agency if form == "TM." else _head(agency)
    return [f"{form} {over}", post]


def _annex(decision: Decision, report: PlanReport, fields: Mapping[str, str], *, people: People) -> dict[str, Any]:
    words = wording()
    has_term = decision.kind != "transfer"
    keys = ["number", "name", "birth_year", "title", "unit" if has_term else "old_unit", "station", "first"]
    keys += ["last", "change" if decision.amends else "weeks"] if has_term else []
    lines = sorted(report.tours, key=_annex_key)
    return {
        "has_term": has_term,
        "title": words["annex"],
        "subject": words["kinds"][decision.kind]["annex_subject"],
        "reference": _fill(words["annex_reference"], fields),
        "columns": [words["columns"][key] for key in keys],
        "rows": [
            _amended(_row(number, line, people.get(line.tour.key[0], {})), line, decision)[: len(keys)]
            for number, line in enumerate(lines, 1)
        ],
        "total": _fill(words["annex_total"] if decision.amends is None else words["amending"]["annex_total"], fields),
        "note": _fill(words["annex_note"], fields) if decision.is_draft else "",
    }


def _amended(row: list[str], line: TourLine, decision: Decision) -> list[str]:
    """Return a row of the annex; of an amending decision, what is withdrawn, new, or takes the place of what."""
    amends, words = decision.amends, wording()["amending"]
    if amends is None:
        return row
    if line.tour.key in amends.gone:
        return [*row[:-1], words["is_gone"]]
    before = amends.changed.get(line.tour.key)
    if before is None:
        return [*row[:-1], words["is_new"]]
    place = _fill(words["before"], {"station": row[5], "before": plain(before)})
    return [*row[:5], place, *row[6:-1], words["is_changed"]]


def _annex_key(line: TourLine) -> tuple[object, ...]:
    return sort_key(line.unit_name), line.unit, name_key(line.staff_name), line.tour.key[0], line.tour.start


def _row(number: int, line: TourLine, person: Mapping[str, str]) -> list[str]:
    own, code = plain(person.get("title", "")), plain(person.get("title_code", ""))
    own = f"{own} ({code})" if own and code else own
    title = "; ".join(part for part in (own, plain(line.skill_name)) if part)
    return [
        str(number),
        plain(line.staff_name),
        plain(person.get("birth_year", "")) or "—",
        title or "—",
        plain(line.unit_name),
        plain(line.station_name),
        f"{line.start_date:%d/%m/%Y}" if line.start_date else BLANK_DATE,
        f"{line.end_date:%d/%m/%Y}" if line.end_date else BLANK_DATE,
        str(line.tour.weeks),
    ]
