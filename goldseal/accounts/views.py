"""Pages of a person: the profile, the PIN, and switching on a shared tablet."""

from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goldseal.accounts.forms import PinForm, ProfileForm, SwitchForm
from goldseal.accounts.models import StaffPin, User
from goldseal.accounts.pin_services import (
    ROSTER_COOKIE,
    check_pin,
    people_on_device,
    remove_pin,
    set_pin,
)
from goldseal.accounts.selectors import OPENED_BY_PIN, signed_in_at
from goldseal.accounts.services import edit_profile, prove_identity
from goldseal.kit.errors import TooMany
from goldseal.kit.forming import submitted
from goldseal.kit.visits import moment

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHIFT_SECONDS = 10 * 3600


@login_required
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """Set, replace or remove one's PIN; needs the password."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    now = moment(request)
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
    people = people_on_device(request.COOKIES.get(ROSTER_COOKIE, ""), moment(request))
    form = SwitchForm(request.POST or None, people=people)
    if request.method == "POST":
        try:
            person = submitted(
                form,
                lambda v: check_pin(user_id=UUID(v["person"]), pin=v["pin"], now=moment(request)),
            )
        except TooMany as problem:
            form.add_error(None, str(problem.message))
            person = None
        if person is not None:
            request.is_pin_switch = True  # type: ignore[attr-defined]
            login(request, person, backend=BACKEND)
            request.session.set_expiry(SHIFT_SECONDS)
            request.session[OPENED_BY_PIN] = True
            UserSession.objects.create_from_request(
                request
            )  # so that it is listed, and can be ended, like any other
            return redirect("choose_workspace")
    return render(request, "accounts/switch.html", {"form": form, "people": people})


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and appearance; the doors to factors, sessions and addresses."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    form = ProfileForm(
        request.POST or None, initial={"name": user.name, "language": user.language, "theme": user.theme}
    )
    if (
        request.method == "POST"
        and submitted(form, lambda values: edit_profile(user=user, **values)) is not None
    ):
        messages.success(request, _("Saved."))
        response = redirect("/profile/")
        response.set_cookie(
            "language", user.language, max_age=31_536_000, samesite="Lax", secure=request.is_secure()
        )
        response.set_cookie(
            "theme", user.theme, max_age=31_536_000, samesite="Lax", secure=request.is_secure()
        )
        return response
    return render(request, "accounts/profile.html", {"form": form})
