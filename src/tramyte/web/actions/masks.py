"""What is masked, opened one field at a time: with a reason, and with an event that tells who, whose and why."""

from __future__ import annotations

from typing import Any

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account
from tramyte.web.nouns import nouns
from tramyte.web.roles import Permission


def open_field(*, by: Account | None, noun: str, pk: int, field: str, reason: str | None) -> Any:
    """
    Return one masked value; the log tells that it was opened, and never what it is.

    raises : BadData, no reason is given; NotAllowed; KeyError, the field is not one that is masked
    """
    kind = nouns()[noun]
    if field not in kind.masked:
        raise KeyError(field)
    row = kind.model.objects.get(pk=pk)
    with writing("masks.open_field", by=by, may=Permission.SEE_PRIVATE, path=row.path, reason=reason) as note:
        if not (reason or "").strip():
            raise BadData([Finding("E145", noun, "reason", {})])
        note.about = f"{noun} {kind.key(row)}"[:200]
        note.details = {"field": field}
    return getattr(row, field)
