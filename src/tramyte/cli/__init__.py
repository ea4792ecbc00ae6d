"""
How does one ask from a terminal? Each command joins rooms, prints for people, and with --json for programs.

In: files and options. Out: files, a screen, an exit code. Read `group.py` first, then `records.py`, `plans.py`.
"""

from __future__ import annotations

import sys


def start() -> None:
    """Be the command `tramyte`: Ctrl-C while the rooms are still loading ends quietly too."""
    try:
        from tramyte.cli.group import main
    except KeyboardInterrupt:
        sys.exit(130)
    main()
