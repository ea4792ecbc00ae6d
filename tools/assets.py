"""
Make what the pages need from packages: fonts, one sprite of the icons in use, htmx, the chart library cut to size.

Nothing of it is committed: the files land in src/tramyte/web/static/built/ and enter the wheel, so users need no Node.
A package that lacks what is asked for ends the program with what is missing.
"""

import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path

import stamp
from npm import MODULES, ROOT, fetch, node

WEB = ROOT / "src" / "tramyte" / "web"
OUT = WEB / "static" / "built"
FONT = MODULES / "@fontsource" / "source-sans-3"
OUTLINE = MODULES / "@tabler" / "icons" / "icons" / "outline"
SUBSETS = ("latin", "vietnamese")
WEIGHTS = ("400", "600")
STATES = ("alert-triangle", "clock", "circle-check", "circle-dashed")  # words of state take theirs from the style sheet
NAMED = re.compile(r'icon "([a-z0-9-]+)"|icon="([a-z0-9-]+)"')
LICENCES = {
    "Source Sans 3": FONT / "LICENSE",
    "Tabler Icons": MODULES / "@tabler" / "icons" / "LICENSE",
    "htmx": MODULES / "htmx.org" / "LICENSE",
    "Apache ECharts": MODULES / "echarts" / "LICENSE",
    "Apache ECharts, notice": MODULES / "echarts" / "NOTICE",
    "zrender": MODULES / "zrender" / "LICENSE",
}


def used() -> list[str]:
    """Return the names of the icons that pages show: those of templates, and those of the sections."""
    pages = "".join(path.read_text("utf-8") for path in sorted((WEB / "templates").rglob("*.html")))
    names = {first or second for first, second in NAMED.findall(pages)}
    sections = (WEB / "views" / "sections.py").read_text("utf-8")
    words = re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', sections)
    names |= {word for word in words if (OUTLINE / f"{word}.svg").is_file()}
    return sorted(names)


def sprite(names: list[str]) -> str:
    """Return the sprite: one symbol an icon, drawn by the style of whoever uses it."""
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(map(_symbol, names)) + "</svg>\n"


def _symbol(name: str) -> str:
    path = OUTLINE / f"{name}.svg"
    if not path.is_file():
        sys.exit(f"No icon is called {name}: correct the template, or look the name up in node_modules/@tabler/icons.")
    drawn = re.sub(r"<!--.*?-->", "", path.read_text("utf-8"), flags=re.DOTALL)
    drawn = drawn.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")  # its frame
    inner = re.sub(r"\s*\n\s*", "", drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")])
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def copy() -> None:
    """Copy what is taken as it is, and join the licences of all."""
    for subset in SUBSETS:
        for weight in WEIGHTS:
            name = f"source-sans-3-{subset}-{weight}"
            shutil.copy(FONT / "files" / f"{name}-normal.woff2", OUT / f"{name}.woff2")
    for name in STATES:
        shutil.copy(OUTLINE / f"{name}.svg", OUT)
    shutil.copy(MODULES / "htmx.org" / "dist" / "htmx.min.js", OUT / "htmx.js")
    told = [f"{name}\n{'=' * len(name)}\n{path.read_text('utf-8').strip()}\n" for name, path in LICENCES.items()]
    (OUT / "LICENSES.txt").write_text("\n".join(told), "utf-8")


def bundle() -> None:
    """Cut the chart library to what tools/charts.js takes in."""
    esbuild = MODULES / "esbuild" / "bin" / "esbuild"
    # where npm ran without scripts, bin/esbuild is a script of Node that finds the program of this platform
    subprocess.run(  # noqa: S603
        [node(), str(esbuild), str(ROOT / "tools" / "charts.js"), "--bundle", "--minify", "--format=iife",
         "--global-name=charts", "--target=es2020", "--legal-comments=none", "--log-level=warning",
         f"--outfile={OUT / 'charts.js'}"],
        cwd=ROOT, check=True,
    )  # fmt: skip


def pack(path: Path) -> None:
    """Lay a packed copy beside a large text: it is sent to whoever can unpack it."""
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def main() -> None:
    """Make every file again."""
    fetch()
    OUT.mkdir(parents=True, exist_ok=True)
    copy()
    names = used()
    (OUT / "icons.svg").write_text(sprite(names), "utf-8")
    bundle()
    for name in ("charts.js", "htmx.js", "icons.svg"):
        pack(OUT / name)
    stamp.write(OUT)
    size = sum(path.stat().st_size for path in OUT.iterdir())
    print(f"{len(names)} icons and {len(list(OUT.iterdir()))} files, {size // 1000} kB, in {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
