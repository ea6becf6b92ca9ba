"""The former place of `errors`, for rooms that still import it from here."""

from goldseal.files.errors import Unreadable, reading, storing

__all__ = ["Unreadable", "reading", "storing"]
