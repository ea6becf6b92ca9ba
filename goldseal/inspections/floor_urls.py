"""Addresses of the Floor app outside any workspace: the shell, and what a device asks before it has a token."""

from django.urls import path

from goldseal.inspections import views_floor

urlpatterns = [
    path("floor/", views_floor.shell, name="floor"),
    path("floor/sw.js", views_floor.service_worker, name="floor_worker"),
    path("floor/manifest.webmanifest", views_floor.web_manifest, name="floor_manifest"),
    path("floor/me", views_floor.me, name="floor_me"),
    path("floor/enrol", views_floor.enrol, name="floor_enrol"),
    path("floor/contact", views_floor.contact, name="floor_contact"),
]
