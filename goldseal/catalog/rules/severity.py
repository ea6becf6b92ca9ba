"""How grave a defect is for one buyer, in one zone of the garment, on one kind of garment."""

from collections.abc import Mapping
from dataclasses import dataclass

SEVERITIES = ("critical", "major", "minor")  # gravest first
ZONES = ("A", "B", "C")
ANY_ZONE = ""


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """What the defect library says of one defect; an empty text means "as by default".

    `zone_a` holds where the customer looks first; `children` on garments for children.
    """

    default: str
    zone_a: str = ""
    children: str = ""


def effective_severity(
    *, defect: SeverityRule, buyer: Mapping[str, str], zone: str = ANY_ZONE, is_for_children: bool = False
) -> str:
    """The severity that counts: critical, major or minor.

    `buyer` holds this buyer's overrides for the defect, by zone ("" = every zone). The buyer's word for
    the zone goes before the buyer's word for every zone, and that before the library; of what the
    library says for the zone and for children's garments, the gravest holds. ValueError for a zone or
    severity that does not exist. Source: DOMAIN §9, severities are overridable by buyer and by zone.
    """
    if zone != ANY_ZONE and zone not in ZONES:
        raise ValueError(f"Zone must be one of {', '.join(ZONES)}, or empty for none (got {zone!r})")
    chosen = buyer.get(zone) or buyer.get(ANY_ZONE)
    if chosen:
        return _known(chosen)
    said = [defect.default]
    if zone == "A" and defect.zone_a:
        said.append(defect.zone_a)
    if is_for_children and defect.children:
        said.append(defect.children)
    return min((_known(severity) for severity in said), key=SEVERITIES.index)


def _known(severity: str) -> str:
    if severity not in SEVERITIES:
        raise ValueError(f"Severity must be one of {', '.join(SEVERITIES)} (got {severity!r})")
    return severity
