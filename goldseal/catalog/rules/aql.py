"""What a buyer may choose for sampling: the AQLs, levels and kinds of inspection of ISO 2859-1."""

# Column headings of ISO 2859-1:1999 Table 2-A: per cent nonconforming up to 10, above that
# nonconformities per 100 items.
# fmt: off
PREFERRED_AQLS = (
    "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5",
    "4.0", "6.5", "10", "15", "25", "40", "65", "100", "150", "250", "400", "650", "1000",
)
# fmt: on
ZERO_TOLERANCE = "0"  # one such defect fails the lot; no plan of the standard, the trade's usual for critical
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
INSPECTION_TYPES = ("normal", "tightened", "reduced")
HIGHEST_AQL_FOR_DEFECTIVES = "10"


def is_aql(text: str) -> bool:
    """Whether the text is zero tolerance or heads a column of the standard's table."""
    return text == ZERO_TOLERANCE or text in PREFERRED_AQLS


def counts_only_defects(aql: str) -> bool:
    """Whether the AQL has a meaning only when defects are counted: above 10 it is per 100 items.

    ISO 2859-1:1999 clause 5: values above 10 do not apply to per cent nonconforming. Raises ValueError
    for a text that is no AQL.
    """
    if not is_aql(aql):
        raise ValueError(f"AQL must be 0 or one of {', '.join(PREFERRED_AQLS)} (got {aql!r})")
    if aql == ZERO_TOLERANCE:
        return False
    return PREFERRED_AQLS.index(aql) > PREFERRED_AQLS.index(HIGHEST_AQL_FOR_DEFECTIVES)
