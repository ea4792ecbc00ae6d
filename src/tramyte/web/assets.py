"""Addresses of the static files: each carries a mark of its content, so that browsers may keep it for a year."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import ImproperlyConfigured

CURE = "The checkout lacks what `make assets` makes; an installed wheel that lacks it is broken: install it again."


class Marked(StaticFilesStorage):
    """A file without its mark, or one that is not there, gets no address."""

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file, with the mark of what it holds."""
        return f"{super().url(name)}?v={mark(name or '')}"


def mark(name: str) -> str:
    """Return the first letters of a file's hash; raises ImproperlyConfigured where it is missing."""
    path = _path(name)
    return _mark(path, path.stat().st_mtime_ns)


def icons() -> frozenset[str]:
    """Return the names of the icons in the sprite."""
    path = _path("built/icons.svg")
    return _icons(path, path.stat().st_mtime_ns)


def _path(name: str) -> Path:
    path = Path(settings.STATIC_ROOT) / name
    if not path.is_file():
        raise ImproperlyConfigured(f"{name} is missing among the static files. {CURE}")
    return path


@cache
def _mark(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@cache
def _icons(path: Path, changed: int) -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', path.read_text("utf-8")))
