"""Sections of a workspace's home: each room declares in `home.py` what may need a person today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.kit.actors import Actor


@dataclass(frozen=True, slots=True)
class HomeSection:
    """One section: where it stands, who sees it, its template and what that shows.

    `context` is asked with the actor, the instant and the workspace's time zone.
    """

    order: int
    permission: str
    template: str
    context: Callable[[Actor, datetime, ZoneInfo], dict[str, Any]]


_SECTIONS: list[HomeSection] = []


def declare_home_section(section: HomeSection) -> None:
    """Add a section; declared once, at start-up."""
    if section not in _SECTIONS:
        _SECTIONS.append(section)


def home_sections(actor: Actor, now: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The sections this actor sees, in order, each with its context."""
    shown = sorted((s for s in _SECTIONS if actor.may(s.permission)), key=lambda s: s.order)
    return [{"template": section.template, **section.context(actor, now, zone)} for section in shown]
