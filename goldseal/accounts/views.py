"""Pages of a person: the PIN, and switching on a shared tablet."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goldseal.accounts.forms import PinForm, SwitchForm
from goldseal.accounts.models import StaffPin, User
from goldseal.accounts.pin_services import (
    ROSTER_COOKIE,
    check_pin,
    people_on_device,
    remove_pin,
    set_pin,
)
from goldseal.accounts.selectors import signed_in_at
from goldseal.accounts.services import prove_identity
from goldseal.kit.errors import TooMany
from goldseal.kit.forming import submitted

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHIFT_SECONDS = 10 * 3600


@login_required
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """Set, replace or remove one's PIN; needs the password."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    now = request.now  # type: ignore[attr-defined]
    form = PinForm(request.POST or None)

    def keep(values: dict[str, Any]) -> bool:
        prove_identity(user=user, password=values["password"], signed_in_at=signed_in_at(request), now=now)
        set_pin(user=user, pin=values["pin"], now=now)
        return True

    if request.method == "POST" and submitted(form, keep):
        messages.success(request, _("Your PIN is set."))
        return redirect("profile")
    has_pin = StaffPin.objects.filter(user=user).exists()
    return render(request, "accounts/pin.html", {"form": form, "has_pin": has_pin})


@login_required
@require_POST
def drop_pin(request: HttpRequest) -> HttpResponse:
    """Remove one's PIN."""
    if isinstance(request.user, User):
        remove_pin(user=request.user)
        messages.success(request, _("Your PIN is removed."))
    return redirect("profile")


@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """Take over this device: choose one's name, enter the PIN. Only who signed in here today is listed."""
    people = people_on_device(request.COOKIES.get(ROSTER_COOKIE, ""))
    form = SwitchForm(request.POST or None, people=people)
    if request.method == "POST":
        try:
            person = submitted(
                form,
                lambda v: check_pin(user_id=UUID(v["person"]), pin=v["pin"], now=request.now),  # type: ignore[attr-defined]
            )
        except TooMany as problem:
            form.add_error(None, str(problem.message))
            person = None
        if person is not None:
            login(request, person, backend=BACKEND)
            request.session.set_expiry(SHIFT_SECONDS)
            return redirect("choose_workspace")
    return render(request, "accounts/switch.html", {"form": form, "people": people})
