"""Public addresses."""

from django.urls import path

from goldseal.website import views

urlpatterns = [path("", views.front, name="front")]
