"""Every address of the product, taken from the resolver, so that a new page brings its own cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One URL pattern: its route with named arguments, and the room its view lives in."""

    route: str
    room: str

    @property
    def arguments(self) -> list[tuple[str, str]]:
        return [(kind, name) for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", self.route)]

    @property
    def keys(self) -> list[str]:
        return [name for kind, name in self.arguments if kind == "uuid"]

    def url(self, slug: str, pk: UUID | str) -> str:
        def fill(match: re.Match[str]) -> str:
            kind, name = match.group(1), match.group(2)
            if name == "slug":
                return slug
            return {"uuid": str(pk), "int": "2000", "slug": "pdf"}.get(kind or "str", "x" * 30)

        return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", fill, self.route)


def addresses() -> list[Address]:
    return sorted(set(_walk(get_resolver().url_patterns, "")), key=lambda address: address.route)


def _walk(patterns: Any, before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            callback = pattern.callback
            view = getattr(callback, "view_class", callback)
            module = getattr(view, "__module__", "")
            room = module.split(".")[1] if module.startswith("goldseal.") else module.split(".")[0]
            yield Address(route, room)


def inside() -> list[Address]:
    """Addresses inside a workspace."""
    return [address for address in addresses() if address.route.startswith("w/<slug:slug>/")]
