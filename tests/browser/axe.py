"""axe-core, as every test of a page asks it: what WCAG 2.2 AA forbids, and its best practices."""

import json

from tests.house.tree import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page):
    """Return what axe finds on a page as it stands: one line each, with the places."""
    assert SOURCE.is_file(), "axe-core is not there: run `make assets`."
    page.evaluate(f"{SOURCE.read_text('utf-8')}; 0")
    found = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(TAGS)}, resultTypes: ['violations']}})")
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(" ".join(map(str, node["target"])) for node in one["nodes"][:4])
        for one in found["violations"]
    ]
