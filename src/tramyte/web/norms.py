"""The norms as a province reads them: what two persons set for it, as known then or now."""

from __future__ import annotations

from datetime import datetime

from tramyte.norms.local import Change, Law
from tramyte.web import records
from tramyte.web.models import LocalNorm


def law_of(province: str, *, known: datetime | None = None) -> Law:
    """
    Return the norms of a province, with what was approved for it; handed to whoever counts need.

    known : as we knew it then; None: as we know it now
    """
    rows = records.rows(LocalNorm, known=known).filter(province=province, state="approved")
    return Law(
        tuple(
            Change(row.name, part, value, row.start, row.end, row.paper)
            for row in rows.order_by("start", "decided_at", "pk")
            for part, value in row.values.items()
        )
    )
