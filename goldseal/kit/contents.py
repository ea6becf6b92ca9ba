"""Which rows have bytes beside them: rooms say in `privacy.py` how an export gets at those of a model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Content:
    """One file of a row: its name in the export and how to open it (decrypted, read from the beginning)."""

    name: str
    open: Callable[[], BinaryIO]


Contents = Callable[[Any], Iterator[Content]]
_CONTENTS: dict[type[Model], Contents] = {}


def declare_contents(model: type[Model], contents: Contents) -> None:
    """Say how the bytes that belong to a row of `model` are reached."""
    _CONTENTS[model] = contents


def contents_of(row: Model) -> Iterator[Content]:
    """The files of one row; none for a model without any."""
    source = _CONTENTS.get(type(row))
    return source(row) if source else iter(())


def has_contents(model: type[Model]) -> bool:
    """Whether a room has said how to reach this model's bytes."""
    return model in _CONTENTS
