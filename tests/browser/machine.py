"""A browser, wherever it stands on this machine; without one, what to do about it."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
CURE = (
    "The tests of pages need Chromium: run `make browser`, or install Chromium, "
    "or name one by TRAMYTE_CHROMIUM=/path/to/chromium. They are never skipped."
)


def chromium(play):
    """Return the path of a Chromium: the one named, the system's, or Playwright's own; raises RuntimeError."""
    named = os.environ.get("TRAMYTE_CHROMIUM")
    own = play.chromium.executable_path
    for path in (named, *map(shutil.which, NAMES), own):
        if path and Path(path).is_file():
            return path
    raise RuntimeError(CURE)
