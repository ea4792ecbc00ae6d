"""Wrong input, wrong command lines: one clear message, the exit code of the error tree, nothing written."""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.exchange.files import ole, xlsx, zipped
from tramyte.cli import files, group, inputs
from tramyte.domain.errors import BadData, OutOfTime, TramyteError

ENCRYPTED = ole("EncryptedPackage".encode("utf-16-le") * 200)
BOMB = zipped({"xl/workbook.xml": b"<workbook>" + b" " * 30_000_000 + b"</workbook>"})
MILLION = xlsx('<row r="1048576"><c r="A1048576"/></row>')
BAD = {
    "empty.xlsx": b"",
    "zeros.xlsx": b"\0" * 5000,
    "renamed.xlsx": "Mã,Tên\n1,Trạm\n".encode(),
    "secret.xlsx": ENCRYPTED,
    "bomb.xlsx": BOMB,
    "million.xlsx": MILLION,
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "cut.xlsx": xlsx("")[:300],
    "noise.json": b"\x93\x00\xff\xfe",
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", ["need", "rotate", "check", "decide"])
def test_a_file_that_is_no_workbook_is_refused_quickly(run, tmp_path, name, command):
    path, out = tmp_path / name, tmp_path / "out" / "plan.json"
    path.write_bytes(BAD[name])
    out.parent.mkdir()
    more = {"rotate": ["--out", out], "check": [path], "decide": [path, "--out", out.parent / "x"]}.get(command, [])
    began = time.monotonic()
    ran = run(command, path, *more)
    assert time.monotonic() - began < 10
    assert ran.code == 10 and ran.err and not ran.out and not list(out.parent.iterdir())


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'{"schema": "rotation/9"}', b"[" * 100_000, b'\xef\xbb\xbf{"schema": 1}', b"{\xff}"]
)
def test_a_file_that_is_no_problem_is_refused(run, tmp_path, content):
    path = tmp_path / "p.json"
    path.write_bytes(content)
    ran = run("rotate", path, "--json")
    assert ran.code == 10 and ran.json["error"]["findings"][0]["code"].startswith(("P10", "P12"))


def test_a_missing_file_is_bad_data(run, tmp_path):
    for command in (["need"], ["rotate", "--json"], ["check", "x"], ["decide", "x", "--out", tmp_path / "y"]):
        ran = run(command[0], tmp_path / "không có.xlsx", *command[1:], "--lang", "en")
        assert ran.code == 10 and "C001" in ran.err + ran.out and "không có.xlsx" in ran.err + ran.out
    assert not list(tmp_path.iterdir())


def test_an_error_is_one_object_for_a_program_in_both_languages(run, tmp_path):
    ran = run("need", tmp_path / "x.xlsx", "--json", "--lang=en")
    error = ran.json["error"]
    assert (error["code"], error["exit"], ran.err) == ("BadData", 10, "")
    finding = error["findings"][0]
    assert finding["text"] == finding["en"] != finding["vi"] and finding["code"] == "C001"


def test_no_output_is_written_over_an_input(run, problem, tmp_path):
    before = problem.read_bytes()
    for out in (problem, tmp_path / "." / "problem.json"):
        ran = run("rotate", problem, "--work", 1, "--out", out)
        assert ran.code == 10 and "C006" in ran.err
    ran = run("rotate", problem, "--work", 1, "--out", tmp_path / "a.json", "--problem-out", problem)
    assert ran.code == 10 and "C006" in ran.err
    linked = tmp_path / "linked.json"
    linked.hardlink_to(problem)
    assert "C006" in run("rotate", problem, "--work", 1, "--out", linked).err
    assert problem.read_bytes() == before


@pytest.mark.parametrize(
    ("out", "code"),
    [("plan.csv", "C005"), ("no/plan.json", "C008"), ("folder.json", "C002")],
)
def test_what_cannot_be_written_is_said_before_the_work(run, problem, tmp_path, out, code, monkeypatch):
    monkeypatch.setattr("tramyte.cli.plans.solve", None)
    (tmp_path / "folder.json").mkdir()
    ran = run("rotate", problem, "--out", tmp_path / out)
    assert ran.code == 10 and code in ran.err


def test_two_outputs_of_one_name_are_refused(run, problem, tmp_path):
    out = tmp_path / "a.json"
    for more in ("--out", "--problem-out"):
        ran = run("rotate", problem, "--out", out, more, out)
        assert ran.code == 10 and "C007" in ran.err


def test_a_folder_is_no_input(run, tmp_path):
    assert "C002" in run("need", tmp_path).err


def test_a_file_of_any_size_is_not_read_whole(run, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "FILE_LIMIT", 10)
    (tmp_path / "x.json").write_text("{" + " " * 20)
    assert "C004" in run("rotate", tmp_path / "x.json", "--json").out


def test_json_is_held_to_a_limit_of_its_own(run, problem, plan, monkeypatch):
    monkeypatch.setattr(inputs, "JSON_LIMIT", len(problem.read_bytes()))
    plan.write_bytes(plan.read_bytes() + b" " * 10_000)
    ran = run("check", problem, plan)
    assert ran.code == 10 and "C004" in ran.err and "plan.json" in ran.err


def test_a_file_that_may_not_be_read_says_why(run, tmp_path, monkeypatch):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"x")

    def deny(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", deny)
    ran = run("need", path)
    assert ran.code == 10 and "C003" in ran.err and "Permission denied" in ran.err


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["foo"], "C023"),
        (["need"], "C024"),
        (["sample", "11"], "C024"),
        (["need", "--foo", "x"], "C025"),
        (["template", "--out"], "C026"),
        (["need", "a", "b"], "C027"),
        (["need", "a", "--on", "31/02/2026"], "C020"),
        (["sample", "11", "--seed", "x", "--out", "y.xlsx"], "C021"),
        (["sample", "11", "--seed", "-1", "--out", "y.xlsx"], "C021"),
        (["rotate", "a", "--seconds", "nan", "--out", "y.json"], "C021"),
        (["need", "a", "--lang", "fr"], "C022"),
    ],
)
def test_a_wrong_command_line_is_told_in_words(run, args, code):
    ran = run(*args)
    assert ran.code == 2 and ran.err.startswith(code) and not ran.out
    told = run(*args, "--json") if code != "C026" else run("--json", *args)
    assert told.json["error"]["exit"] == 2 and told.json["error"]["findings"][0]["code"] == code


def test_what_stands_after_two_hyphens_is_no_option(run):
    ran = run("need", "--", "--json")
    assert ran.code == 10 and "--json" in ran.err and not ran.out


@pytest.mark.parametrize(("error", "code"), [(OutOfTime(), 13), (TramyteError("no font"), 1)])
def test_every_error_of_the_tree_has_its_exit_code(run, problem, monkeypatch, error, code):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("tramyte.cli.plans.solve", fail)
    ran = run("rotate", problem, "--json")
    assert ran.code == code and ran.json["error"]["code"] == type(error).__name__


def test_a_bug_keeps_its_traceback(run, problem, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("tramyte.cli.plans.solve", fail)
    with pytest.raises(ZeroDivisionError) as caught:
        run("rotate", problem, "--json")
    assert "fail" in {entry.name for entry in caught.traceback}


def test_ctrl_c_while_reading_gives_up(run, monkeypatch, tmp_path):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(inputs, "book", interrupt)
    ran = run("need", tmp_path / "x.xlsx")
    assert ran.code == 130 and "C014" in ran.err


def test_files_appear_together_or_not_at_all(tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "no" / "bad.json"
    good.write_text("before")
    with pytest.raises(BadData):
        files.write({good: b"after", bad: b"x"})
    assert good.read_text() == "before" and [path.name for path in tmp_path.iterdir()] == ["good.json"]


@pytest.mark.skipif(os.name != "posix", reason="links want a right of their own on Windows")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.json").write_text("before")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    files.write({tmp_path / "link.json": b"after"})
    assert (tmp_path / "link.json").is_symlink() and (tmp_path / "real.json").read_text() == "after"


def test_a_folder_that_may_not_be_written_is_said_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(BadData) as caught:
        files.ready([tmp_path / "x.json"])
    assert caught.value.findings[0].code == "C009"


def test_json_files_have_a_line_a_row(tmp_path):
    value = {"schema": "rotation/1", "staff": [{"id": "Lò"}, {"id": 2}], "travel_min": [[1, None]], "locked": []}
    data = files.json_bytes(value)
    assert json.loads(data) == value and len(data.splitlines()) == 11 and "Lò".encode() in data


def test_a_caller_may_ask_for_the_code_instead_of_an_exit(tmp_path):
    assert group.main.main(["need", str(tmp_path / "x")], "tramyte", standalone_mode=False) == 10


def test_a_reader_who_leaves_is_no_error(tmp_path, province):
    """`tramyte need x.xlsx --json | head -c 1`"""
    (tmp_path / "x.xlsx").write_bytes(province)
    with subprocess.Popen(
        [sys.executable, "-m", "tramyte.cli", "need", "x.xlsx", "--json"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout and process.stderr
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) in (0, 1)


def test_vietnamese_passes_a_pipe_of_another_encoding(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "tramyte.cli", "need", "x.xlsx"],
        cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp1252"}, check=False,
    )  # fmt: skip
    assert ran.returncode == 10 and "Không tìm thấy tệp" in ran.stderr.decode("utf-8")


def test_a_day_before_the_law_says_in_each_language_which_days_have_one(run, small, tmp_path):
    """The days of the law are data, not an English phrase."""
    path = tmp_path / "p.xlsx"
    path.write_bytes(small)
    told = {lang: run("need", path, "--on", "1999-01-01", "--lang", lang) for lang in ("vi", "en")}
    assert told["vi"].code == told["en"].code == 11
    assert "ngày 01/01/1999 (đã có: từ " in told["vi"].err and " to " not in told["vi"].err
    assert "on 1999-01-01 (known: from " in told["en"].err
