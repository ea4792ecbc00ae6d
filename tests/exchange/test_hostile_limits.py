"""The worst files are settled in ten seconds and 500 megabytes, measured in a process of their own."""

import subprocess
import sys

import pytest

from tests.exchange.files import WEIGHTS, rezipped, row, xlsx, zipped
from tramyte.domain.register import Register
from tramyte.exchange.workbook import write


def million_rows(cells: int) -> bytes:
    """Return a workbook of 1,048,576 rows of coloured, empty cells."""
    names = [chr(65 + number) for number in range(cells)]
    lines = (row(line, *(f'<c r="{name}{line}" s="1"/>' for name in names)) for line in range(2, 1_048_577))
    return xlsx(WEIGHTS + "".join(lines))


GUARD = """
import pathlib, sys, time
from tramyte.exchange.workbook import read
from tramyte.domain.errors import BadData
data = pathlib.Path(sys.argv[1]).read_bytes()
began, code = time.perf_counter(), "read"
try:
    read(data, filename="tinh.xlsx")
except BadData as error:
    code = error.findings[0].code
peak = pathlib.Path("/proc/self/status")
lines = peak.read_text().splitlines() if peak.exists() else []
print(code, time.perf_counter() - began, next((line.split()[1] for line in lines if line.startswith("VmHWM")), 0))
"""


def full(line: int) -> str:
    """Return one row of 25 numbers."""
    return row(line, *(f'<c r="{chr(65 + n)}{line}"><v>{line}</v></c>' for n in range(25)))


HOSTILE = {
    "rows": ("E105", lambda: million_rows(1)),
    "wide": ("E104", lambda: million_rows(3)),
    "bomb": ("E104", lambda: rezipped(write(Register()), add={"xl/x.xml": bytes(300_000_000)})),
    "nested": ("read", lambda: rezipped(write(Register()), add={"x.zip": zipped({"y": bytes(200_000_000)})})),
    "strings": (
        "E121",
        lambda: xlsx(
            WEIGHTS + "".join(row(line, f'<c r="A{line}" t="s"><v>0</v></c>') for line in range(2, 100_000)),
            strings=f"<si><t>{'x' * 30_000}</t></si>",
        ),
    ),
    "full": ("E205", lambda: xlsx(WEIGHTS + "".join(full(line) for line in range(2, 59_000)))),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if name in ("full", "wide") else ()) for name in HOSTILE]
)
def test_hostile_files_are_settled_in_ten_seconds_and_500_megabytes(tmp_path, name):
    code, make = HOSTILE[name]
    path = tmp_path / "bad.xlsx"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", GUARD, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    said, seconds, kilobytes = done.stdout.split()
    assert (said, float(seconds) < 10, int(kilobytes) < 500_000) == (code, True, True), done.stdout
