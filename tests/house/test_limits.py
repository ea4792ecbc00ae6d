"""Functions to about 40 lines, files to about 400: the tail is what makes code bases feared."""

import ast

from tests.house.tree import SRC, files, name, python

LINES_OF_A_FUNCTION = 45  # "about 40"
LINES_OF_A_FILE = 400
LINES_OF_A_ROOM_DOCSTRING = 5


def _functions(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines(function, lines):
    """Lines of code of a function, without its docstring, blank lines and comments."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    first = body[0].lineno if body else function.end_lineno + 1
    head = range(function.lineno, function.body[0].lineno)
    count = [lines[number - 1].strip() for number in (*head, *range(first, function.end_lineno + 1))]
    return sum(1 for line in count if line and not line.startswith("#"))


def test_functions_are_short():
    long = [
        f"{path}:{function.lineno} {function.name}: {size} lines"
        for path, source in python("src/tramyte/", "tests/", "tools/", "benchmarks/").items()
        for function in _functions(source)
        if (size := _lines(function, source.splitlines())) > LINES_OF_A_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_files_are_short():
    long = [
        f"{path}: {size} lines"
        for path, source in python("src/tramyte/", "tests/", "tools/", "benchmarks/").items()
        if (size := source.count("\n")) > LINES_OF_A_FILE
    ]
    assert not long, "\n".join(long)


def test_a_room_says_its_question_in_at_most_five_lines():
    rooms = [path for path in files() if path.name == "__init__.py" and path.parent.parent == SRC]
    assert len(rooms) >= 6
    for path in rooms:
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert docstring, f"{name(path)} does not say what the room is for"
        assert docstring.count("\n") < LINES_OF_A_ROOM_DOCSTRING, f"{name(path)}: {docstring}"


def test_every_module_of_the_product_says_what_it_is():
    silent = [
        path
        for path, source in python("src/tramyte/").items()
        if source.strip() and not ast.get_docstring(ast.parse(source))
    ]
    assert not silent


def test_public_functions_of_a_module_have_a_docstring():
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, source in python("src/tramyte/").items()
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent, "\n".join(silent)


def _used_by_other_rooms():
    """Names that one room imports from another: these are public in earnest."""
    for path, source in python("src/tramyte/").items():
        for node in ast.walk(ast.parse(source)):
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if isinstance(node, ast.ImportFrom) and module.startswith("tramyte."):
                room = module.split(".")[1]
                if not path.startswith(f"src/tramyte/{room}"):
                    yield from ((room, alias.name) for alias in node.names)


def test_functions_for_other_rooms_take_keywords_after_the_second_argument():
    public = set(_used_by_other_rooms())
    assert ("norms", "norm") in public
    loose = [
        f"{path}:{node.lineno} {node.name}"
        for path, source in python("src/tramyte/").items()
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and (path.split("/")[2], node.name) in public
        if len(node.args.posonlyargs) + len(node.args.args) > 2
    ]
    assert not loose, "\n".join(loose)
