"""Defects as tiles to tap: the frequent ones first, the rest by family, each with this buyer's severities."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from goldseal.catalog.choices import DefectFamily
from goldseal.inspections import page_selectors
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.fields import ZONES
from goldseal.kit.visits import visit
from goldseal.workspaces.selectors import workspace_of


def tiles_of(inspection: Inspection, frequent: Iterable[str]) -> dict[str, Any]:
    """`frequent` tiles, `families` of the others, and `names` by code; each code stands in one place only.

    A tile's `row` numbers it, so that several can be sent in one form.
    """
    library = page_selectors.defects_with_severities(inspection.buyer, inspection.style)
    tiles: dict[str, dict[str, Any]] = {
        defect.code: {
            "row": row,
            "code": defect.code,
            "name": defect.name,
            "words": f"{defect.code} {defect.name_en} {defect.name_bn}".casefold(),
            "severity": table[""],
            "severities": ",".join(table[zone] for zone in ("", *ZONES)),
            "family": defect.family,
        }
        for row, (defect, table) in enumerate(library)
    }
    first = [code for code in dict.fromkeys(frequent) if code in tiles]
    families = [
        {
            "title": str(label),
            "code": code,
            "tiles": [
                tile for tile in tiles.values() if tile["family"] == code and tile["code"] not in first
            ],
        }
        for code, label in DefectFamily.choices
    ]
    return {
        "frequent": [tiles[code] for code in first],
        "families": [family for family in families if family["tiles"]],
        "names": {code: tile["name"] for code, tile in tiles.items()},
    }


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The workspace's time zone."""
    return ZoneInfo(workspace_of(request).time_zone)


def hour_asked(request: HttpRequest) -> tuple[int, int]:
    """The hour to record for and the hour it is now, both by the workspace's clock."""
    _actor, now = visit(request)
    current = now.astimezone(zone_of(request)).hour
    asked = request.GET.get("hour", "")
    return (int(asked) if asked.isdecimal() and len(asked) < 3 and int(asked) <= 23 else current), current
