"""
What was read or counted of a province, kept for as long as nothing of it is recorded.

Reading 15,000 people takes longer than counting them. Whoever asks again for the same gets the same; one short
question to the database says whether anything was written since, by whatever process. Each process keeps its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import reduce
from operator import or_
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import Q, Subquery

from tramyte.web.models import Event, Province
from tramyte.web.records import table

MOST = 200_000  # rows of all that is kept; a thousand people are about a megabyte
# actions that write no record of a register
BESIDE = ("accounts", "audit", "backups", "filters", "masks", "runs", "tokens")
LEAST = 50  # rows that even nothing counts for: its key takes room as well


class Memory:
    """
    What was read last, at most MOST rows of it; the longest unused goes first.

    is_on : only where pages are served (wsgi.py)
    """

    def __init__(self) -> None:
        self.is_on = False
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any, int]] = OrderedDict()  # key -> stamp, what, rows
        self._reading: dict[Hashable, Lock] = {}
        self._lock = Lock()

    @property
    def rows(self) -> int:
        """Rows of all that is kept."""
        return sum(rows for _, _, rows in self._kept.values())

    def recall(
        self, key: Hashable, names: Iterable[str], read: Callable[[], Any], *, size: Callable[[Any], int] = len
    ) -> Any:
        """
        Return what was read or counted under a key; read it where it is new, or older than what it was read from.

        names : tables that it was read from, as `records.table` names them
        size  : what was read -> rows it takes
        """
        return self._one(key, tuple(stamps(names).values()), read, size) if self.is_on else read()

    def recall_each(self, key: Hashable, readers: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
        """Return what each table holds under a key: a table that nobody wrote into is not read again for another."""
        if not self.is_on:
            return {name: read() for name, read in readers.items()}
        now = stamps(readers)
        return {name: self._one((name, key), now[name], read, len) for name, read in readers.items()}

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()

    def _one(self, key: Hashable, stamp: Hashable, read: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        with self._lock:
            if (found := self._fresh(key, stamp)) is not None:
                return found[1]
            mine = self._reading.setdefault(key, Lock())
        with mine:  # who comes second waits for the first, and finds what that one read
            with self._lock:
                if (found := self._fresh(key, stamp)) is not None:
                    return found[1]
            try:
                what = read()
            finally:
                self._reading.pop(key, None)
            with self._lock:
                self._kept[key] = stamp, what, max(LEAST, size(what))
                self._kept.move_to_end(key)
                while len(self._kept) > 1 and self.rows > MOST:
                    self._kept.popitem(last=False)
        return what

    def _fresh(self, key: Hashable, stamp: Hashable) -> tuple[Hashable, Any, int] | None:
        found = self._kept.get(key)
        if found is None or found[0] != stamp:
            return None
        self._kept.move_to_end(key)
        return found


def stamps(names: Iterable[str]) -> dict[str, Hashable]:
    """
    Return what differs after any write, for each table: number and moment of the newest row of its history.

    On PostgreSQL a lower number may come later than a higher one, from whoever began earlier and ends later: there the
    newest event of an action counts too, for these are added one after the other (events.py).
    """
    parts: dict[str, Any] = {}
    for name in sorted(set(names)):
        rows = table(name).history.order_by("-history_id")
        parts[f"{name}_number"] = Subquery(rows.values("history_id")[:1])
        parts[f"{name}_at"] = Subquery(rows.values("history_date")[:1])
    asked = list(parts)
    if connection.vendor == "postgresql":
        beside = reduce(or_, (Q(action__startswith=f"{module}.") for module in BESIDE))
        parts["event"] = Subquery(Event.objects.exclude(beside).order_by("-number").values("number")[:1])
    row = Province.objects.annotate(**parts).values(*parts).first() or dict.fromkeys(parts)
    return {
        name.removesuffix("_number"): (row[name], row[at], row.get("event"))
        for name, at in zip(asked[::2], asked[1::2], strict=True)
    }


MEMORY = Memory()
