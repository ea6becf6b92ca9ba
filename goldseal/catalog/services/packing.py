"""What belongs to the pieces of an order: barcodes per colour and size, and what one carton holds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.rules.gtin import is_gtin
from goldseal.catalog.services.writing import is_writable
from goldseal.kit.errors import Invalid
from goldseal.kit.words import Words

Place = tuple[str, str]  # colour, size
PIECES_MAX, GROSS_KG_MAX, MARKS_MAX = 1000, Decimal(1000), 500


def checked_barcodes(barcodes: Mapping[Place, str], places: Sequence[Place]) -> dict[Place, str]:
    """Barcodes without spaces, empty ones left out; Invalid at `barcodes` naming colour and size."""
    kept: dict[Place, str] = {}
    for place, given in barcodes.items():
        code = "".join(given.split())
        if not code:
            continue
        told = {"colour": place[0][:60], "size": place[1][:20], "code": code[:20]}
        if place not in places:
            raise _refused("barcodes", _("%(colour)s %(size)s is not ordered.") % told)
        if not is_gtin(code):
            raise _refused(
                "barcodes",
                _(
                    "%(colour)s %(size)s: %(code)s is no barcode number. It has 8, 12, 13 or 14 digits, "
                    "and the last one is its check digit."
                )
                % told,
            )
        if code in kept.values():
            raise _refused("barcodes", _("%(code)s stands there twice. Barcodes must differ.") % told)
        kept[place] = code
    return kept


def checked_packing(packing: Mapping[str, Any], places: Sequence[Place]) -> dict[str, Any]:
    """What one carton holds, empty parts left out.

    `ratio`: [{colour, size, pieces}]; `gross_kg`: kilograms as text, exact; `marks`: what is printed on the
    carton. Invalid at `packing.<part>` for what is not allowed.
    """
    kept: dict[str, Any] = {}
    ratio = [_checked_share(share, places) for share in packing.get("ratio") or ()]
    named = [(share["colour"], share["size"]) for share in ratio]
    if len(set(named)) < len(named):
        raise _refused("packing.ratio", _("One colour and size stands there twice."))
    if ratio:
        kept["ratio"] = ratio
    gross = str(packing.get("gross_kg") or "").strip().replace(",", ".")
    if gross:
        kept["gross_kg"] = _checked_weight(gross)
    marks = str(packing.get("marks") or "").replace("\r\n", "\n").strip()
    if len(marks) > MARKS_MAX or not is_writable(marks):
        raise _refused("packing.marks", _("At most %(most)s letters.") % {"most": MARKS_MAX})
    if marks:
        kept["marks"] = marks
    return kept


def still_ordered(packing: Mapping[str, Any], places: Sequence[Place]) -> dict[str, Any]:
    """The packing without colours and sizes that are no longer ordered."""
    kept = dict(packing)
    ratio = [s for s in packing.get("ratio", ()) if (s["colour"], s["size"]) in places]
    if ratio:
        kept["ratio"] = ratio
    else:
        kept.pop("ratio", None)
    return kept


def in_words(packing: Mapping[str, Any]) -> str:
    """For the trail."""
    shares = [f"{s['colour']} {s['size']} {s['pieces']}" for s in packing.get("ratio", ())]
    gross = f"{packing['gross_kg']} kg" if packing.get("gross_kg") else ""
    return "; ".join(filter(None, [", ".join(shares), gross, packing.get("marks", "")]))


def _checked_share(share: Mapping[str, Any], places: Sequence[Place]) -> dict[str, Any]:
    colour, size = str(share.get("colour", "")).strip(), str(share.get("size", "")).strip()
    told: dict[str, Any] = {"colour": colour[:60], "size": size[:20], "most": PIECES_MAX}
    if (colour, size) not in places:
        raise _refused("packing.ratio", _("%(colour)s %(size)s is not ordered.") % told)
    pieces = share.get("pieces")
    if not isinstance(pieces, int) or isinstance(pieces, bool) or not 1 <= pieces <= PIECES_MAX:
        told_words = _("%(colour)s %(size)s: a carton holds between 1 and %(most)s pieces of it.") % told
        raise _refused("packing.ratio", told_words)
    return {"colour": colour, "size": size, "pieces": pieces}


def _checked_weight(text: str) -> str:
    try:
        weight = Decimal(text)
    except InvalidOperation:
        weight = Decimal("NaN")
    if not weight.is_finite() or not 0 < weight <= GROSS_KG_MAX or len(text) > 12:
        raise _refused(
            "packing.gross_kg",
            _("Enter the weight of one carton in kilograms, above 0 and at most %(most)s.")
            % {"most": GROSS_KG_MAX},
        )
    return format(weight.normalize(), "f")


def _refused(field: str, words: Words) -> Invalid:
    return Invalid(fields={field: words})
