"""What a signature states, as one hash: bound to the record, so that it cannot be moved to another."""

import hashlib
from datetime import UTC, datetime

import rfc8785

DOMAIN = "goldseal.signature/1"


def statement_hash(
    *,
    inspection_id: str,
    signer_id: str,
    printed_name: str,
    role: str,
    meaning: str,
    record_hash: str,
    signed_at: datetime,
    method: str,
) -> str:
    """SHA-256 in hex over the canonical JSON (RFC 8785) of who signed what, when, as what and how proved.

    Source: 21 CFR 11.50 (printed name, date and time, meaning) and 11.70 (linked to its record).
    """
    statement = {
        "domain": DOMAIN,
        "inspection": inspection_id,
        "signer": signer_id,
        "printed_name": printed_name,
        "role": role,
        "meaning": meaning,
        "record": record_hash,
        "signed_at": signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "method": method,
    }
    return hashlib.sha256(rfc8785.dumps(statement)).hexdigest()
