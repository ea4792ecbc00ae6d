"""
Draw the pictures of the pages again, from a real run on a sample province: `python docs/img/make.py FOLDER`.

Needs LibreOffice (soffice), poppler (pdftoppm) and ImageMagick (convert) beside .venv. FOLDER keeps the files of the
run. The sample is Điện Biên, seed 1; people in it are made up.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import openpyxl
import typst
from icalendar import Calendar

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
from tests.pages import spoil_plan, spoil_workbook  # noqa: E402

DAY = timedelta(days=1)
BOARD = (38, 48, 806, 408)  # points from the top left of the page: left, top, width, height; eight weeks, 31 rows
UNMET = (38, 48, 872, 262)
SUMMARY = (38, 48, 772, 298)
VIETNAMESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>vi-VN</value></prop></item></oor:items>
"""
AGENDA = """
#set page(width: 640pt, height: auto, margin: 12pt)
#set text(font: "DejaVu Sans", size: 9pt)
#let rows = csv("agenda.csv")
#table(columns: (150pt, 1fr), inset: 6pt, stroke: 0.5pt + luma(190), ..rows.flatten())
"""
SCREEN = """
#set page(width: {width}pt, height: auto, margin: 10pt, fill: rgb("#fbfbf8"))
#set text(font: "Noto Sans Mono", size: 8pt)
#set par(leading: 0.5em)
#show raw: set text(font: "Noto Sans Mono", size: 8pt)
#raw(read("screen.txt"), block: true)
"""


def run(folder: Path, *command: str) -> str:
    """Return what a command says, the command itself first."""
    tramyte = Path(sys.executable).with_name("tramyte")
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    words = subprocess.run([str(tramyte), *command], cwd=folder, check=False, text=True, **both).stdout  # noqa: S603
    sys.stdout.write(f"$ tramyte {' '.join(command)}\n{words}\n")
    return f"$ tramyte {' '.join(command)}\n{words}"


def terminal(folder: Path, name: str, text: str, *, lines: int = 40, columns: int = 118) -> None:
    """Draw what a terminal shows, its first `lines` lines, long ones folded."""
    rows = [row for line in text.rstrip().splitlines() for row in _folded(line, columns)]
    more = ["…"] if len(rows) > lines else []
    (folder / "screen.txt").write_text("\n".join([*rows[:lines], *more]), "utf-8")
    width = 20 + 4.82 * max(len(row) for row in rows[:lines])
    (folder / "screen.typ").write_text(SCREEN.format(width=round(width)), "utf-8")
    typst.compile(str(folder / "screen.typ"), output=str(folder / f"{name}.png"), format="png", ppi=130)
    _finish(folder / f"{name}.png")


def _folded(line: str, columns: int) -> list[str]:
    rows = []
    while len(line) > columns:
        cut = line.rfind(" ", 0, columns)
        cut = cut if cut > 20 else columns
        rows.append(line[:cut])
        line = "    " + line[cut:].lstrip()
    return [*rows, line]


def sheet(folder: Path, name: str, book: Path, *, title: str, area: str, dpi: int = 110) -> None:
    """Draw an area of one sheet as a spreadsheet program shows it."""
    file = openpyxl.load_workbook(book)
    page = file[title]
    file.active = file.index(page)
    for other in file.worksheets:
        if other is not page:
            other.sheet_state = "hidden"
    page.print_area = area
    page.print_title_rows = page.print_title_cols = None
    page.oddFooter.center.text = page.oddFooter.left.text = page.oddFooter.right.text = ""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 8
    page.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 1
    page.print_options.gridLines = page.print_options.headings = True
    copy = folder / f"{name}.xlsx"
    file.save(copy)
    office(folder, copy)
    paper(folder, name, folder / f"{name}.pdf", page=1, dpi=dpi)


def office(folder: Path, book: Path) -> None:
    """Print a workbook to PDF, with figures as Viet Nam writes them."""
    profile = folder / "office" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(VIETNAMESE, "utf-8")
    home = f"-env:UserInstallation={profile.parent.resolve().as_uri()}"
    _call("soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book))


def agenda(folder: Path, name: str, file: Path) -> None:
    """Draw a calendar file as a list of days, in its own words."""
    events = sorted(Calendar.from_ical(file.read_bytes()).walk("VEVENT"), key=lambda event: event.start)
    lines = []
    for days, group in groupby(events, key=lambda event: (event.start, event.end)):
        words = "\n".join(f"{event['SUMMARY']}\n{event['DESCRIPTION']}" for event in group).replace('"', '""')
        lines.append(f'"{days[0]:%d/%m/%Y} – {days[1] - DAY:%d/%m/%Y}","{words}"')  # the end is the day after
    (folder / "agenda.csv").write_text("\n".join(lines), "utf-8")
    (folder / "agenda.typ").write_text(AGENDA, "utf-8")
    typst.compile(str(folder / "agenda.typ"), output=str(folder / f"{name}.png"), format="png", ppi=110)
    _finish(folder / f"{name}.png")


def paper(
    folder: Path, name: str, pdf: Path, *, page: int, dpi: int = 80, crop: tuple[int, int, int, int] | None = None
) -> None:
    """Draw one page of a PDF, or `crop` points of it (left, top, width, height), without its white edges."""
    picture = folder / name
    options = ["-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile"]
    for option, points in zip(("-x", "-y", "-W", "-H"), crop or (), strict=False):
        options += [option, str(points * dpi // 72)]
    _call("pdftoppm", *options, str(pdf), str(picture))
    _finish(picture.with_suffix(".png"))


def _finish(picture: Path) -> None:
    """Trim, reduce the colours, and put the picture beside this file."""
    options = ["-trim", "+repage", "-bordercolor", "white", "-border", "8", "+dither", "-colors", "96", "-strip"]
    _call("convert", str(picture), *options, f"PNG8:{HERE / picture.name}")
    sys.stdout.write(f"{picture.name}: {(HERE / picture.name).stat().st_size // 1000} kB\n")


def _call(tool: str, *options: str) -> None:
    subprocess.run([shutil.which(tool) or tool, *options], capture_output=True, check=True)  # noqa: S603


def main(folder: Path) -> None:
    """Make every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    run(folder, "template", "--out", "mau.xlsx")
    run(folder, "sample", "11", "--seed", "1", "--out", "dien-bien.xlsx")
    sheet(folder, "template-staff", folder / "mau.xlsx", title="Nhân lực", area="A1:L8")
    sheet(folder, "sample-requirements", folder / "dien-bien.xlsx", title="Nhu cầu", area="A1:I16")
    spoil_workbook(str(folder / "dien-bien.xlsx"), str(folder / "dien-bien-loi.xlsx"))
    terminal(folder, "findings", run(folder, "need", "dien-bien-loi.xlsx"))
    terminal(folder, "need", run(folder, "need", "dien-bien.xlsx", "--on", "2025-12-15"), lines=42)
    plan = ("--out", "plan.xlsx", "--out", "plan.json", "--problem-out", "problem.json")
    terminal(
        folder, "rotate", run(folder, "rotate", "dien-bien.xlsx", "--seconds", "60", "--seed", "1", *plan), lines=50
    )
    office(folder, folder / "plan.xlsx")
    paper(folder, "plan-board", folder / "plan.pdf", page=2, dpi=140, crop=BOARD)
    paper(folder, "plan-summary", folder / "plan.pdf", page=1, dpi=100, crop=SUMMARY)
    paper(folder, "plan-unmet", folder / "plan.pdf", page=4, dpi=130, crop=UNMET)
    run(folder, "decide", "dien-bien.xlsx", "plan.json", "--out", "ho-so")
    paper(folder, "decision-1", folder / "ho-so" / "quyet-dinh.pdf", page=1)
    paper(folder, "decision-annex", folder / "ho-so" / "quyet-dinh.pdf", page=3)
    agenda(folder, "calendar", min((folder / "ho-so" / "lich").glob("*.ics")))
    spoil_plan(str(folder / "plan.json"), str(folder / "plan-sua.json"))
    terminal(folder, "check-broken", run(folder, "check", "problem.json", "plan-sua.json"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
