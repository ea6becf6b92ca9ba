"""Template filters of inspections, for pages whose groups each have a photo field."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of_photo(fields: Mapping[str, Any], name: str) -> Any:
    """The photo field of one group; made where it is first asked for."""
    return fields[name]
