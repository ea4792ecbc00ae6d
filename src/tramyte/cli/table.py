"""The need of a province on a screen: the distribution first, then what is short, the mean last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import normalize

import click

from tramyte.cli import screen
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.names import sort_key
from tramyte.need import NeedReport
from tramyte.need.doctors import Spread
from tramyte.need.gap import NeedRow
from tramyte.need.numbers import number

WIDE = 48  # signs of the longest bar
WORST = 10
NAME = 42


def need(report: NeedReport, *, source: str, lang: Lang, brief: bool = False) -> None:
    """Print a report; a brief one leaves out the norms it rests on."""
    screen.line("C140", lang, on=f"{report.on:%d/%m/%Y}", source=source)
    if report.synthetic:
        screen.line("W510", lang)
    targets = sorted({target.level for target in report.targets})
    spread(report.doctors.communes, "commune", targets, lang)
    by_station = report.doctors.stations
    if by_station.known and by_station.distribution != report.doctors.communes.distribution:
        spread(by_station, "station", targets, lang)
    worst(report, lang)
    if brief:
        return
    click.echo()
    screen.line("C150", lang)
    for row in report.norms:
        screen.line("C151", lang, title=row.title[lang], source=row.source.strip(), id=row.id)
    for conflict in report.conflicts:
        screen.line("C152", lang, text=conflict[lang], handling=conflict[f"handling_{lang}"])
    for text, stations in report.not_computed(lang).items():
        screen.line("C154", lang, text=text, count=number(stations, lang), all=number(len(report.stations), lang))


def spread(places: Spread, per: str, targets: Sequence[int], lang: Lang) -> None:
    """Print how many places have 0, 1, 2 ... doctors, then what is short, then the mean with its fraction."""
    click.echo()
    screen.line(f"C141_{per}", lang, places=number(len(places.places), lang))
    found = places.distribution
    if not places.known:
        screen.line("C153", lang)
        return
    scale = -(-max(found.values(), default=1) // WIDE)
    if scale > 1:
        screen.line("C142", lang, scale=scale)
    for count in range(max([*found, *targets], default=0) + 1):
        here = found.get(count, 0)
        bar = "■" * -(-here // scale) + " " * bool(here)
        short = (min(targets) - count) * here if targets and count < min(targets) else 0
        words = say("C143", lang, count=count, bar=bar, places=number(here, lang))
        click.echo(words + (say("C144", lang, short=number(short, lang)) if short else ""))
    for level in targets:
        met = sum(here for count, here in found.items() if count >= level)
        missing = sum(max(0, level - count) * here for count, here in found.items())
        screen.line(
            "C145", lang, level=level, missing=number(missing, lang), met=met, places=len(places.places)
        )  # fmt: skip
    if places.mean is not None:
        screen.line("C146", lang, mean=number(places.mean, lang), total=places.total, places=len(places.places))


def worst(report: NeedReport, lang: Lang) -> None:
    """Print the stations that lack most doctors, with what each lens says; n/a is a dash, never 0."""
    short = {
        station.code: {level: missing or 0 for level, missing in row.levels.items()}
        for station in report.stations
        if (row := report.rows[station.code].get("doctor")) and row.levels and any(row.levels.values())
    }
    if not short:
        return
    stations = {station.code: station for station in report.stations}

    def key(code: str) -> tuple[object, ...]:
        return *(-missing for missing in short[code].values()), sort_key(stations[code].facility.name), code

    click.echo()
    screen.line("C147", lang, shown=min(WORST, len(short)), all=len(short))
    rows = [_row(stations[code].facility.name, report.rows[code], short[code], lang) for code in sorted(short, key=key)]
    print_table(say("C148", lang).split("|"), rows[:WORST])
    screen.line("C149", lang)


def _row(name: str, rows: Mapping[str, NeedRow], short: Mapping[int, int], lang: Lang) -> list[str]:
    whole, doctor = rows["all"], rows["doctor"]
    work = doctor.workload
    return [
        name,
        number(len(whole.people), lang),
        number(len(doctor.people), lang),
        _range(min(short.values()), max(short.values()), lang),
        _range(*((whole.norm.lo, whole.norm.hi) if whole.norm else (None, None)), lang),
        _range(*((work.lo, work.hi) if work else (None, None)), lang),
    ]


def _range(low: float | None, high: float | None, lang: Lang) -> str:
    if low is None or high is None:
        return "—"
    ends = [number(round(end, 1), lang) for end in (low, high)]
    return "–".join(dict.fromkeys(ends))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns: names on the left, figures on the right. Vietnamese letters are one sign wide when composed."""
    cells = [[_cut(normalize("NFC", cell)) for cell in row] for row in (head, *rows)]
    wide = [max(len(row[at]) for row in cells) for at in range(len(head))]
    for row in cells:
        first, rest = row[0].ljust(wide[0]), (cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))
        click.echo("  ".join(("", first, *rest)))


def _cut(text: str) -> str:
    return text if len(text) <= NAME else text[: NAME - 1] + "…"


def findings(found: Sequence[Finding], lang: Lang) -> None:
    """Print every finding in full: a planner is to see all that does not add up."""
    if found:
        screen.line("C114", lang, count=len(found))
    for finding in found:
        click.echo(f"  {finding.sentence(lang)}")
