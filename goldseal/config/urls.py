"""Every address of the product."""

from django.urls import include, path
from django.views.i18n import set_language

from goldseal.config.api import api
from goldseal.privacy.urls import public_urls as privacy_urls
from goldseal.workspaces.urls import entry_urls

ROOMS_INSIDE = ["workspaces", "catalog", "inspections", "capa", "reports", "files", "privacy"]

urlpatterns = [
    path("", include("goldseal.website.urls")),
    path("", include(entry_urls)),
    path("", include("goldseal.accounts.urls")),
    path("", include("goldseal.reports.public_urls")),
    path("", include("goldseal.capa.public_urls")),
    path("", include("goldseal.ops.urls")),
    path("", include(privacy_urls)),
    path("", include("goldseal.inspections.floor_urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("api/v1/", api.urls),
    path("w/<slug:slug>/", include([path("", include(f"goldseal.{room}.urls")) for room in ROOMS_INSIDE])),
]

handler400 = "goldseal.config.errors.bad_request"
handler403 = "goldseal.config.errors.forbidden"
handler404 = "goldseal.config.errors.not_found"
handler500 = "goldseal.config.errors.server_error"
