"""The demo workspace, made once."""

from collections.abc import Callable


def ensure_demo(*, say: Callable[[str], None]) -> None:
    """Make the demo workspace if it is missing."""
