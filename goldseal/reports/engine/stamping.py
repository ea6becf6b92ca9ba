"""Time stamps by an outside authority (RFC 3161): who is asked, once for each process."""

from functools import cache

from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

SECONDS = 5


@cache
def time_stamper(url: str) -> RequestsHTTPTimeStamper:
    """The client for the authority at `url`. Kept, because it learns the size of a stamp by asking for one."""
    return RequestsHTTPTimeStamper(url, timeout=SECONDS)  # type: ignore[no-untyped-call]  # it carries no types
