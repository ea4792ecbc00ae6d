"""Values of a JSON file, read one by one; what is wrong with each is noted by its path."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding, Severity
from tramyte.domain.plan import Id

ENOUGH = 5_000  # findings
MOST = 10**9  # larger integers cannot be meant, and would not fit the solver's arithmetic


class Reader:
    """Reads JSON values, and collects what is wrong with each, by path. version: of the file's format, 1 or 2."""

    def __init__(self, version: int = 1) -> None:
        self.version = version
        self.findings: list[Finding] = []

    def report(self, code: str, path: str, severity: Severity = "error", **fields: object) -> None:
        """Note one finding; a file with more than ENOUGH of them is no problem file, and reading ends."""
        self.findings.append(Finding(code, path, "", fields, severity))
        if len(self.findings) >= ENOUGH:
            raise BadData([*self.findings, Finding("P119", "", "", {"count": ENOUGH})])

    def rows(self, source: object, key: str, path: str = "") -> list[tuple[str, dict[str, Any]]]:
        """Return (path, object) of each object in a list; anything else is a finding."""
        place = f"{path}{key}"
        value = source.get(key) if isinstance(source, dict) else None
        if not isinstance(value, list):
            self.report("P102", place, read=shown(value))
            return []
        found = []
        for index, row in enumerate(value):
            if isinstance(row, dict):
                found.append((f"{place}[{index}]", cast("dict[str, Any]", row)))
            else:
                self.report("P103", f"{place}[{index}]", read=shown(row))
        return found

    def integer(
        self,
        row: Mapping[str, Any],
        key: str,
        path: str,
        *,
        least: int = 0,
        most: int = MOST,
        default: int | None = None,
    ) -> int:
        """Return an integer of least..most; a missing key takes the default, if there is one."""
        value = row.get(key, default)
        if is_integer(value) and least <= value <= most:
            return int(value)
        self.report("P104", f"{path}.{key}".lstrip("."), read=shown(value), least=least, most=most)
        return least

    def identity(self, row: Mapping[str, Any], key: str, path: str) -> Id:
        """Return an id: text or integer."""
        value = row.get(key)
        if isinstance(value, str) or is_integer(value):
            return cast("Id", value)
        self.report("P105", f"{path}.{key}".lstrip("."), read=shown(value))
        return f"{path}.{key}"  # unlike any other, so that two rows without an id are not also twins

    def text(self, row: Mapping[str, Any], key: str, path: str, default: str | None = None) -> str:
        """Return a text; numbers are taken as their text."""
        value = row.get(key, default)
        if isinstance(value, str) or is_integer(value):
            return str(value)
        self.report("P106", f"{path}.{key}".lstrip("."), read=shown(value))
        return ""

    def listing(self, row: Mapping[str, Any], key: str, path: str, default: list[Any] | None = None) -> list[Any]:
        """Return a list."""
        value = row.get(key, default)
        if isinstance(value, list):
            return value
        self.report("P102", f"{path}.{key}".lstrip("."), read=shown(value))
        return []

    def mapping(self, row: Mapping[str, Any], key: str, path: str) -> dict[str, int]:
        """Return a mapping of text to integers >= 0."""
        value = row.get(key)
        if not isinstance(value, dict):
            self.report("P103", f"{path}{key}", read=shown(value))
            return {}
        return {str(name): self.integer(value, name, f"{path}{key}") for name in value}

    def known(self, value: object, names: Iterable[str], path: str, what: str) -> bool:
        """Return whether a value is an id of the list; if not, note it."""
        if (isinstance(value, str) or is_integer(value)) and str(value) in names:
            return True
        self.report("P107", path, read=shown(value), what=what)
        return False


def is_integer(value: Any) -> bool:
    """Return whether a value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def shown(value: object) -> str:
    """Return a value as the file has it, shortened."""
    text = "null" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
