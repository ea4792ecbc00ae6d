"""
Runs a page: its Python, its commands with the output it shows, and the files it writes down.

A block inside an HTML comment is run and not shown: it spoils a file as a hurried office would.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner

BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 2  # a page shows a patient office; the test is in a hurry


@dataclass
class Page:
    """One page and what it has left in its folder so far; `names` is shared by all its Python."""

    path: Path
    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    ran: int = 0

    def run(self) -> None:
        """Run every block in order; the folder must be the current one."""
        text = self.path.read_text("utf-8")
        for match in BLOCK.finditer(text):
            language, words, body = match.groups()
            line = text.count("\n", 0, match.start()) + 2
            if language == "python":
                code = compile("\n" * (line - 1) + body, str(self.path), "exec")
                exec(code, self.names)  # noqa: S102  our own page
            elif language == "console":
                self._console(body, line, code=int(words.partition("exit=")[2] or 0))
            elif language == "json":
                self._file(words, body)
            self.ran += 1

    def run_files(self) -> None:
        """Write the files of the page, and run nothing."""
        for language, words, body in BLOCK.findall(self.path.read_text("utf-8")):
            if language == "json":
                self._file(words, body)

    def _file(self, words: str, body: str) -> None:
        if words.strip():
            (self.folder / f"{words.strip()}.json").write_text(body, "utf-8")

    def _console(self, body: str, line: int, *, code: int) -> None:
        """Run each `$ command`; the lines below it stand in its output, in this order."""
        for part in re.split(r"^\$ ", body.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            output, exit_code = self._command(command)
            assert exit_code == code, f"{self.path.name}:{line} $ {command}\n{output}"
            self._stands(shown, output, command)

    def _command(self, command: str) -> tuple[str, int]:
        from tramyte.cli.group import main

        words = shlex.split(re.sub(r"--seconds \d+", f"--seconds {SECONDS}", command))
        assert words[0] == "tramyte", f"{self.path.name}: {command}"
        result = CliRunner().invoke(main, words[1:])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output, result.exit_code

    def _stands(self, shown: str, output: str, command: str) -> None:
        rest = " ".join(output.split())
        for wanted in (" ".join(line.split()) for line in shown.splitlines()):
            if wanted in ("", "…"):
                continue
            assert wanted in rest, f"{self.path.name} $ {command}\nshows: {wanted}\nis not in:\n{output}"
            rest = rest.split(wanted, 1)[1]


SPOILT: dict[str, dict[str, Any]] = {  # sheet -> cell -> what a hurried office types
    "Đợt": {"D3": "16/12/2025"},
    "Nhân lực": {"D5": "19855"},
    "Bổ nhiệm – phân công": {"B6": "TYT-0316"},
    "Nhu cầu": {"B4": "HSC", "D5": 0, "E6": "=1+1"},
}


def spoil_workbook(good: str, bad: str) -> None:
    """Write a copy of a sample workbook with the mistakes that the guide explains."""
    book = openpyxl.load_workbook(good)
    for sheet, cells in SPOILT.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    book.save(bad)


def spoil_plan(good: str, bad: str) -> None:
    """Write a copy of a plan in which the first tour is one week too long, as a hand edit may leave it."""
    plan = json.loads(Path(good).read_text("utf-8"))
    tours = sorted(plan["assignments"], key=lambda tour: (str(tour["staff"]), tour["start"]))
    tours[0]["weeks"] += 1
    Path(bad).write_text(json.dumps({"assignments": tours}), "utf-8")
