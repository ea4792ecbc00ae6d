"""Runs a page: its Python, its commands with the output it shows, and the files it writes down."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
                self._console(body, line)
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

    def _console(self, body: str, line: int) -> None:
        """Run each `$ command`; the lines below it stand in its output, in this order. `# exit 10` names its code."""
        for part in re.split(r"^\$ ", body.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            command, _, code = command.partition("# exit ")
            output, exit_code = self._command(command)
            assert exit_code == int(code or 0), f"{self.path.name}:{line} $ {command}\n{output}"
            self._stands(shown, output, command)

    def _command(self, command: str) -> tuple[str, int]:
        from tramyte.cli import main

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
