"""What the page of fabric rolls reads: flaws often found on the style's fabric."""

from collections import Counter
from uuid import UUID

from goldseal.catalog.models import Method
from goldseal.inspections.models import Inspection, InspectionEvent

LATELY = 5
RECENT = 300


def often_in_rolls(style_id: UUID, most: int = 9) -> list[str]:
    """The flaw codes most often found on fabric of this style lately, most frequent first."""
    lately = Inspection.objects.filter(style_id=style_id, method=Method.FOUR_POINT).order_by("-pk")[:LATELY]
    flaws = InspectionEvent.objects.filter(inspection__in=lately.values("pk"), kind="flaw_recorded").order_by(
        "-pk"
    )
    codes = Counter(body["code"] for body in flaws.values_list("body", flat=True)[:RECENT])
    return [code for code, _count in codes.most_common(most)]
