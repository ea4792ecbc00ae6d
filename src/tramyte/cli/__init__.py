"""
How does one ask from a terminal? Each command joins rooms, prints for people, and with --json for programs.

In: files and options. Out: files, a screen, an exit code. Read `records.py` first, then `plans.py`.
"""

from tramyte.cli.group import main

__all__ = ["main"]
