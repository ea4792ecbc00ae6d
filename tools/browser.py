"""
See that the tests of pages have a Chromium: one that is named or installed; else Playwright's; else the system's.

Each way is tried in turn, and what it said is shown. Without any, the program ends with what to do.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser.machine import CURE, FLAGS, chromium

LONGEST = 600  # seconds for one way
WAYS = [
    [[sys.executable, "-m", "playwright", "install", "chromium"]],
    [["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"]],
    [["sudo", "-n", "apt-get", "install", "-q", "-y", "chromium"]],
]


def works():
    """Return the path of a Chromium that starts here and draws a page; None: there is none."""
    with sync_playwright() as play:
        try:
            path = chromium(play)
            opened = play.chromium.launch(executable_path=path, args=list(FLAGS))
            page = opened.new_page()
            page.set_content("<h1>tramyte</h1>")
            drawn = page.inner_text("h1") == "tramyte"
            opened.close()
        except Exception as error:  # whatever it is, the next way is tried
            print(str(error).splitlines()[0])
            return None
    return path if drawn else None


def main():
    """Try one way after the other."""
    found = works()
    for way in WAYS:
        if found:
            break
        for command in way:
            if not shutil.which(command[0]):
                break
            print("$", " ".join(map(str, command)), flush=True)
            try:
                subprocess.run(command, check=True, timeout=LONGEST, stdin=subprocess.DEVNULL)  # noqa: S603
            except (subprocess.SubprocessError, OSError) as error:
                print(error)
                break
        found = works()
    if not found:
        sys.exit(CURE)
    print(f"Chromium: {found}")


if __name__ == "__main__":
    main()
