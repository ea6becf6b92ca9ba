"""What a request says about the device at the other end."""

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's network address as the server saw it; forwarded headers are not believed here."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def client_device(request: HttpRequest) -> str:
    """The browser's name for itself, shortened."""
    return request.headers.get("User-Agent", "")[:200]
