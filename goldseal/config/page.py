"""What the frame of every page needs: where one is, what one may open, language and appearance."""

from typing import Any

from django.http import HttpRequest

from goldseal.config.navigation import menu_for


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    workspace = getattr(request, "workspace", None)
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "auto")
    return {
        "workspace": workspace,
        "actor": actor,
        "menu": menu_for(request, workspace, actor) if workspace is not None and actor is not None else [],
        "theme": theme if theme in ("light", "dark") else "auto",
        "is_signed_in": bool(user is not None and user.is_authenticated),
    }
