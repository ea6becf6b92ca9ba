"""Addresses of the operator: health and the staff area."""

from django.urls import path

from goldseal.ops import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("staff/", views.staff_home, name="staff"),
    path("staff/workspaces/<uuid:pk>/grant/", views.take_grant, name="take_grant"),
]
