"""
Fetch Tinos, the metric twin of Times New Roman, and join its subsets into one TrueType file a style.

The package comes by package-lock.json (hash checked by npm). Nothing is committed: the files land in
src/tramyte/exchange/fonts/ and enter the wheel. An editable install skips wheel hooks, so make calls this.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from npm import MODULES, ROOT, fetch

PACKAGE = MODULES / "@fontsource" / "tinos"
OUT = ROOT / "src" / "tramyte" / "exchange" / "fonts"
SUBSETS = ("latin", "latin-ext", "vietnamese")
STYLES = {
    "Tinos-Regular": ("400", "normal"),
    "Tinos-Bold": ("700", "normal"),
    "Tinos-Italic": ("400", "italic"),
    "Tinos-BoldItalic": ("700", "italic"),
}
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyÀẢÃÁẠẰẲẴẮẶẦẨẪẤẬỀỂỄẾỆỒỔỖỐỘỜỞỠỚỢỪỬỮỨỰỲỶỸÝỴ₫–“”×"


def join(style: str) -> TTFont:
    """Return one font with the glyphs of every subset we print."""
    weight, slope = STYLES[style]
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for subset in SUBSETS:
            font = TTFont(PACKAGE / "files" / f"tinos-{subset}-{weight}-{slope}.woff")
            font.flavor = None
            for table in ("GSUB", "GPOS", "GDEF", "DSIG", "hdmx", "VDMX", "LTSH"):
                if table in font:
                    del font[table]
            part = Path(folder) / f"{subset}.ttf"
            font.save(part)
            parts.append(str(part))
        merged = Merger().merge(parts)
    merged["head"].modified = merged["head"].created
    merged.recalcTimestamp = False
    missing = [letter for letter in LETTERS if ord(letter) not in merged.getBestCmap()]
    if missing:
        sys.exit(f"{style} lacks the letters {''.join(missing)}: the package has changed.")
    return merged


def main() -> None:
    """Make the four files, unless they are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="make them again")
    wanted = [OUT / f"{style}.ttf" for style in STYLES]
    if not parser.parse_args().force and all(path.is_file() for path in wanted):
        return
    fetch()
    OUT.mkdir(parents=True, exist_ok=True)
    for path in wanted:
        join(path.stem).save(path)
    shutil.copy(PACKAGE / "LICENSE", OUT / "OFL.txt")
    print(f"{len(wanted)} fonts in {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
