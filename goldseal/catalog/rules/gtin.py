"""Trade item numbers on barcodes: the check digit of GTIN-8, -12 (UPC-A), -13 (EAN) and -14 (GS1)."""

LENGTHS = (8, 12, 13, 14)


def check_digit(body: str) -> int:
    """The digit that follows the others: weights 3 and 1 from the right, up to the next ten.

    ValueError for anything but 7, 11, 12 or 13 digits. Source: GS1 General Specifications, 7.9.1.
    """
    if len(body) + 1 not in LENGTHS or not (body.isascii() and body.isdigit()):
        raise ValueError(f"A GTIN has 7, 11, 12 or 13 digits before its check digit (got {body[:20]!r})")
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return -total % 10


def is_gtin(text: str) -> bool:
    """Whether the text is a GTIN: 8, 12, 13 or 14 digits, the last one the right check digit."""
    if len(text) not in LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    return check_digit(text[:-1]) == int(text[-1])
