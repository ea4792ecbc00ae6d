"""
The sections of the rail, one line each: to make a page appear there, add a line.

A line is shown to whoever has its permission at any place. Lines of one group share one entry of the rail, which leads
to the first of them; the others stand above the title of each page of the group.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tramyte.web.roles import Permission


@dataclass(frozen=True)
class Section:
    """
    key     : what a view gives its template as `section`
    address : the page
    word    : code of its word in messages.csv
    icon    : name of the icon in the sprite (tools/assets.py takes in what is named here)
    may     : the permission that shows it
    group   : key of the group it belongs to; None: it stands alone
    """

    key: str
    address: str
    word: str
    icon: str
    may: Permission
    group: str | None = None


GROUPS: Final = {  # key -> word, icon
    "places": ("UI_facilities", "building-hospital"),
    "rotation": ("UI_rotation", "arrows-exchange"),
    "data": ("UI_data", "database"),
    "admin": ("UI_admin", "settings"),
}

SECTIONS: Final = (
    Section("home", "/tong-quan/", "UI_home", "layout-dashboard", Permission.SEE_FIGURES),
    Section("stations", "/tram/", "UI_stations", "building-hospital", Permission.SEE_PLACES, "places"),
    Section("facilities", "/co-so/", "UI_facilities", "building-hospital", Permission.SEE_PLACES, "places"),
    Section(
        "authorities", "/quan-tri/don-vi/", "UI_authorities", "building-community", Permission.SEE_PLACES, "places"
    ),
    Section("people", "/nguoi/", "UI_workforce", "users", Permission.SEE_PEOPLE),
    Section("need", "/nhu-cau/", "UI_need", "stethoscope", Permission.SEE_FIGURES),
    Section("campaigns", "/dot/", "UI_campaigns", "arrows-exchange", Permission.SEE_PEOPLE, "rotation"),
    Section("timeline", "/lich/", "UI_pe_timeline", "arrows-exchange", Permission.SEE_PEOPLE, "rotation"),
    Section("wishes", "/nguyen-vong/", "UI_pe_wishes_of", "arrows-exchange", Permission.NOMINATE, "rotation"),
    Section("tray", "/ky/", "UI_sg_tray", "signature", Permission.SIGN, "rotation"),
    Section("decisions", "/quyet-dinh/", "UI_sg_decisions", "rubber-stamp", Permission.SEE_PEOPLE, "rotation"),
    Section("quality", "/chat-luong/", "UI_quality", "database", Permission.SEE_FIGURES, "data"),
    Section("audit", "/nhat-ky/", "UI_log", "database", Permission.SEE_AUDIT, "data"),
    Section("succession", "/quan-tri/sap-xep/", "UI_succession", "settings", Permission.HAND_OVER, "admin"),
    Section("norms", "/quan-tri/quy-dinh/", "UI_norms", "settings", Permission.SEE_RULES, "admin"),
    Section("health", "/quan-tri/suc-khoe/", "UI_health", "settings", Permission.SEE_HEALTH, "admin"),
    Section("accounts", "/quan-tri/nguoi-dung/", "UI_accounts", "settings", Permission.MANAGE_ACCOUNTS, "admin"),
    Section("layouts", "/quan-tri/mau/", "UI_sg_layouts", "settings", Permission.EDIT_RULES, "admin"),
    Section("imports", "/nhap/", "UI_imports", "file-import", Permission.IMPORT, "data"),
    Section("proposals", "/de-nghi-sua/", "UI_proposals", "file-import", Permission.EDIT_PEOPLE, "data"),
)


@dataclass(frozen=True)
class Entry:
    """One entry of the rail: a section, or a group with those of its sections that are shown."""

    word: str
    icon: str
    sections: tuple[Section, ...]

    @property
    def address(self) -> str:
        """Where it leads."""
        return self.sections[0].address

    def holds(self, key: str | None) -> bool:
        """Return whether the page with this key is one of it."""
        return any(one.key == key for one in self.sections)


def entries(permissions: Iterable[Permission]) -> list[Entry]:
    """Return the rail of somebody with these permissions, groups where their first section stands."""
    may = set(permissions)
    found: dict[str, list[Section]] = {}
    for section in SECTIONS:
        if section.may in may:
            found.setdefault(section.group or section.key, []).append(section)
    return [Entry(*GROUPS.get(key, (shown[0].word, shown[0].icon)), tuple(shown)) for key, shown in found.items()]
