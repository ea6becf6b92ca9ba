"""The second wall's choices: a higher room says which compartments (buyers) a workspace has."""

from collections.abc import Callable

Choices = Callable[[], list[tuple[str, str]]]
_source: list[Choices] = []


def declare_compartments(source: Choices) -> None:
    """Name the function that lists (id, name) of the open workspace's compartments."""
    _source[:] = [source]


def compartment_choices() -> list[tuple[str, str]]:
    """The compartments of the open workspace; none where no room declared any."""
    return _source[0]() if _source else []
