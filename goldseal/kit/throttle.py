"""How often one address may ask what needs no session: counted in the cache, per minute, by a keyed digest."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from goldseal.kit.errors import TooMany
from goldseal.kit.requests import client_address

WINDOW_SECONDS = 60


def count_request(request: HttpRequest, *, what: str, most: int, now: datetime) -> None:
    """Count one request of this address for `what`; raises TooMany beyond `most` in the running minute.

    The cache holds no address, only a digest keyed by the installation's secret, for two minutes.
    """
    minute = int(now.timestamp()) // WINDOW_SECONDS
    who = salted_hmac("goldseal.throttle", f"{what}:{client_address(request)}:{minute}").hexdigest()
    key = f"throttle-{who}"
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    try:
        asked = cache.incr(key)
    except ValueError:  # evicted between the two calls
        return
    if asked > most:
        raise TooMany
