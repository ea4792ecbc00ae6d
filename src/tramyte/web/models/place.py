"""Provinces, communes, facilities, who is in charge of them, what stands in them, and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tramyte.web.models.base import (
    Dated,
    Record,
    code_field,
    ends_later,
    maybe_code,
    maybe_count,
    maybe_number,
    maybe_text,
    one_each,
    one_of,
    text_field,
)

KINDS = ("station", "point", "polyclinic", "centre", "hospital", "cdc")


class Province(models.Model):
    """A province: name and kind come from data, for both change."""

    code = models.CharField(max_length=2, primary_key=True)
    name = text_field(80)
    kind = text_field(20)  # tỉnh, thành phố
    is_sample = models.BooleanField(default=False)  # made-up people: every page and paper says so


class Commune(Dated):
    """An administrative unit, not a station."""

    code = code_field(5)
    name = text_field(120)
    kind = text_field(20)
    zone = maybe_count()
    population = maybe_count()
    successor = maybe_code(5)
    search_key = text_field()  # name without marks, old names too
    sort_key = models.BinaryField()  # Vietnamese order, by bytes

    class Meta(Dated.Meta):
        constraints = (one_each("commune", "code", "start"), ends_later("commune"))


class Facility(Dated):
    """A place of care. People work at points; targets count per station."""

    code = code_field(20)
    name = text_field()
    kind = text_field(12)
    commune = code_field(5)
    parent = maybe_code(20)
    catchment_population = maybe_count()
    zone = maybe_count()
    terrain = maybe_text(12)
    very_hard = models.BooleanField(null=True, blank=True)
    km_to_hospital = maybe_number()
    lon = maybe_number()
    lat = maybe_number()
    land_m2 = maybe_count()
    building_grade = maybe_text(8)
    search_key = text_field()
    sort_key = models.BinaryField()

    class Meta(Dated.Meta):
        constraints = (
            one_each("facility", "code", "start"),
            ends_later("facility"),
            one_of("facility", "kind", *KINDS),
        )


class Authority(Dated):
    """Who administers a facility (managing) and who guides it professionally (supervising), by dates."""

    facility = code_field(20)
    managing = text_field()
    supervising = text_field()
    decision = maybe_text(120)

    class Meta(Dated.Meta):
        constraints = (one_each("authority", "facility", "start"), ends_later("authority"))


class Succession(Record):
    """
    What became of a commune or a facility: one row a predecessor and successor.

    kind   : commune, facility; extent: full, part
    on     : first day of the successor
    """

    kind = text_field(8)
    predecessor = code_field(20)
    successor = code_field(20)
    extent = models.CharField(max_length=4, default="full")
    on = models.DateField()
    decision = maybe_text(120)

    class Meta(Record.Meta):
        constraints = (
            one_each("succession", "kind", "predecessor", "successor", "on"),
            one_of("succession", "kind", "commune", "facility"),
            one_of("succession", "extent", "full", "part"),
        )


class Equipment(Dated):
    """A machine at a facility: its kind, its state, and whether somebody there can use it follows from skills."""

    code = code_field()
    facility = code_field(20)
    kind = text_field(40)
    name = text_field()
    state = models.CharField(max_length=8, default="working")
    skill = maybe_code(20)  # who can use it
    serviced_on = models.DateField(null=True, blank=True)

    class Meta(Dated.Meta):
        constraints = (
            one_each("equipment", "code", "start"),
            ends_later("equipment"),
            one_of("equipment", "state", "working", "broken", "unused"),
            models.CheckConstraint(condition=~Q(name=""), name="equipment_name"),
        )
