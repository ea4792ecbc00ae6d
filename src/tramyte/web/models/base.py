"""What every record has: a province, a path of places, days on which it is true, and the history of what we knew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

BEGINNING = date(1, 1, 1)  # stands for "no first day" in keys, where a database counts two blanks as different
BATCH = 500  # rows of one question
OVER = "0"  # the sign after "/": every path below P/ is at least P/ and less than P0


class Path(models.CharField):  # type: ignore[type-arg]
    """
    A place by the way down to it, "08/01234/08-TYT-01234/": a range of paths is everything below a place.

    Compared by code point on every engine, so that a range can use an index.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given: dict[str, Any] = {"max_length": 200, "default": "", "db_index": True} | kwargs
        super().__init__(*args, **given)

    def db_parameters(self, connection: Any) -> Any:
        """Return the column's type, with the collation of bytes where the default is another."""
        found = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found


def below(path: str, field: str = "path") -> Q:
    """Return the condition that a path is this place's, or of a place below it; "" is the whole country."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": path[:-1] + OVER}) if path else Q()


def in_force(on: date) -> Q:
    """Return the condition that a record is true on the day."""
    starts = Q(start__isnull=True) | Q(start__lte=on)
    return starts & (Q(end__isnull=True) | Q(end__gt=on))


# Rows of one thing from the first on: a blank first day is the earliest, which engines sort as they like.
FIRST_ON: Any = (F("start").asc(nulls_first=True), "pk")


class RecordQuerySet(models.QuerySet[Any]):
    """Records; whatever changes many at once leaves a history of each, by which memory.py sees that it must read."""

    def update(self, **values: Any) -> int:
        """Change every row of the query, and keep what each has become in its history. Returns how many."""
        with transaction.atomic(using=self.db):
            numbers = list(self.order_by().values_list("pk", flat=True))
            count = super().update(**values)
            for first in range(0, len(numbers), BATCH):
                rows = self.model._base_manager.filter(pk__in=numbers[first : first + BATCH])
                self.model.history.bulk_history_create(rows, update=True)
        return count

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Change rows one by one, for `bulk_update_with_history`, which keeps their history itself."""
        plain: models.QuerySet[Any] = models.QuerySet(self.model, using=self.db)
        return plain.bulk_update(objs, fields, batch_size)

    def on(self, day: date) -> Self:
        """Return the records true on the day."""
        return self.filter(in_force(day))

    def under(self, path: str) -> Self:
        """Return the records at or below a place."""
        return self.filter(below(path))


class EveryManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """All records, withdrawn ones too."""


class RecordManager(EveryManager):
    """The default manager, of records that count: what was recorded by mistake and withdrawn is never in it."""

    def get_queryset(self) -> RecordQuerySet:
        """Return all records that count."""
        found: RecordQuerySet = super().get_queryset().filter(is_withdrawn=False)
        return found


class Record(models.Model):
    """
    One record of a province's register.

    path         : the place it belongs to, see Path
    is_withdrawn : recorded by mistake; kept for the history, counts nowhere
    """

    province = models.CharField(max_length=2, db_index=True)
    path = Path()
    is_withdrawn = models.BooleanField(default=False)

    objects = RecordManager()
    every = EveryManager()
    history = HistoricalRecords(inherit=True, use_base_model_db=True)

    class Meta:
        abstract = True
        base_manager_name = "every"


class Dated(Record):
    """A record true from `start` until the day before `end`; blank is open."""

    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        abstract = True


def code_field(length: int = 30, **more: Any) -> Any:
    """Return a column for a code: text, leading zeros kept."""
    return models.CharField(max_length=length, db_index=True, **more)


def maybe_code(length: int = 30) -> Any:
    """Return a column for a code that may be missing."""
    return models.CharField(max_length=length, db_index=True, null=True, blank=True)


def text_field(length: int = 200) -> Any:
    """Return a column for words."""
    return models.CharField(max_length=length)


def maybe_text(length: int = 200) -> Any:
    """Return a column for words that may be missing: blank is unknown, and is NULL."""
    return models.CharField(max_length=length, null=True, blank=True)


def maybe_count() -> Any:
    """Return a column for a whole number that may be unknown; blank is not zero."""
    return models.IntegerField(null=True, blank=True)


def maybe_number() -> Any:
    """Return a column for a number that may be unknown."""
    return models.FloatField(null=True, blank=True)


def maybe_day() -> Any:
    """Return a column for a day that may be unknown."""
    return models.DateField(null=True, blank=True)


def one_each(name: str, *key: str) -> models.UniqueConstraint:
    """Return the constraint that a province has one record of a key; a blank first day is one value, not many."""
    blank = models.Value("")
    blanks = {"start": models.Value(BEGINNING, models.DateField()), "post": blank, "source": blank, "campaign": blank}
    parts = [Coalesce(field, blanks[field]) if field in blanks else F(field) for field in ("province", *key)]
    return models.UniqueConstraint(*parts, condition=Q(is_withdrawn=False), name=f"{name}_key")


def ends_later(name: str) -> models.CheckConstraint:
    """Return the constraint that a span has at least one day."""
    return models.CheckConstraint(
        condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gt=F("start")), name=f"{name}_span"
    )


def one_of(name: str, field: str, *values: str) -> models.CheckConstraint:
    """Return the constraint that a column holds one of these words, or nothing."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": values}) | Q(**{f"{field}__isnull": True}), name=f"{name}_{field}"
    )


def all_or_none(name: str, *fields: str) -> models.CheckConstraint:
    """Return the constraint that columns are filled all together or not at all."""
    every, none = Q(), Q()
    for field in fields:
        every &= Q(**{f"{field}__isnull": False})
        none &= Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(condition=every | none, name=f"{name}_whole")
