"""Every sentence a user can meet stands in messages.csv, is used, and says the same in both languages."""

import ast
import csv
import re
from string import Formatter

import pytest

from tests.house.tree import SRC, texts, trees
from tramyte.domain.messages import messages

CODE = re.compile(r"(?:[A-Z]{1,2}\d{3}|WB\d{2}|(?:X|C|WB|WBK|BREACH)_\w+)")
NOT_CODES = re.compile(r"ISO\d+|V\.?\d+")


def _strings(tree):
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _literals():
    """Every string that stands whole in the source, and every sentence that a page asks for."""
    pages = "".join(text for path, text in texts().items() if path.endswith((".html", ".txt")))
    return {text for tree in trees().values() for text in _strings(tree)} | set(re.findall(r"say [\"'](\w+)", pages))


def _prefixes():
    """The fixed beginnings of codes that are put together: f"BREACH_{rule}" gives BREACH_, f"C19{step}" gives C19."""
    return {
        str(first.value)
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant)
        if re.fullmatch(r"[A-Z]{1,6}\d{2,3}_?|[A-Z]+(_[A-Za-z]+)*_", str(first.value)) and len(node.values) > 1
    }


def _fields(template):
    names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    return {re.sub(r"(^|_)(vi|en)$", "", name) for name in names}


def test_every_code_in_the_source_has_its_sentence():
    known = messages()
    prefixes = {code for code in _literals() if code.endswith("_")} | _prefixes()
    used = {text for text in _literals() if CODE.fullmatch(text) and not NOT_CODES.fullmatch(text)}
    missing = sorted(code for code in used - set(known) if code not in prefixes)
    assert not missing


def test_every_sentence_is_used():
    literals = _literals()
    data = "\n".join(text for path, text in texts().items() if path.endswith((".yaml", "columns.csv")))
    prefixes = tuple(_prefixes())
    idle = [
        code
        for code in messages()
        if code not in literals and not code.startswith(prefixes) and not re.search(rf"\b{code}\b", data)
    ]
    assert not idle, idle


def test_no_code_stands_twice():
    with (SRC / "domain" / "messages.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", list(messages()))
def test_both_languages_say_the_same(code):
    row = messages()[code]
    assert row["vi"].strip() and row["en"].strip()
    assert _fields(row["vi"]) == _fields(row["en"])


@pytest.mark.parametrize("code", list(messages()))
def test_no_sentence_shouts_apologises_or_says_you(code):
    text = messages()[code]["vi"]
    assert "!" not in text
    assert not re.search(r"\b([Bb]ạn|[Xx]in lỗi|[Cc]hi phí)\b", text)


def test_sentences_stand_in_messages_only():
    """Vietnamese text in code is data (a name, a word of a list) or a docstring, never a sentence to a user."""
    said = [
        f"{path}: {text[:60]}"
        for path, tree in trees().items()
        if not path.startswith("src/tramyte/sample/")
        for text in _strings(tree) - _docstrings(tree)
        if re.search(r"[ạảấầẩậắằẵặẹẻẽếềểễệịọốồổộớờởỡợụứừửữựỳỷỹđ]", text) and text.strip().endswith(".")
    ]
    assert not said, "\n".join(said)


def _docstrings(tree):
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {
        first.value.value
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(first := node.body[0], ast.Expr)
        if isinstance(first.value, ast.Constant)
    }
