"""Whoever writes is an action: read from the source, and seen in the tables after every page was asked for."""

import ast
from contextlib import nullcontext

import pytest
from django.db import OperationalError, transaction

from tests.house.tree import trees
from tramyte.domain.messages import messages
from tramyte.web.actions import writing
from tramyte.web.models import Event

WRITES = {
    "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "create_user", "delete",
    "bulk_create_with_history", "bulk_update_with_history", "_raw_delete", "save_base", "insert",
}  # fmt: skip
ACTIONS = "src/tramyte/web/actions/"
# who else writes, and why; each is looked for, so that none outlives its reason
BESIDE = {
    "src/tramyte/web/models/base.py": "how a query changes many rows at once: with the history of each",
    "src/tramyte/web/events.py": "the row of the log itself, which `writing` adds at the end of every action",
    "src/tramyte/web/restores.py": "a backup becomes the database: nobody works on it then, and the log comes with it",
    "src/tramyte/web/walls.py": "the triggers, put up after every migration",
}
READS = ("SELECT", "PRAGMA integrity_check", "PRAGMA journal_mode")


def _writes(tree):
    """Line and words of every call that looks like a write to the database."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0] if node.args else None
        is_update = name == "update" and not node.args and node.keywords  # of a dict or a hash: something positional
        is_statement = name in ("execute", "executemany") and not (
            isinstance(first, ast.Constant) and str(first.value).lstrip().startswith(READS)
        )
        if name in WRITES or is_update or is_statement:
            yield node.lineno, ast.unparse(node)[:80]


def test_nothing_writes_but_actions():
    found = {
        path: list(_writes(tree))
        for path, tree in trees().items()
        if path.startswith(("src/tramyte/web/", "src/tramyte/cli/")) and not path.startswith(ACTIONS)
    }
    beside = [f"{path}:{line} {words}" for path, hits in found.items() if path not in BESIDE for line, words in hits]
    assert not beside, "\n".join(beside)
    assert {path for path, hits in found.items() if hits} == set(BESIDE), "an exception that is none any more"


@pytest.mark.parametrize(
    "line",
    [
        "row.save()", "Staff.objects.create(code='x')", "rows.update(name='x')", "rows.delete()",
        "cursor.execute('DELETE FROM web_staff')", "cursor.execute(statement)", "bulk_create_with_history(rows, Staff)",
        "Account.objects.create_user('x')",
    ],
)  # fmt: skip
def test_a_write_is_seen(line):
    assert list(_writes(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["told.update({1: 2})", "digest.update(b'x')", "cursor.execute('SELECT 1')", "rows.filter(x=1)"]
)
def test_what_is_no_write_is_left_alone(line):
    assert not list(_writes(ast.parse(line)))


def _actions():
    """Module, function and name in the log of every `with writing("...")`."""
    for path, tree in trees().items():
        if path.startswith(ACTIONS):
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("writing", "_recording"):
                            first = node.args[0]
                            if isinstance(first, ast.Constant):
                                yield path, function, first.value


def test_every_action_takes_keywords_only_says_who_acts_and_has_words_in_the_log():
    found = list(_actions())
    assert len(found) > 30
    loose = [
        f"{path} {function.name}" for path, function, _ in found if function.args.args or function.args.posonlyargs
    ]
    assert not loose, "positional arguments"
    silent = [name for _, _, name in found if f"UI_act_{name.replace('.', '__')}" not in messages()]
    assert not silent, f"no words in messages.csv, as UI_act_MODULE__FUNCTION: {sorted(set(silent))}"


# Queries of views that do not begin with `visible_to` or a scope, and why none of them shows a row beyond it.
OPEN = {
    "accounts.py": "those with a grant that `visible_to` shows; all of them to who gives in the whole country",
    "audit.py": "the newest number and the last check of the log; history of a row whose event is visible",
    "calls.py": "calls and units, of which those are kept that one's grants name",
    "campaign.py": "drafts of the province that one may see; facilities within one's own places",
    "campaigns.py": "drafts and stages of the campaigns of one's own province",
    "comparison.py": "issue and receipts of a draft that one may see, for whether a person of one's own was told",
    "costs.py": "the budget of a campaign, for who sees the whole province",
    "desk.py": "rows at and below a place that is visible, shown as far as one's grants there go",
    "drafts.py": "a draft of the province, for who plans in all of it",
    "edit.py": "events and rows of the places that the account may correct",
    "decisions.py": "drafts and issues for who sees the whole province; of others those whose tours are visible",
    "errors.py": "names of administrators, whom to ask for a right",
    "health.py": "counts of runs, and the last backup, for who may see the health of the installation",
    "home.py": "whether the place of one's own grant is a facility or a commune",
    "import_rows.py": "the row that a line of one's own workbook would change",
    "imports.py": "runs within one's own places, and the event of such a run",
    "issued.py": "files within one's own places, names in tours that are visible, history for who sees all of it",
    "layouts.py": "provinces, of which those are kept whose rules one may change, and their layouts",
    "me.py": "the person that one's own grant names, and their province",
    "nominating.py": "the call of one unit that one's grants name",
    "norms.py": "proposals and provinces, of which those are kept that one's grants name",
    "opinions.py": "facilities of the party whose opinion is visible",
    "owed.py": "counts for who plans in the whole province",
    "papers.py": "hand-overs of the province, for who may hand over in all of it",
    "person_changes.py": "history of rows that are visible",
    "place_choice.py": "places at and below one's own; names of places of grants that are visible",
    "proposals.py": "the row that a proposal of one's own places is about",
    "replanning.py": "the run, its problem and its draft of a campaign, for who plans in the whole province",
    "requirements.py": "names of facilities and communes, of rows that are visible",
    "running.py": "how the campaign of the page is run",
    "runs.py": "runs within one's own places",
    "saved.py": "one's own saved filters",
    "scope.py": "provinces, of which those are kept that one's grants name",
    "senders.py": "the call of the place of one's own grant",
    "sessions.py": "one's own sessions",
    "solving.py": "what became of a solve, for who plans in the whole province",
    "station_changes.py": "history of the buildings of a place that is visible",
    "stays.py": "receipts and wishes of tours that are visible; who heads the station of one",
    "submission.py": "what the director said to a draft, for who sees the whole province",
    "succession.py": "how many weekly reports the units of a visible one filed",
    "timeline.py": "opinions and calls within one's own places",
    "tray.py": "drafts that wait for who signs in the whole province",
    "waiting.py": "runs within one's own places",
    "wishes.py": "wishes within the places where one may answer them",
}


def _open_queries(tree):
    """Lines that begin a query of a model outside of a call of visible_to."""
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("visible_to", "rows")
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "every", "history") and id(node) not in inside:
            yield node.lineno, ast.unparse(node)


def test_views_begin_from_what_the_account_may_see():
    views = "src/tramyte/web/views/"
    found = {
        path.removeprefix(views): list(_open_queries(tree)) for path, tree in trees().items() if path.startswith(views)
    }
    unknown = [f"{name}:{line} {words}" for name, hits in found.items() if name not in OPEN for line, words in hits]
    assert not unknown, "begin with visible_to, or say in OPEN why not:\n" + "\n".join(unknown)
    assert set(OPEN) <= set(found), "a reason for a file that is not there any more"


@pytest.mark.parametrize(
    ("refusals", "words", "done"),
    [(writing.TURNS - 1, "database is locked", 1), (writing.TURNS, "database is locked", 0), (1, "disk I/O error", 0)],
)
@pytest.mark.django_db
def test_a_writer_who_did_not_get_the_lock_waits_again_and_does_nothing_twice(monkeypatch, refusals, words, done):
    left, atomic, begun = [words] * refusals, transaction.atomic, []

    def taken():
        if left:
            raise OperationalError(left.pop())
        return atomic()

    monkeypatch.setattr(transaction, "atomic", taken)
    with (
        nullcontext() if done else pytest.raises(OperationalError, match=words),
        writing.writing("tokens.make", by=None, may=None, path=""),
    ):
        begun.append(1)
    assert len(begun) == Event.objects.count() == done and not left
