"""Every address of the product."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]

handler400 = "goldseal.config.errors.bad_request"
handler403 = "goldseal.config.errors.forbidden"
handler404 = "goldseal.config.errors.not_found"
handler500 = "goldseal.config.errors.server_error"
