"""
Draw the pictures of the pages again, from a real run on a sample province: `python docs/img/make.py FOLDER`.

Needs LibreOffice (soffice), poppler (pdftoppm) and ImageMagick (convert) beside .venv. FOLDER keeps the files of the run.
The sample is Điện Biên, seed 1; people in it are made up.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import typst

HERE = Path(__file__).resolve().parent
SCREEN = """
#set page(width: {width}pt, height: auto, margin: 10pt, fill: rgb("#fbfbf8"))
#set text(font: "DejaVu Sans Mono", size: 8pt)
#set par(leading: 0.5em)
#raw(read("screen.txt"), block: true)
"""


def run(folder: Path, *command: str) -> str:
    """Return what a command says, the command itself first."""
    tramyte = Path(sys.executable).with_name("tramyte")
    done = subprocess.run([str(tramyte), *command], cwd=folder, capture_output=True, check=False)  # noqa: S603
    words = (done.stdout + done.stderr).decode()
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
    office = shutil.which("soffice") or "soffice"
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", copy.name], cwd=folder, capture_output=True, check=True
    )  # noqa: S603
    paper(folder, name, folder / f"{name}.pdf", page=1, dpi=dpi)


def paper(folder: Path, name: str, pdf: Path, *, page: int, dpi: int = 80) -> None:
    """Draw one page of a PDF, without its white edges."""
    tool = shutil.which("pdftoppm") or "pdftoppm"
    picture = folder / name
    options = ["-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run([tool, *options, str(pdf), str(picture)], check=True)  # noqa: S603
    _finish(picture.with_suffix(".png"))


def _finish(picture: Path) -> None:
    """Trim, reduce the colours, and put the picture beside this file."""
    tool = shutil.which("convert") or "convert"
    options = ["-trim", "+repage", "-bordercolor", "white", "-border", "8", "+dither", "-colors", "96", "-strip"]
    subprocess.run([tool, str(picture), *options, f"PNG8:{HERE / picture.name}"], check=True)  # noqa: S603
    sys.stdout.write(f"{picture.name}: {(HERE / picture.name).stat().st_size // 1000} kB\n")
