"""One word, one thing: names of modules, and words the glossary sets aside."""

import ast
import re

import pytest

from tests.house.tree import ROOT, python, trees
from tramyte.domain.messages import messages

EMPTY_WORDS = {"core", "utils", "util", "common", "helpers", "helper", "services", "managers", "misc"}
SET_ASIDE = {
    "employee": "staff",
    "resource": "staff",
    "headcount": "persons",
    "quota": "establishment",
    "slot": "post",
    "district": "commune",
    "allocation": "deployment",
    "approval": "decision",
    "site": "facility",
    "location": "facility",
    "coverage": "catchment_population",
}
WORDS = {  # house.md section 4, as GLOSSARY.md must explain them
    "facility": "cơ sở y tế",
    "station": "trạm y tế",
    "point": "điểm trạm",
    "polyclinic": "phòng khám đa khoa khu vực",
    "centre": "trung tâm y tế",
    "hospital": "bệnh viện",
    "cdc": "trung tâm kiểm soát bệnh tật",
    "commune": "xã, phường, đặc khu",
    "authority": "cơ quan",
    "managing": "cơ quan quản lý",
    "supervising": "cơ quan chuyên môn",
    "catchment_population": "dân số phục vụ",
    "cadre": "chức danh",
    "specialty": "chuyên khoa",
    "staff": "viên chức, nhân viên",
    "sending_facility": "đơn vị cử",
    "collaborator": "cộng tác viên",
    "norm": "định mức",
    "establishment": "số người làm việc",
    "post": "vị trí việc làm",
    "vacancy": "chỗ thiếu",
    "target": "chỉ tiêu",
    "fte": "tương đương toàn thời gian",
    "need": "nhu cầu",
    "requirement": "nhu cầu",
    "gap": "thiếu hụt",
    "WISN": "khối lượng công việc",
    "workload": "khối lượng công việc",
    "activity standard": "định mức thời gian",
    "available working time": "thời gian làm việc",
    "allowance factor": "hệ số",
    "deployment": "điều động, tăng cường",
    "rotation": "luân phiên có thời hạn",
    "campaign": "đợt",
    "tour": "lượt",
    "decision": "quyết định",
    "report": "báo cáo",
    "case": "vướng mắc",
    "finding": "số liệu",
    "breach": "vi phạm",
    "problem": "bài toán",
    "model": "mô hình",
    "plan": "phương án",
    "roadmap": "lộ trình",
    "rule": "quy tắc",
    "unit": "đơn vị",
    "migration": "cơ sở dữ liệu",
    "choice": "lựa chọn",
    "critical": "thiết yếu",
    "locked": "ghim",
    "lock": "ghim",
    "synthetic": "giả lập",
}
OTHER_WORDS = {  # for the same thing, in Vietnamese; X1xx are sentences of papers and follow their own law
    r"mô phỏng": "giả lập",
    r"tối cần|số tối thiểu|thiếu( người)? tối thiểu|đó tối thiểu": "thiết yếu",
    r"(lượt|lịch) (đã )?khóa": "ghim",
    r"quy định bắt buộc|quy định hiện có|quy định mâu thuẫn": "quy tắc",
    r"phương án luân phiên|xếp luân phiên|luân phiên một tuần": "cử người",
}


def _names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def _words(name):
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def test_no_module_has_an_empty_name():
    empty = [path for path in python("src/", "tests/", "tools/") if EMPTY_WORDS & set(re.split(r"[/._]", path))]
    assert not empty


def test_words_set_aside_are_not_used_for_names():
    found = [
        f"{path}:{line} {name}: say {SET_ASIDE[word.removesuffix('s')]}"
        for path, tree in trees().items()
        for line, name in _names(tree)
        for word in _words(name)
        if word.removesuffix("s") in SET_ASIDE
        if not (word.startswith("slot") and path.startswith("src/tramyte/rotation/solve/"))  # start and length there
    ]
    assert not found, "\n".join(found)


def test_the_words_of_a_name_are_told_apart():
    assert _words("sendingFacility") == ["sending", "facility"]
    assert _words("max_away_LIMIT") == ["max", "away", "limit"]


@pytest.mark.parametrize("word", list(WORDS))
def test_the_glossary_explains(word):
    rows = [line for line in (ROOT / "GLOSSARY.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    own = [row for row in rows if re.search(rf"\b{re.escape(word.lower())}s?\b", row.split("|")[1].lower())]
    assert own, f"GLOSSARY.md has no row for {word}"
    assert any(WORDS[word] in row.split("|")[3].lower() for row in own), f"{word}: {WORDS[word]} is missing"


def test_every_row_of_the_glossary_is_whole():
    rows = [line for line in (ROOT / "GLOSSARY.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) > 30
    assert all(row.count("|") == 5 for row in rows), [row for row in rows if row.count("|") != 5]


@pytest.mark.parametrize("other", OTHER_WORDS)
def test_one_thing_has_one_vietnamese_word(other):
    """In every sentence, column and page for planners."""
    pages = [ROOT / "README.vi.md", ROOT / "docs" / "cot-du-lieu.md", *(ROOT / "docs" / "huong-dan").glob("*.md")]
    told = {page.name: page.read_text("utf-8") for page in pages}
    told |= {code: row["vi"] for code, row in messages().items() if not re.fullmatch(r"X\d{3}", code)}
    found = [name for name, text in told.items() if re.search(other, text, re.IGNORECASE)]
    assert not found, f"say {OTHER_WORDS[other]}"
