"""Addresses of privacy."""

from django.urls import path

from goldseal.privacy import views

public_urls = [path("erasures/<uuid:pk>/", views.erasure, name="erasure")]

urlpatterns = [
    path("privacy/", views.overview, name="privacy"),
    path("privacy/export/", views.ask_export, name="ask_export"),
    path("privacy/export/<uuid:pk>/", views.download_export, name="download_export"),
    path("privacy/erase/", views.erase, name="erase_workspace"),
]
