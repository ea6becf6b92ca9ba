"""Public pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What Goldseal is; straight on to one's workspaces for who is signed in."""
    if request.user.is_authenticated:
        return redirect("choose_workspace")
    return render(request, "website/front.html")
