"""The office's page of devices: who holds them, when they were last heard of, what waits on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goldseal.kit.visits import visit
from goldseal.kit.wording import ago_in_words, number_in_words_of_page
from goldseal.workspaces import device_services, selectors
from goldseal.workspaces.models import Device
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

SILENT_AFTER_HOURS = 24
NEARLY_FULL = 0.9
CLOCK_ALLOWED_SECONDS = 120


@require_GET
def devices(request: HttpRequest, slug: str) -> HttpResponse:
    """Every device in use; refreshes itself."""
    actor, now = visit(request)
    authorize(actor, "devices.manage")
    zone = workspace_of(request).time_zone
    rows = [_shown(device, now, zone) for device in selectors.devices()]
    context = {
        "heading": _("Devices"),
        "rows": rows,
        "url": f"{workspace_of(request).get_absolute_url()}devices/",
    }
    return render(request, "workspaces/devices.html", context)


def _shown(device: Device, now: datetime, zone: str) -> dict[str, Any]:
    heard = device.last_contact_at
    silent = heard is None or (now - heard).total_seconds() > SILENT_AFTER_HOURS * 3600
    ahead = device.clock_ahead_seconds or 0
    return {
        "device": device,
        "holders": [holder.user.display_name for holder in device.holders.all()],
        "heard": ago_in_words(heard, now, zone) if heard else "",
        "is_silent": silent,
        "has_waiting": bool(device.events_waiting or device.photos_waiting or device.inspections_waiting),
        "used": _megabytes(device.storage_used),
        "quota": _megabytes(device.storage_quota),
        "is_nearly_full": bool(
            device.storage_quota and (device.storage_used or 0) > NEARLY_FULL * device.storage_quota
        ),
        "clock_minutes": round(ahead / 60) if abs(ahead) > CLOCK_ALLOWED_SECONDS else 0,
    }


def _megabytes(size: int | None) -> str:
    return number_in_words_of_page(round(size / 1_000_000)) if size is not None else ""


@require_POST
def revoke(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """End a device at once."""
    actor, now = visit(request)
    device = device_services.revoke_device(device_id=pk, actor=actor, now=now)
    messages.success(
        request,
        _("“%(name)s” is revoked. The data on it is wiped at its next contact.") % {"name": device.name},
    )
    return redirect(f"{workspace_of(request).get_absolute_url()}devices/")
