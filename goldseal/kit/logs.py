"""What never stands in a log: secrets that are parts of addresses."""

import logging
import re

_IN_ADDRESSES = re.compile(r"/(shared|scar|invitations|verify)/[^/\s?\"']+")


class SecretsLeftOut(logging.Filter):
    """Writes an address without the secret in it: `/shared/…/`. Whoever reads a log opens nobody's link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the finished message, and the traceback's text where there is one; nothing is held back."""
        record.msg, record.args = without_secrets(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = without_secrets(logging.Formatter().formatException(record.exc_info))
        return True


def without_secrets(text: str) -> str:
    """The text with the secrets of addresses left out."""
    return _IN_ADDRESSES.sub(r"/\1/…", text)
