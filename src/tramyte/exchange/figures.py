"""Figures that must agree: weeks and people within a row, weeks of the campaign, totals against rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.exchange.cells import shown
from tramyte.exchange.columns import sheets
from tramyte.exchange.pages import Page

LANGS: tuple[Lang, ...] = ("vi", "en")
COUNTED = {"staff": "staff", "communes": "communes", "posts": "posts"}  # measure -> sheet whose rows in force it counts
WHOLES = {"staff": ("staff_medical", "staff_other")}  # measure -> the parts a paper states beside it


def figure_findings(pages: Mapping[str, Page]) -> list[Finding]:
    """Return everything that does not agree."""
    findings: list[Finding] = []
    if "senders" in pages:
        findings += _pairs(pages["senders"], "E204", "tour_weeks_max", "tour_weeks_min", names=("read", "least"))
    if "campaign" in pages:
        findings += _campaign(pages["campaign"])
    if "requirements" in pages:
        page = pages["requirements"]
        findings += _pairs(page, "E216", "last_week", "first_week", names=("read", "first"))
        findings += _pairs(page, "E215", "count", "critical", names=("most", "read"))
        findings += _past_the_end(pages, page, "last_week")
        findings += _nobody(pages, page)
    if "locks" in pages:
        findings += _past_the_end(pages, pages["locks"], "week", length="weeks")
    if "totals" in pages:
        findings += _totals(pages)
    return findings


def _pairs(page: Page, code: str, large: str, small: str, *, names: tuple[str, str]) -> Iterator[Finding]:
    """Say each row whose `large` is below its `small`; the field named `read` is where the finding stands."""
    at, other = (large, small) if names[0] == "read" else (small, large)
    for row, (high, low) in enumerate(zip(page.values[large], page.values[small], strict=True)):
        if high is not None and low is not None and high < low:
            yield page.finding(code, at, row, **{names[0]: high, names[1]: low, "other": page.cell(other, row)})


def _campaign(page: Page) -> Iterator[Finding]:
    if len(page.numbers) > 1:
        yield Finding("E122", page.title, page.cell("code", 1), {"count": len(page.numbers)})
    for row, day in enumerate(page.values["first_monday"]):
        if day is None or day.isoweekday() == 1:
            continue
        before = day - timedelta(days=day.weekday())
        fields = {f"day_{lang}": say(f"WB_day_{day.isoweekday()}", lang) for lang in LANGS}
        fields |= {"value": shown(day), "before": shown(before), "after": shown(before + timedelta(days=7))}
        yield page.finding("E214", "first_monday", row, **fields)


def _past_the_end(pages: Mapping[str, Page], page: Page, field: str, *, length: str = "") -> Iterator[Finding]:
    """Say each row that goes on after the campaign's last week; without a campaign there is no last week."""
    campaign = pages.get("campaign")
    if campaign is None or len(campaign.numbers) != 1 or campaign.values["weeks"][0] is None:
        return
    last = campaign.values["weeks"][0]
    other = f"{campaign.title}!{campaign.cell('weeks', 0)}"
    for row, week in enumerate(page.values[field]):
        weeks = page.values[length][row] if length else 1
        if week is not None and weeks is not None and week + weeks - 1 > last:
            most = max(1, last - weeks + 1)
            yield page.finding("E217", field, row, read=week + weeks - 1, weeks=last, most=most, other=other)


def _nobody(pages: Mapping[str, Page], page: Page) -> Iterator[Finding]:
    """Say once a skill that is asked for and that nobody has, when the workbook has people with skills at all."""
    held = set(pages["skills"].values["skill"]) if "skills" in pages else set()
    titles = {f"sheet_{lang}": title for lang, title in sheets()["skills"].title.items()}
    wanted: dict[str, list[int]] = {}
    for row, skill in enumerate(page.values["skill"]):
        if held and skill is not None and skill not in held:
            wanted.setdefault(skill, []).append(row)
    for skill, rows in wanted.items():
        count = max(page.values["count"][row] or 0 for row in rows)
        yield page.finding("W506", "skill", rows[0], value=skill, count=count, **titles)


def _totals(pages: Mapping[str, Page]) -> Iterator[Finding]:
    """Hold stated totals against rows, and stated wholes against stated parts. Nothing is mended."""
    page = pages["totals"]
    stated: dict[tuple[Any, Any, Any], int] = {}
    rows = list(zip(*(page.values[field] for field in ("measure", "on", "source", "value")), strict=True))
    for measure, day, source, value in rows:
        stated.setdefault((measure, day, source), value)
    for row, (measure, day, source, value) in enumerate(rows):
        if day is None or value is None:
            continue
        counted = pages.get(COUNTED.get(measure, ""))
        if counted is not None and (count := _in_force(counted, day)) != value:
            fields = {"read": value, "count": count, "day": shown(day), "difference": abs(value - count)}
            yield page.finding("W508", "value", row, **fields)
        parts = [stated.get((part, day, source)) for part in WHOLES.get(measure, ())]
        known = [part for part in parts if part is not None]
        if parts and len(known) == len(parts) and sum(known) != value:
            fields = {"read": value, "sum": sum(known), "day": shown(day), "difference": abs(value - sum(known))}
            yield page.finding("W509", "value", row, parts=" + ".join(WHOLES[measure]), **fields)


def _in_force(page: Page, on: date) -> int:
    return sum(
        (start is None or start <= on) and (end is None or on < end)
        for start, end in zip(page.values["start"], page.values["end"], strict=True)
    )
