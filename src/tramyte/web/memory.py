"""
Records of a province, read once and kept for as long as nothing of them is recorded.

Reading 15,000 people takes longer than counting them. Whoever asks again for the same records gets the same ones; a
short question to the database says whether anything was written since, by whatever process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Any

from django.db.models import Subquery

from tramyte.web.models import Province
from tramyte.web.records import table

MOST = 4  # registers in memory; one of 15,000 people is some tens of megabytes


class Memory:
    """What was read last. is_on: only where pages are served (wsgi.py): rows changed without history go unnoticed."""

    def __init__(self) -> None:
        self.is_on = False
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Hashable, names: Iterable[str], read: Callable[[], Any]) -> Any:
        """
        Return what was read under a key; read it where it is new, or older than the newest row of its tables.

        names : tables that are read, as `records.table` names them
        """
        if not self.is_on:
            return read()
        whole = (key, newest(names))
        with self._lock:
            if whole in self._kept:
                self._kept.move_to_end(whole)
                return self._kept[whole]
        found = read()
        with self._lock:
            self._kept[whole] = found
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()


def newest(names: Iterable[str]) -> tuple[Any, ...]:
    """Return the number and the moment of the newest row in the history of each table: any write makes it another."""
    parts: dict[str, Any] = {}
    for name in sorted(names):
        rows = table(name).history.order_by("-history_id")
        parts[f"{name}_number"] = Subquery(rows.values("history_id")[:1])
        parts[f"{name}_at"] = Subquery(rows.values("history_date")[:1])
    return tuple(Province.objects.annotate(**parts).values_list(*parts)[:1])


MEMORY = Memory()
