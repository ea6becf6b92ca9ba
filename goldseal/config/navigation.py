"""The menu of a workspace: what each kind of person needs, in the order of a factory's day."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.words import Words
from goldseal.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry: label, icon, address within the workspace, the permission it needs."""

    label: Words
    icon: str
    path: str
    permission: str
    url: str = ""
    is_current: bool = False


MENU = (
    MenuItem(_("Home"), "home", "", "workspace.view"),
    MenuItem(_("Inspections"), "clipboard-check", "inspections/", "inspections.view"),
    MenuItem(_("Audits"), "shield-check", "audits/", "inspections.view_audits"),
    MenuItem(_("Corrective action"), "flag", "capa/", "capa.view"),
    MenuItem(_("Reports"), "rosette", "reports/", "reports.view"),
    MenuItem(_("Orders"), "package", "catalog/orders/", "catalog.view"),
    MenuItem(_("Styles"), "shirt", "catalog/styles/", "catalog.view"),
    MenuItem(_("Buyers"), "building-store", "catalog/buyers/", "catalog.view"),
    MenuItem(_("Sites and lines"), "building-factory", "catalog/sites/", "catalog.view"),
    MenuItem(_("Suppliers"), "truck", "catalog/suppliers/", "catalog.edit"),
    MenuItem(_("Stages"), "list-check", "catalog/stages/", "catalog.view"),
    MenuItem(_("Defects"), "bug", "catalog/defects/", "catalog.view"),
    MenuItem(_("Imports"), "upload", "catalog/imports/", "catalog.edit"),
    MenuItem(_("People"), "users", "people/", "members.view"),
    MenuItem(_("Devices"), "device-desktop", "devices/", "devices.manage"),
    MenuItem(_("Activity"), "history", "activity/", "activity.view"),
    MenuItem(_("Settings"), "settings", "settings/", "workspace.edit"),
)


def menu_for(request: HttpRequest, workspace: Workspace, actor: Actor) -> list[MenuItem]:
    """The entries this actor may open, the present one marked."""
    base = workspace.get_absolute_url()
    shown = []
    for item in MENU:
        if not actor.may(item.permission):
            continue
        url = base + item.path
        is_current = request.path == url if not item.path else request.path.startswith(url)
        shown.append(MenuItem(item.label, item.icon, item.path, item.permission, url, is_current))
    return shown
