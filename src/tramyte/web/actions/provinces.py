"""Provinces: set up once, before anything is recorded of them."""

from __future__ import annotations

from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Province
from tramyte.web.roles import Permission


def set_up(*, by: Account | None, code: str, name: str, kind: str, is_sample: bool = False) -> Province:
    """Add a province, or correct its name and kind; a sample stays one."""
    with writing("provinces.set_up", by=by, may=Permission.MANAGE_ACCOUNTS, path=f"{code}/") as note:
        province, _ = Province.objects.get_or_create(code=code, defaults={"is_sample": is_sample})
        province.name, province.kind, province.is_sample = name, kind, province.is_sample or is_sample
        province.save()
        note.about, note.details = code, {"name": name, "kind": kind, "is_sample": province.is_sample}
    return province
