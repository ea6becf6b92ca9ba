"""How large a report may be: what is sealed must also be accepted for verification."""

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 1000
