"""Writing sites and their lines."""

from datetime import datetime
from uuid import UUID

from goldseal.catalog.models import Line, Site
from goldseal.catalog.services import writing
from goldseal.catalog.services.writing import Values
from goldseal.kit.actors import Actor
from goldseal.kit.errors import NotFound
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

SITE_FIELDS = frozenset({"code", "name", "address"})
LINE_FIELDS = frozenset({"code", "name"})


def create_site(*, values: Values, actor: Actor, now: datetime) -> Site:
    """A new site: `code`, `name`, `address`."""
    authorize(actor, "catalog.edit")
    return writing.create_row(
        Site(), noun="site", values=in_capitals(values), allowed=SITE_FIELDS, actor=actor, now=now
    )


def edit_site(
    *, site_id: UUID, values: Values, actor: Actor, now: datetime, revision: int | None = None
) -> Site:
    """Change a site; Conflict if `revision` is given and somebody changed it since."""
    authorize(actor, "catalog.edit")
    with writing.uniqueness_told(), recorded_change():
        site = writing.locked(Site, site_id, revision=revision)
        return writing.edit_row(
            site, noun="site", values=in_capitals(values), allowed=SITE_FIELDS, actor=actor, now=now
        )


def retire_site(*, site_id: UUID, actor: Actor, now: datetime) -> Site:
    """Offer the site no longer for new work."""
    return writing.set_active(
        Site, site_id, is_active=False, noun="site", permission="catalog.edit", actor=actor, now=now
    )


def restore_site(*, site_id: UUID, actor: Actor, now: datetime) -> Site:
    """Take a retired site back into use."""
    return writing.set_active(
        Site, site_id, is_active=True, noun="site", permission="catalog.edit", actor=actor, now=now
    )


def delete_site(*, site_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a site without lines and orders; Conflict otherwise."""
    writing.delete_row(Site, site_id, noun="site", permission="catalog.edit", actor=actor, now=now)


def create_line(*, site_id: UUID, values: Values, actor: Actor, now: datetime) -> Line:
    """A new line of a site: `code`, `name`. NotFound if the site is not there."""
    authorize(actor, "catalog.edit")
    with writing.uniqueness_told(), recorded_change():
        if not Site.objects.filter(pk=site_id).exists():
            raise NotFound
        site = writing.chosen(Site, site_id, field="site")
        return writing.create_row(
            Line(site=site),
            noun="line",
            values=in_capitals(values),
            allowed=LINE_FIELDS,
            actor=actor,
            now=now,
        )


def edit_line(
    *, line_id: UUID, values: Values, actor: Actor, now: datetime, revision: int | None = None
) -> Line:
    """Change a line; a line never moves to another site."""
    authorize(actor, "catalog.edit")
    with writing.uniqueness_told(), recorded_change():
        line = writing.locked(Line, line_id, revision=revision)
        return writing.edit_row(
            line, noun="line", values=in_capitals(values), allowed=LINE_FIELDS, actor=actor, now=now
        )


def retire_line(*, line_id: UUID, actor: Actor, now: datetime) -> Line:
    """Offer the line no longer for new work."""
    return writing.set_active(
        Line, line_id, is_active=False, noun="line", permission="catalog.edit", actor=actor, now=now
    )


def restore_line(*, line_id: UUID, actor: Actor, now: datetime) -> Line:
    """Take a retired line back into use."""
    return writing.set_active(
        Line, line_id, is_active=True, noun="line", permission="catalog.edit", actor=actor, now=now
    )


def delete_line(*, line_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a line that nothing refers to; Conflict otherwise."""
    writing.delete_row(Line, line_id, noun="line", permission="catalog.edit", actor=actor, now=now)


def in_capitals(values: Values) -> Values:
    """Codes are written in capitals."""
    code = values.get("code")
    return {**values, "code": code.upper()} if isinstance(code, str) else values
