"""Addresses of a person."""

from django.urls import path

from goldseal.accounts import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/pin/", views.pin, name="pin"),
    path("profile/pin/remove/", views.drop_pin, name="drop_pin"),
    path("switch/", views.switch, name="switch"),
]
