"""Addresses of privacy inside a workspace."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
